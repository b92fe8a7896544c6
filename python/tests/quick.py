"""Every estimator with settings that make it fast."""

from swift_learners import (
    SVR,
    Comparison,
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    MLPRegressor,
    RandomForestRegressor,
    Ridge,
)

SINGLE = [
    Ridge(),
    SVR(),
    RandomForestRegressor(n_estimators=20),
    ExtraTreesRegressor(n_estimators=20),
    GradientBoostingRegressor(max_iter=50, learning_rate=0.2, folds=1),
    MLPRegressor(ensemble_size=2, max_epochs=30),
]
COMPARISON = Comparison(["mean", "ridge", "forest"], settings={"forest": {"n_estimators": 10}}, cv=3)
ALL = [*SINGLE, COMPARISON]


def name(estimator):
    return type(estimator).__name__
