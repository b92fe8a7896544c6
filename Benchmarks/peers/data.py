"""The data of the workloads: seeded, written once as .npy, read by ours and by the peers alike."""
from pathlib import Path

import numpy as np


def friedman(rows, columns, seed):
    """Friedman #1 with noise 1: five features matter, the others do not."""
    random = np.random.default_rng(seed)
    x = random.random((rows, columns))
    y = (10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
         + random.standard_normal(rows))
    return x, y


def standardized(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


def smooth(train, test, columns, standardize_target=False, dtype=np.float64):
    """Friedman #1 with standardised features."""
    x, y = friedman(train + test, columns, seed=1)
    x = standardized(x)
    if standardize_target:
        y = standardized(y)
    return {"x": x[:train].astype(dtype), "y": y[:train].astype(dtype), "x_test": x[train:].astype(dtype),
            "y_test": y[train:].astype(dtype)}


def raw(train, test, columns):
    """Friedman #1 in single precision, as trees take it."""
    x, y = friedman(train + test, columns, seed=2)
    x, y = x.astype(np.float32), y.astype(np.float32)
    return {"x": x[:train], "y": y[:train], "x_test": x[train:], "y_test": y[train:]}


def linear(rows, columns):
    """Correlated normal features with means and scales of their own, a tenth of the variance noise."""
    random = np.random.default_rng(3)
    x = random.standard_normal((rows, columns))
    x += 0.5 * random.standard_normal((rows, 1))
    x = x * random.uniform(0.5, 2, columns) + random.uniform(-2, 2, columns)
    signal = x @ random.standard_normal(columns)
    return {"x": x, "y": signal + 0.3 * signal.std() * random.standard_normal(rows)}


def categorical(train, test):
    """Five categorical features of 10 to 1,000 levels with an effect each, five numeric ones, a tenth missing."""
    random = np.random.default_rng(4)
    rows = train + test
    levels = [10, 30, 100, 300, 1000]
    codes = np.stack([(count * random.random(rows) ** 2).astype(int) for count in levels], axis=1)
    numbers = random.random((rows, 5))
    effects = [random.standard_normal(count) for count in levels]
    y = sum(effect[codes[:, index]] for index, effect in enumerate(effects))
    y = y + 3 * numbers[:, 0] + 2 * np.sin(6 * numbers[:, 1]) * effects[1][codes[:, 1]] + 0.5 * random.standard_normal(rows)
    x = np.concatenate([codes, numbers], axis=1).astype(np.float32)
    x[random.random(x.shape) < 0.1] = np.nan
    y = y.astype(np.float32)
    return {"x": x[:train], "y": y[:train], "x_test": x[train:], "y_test": y[train:]}


def write(folder: Path, make):
    """Writes the arrays that `make()` gives, unless they are there."""
    if (folder / "complete").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in make().items():
        np.save(folder / f"{name}.npy", np.ascontiguousarray(array))
    (folder / "complete").touch()


def read(folder: Path):
    return {path.stem: np.load(path) for path in sorted(folder.glob("*.npy"))}
