"""Rows that are dealt into folds several times, and means of the models of the folds."""

import numpy as np
import pytest

from swift_learners import Comparison, LearnersError

SETTINGS = {"extra-trees": {"n_estimators": 10}}


def compared(rows, **arguments):
    return Comparison(["ridge", "extra-trees"], settings=SETTINGS, cv=3, random_state=5, **arguments).fit(*rows)


def test_scores_are_means_over_all_times(rows):
    several, one = compared(rows, repeats=3), compared(rows)
    for entry in several.leaderboard_:
        single = next(other for other in one.leaderboard_ if other["name"] == entry["name"])
        assert len(entry["repeats"]) == 3 and len(single["repeats"]) == 1
        assert entry["repeats"][0] == single["repeats"][0]
        assert entry["rmse"] == pytest.approx(np.mean([scores["rmse"] for scores in entry["repeats"]]), rel=1e-12)
        # A single time is one of the three that are averaged.
        apart = several.out_of_fold_[entry["name"]] - one.out_of_fold_[entry["name"]]
        assert np.abs(apart).max() > 0
        true = np.asarray(rows[1])
        assert np.sqrt(np.mean((several.out_of_fold_[entry["name"]] - true) ** 2)) <= entry["rmse"]
    # Models are fitted to all rows, whatever the folds are.
    X = rows[0]
    assert np.array_equal(several.estimators_["ridge"].predict(X), one.estimators_["ridge"].predict(X))


def test_bags_are_means_of_the_models_of_the_folds(rows):
    X, y = rows
    folds = np.arange(len(y)) % 3
    bag = Comparison(["ridge"], cv=folds, bag=True, target_transform="none").fit(X, y)
    assert [entry["name"] for entry in bag.leaderboard_] == ["ridge"] and bag.leaderboard_[0]["is_bag"]
    assert "alpha" in bag.leaderboard_[0]["parameters"]
    alone = [
        Comparison(["ridge"], cv=2, target_transform="none").fit(X[folds != fold], y[folds != fold]).predict(X)
        for fold in range(3)
    ]
    assert np.allclose(bag.predict(X), np.mean(alone, axis=0), rtol=1e-9)
    plain = Comparison(["ridge"], cv=folds, target_transform="none").fit(X, y)
    assert not plain.leaderboard_[0]["is_bag"]
    assert not np.allclose(bag.predict(X), plain.predict(X), rtol=1e-12)


def test_a_blend_of_bags_predicts(rows):
    X, y = rows
    found = Comparison("all", cv=2, bag=True, settings={"mlp": {"max_epochs": 3}, **SETTINGS}).fit(X[:80], y[:80])
    assert np.isfinite(found.predict(X[80:])).all() and found.best_name_ in found.estimators_


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"repeats": 0}, "from 1 to 100"),
        ({"repeats": 2, "time": "x0"}, "repeats and time"),
        ({"bag": True, "time": "x0"}, "bag and time"),
        ({"repeats": 1.5}, "whole number"),
    ],
)
def test_what_has_no_sense_is_refused(rows, arguments, words):
    with pytest.raises(LearnersError, match=words):
        compared(rows, **arguments)


def test_given_folds_are_not_dealt_anew(rows):
    X, y = rows
    with pytest.raises(LearnersError, match="cannot be dealt anew"):
        Comparison(["ridge"], cv=np.arange(len(y)) % 3, repeats=2).fit(X, y)
