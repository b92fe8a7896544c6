"""The package itself: it loads fast, its words are the engine's, its examples run."""

import doctest
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import swift_learners
from swift_learners import _comparison, _estimators, _library


def test_the_package_loads_fast():
    script = "import time; start = time.process_time(); import swift_learners; print(time.process_time() - start)"
    seconds = min(
        float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    )
    assert seconds < 0.15
    names = "import sys, swift_learners; print('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", names], capture_output=True, text=True, check=True).stdout == "False\n"


def test_estimators_are_what_the_engine_says():
    script = Path(__file__).parents[1] / "generate.py"
    subprocess.run([sys.executable, script, "--check"], check=True)


def test_examples_run():
    for module in (swift_learners, _estimators, _comparison):
        found = doctest.testmod(module)
        assert found.attempted > 0 and found.failed == 0


def test_everything_that_is_named_is_there():
    for name in swift_learners.__all__:
        assert getattr(swift_learners, name) is not None
    assert _library._library.learners_version().decode() == swift_learners.__version__
    assert set(dir(swift_learners)) >= set(swift_learners.__all__)


def test_sources_say_how_they_are_built(tmp_path):
    tree = Path(__file__).parents[1]
    shutil.copytree(tree, tmp_path / "package", ignore=shutil.ignore_patterns("__pycache__", ".*", "*.egg-info"))
    shutil.copy(tree.parent / "LICENSE", tmp_path / "package")
    # What somebody has left there must not come along.
    (tmp_path / "package" / "src" / "swift_learners" / "lib").mkdir(exist_ok=True)
    (tmp_path / "package" / "src" / "swift_learners" / "lib" / "liblearners.so").write_bytes(b"of another machine")
    environment = {name: value for name, value in os.environ.items() if name != "SWIFT_LEARNERS_LIBRARY"}

    def build(kind, folder, **more):
        command = [sys.executable, "-m", "build", kind, "--no-isolation", "--outdir", str(tmp_path / "dist"), folder]
        return subprocess.run(command, capture_output=True, text=True, env=environment | more)

    assert build("--sdist", str(tmp_path / "package")).returncode == 0
    (sources,) = (tmp_path / "dist").glob("*.tar.gz")
    with tarfile.open(sources) as archive:
        archive.extractall(tmp_path / "sources", filter="data")
    (root,) = (tmp_path / "sources").iterdir()
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    package = {f"src/swift_learners/{path.name}" for path in (tree / "src" / "swift_learners").glob("*.py")}
    assert found >= package | {"src/swift_learners/py.typed", "LICENSE", "README.md", "setup.py", "tests/quick.py"}
    assert not any(name.endswith(".so") for name in found)
    assert "make wheel" in (root / "README.md").read_text()

    refused = build("--wheel", str(root))
    assert refused.returncode != 0 and "make wheel" in refused.stdout + refused.stderr
    assert build("--wheel", str(root), SWIFT_LEARNERS_LIBRARY=_library._path()).returncode == 0
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    assert "-py3-none-" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        assert "swift_learners/lib/liblearners.so" in archive.namelist()
