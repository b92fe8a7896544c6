"""Tries an installed wheel: fit, predict, save, load, and where its libraries come from."""

import pathlib
import tempfile

import numpy as np

import swift_learners

random = np.random.default_rng(0)
X = random.normal(size=(200, 4))
y = X[:, 0] - X[:, 1] ** 2
home = pathlib.Path(swift_learners.__file__).parents[1]
with tempfile.TemporaryDirectory() as folder:
    for name in (
        "Ridge",
        "SVR",
        "RandomForestRegressor",
        "ExtraTreesRegressor",
        "GradientBoostingRegressor",
        "MLPRegressor",
    ):
        model = getattr(swift_learners, name)().fit(X, y)
        model.save(f"{folder}/{name}")
        assert np.array_equal(swift_learners.load(f"{folder}/{name}").predict(X), model.predict(X)), name
mapped = {line.split()[-1] for line in pathlib.Path("/proc/self/maps").read_text().splitlines() if ".so" in line}
ours = [path for path in mapped if "openblas" in path and "numpy" not in path and "scipy" not in path]
assert ours and all(path.startswith(str(home)) for path in ours), f"OpenBLAS is not the wheel's own: {ours}"
print("the wheel works:", swift_learners.info()["blas_kernel"], "kernels,", swift_learners.info()["threads"], "threads")
