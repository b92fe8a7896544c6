"""Rows that belong together are held out together, and later rows behind earlier ones."""

import numpy as np
import pytest
from sklearn.model_selection import GroupKFold

from swift_learners import Comparison


@pytest.fixture(scope="module")
def owners(rows):
    """Texts, some missing: as the owners of repositories."""
    return [None if row % 50 == 0 else f"owner {row * 7 % 20}" for row in range(len(rows[1]))]


def held_out(comparison):
    """The mean of what was learned from tells which rows these were."""
    return comparison.out_of_fold_["mean"]


def test_whole_groups_are_held_out(rows, owners):
    X, y = rows
    found = held_out(Comparison(["mean", "ridge"], target_transform="none").fit(X, y, groups=owners))
    for owner in set(owners) - {None}:
        assert len({found[row] for row in range(len(y)) if owners[row] == owner}) == 1
    apart = held_out(Comparison(["mean", "ridge"], target_transform="none").fit(X, y))
    assert any(len({apart[row] for row in range(len(y)) if owners[row] == owner}) > 1 for owner in set(owners))


def test_what_groups_are_made_of_does_not_matter(rows):
    X, y = rows
    numbers = np.arange(len(y)) % 13
    expected = held_out(Comparison(["mean", "ridge"]).fit(X, y, groups=numbers))
    for groups in ([f"g{number}" for number in numbers], numbers * 0.5 + 3):
        assert np.array_equal(held_out(Comparison(["mean", "ridge"]).fit(X, y, groups=groups)), expected)


def test_splitters_are_given_the_groups(rows):
    X, y = rows
    groups = np.arange(len(y)) % 13
    found = held_out(Comparison(["mean", "ridge"], cv=GroupKFold(4), target_transform="none").fit(X, y, groups=groups))
    for group in range(13):
        assert len(set(found[groups == group])) == 1


def test_later_rows_are_held_out_behind_earlier_ones(rows):
    X, y = rows
    found = held_out(Comparison(["mean", "ridge"], time="x0", target_transform="none").fit(X, y))
    order = np.argsort(X[:, 0])
    first = np.isnan(found[order]).argmin()
    assert 0 < first and not np.isnan(found[order][first:]).any()
    assert found[order][first] == pytest.approx(y[order][:first].mean())


def test_what_is_no_group_or_time_is_refused(rows):
    X, y = rows
    for groups, time, words in [
        (np.zeros(len(y)), None, "group"),
        (np.zeros(len(y) - 1), None, "inconsistent"),
        (None, "when", "no column when"),
        (np.arange(len(y)), "x0", "groups or by their time"),
    ]:
        with pytest.raises(ValueError, match=words):
            Comparison(["mean", "ridge"], time=time).fit(X, y, groups=groups)
