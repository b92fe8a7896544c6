"""Tables as people have them, and what no model can be made of."""

import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from quick import ALL, SINGLE, name
from scipy import sparse
from sklearn.base import clone

from swift_learners import ExtraTreesRegressor, GradientBoostingRegressor, LearnersError, RandomForestRegressor, Ridge


@pytest.fixture(scope="module")
def houses():
    random = np.random.default_rng(3)
    rows = 200
    wall = random.choice(["brick", "stone", "wood"], rows)
    size = random.uniform(50, 200, rows)
    frame = pd.DataFrame(
        {
            "size": size,
            "rooms": random.integers(1, 8, rows),
            "wall": pd.Categorical(wall),
            "town": random.choice(["Ulm", "Köln", "Aachen", None], rows),
            "garden": random.random(rows) < 0.5,
        }
    )
    frame.loc[::7, "size"] = np.nan
    frame.loc[::11, "wall"] = np.nan
    price = 1000 * size + 50_000 * (wall == "stone") + 1000 * random.normal(size=rows)
    return frame, pd.Series(price, name="price")


@pytest.mark.parametrize("estimator", ALL, ids=name)
def test_frames_of_all_makes_are_the_same_table(estimator, houses):
    frame, price = houses
    fitted = clone(estimator).fit(frame, price)
    assert list(fitted.feature_names_in_) == list(frame.columns)
    expected = fitted.predict(frame)
    assert fitted.score(frame, price) > 0.5
    for other in (pl.from_pandas(frame), pa.Table.from_pandas(frame)):
        assert np.array_equal(fitted.predict(other), expected)
        assert np.array_equal(clone(estimator).fit(other, price).predict(other), expected)


def test_levels_and_gaps_are_kept_as_they_are(houses):
    frame, price = houses
    model = RandomForestRegressor(n_estimators=20).fit(frame, price)
    levels = {feature["name"]: feature.get("levels") for feature in model.describe()["features"]}
    assert levels["wall"] == ["brick", "stone", "wood"] and levels["size"] is None
    strange = frame.assign(wall="glass")
    assert np.isfinite(model.predict(strange)).all()
    with pytest.raises(LearnersError, match="fitted to categories"):
        model.predict(np.zeros((2, 5)))


def test_columns_may_be_nullable_decimal_or_wide(houses):
    _, price = houses
    numbers = pd.DataFrame(
        {
            "a": pd.array([1, None] * 100, dtype="Int64"),
            "b": pd.array([1.5, 2.5] * 100, dtype="Float64"),
            "c": np.arange(200) % 2 == 0,
        }
    )
    plain = np.column_stack([np.tile([1, np.nan], 100), np.tile([1.5, 2.5], 100), np.arange(200) % 2 == 0])
    forest = ExtraTreesRegressor(n_estimators=5)
    assert np.array_equal(
        clone(forest).fit(numbers, price).predict(numbers), clone(forest).fit(plain, price).predict(plain)
    )


@pytest.mark.parametrize(
    "turn",
    [np.asfortranarray, lambda X: X[::-1][::-1], lambda X: np.repeat(X, 2, axis=1)[:, ::2], lambda X: X.astype(">f8")],
)
def test_how_an_array_lies_in_memory_does_not_matter(turn, rows):
    X, y = rows
    model = RandomForestRegressor(n_estimators=5).fit(X, y)
    read_only = turn(X)
    read_only.flags.writeable = False
    assert np.array_equal(model.predict(read_only), model.predict(X))
    assert np.array_equal(clone(model).fit(read_only, y).predict(X), model.predict(X))


