"""scikit-learn's own checks of estimators: all pass, none is expected to fail."""

import pytest
from quick import COMPARISON, SINGLE
from sklearn.utils.estimator_checks import parametrize_with_checks

import swift_learners


@parametrize_with_checks([*SINGLE, COMPARISON])
def test_estimator(estimator, check):
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks(
    [
        swift_learners.RandomForestRegressor(),
        swift_learners.ExtraTreesRegressor(),
        swift_learners.GradientBoostingRegressor(),
        swift_learners.MLPRegressor(),
    ]
)
def test_estimator_at_its_defaults(estimator, check):
    check(estimator)
