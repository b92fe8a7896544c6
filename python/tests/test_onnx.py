"""Exported trees find the engine's leaves: for every float32 row, thresholds and their neighbours included."""

import numpy as np
import onnxruntime
import pytest
from quick import name
from sklearn.base import clone

from swift_learners import ExtraTreesRegressor, GradientBoostingRegressor, LearnersError, RandomForestRegressor, Ridge
from swift_learners._onnx import _content, rounded_down

TREES = [
    RandomForestRegressor(n_estimators=30),
    ExtraTreesRegressor(n_estimators=30),
    GradientBoostingRegressor(max_iter=60, folds=2),
    GradientBoostingRegressor(max_iter=60, folds=1, loss="poisson"),
    RandomForestRegressor(n_estimators=30, target_transform="log1p"),
]


def run(model, X):
    session = onnxruntime.InferenceSession(model.to_onnx().SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"X": X})[0][:, 0]


@pytest.fixture(scope="module")
def gaps(rows):
    X, y = rows
    X = X.copy()
    X[::6, 0] = np.nan
    X[1::7, 3] = np.nan
    return X, y - y.min()


def adversarial(model, columns):
    """100,000 rows: of random numbers, of thresholds as float32, of their neighbours, and with gaps."""
    tensors, _ = _content(model._model.encode())
    is_split = tensors["trees.right"] > 0
    # A split that parts missing values from all others is at the largest number.
    thresholds = np.clip(tensors["trees.payload"][is_split], -1e30, 1e30).astype(np.float32)
    random = np.random.default_rng(1)
    X = random.normal(size=(100_000, columns)).astype(np.float32)
    near = thresholds[random.integers(0, len(thresholds), X.shape)]
    steps = random.integers(0, 4, X.shape)
    X = np.where(steps == 0, X, near)
    X = np.where(steps == 1, np.nextafter(near, np.float32(np.inf)), X)
    X = np.where(steps == 2, np.nextafter(near, np.float32(-np.inf)), X)
    return np.where(random.random(X.shape) < 0.05, np.float32(np.nan), X)


@pytest.mark.parametrize(
    "estimator", [RandomForestRegressor(n_estimators=1), ExtraTreesRegressor(n_estimators=1)], ids=name
)
def test_a_row_comes_to_the_engines_leaf(estimator, gaps):
    model = clone(estimator).fit(*gaps)
    X = adversarial(model, 5)
    assert np.array_equal(run(model, X), model.predict(X).astype(np.float32))


@pytest.mark.parametrize("estimator", TREES, ids=name)
def test_sums_of_leaves_are_the_engines_to_single_precision(estimator, gaps):
    model = clone(estimator).fit(*gaps)
    X = adversarial(model, 5)
    expected = model.predict(X)
    assert np.abs(run(model, X) - expected).max() < 2e-5 * np.abs(expected).max()


def test_columns_that_the_model_does_not_have_are_taken_and_ignored(gaps):
    X, y = gaps
    X = np.column_stack([np.full(len(X), np.nan), X])
    model = RandomForestRegressor(n_estimators=1).fit(X, y)
    assert np.array_equal(run(model, X.astype(np.float32)), model.predict(X.astype(np.float32)).astype(np.float32))


def test_what_has_no_form_is_named(rows):
    with pytest.raises(LearnersError, match="ridge has no ONNX form"):
        Ridge().fit(*rows).to_onnx()


def test_thresholds_are_rounded_down():
    numbers = np.array([0.1, -0.1, 16777217.0, 0.0, 1e300, -1e300])
    rounded = rounded_down(numbers)
    assert (rounded <= numbers).all()
    assert (np.nextafter(rounded[:4], np.float32(np.inf)).astype(float) > numbers[:4]).all()
    assert rounded[4] == np.finfo(np.float32).max and rounded[5] == -np.inf
