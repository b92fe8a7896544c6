"""scikit-learn's own checks of estimators: all pass, none is expected to fail."""

import pytest
from quick import COMPARISON, SINGLE
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

import swift_learners


@parametrize_with_checks([*SINGLE, COMPARISON])
def test_estimator(estimator, check):
    check(estimator)


def test_no_check_is_left_out():
    """docs/python.md says how many there are."""
    for estimator in [*SINGLE, COMPARISON]:
        checks = [check for _, check in estimator_checks_generator(estimator)]
        assert len(checks) == 58
        names = {check.func.__name__ for check in checks}
        assert names >= {"check_sample_weight_equivalence_on_dense_data", "check_all_zero_sample_weights_error"}


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
