"""Exported models predict what the engine predicts: every learner, over numbers, gaps, categories and a target with a long tail."""

import json
import struct

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest
from quick import SINGLE, name
from sklearn.base import clone

from swift_learners import (
    SVR,
    Comparison,
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    LearnersError,
    MLPRegressor,
    RandomForestRegressor,
    Ridge,
)

TREES = [
    RandomForestRegressor(n_estimators=30),
    ExtraTreesRegressor(n_estimators=30),
    GradientBoostingRegressor(max_iter=60, folds=2),
    GradientBoostingRegressor(max_iter=60, folds=1, loss="poisson"),
    RandomForestRegressor(n_estimators=30, target_transform="log1p"),
]
OTHERS = [
    SVR(kernel="linear"),
    SVR(kernel="polynomial", degree=3, coef0=1.0),
    MLPRegressor(ensemble_size=2, max_epochs=20, activation="mish"),
]
KINDS = ["numbers", "missing", "categories", "long tail"]


def session_of(model, **options):
    made = model.to_onnx(**options)
    onnx.checker.check_model(made, full_check=True)
    return onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])


def run(model, X, **options):
    session = session_of(model, **options)
    if isinstance(X, np.ndarray):
        return session.run(None, {"X": X})[0][:, 0]
    number = np.float64 if options.get("dtype") == "float64" else np.float32
    columns = {}
    for wanted in session.get_inputs():
        column = X[wanted.name]
        if wanted.type == "tensor(string)":
            columns[wanted.name] = column.astype(object).fillna("").to_numpy(dtype=object)[:, None].astype(str)
        else:
            columns[wanted.name] = column.to_numpy(dtype=number)[:, None]
    return session.run(None, columns)[0][:, 0]


def rows_of(kind, count=400):
    """Rows to learn from and rows to predict, which have levels and gaps that the others have not."""
    random = np.random.default_rng(3)
    X = random.normal(size=(2 * count, 4)).astype(np.float32)
    X[:, 2] = np.exp(2 * X[:, 2])
    y = 3 * X[:, 0] - 2 * X[:, 1] * X[:, 3] + np.log1p(X[:, 2]) + random.normal(0, 0.1, 2 * count)
    if kind == "missing":
        X[::6, 0] = np.nan
        X[1::7, 3] = np.nan
        X[count::5, 1] = np.nan
    if kind == "long tail":
        y = np.exp(y)
    if kind == "categories":
        places = random.integers(0, 30, 2 * count)
        places[:count][places[:count] >= 28] = 0
        levels = np.array([f"level {place}" for place in range(27)] + ["Größe, µ", "rare", "unseen"], dtype=object)
        y = y + np.sin(places)
        X = pd.DataFrame(X, columns=["a", "b", "Y", "X"])
        X.insert(2, "text", pd.Series(levels[places]).where(random.random(2 * count) > 0.1, None))
        X["flag"] = np.where(random.random(2 * count) < 0.5, "yes", "no")
        X.loc[::9, "a"] = np.nan
        return X.iloc[:count], y[:count], X.iloc[count:]
    return X[:count], y[:count], X[count:]


def scaled_difference(model, X, y, **options):
    """The largest difference, in parts of the largest prediction or of the target's deviation."""
    expected = model.predict(X)
    return np.abs(run(model, X, **options) - expected).max() / max(np.abs(expected).max(), np.std(y))


def tolerance_of(model, exact=2e-7):
    """The engine has the kernels of an SVR in float32, the graph in double; networks are float32 in both."""
    learner = model.describe()["learner"]
    return {"svr": 2e-5, "blend": 2e-5, "mlp": 1e-6}.get(learner, exact)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("estimator", [*SINGLE, *OTHERS], ids=str)
def test_every_learner_predicts_the_same(estimator, kind):
    X, y, new = rows_of(kind)
    options = {"target_transform": "log1p"} if kind == "long tail" else {}
    model = clone(estimator).set_params(**options).fit(X, y)
    assert scaled_difference(model, new, y) < tolerance_of(model)


@pytest.mark.parametrize("kind", KINDS)
def test_the_baseline_and_a_blend_predict_the_same(kind):
    X, y, new = rows_of(kind)
    settings = {"forest": {"n_estimators": 10}, "extra-trees": {"n_estimators": 10}, "boosting": {"max_iter": 30}}
    settings["mlp"] = {"ensemble_size": 2, "max_epochs": 10}
    comparison = Comparison("all", settings=settings, cv=3).fit(X, y)
    assert {"mean", "blend"} <= set(comparison.estimators_)
    for model in comparison.estimators_.values():
        assert scaled_difference(model, new, y) < tolerance_of(model)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("estimator", [Ridge(), SVR(), *TREES[:3]], ids=name)
def test_double_precision_leaves_nothing_out(estimator, kind):
    X, y, new = rows_of(kind)
    model = clone(estimator).fit(X, y)
    rows = new.astype(np.float64) if isinstance(new, np.ndarray) else new
    assert scaled_difference(model, rows, y, dtype="float64") < tolerance_of(model, exact=1e-12)


