"""The package itself: it loads fast, its words are the engine's, its examples run."""

import doctest
import subprocess
import sys
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
