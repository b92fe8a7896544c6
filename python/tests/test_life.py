"""Fitted models outlive their process, and processes outlive fits: files, copies, threads, forks, signals, memory."""

import copy
import multiprocessing
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import joblib
import numpy as np
import psutil
import pytest
from quick import ALL, name
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import swift_learners
from swift_learners import GradientBoostingRegressor, RandomForestRegressor, Ridge


@pytest.mark.parametrize("estimator", ALL, ids=name)
def test_copies_and_files_predict_the_same_bits(estimator, rows, tmp_path):
    X, y = rows
    model = clone(estimator).fit(X, y)
    expected = model.predict(X)
    for twin in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert np.array_equal(twin.predict(X), expected) and twin.get_params().keys() == model.get_params().keys()
    joblib.dump(model, tmp_path / "model.joblib")
    assert np.array_equal(joblib.load(tmp_path / "model.joblib").predict(X), expected)
    model.save(tmp_path / "model.safetensors")
    read = swift_learners.load(tmp_path / "model.safetensors")
    assert np.array_equal(read.predict(X), expected)
    assert np.array_equal(clone(read).fit(X, y).predict(X), expected)


def test_files_that_are_no_models_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        swift_learners.load(tmp_path / "none")
    (tmp_path / "text").write_text("nonsense")
    with pytest.raises(swift_learners.LearnersError, match="no model"):
        swift_learners.load(tmp_path / "text")
    with pytest.raises(OSError, match="written"):
        Ridge().fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 3.0]).save(tmp_path / "no" / "folder")


def test_searches_over_processes(rows):
    X, y = rows
    search = GridSearchCV(
        RandomForestRegressor(n_estimators=5), {"min_samples_leaf": [1, 5], "max_depth": [3, None]}, n_jobs=2
    )
    search.fit(X, y)
    alone = GridSearchCV(search.estimator, search.param_grid).fit(X, y)
    assert np.array_equal(search.cv_results_["mean_test_score"], alone.cv_results_["mean_test_score"])
    assert cross_val_score(make_pipeline(StandardScaler(), Ridge()), X, y, n_jobs=2).mean() > 0.5


def predict_in_child(model, X, sender):
    refitted = clone(model).fit(X, model.predict(X))
    sender.send((model.predict(X), refitted.predict(X)))


def test_a_forked_child_works_on(rows):
    X, y = rows
    model = RandomForestRegressor(n_estimators=20).fit(X, y)
    receiver, sender = multiprocessing.get_context("fork").Pipe()
    child = multiprocessing.get_context("fork").Process(target=predict_in_child, args=(model, X, sender))
    child.start()
    assert receiver.poll(60)
    predictions, refitted = receiver.recv()
    child.join()
    assert np.array_equal(predictions, model.predict(X))
    assert np.array_equal(refitted, clone(model).fit(X, model.predict(X)).predict(X))


def test_threads_fit_at_once(rows):
    X, y = rows
    expected = [clone(estimator).fit(X, y).predict(X) for estimator in ALL]
    with ThreadPoolExecutor(4) as pool:
        fits = [
            pool.submit(lambda estimator: clone(estimator).fit(X, y).predict(X), estimator) for estimator in ALL * 2
        ]
        for place, fit in enumerate(fits):
            assert np.array_equal(fit.result(), expected[place % len(ALL)])


@pytest.mark.parametrize("model", ["RandomForestRegressor(n_estimators=1000000)", "MLPRegressor(max_epochs=1000000, early_stopping=False)",
                                   "GradientBoostingRegressor(max_iter=100000, folds=0)", "SVR(C=1e9, epsilon=0, tol=1e-12)",
                                   "Comparison(['forest'], settings={'forest': {'n_estimators': 1000000}})"])  # fmt: skip
def test_ctrl_c_ends_a_fit_within_a_second(model):
    script = f"""
import numpy, time, threading
from swift_learners import *
X = numpy.random.default_rng(0).normal(size=(3000, 10)); y = X[:, 0] + numpy.random.default_rng(1).normal(size=3000)
print("begin", flush=True)
try: {model}.fit(X, y)
except KeyboardInterrupt: print("ended", time.time(), flush=True)
Ridge().fit(X, y)
before = time.process_time(); time.sleep(1)
print("idle", time.process_time() - before < 0.5)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "begin\n"
    time.sleep(1.0)
    sent = time.time()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    word, at = output.split()[:2]
    # A second and what a crowded machine adds.
    assert word == "ended" and float(at) - sent < 3, errors
    assert output.endswith("idle True\n") and errors == ""


def test_a_thousand_fits_leave_memory_as_it_was(rows):
    X, y = rows
    process = psutil.Process()
    estimators = [Ridge(), RandomForestRegressor(n_estimators=3), GradientBoostingRegressor(max_iter=5, folds=1)]

    def fit(times):
        for _ in range(times):
            for estimator in estimators:
                pickle.loads(pickle.dumps(clone(estimator).fit(X, y))).predict(X)

    fit(100)
    before = process.memory_info().rss
    fit(334)
    assert process.memory_info().rss - before < 10e6


def test_the_library_may_be_visible_to_all(rows):
    script = """
import ctypes, os, swift_learners._library as library
ctypes.CDLL(library._path(), mode=ctypes.RTLD_GLOBAL)
import numpy, swift_learners
X = numpy.arange(40.0).reshape(20, 2)
print(swift_learners.Ridge().fit(X, X[:, 0] * 2).predict(X[:1]).shape)
"""
    done = subprocess.run([sys.executable, "-X", "dev", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "(1,)\n"


def test_threads_are_the_processes_to_choose(rows):
    X, y = rows
    before = swift_learners.info()["threads"]
    try:
        swift_learners.set_threads(1)
        alone = RandomForestRegressor(n_estimators=20).fit(X, y).predict(X)
        swift_learners.set_threads(4)
        assert np.array_equal(RandomForestRegressor(n_estimators=20).fit(X, y).predict(X), alone)
        with pytest.raises(ValueError, match="threads"):
            swift_learners.set_threads(0)
    finally:
        swift_learners.set_threads(before)