def test_many_rows_are_never_in_memory_twice():
    code = """
import resource
import numpy as np
from swift_learners import LearnersError, Ridge

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

X = np.random.default_rng(1).normal(size=(1_000_000, 20))
model = Ridge().fit(X[:1000], X[:1000, 0] - X[:1000, 1])
few = np.concatenate([model.predict(X[first : first + 1000]) for first in range(0, 140_000, 1000)])
before = peak()
predictions = model.predict(X)
assert peak() - before < X.nbytes / 3, (before, peak())
assert (predictions[:140_000] == few).all()
X[70_000, 3] = np.inf
try:
    model.predict(X)
except LearnersError as error:
    assert "row 70000, column 3 is infinite" in str(error), error
else:
    raise AssertionError("an infinity was predicted")
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_single_precision_is_taken_as_it_is(rows):
    X, y = rows
    single = X.astype(np.float32)
    a = RandomForestRegressor(n_estimators=5).fit(single, y).predict(single)
    assert np.array_equal(
        a, RandomForestRegressor(n_estimators=5).fit(single.astype(float), y).predict(single.astype(float))
    )


@pytest.mark.parametrize("estimator", ALL, ids=name)
@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda X, y: (X[:0], y[:0]), ValueError, "0 sample"),
        (lambda X, y: (X[:, :0], y), ValueError, "0 feature"),
        (lambda X, y: (X[:1], y[:1]), ValueError, "1 sample"),
        (lambda X, y: (X, np.where(np.arange(len(y)) == 3, np.nan, y)), ValueError, "NaN"),
        (lambda X, y: (np.where(X > 2, np.inf, X), y), ValueError, "infin"),
        (lambda X, y: (sparse.csr_matrix(X), y), TypeError, "[Ss]parse"),
        (lambda X, y: (X.astype(complex), y), ValueError, "Complex"),
        (lambda X, y: (X.astype(str) + "a", y), ValueError, "could not convert"),
        (lambda X, y: (X, y[:-1]), ValueError, "inconsistent"),
        (lambda X, y: (X[:, 0], y), ValueError, "1D"),
        (lambda X, y: (X[None], y), ValueError, "dim"),
        (lambda X, y: (X, np.column_stack([y, y])), ValueError, "1d"),
        (lambda X, y: (pd.DataFrame(X[:, :2], columns=["a", "a"]), y), ValueError, "called a|unique column names"),
        (lambda X, y: (pd.DataFrame({"a": pd.to_datetime(["2020-01-01"] * len(y))}), y), TypeError, "datetime"),
        (lambda X, y: (pd.DataFrame({"a": [object()] * len(y)}), y), TypeError, "column a"),
        (lambda X, y: (pl.DataFrame(X).lazy(), y), TypeError, "collect"),
        (lambda X, y: (pd.DataFrame(X).iloc[:0], y[:0]), ValueError, "0 sample"),
        (lambda X, y: (pd.DataFrame(index=range(len(y))), y), ValueError, "0 feature"),
    ],
)
def test_what_no_model_can_be_made_of_is_told(estimator, change, error, words, rows):
    with pytest.raises(error, match=words):
        clone(estimator).fit(*change(*rows))


def test_parameters_are_the_engines_to_judge(rows):
    for model, words in [
        (Ridge(alpha=-1), "alpha"),
        (Ridge(alpha="much"), "alpha"),
        (Ridge(target_transform="sqrt"), "target_transform"),
        (RandomForestRegressor(n_estimators=0), "estimators"),
        (RandomForestRegressor(n_estimators=2.5), "estimators"),
        (GradientBoostingRegressor(monotonic_cst=[2, 0, 0, 0, 0]), "direction"),
        (RandomForestRegressor(random_state=-1), "random_state"),
    ]:
        with pytest.raises(ValueError, match=words):
            model.fit(*rows)


def test_a_target_that_is_always_the_same_is_predicted(rows):
    X, _ = rows
    for estimator in SINGLE:
        predictions = clone(estimator).fit(X, np.full(len(X), 2.5)).predict(X)
        assert np.allclose(predictions, 2.5, rtol=1e-6)


def test_columns_without_a_value_are_left_out(rows):
    X, y = rows
    X = np.column_stack([np.full(len(X), np.nan), X])
    model = RandomForestRegressor(n_estimators=5).fit(X, y)
    assert model.n_features_in_ == 6 and model.feature_importances_[0] == 0
    assert np.array_equal(model.predict(X), RandomForestRegressor(n_estimators=5).fit(X[:, 1:], y).predict(X[:, 1:]))
    assert model.explain(X).values.shape == X.shape


def test_boosting_keeps_to_constraints_and_levels(rows):
    X, y = rows
    model = GradientBoostingRegressor(
        max_iter=50, folds=1, monotonic_cst={"x0": 1}, interaction_cst=[[0, 1], [2, 3, 4]]
    ).fit(X, y)
    line = np.repeat(X[:1], 50, axis=0)
    line[:, 0] = np.linspace(-3, 3, 50)
    assert (np.diff(model.predict(line)) >= 0).all()
    several = GradientBoostingRegressor(max_iter=50, folds=1, loss="quantile", quantiles=[0.1, 0.5, 0.9]).fit(X, y)
    quantiles = several.predict_quantiles(X)
    assert quantiles.shape == (len(X), 3) and (np.diff(quantiles, axis=1) >= 0).all()
    assert np.array_equal(several.predict(X), quantiles[:, 1])


@pytest.mark.parametrize(
    "estimator",
    [Ridge(), RandomForestRegressor(n_estimators=10), GradientBoostingRegressor(max_iter=30, folds=1)],
    ids=name,
)
def test_explanations_add_up(estimator, rows):
    X, y = rows
    model = clone(estimator).fit(X, y)
    explanation = model.explain(X)
    assert np.allclose(explanation.base_values + explanation.values.sum(axis=1), model.predict(X))
