"""What a row counts: a weight is so many copies, in fits and scores, by every way that scikit-learn hands weights on."""

import numpy as np
import pandas as pd
import pytest
from quick import ALL, COMPARISON, SINGLE, name
from sklearn import config_context
from sklearn.base import clone
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV, KFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from swift_learners import Comparison, RandomForestRegressor, Ridge


@pytest.fixture(scope="module")
def weighted(rows):
    """100 rows, weights of 0 to 3, and the same as copies."""
    X, y = rows[0][:100], rows[1][:100]
    weights = np.random.default_rng(1).integers(0, 4, 100)
    return X, y, weights, np.repeat(np.arange(100), weights)


@pytest.mark.parametrize("estimator", SINGLE, ids=name)
def test_a_weight_is_so_many_copies(estimator, weighted):
    X, y, weights, copies = weighted
    expected = clone(estimator).fit(X[copies], y[copies]).predict(X)
    assert np.array_equal(clone(estimator).fit(X, y, sample_weight=weights).predict(X), expected)
    # Nor does it matter where copies lie, or what weights are made of.
    mixed = np.random.default_rng(2).permutation(copies)
    assert np.array_equal(clone(estimator).fit(X[mixed], y[mixed]).predict(X), expected)
    assert np.array_equal(clone(estimator).fit(X, y, pd.Series(weights.astype(np.float32))).predict(X), expected)
    assert not np.array_equal(clone(estimator).fit(X, y).predict(X), expected)


def test_a_comparison_of_weighted_rows_is_one_of_copies(rows):
    X, y = rows
    weights = np.random.default_rng(1).integers(0, 4, len(y))
    copies = np.repeat(np.arange(len(y)), weights)
    folds = np.arange(len(y)) % 3
    one = clone(COMPARISON).set_params(cv=folds).fit(X, y, sample_weight=weights)
    other = clone(COMPARISON).set_params(cv=folds[copies]).fit(X[copies], y[copies])
    assert one.best_name_ == other.best_name_
    for ours, theirs in zip(one.leaderboard_, other.leaderboard_, strict=True):
        assert ours["name"] == theirs["name"]
        # Sums of more terms round differently.
        for figure in ("r2", "r2_sd", "rmse", "mae", "median_absolute_error"):
            assert ours[figure] == pytest.approx(theirs[figure], rel=1e-12, abs=1e-15)
    for model in one.estimators_:
        assert np.array_equal(one.estimators_[model].predict(X), other.estimators_[model].predict(X))
        assert np.array_equal(one.out_of_fold_[model][copies], other.out_of_fold_[model])
        assert np.isnan(one.out_of_fold_[model][weights == 0]).all()


@pytest.mark.parametrize("estimator", ALL, ids=name)
def test_rows_of_weight_zero_are_not_there(estimator, weighted):
    X, y = weighted[0][:80], weighted[1][:80]
    some = np.arange(80) % 5 != 0
    nonsense = np.where(some, y, 1e9)
    fitted = clone(estimator).fit(X, nonsense, sample_weight=some)
    assert np.array_equal(fitted.predict(X), clone(estimator).fit(X[some], y[some]).predict(X))


@pytest.mark.parametrize("estimator", ALL, ids=name)
@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (lambda rows: -np.ones(rows), "[Nn]egative"),
        (lambda rows: np.ones(rows - 1), "sample_weight.shape|inconsistent"),
        (lambda rows: np.ones((rows, 2)), "1D array or scalar"),
        (lambda rows: np.zeros(rows), "zero|weight"),
        (lambda rows: np.full(rows, np.nan), "NaN"),
        (lambda rows: np.full(rows, np.inf), "infinity"),
        (lambda rows: ["much"] * rows, "could not convert"),
    ],
)
def test_weights_that_are_none_are_refused(estimator, weights, words, weighted):
    X, y, _, _ = weighted
    with pytest.raises(ValueError, match=words):
        clone(estimator).fit(X, y, sample_weight=weights(len(y)))


def test_weights_have_a_name_that_no_column_has(weighted):
    X, y, weights, copies = weighted
    frame = pd.DataFrame(X, columns=["a", "b", "sample_weight", "target", "c"])
    fitted = Ridge().fit(frame, pd.Series(y, name="target"), weights)
    assert list(fitted.feature_names_in_) == list(frame.columns)
    assert np.array_equal(fitted.predict(frame), Ridge().fit(frame.iloc[copies], y[copies]).predict(frame))


def test_scores_take_weights(weighted):
    X, y, weights, copies = weighted
    model = Ridge().fit(X, y, weights)
    assert model.score(X, y, weights) == pytest.approx(model.score(X[copies], y[copies]), rel=1e-12)
    assert model.score(X, y, weights) == r2_score(y, model.predict(X), sample_weight=weights)


@pytest.mark.parametrize("estimator", [Ridge(), RandomForestRegressor(n_estimators=5), COMPARISON], ids=name)
def test_weights_find_their_way_through_scikit_learn(estimator, weighted):
    X, y, weights, _ = weighted
    with config_context(enable_metadata_routing=True):
        asking = clone(estimator).set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
        expected = clone(estimator).fit(X, y, sample_weight=weights)
        pipeline = make_pipeline(StandardScaler().set_fit_request(sample_weight=False), clone(asking))
        scaled = StandardScaler().fit_transform(X)
        assert np.array_equal(
            pipeline.fit(X, y, sample_weight=weights).predict(X),
            clone(estimator).fit(scaled, y, sample_weight=weights).predict(scaled),
        )
        search = GridSearchCV(clone(asking), {"target_transform": ["none"]}, cv=3).fit(X, y, sample_weight=weights)
        found = search.best_estimator_.predict(X)
        plain = clone(estimator).set_params(target_transform="none").fit(X, y, sample_weight=weights)
        assert np.array_equal(found, plain.predict(X))
        folds = KFold(3)
        scores = cross_validate(clone(asking), X, y, cv=folds, params={"sample_weight": weights})["test_score"]
        for score, (learned, held_out) in zip(scores, folds.split(X), strict=True):
            one = clone(estimator).fit(X[learned], y[learned], sample_weight=weights[learned])
            assert score == one.score(X[held_out], y[held_out], weights[held_out])
        silent = clone(estimator).set_fit_request(sample_weight=False).set_score_request(sample_weight=False)
        ignored = GridSearchCV(silent, {"target_transform": ["none"]}, cv=3)
        with pytest.raises(TypeError, match="sample_weight"):
            ignored.fit(X, y, sample_weight=weights)
        assert np.array_equal(expected.predict(X), clone(asking).fit(X, y, sample_weight=weights).predict(X))


def test_folds_may_be_given_in_every_way(weighted):
    X, y, _, _ = weighted
    numbers = np.arange(100) % 4
    splits = [(np.flatnonzero(numbers != fold), np.flatnonzero(numbers == fold)) for fold in range(4)]
    expected = Comparison(["mean", "ridge"], cv=numbers).fit(X, y).out_of_fold_["ridge"]
    for cv in (list(numbers), pd.Series(numbers), splits, iter(splits)):
        assert np.array_equal(Comparison(["mean", "ridge"], cv=cv).fit(X, y).out_of_fold_["ridge"], expected)
    for cv, words in [
        (numbers[:-1], "99 rows"),
        (splits + splits[:1], "twice"),
        ([(learned[:-1], held_out) for learned, held_out in splits], "leaves rows out"),
    ]:
        with pytest.raises(ValueError, match=words):
            Comparison(["ridge"], cv=cv).fit(X, y)