# Trees: the very leaf, for every float32 number.


@pytest.fixture(scope="module")
def gaps(rows):
    X, y = rows
    X = X.copy()
    X[::6, 0] = np.nan
    X[1::7, 3] = np.nan
    return X, y - y.min()


def thresholds_of(model):
    """Of all splits, from the model's file: safetensors."""
    file = model._model.encode()
    (length,) = struct.unpack("<Q", file[:8])
    header = json.loads(file[8 : 8 + length])

    def tensor(wanted, kind):
        begin, end = header[wanted]["data_offsets"]
        return np.frombuffer(file[8 + length + begin : 8 + length + end], kind)

    return tensor("trees.payload", "<f8")[tensor("trees.right", "<u4") > 0]


def adversarial(model, columns):
    """100,000 rows: of random numbers, of thresholds as float32, of their neighbours, and with gaps."""
    # A split that parts missing values from all others is at the largest number.
    thresholds = np.clip(thresholds_of(model), -1e30, 1e30).astype(np.float32)
    random = np.random.default_rng(1)
    X = random.normal(size=(100_000, columns)).astype(np.float32)
    near = thresholds[random.integers(0, len(thresholds), X.shape)]
    steps = random.integers(0, 4, X.shape)
    X = np.where(steps == 0, X, near)
    X = np.where(steps == 1, np.nextafter(near, np.float32(np.inf)), X)
    X = np.where(steps == 2, np.nextafter(near, np.float32(-np.inf)), X)
    return np.where(random.random(X.shape) < 0.05, np.float32(np.nan), X)


@pytest.mark.parametrize("estimator", TREES, ids=str)
def test_trees_give_the_engines_number_for_every_float32(estimator, gaps):
    model = clone(estimator).fit(*gaps)
    X = adversarial(model, 5)
    expected = model.predict(X)
    found = run(model, X)
    if model.get_params()["target_transform"] == "none" and model.get_params().get("loss") != "poisson":
        assert np.array_equal(found, expected.astype(np.float32))
    assert np.abs(found - expected).max() <= 1.2e-7 * np.abs(expected).max()


def test_trees_with_categories_give_the_engines_number():
    X, y, new = rows_of("categories")
    for estimator in TREES[:3]:
        model = clone(estimator).fit(X, y)
        assert np.array_equal(run(model, new), model.predict(new).astype(np.float32))


def test_more_splits_of_categories_than_one_operator_takes():
    random = np.random.default_rng(5)
    places = random.integers(0, 60, (1500, 2))
    X = pd.DataFrame({"a": places[:, 0], "b": places[:, 1]}).map(lambda place: f"l{place}").astype("category")
    y = np.sin(places[:, 0]) * np.cos(places[:, 1]) + random.normal(0, 0.3, 1500)
    model = RandomForestRegressor(n_estimators=30).fit(X, y)
    operators = [node.op_type for node in model.to_onnx().graph.node]
    assert operators.count("TreeEnsemble") > 1
    assert np.array_equal(run(model, X), model.predict(X).astype(np.float32))


# What goes in and out.


def test_columns_that_the_model_does_not_have_are_taken_and_ignored(gaps):
    X, y = gaps
    X = np.column_stack([np.full(len(X), np.nan), X])
    model = RandomForestRegressor(n_estimators=5).fit(X, y)
    assert np.array_equal(run(model, X.astype(np.float32)), model.predict(X.astype(np.float32)).astype(np.float32))


def test_inputs_and_output_are_named_and_typed():
    X, y, _ = rows_of("categories")
    session = session_of(Ridge().fit(X, y))
    kinds = {wanted.name: wanted.type for wanted in session.get_inputs()}
    assert kinds == {
        "a": "tensor(float)", "b": "tensor(float)", "text": "tensor(string)", "Y": "tensor(float)", "X": "tensor(float)",
        "flag": "tensor(string)",
    }  # fmt: skip
    assert [wanted.name for wanted in session.get_outputs()] == ["prediction"]
    X, y, _ = rows_of("numbers")
    session = session_of(Ridge().fit(X, y), dtype="float64")
    assert [(wanted.name, wanted.type) for wanted in session.get_inputs()] == [("X", "tensor(double)")]
    assert [(wanted.name, wanted.type) for wanted in session.get_outputs()] == [("Y", "tensor(double)")]


def test_one_row_and_none(rows):
    X, y = rows
    model = GradientBoostingRegressor(max_iter=30, folds=1).fit(X, y)
    session = session_of(model)
    one = session.run(None, {"X": X[:1].astype(np.float32)})[0]
    assert one.shape == (1, 1) and session.run(None, {"X": X[:0].astype(np.float32)})[0].shape == (0, 1)


def test_what_has_no_form_is_named(rows):
    model = GradientBoostingRegressor(max_iter=20, folds=1, loss="quantile", quantiles=[0.1, 0.9]).fit(*rows)
    with pytest.raises(LearnersError, match="several quantiles at once have no ONNX form"):
        model.to_onnx()
    with pytest.raises(ValueError, match="dtype='float16'"):
        Ridge().fit(*rows).to_onnx(dtype="float16")
