"""Regression models for tables: the engine of ``learners`` behind scikit-learn's words.

>>> from swift_learners import Ridge
>>> model = Ridge(alpha=1.0).fit([[0.0], [1.0], [2.0], [3.0]], [0.0, 1.0, 2.0, 3.0])
>>> model.n_features_in_
1

scikit-learn is loaded with the first estimator, not with the package.
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False  # what type checkers take for true: `typing` takes longer to load than all the rest

if TYPE_CHECKING:
    from swift_learners._base import Explanation
    from swift_learners._comparison import Comparison
    from swift_learners._estimators import (
        SVR,
        ExtraTreesRegressor,
        GradientBoostingRegressor,
        MLPRegressor,
        RandomForestRegressor,
        Ridge,
    )
    from swift_learners._library import LearnersError, info, set_threads
    from swift_learners._reading import load

__version__ = "0.1.0"

_PLACES = {
    "Comparison": "_comparison",
    "Explanation": "_base",
    "ExtraTreesRegressor": "_estimators",
    "GradientBoostingRegressor": "_estimators",
    "LearnersError": "_library",
    "MLPRegressor": "_estimators",
    "RandomForestRegressor": "_estimators",
    "Ridge": "_estimators",
    "SVR": "_estimators",
    "info": "_library",
    "load": "_reading",
    "set_threads": "_library",
}

__all__ = [
    "SVR",
    "Comparison",
    "Explanation",
    "ExtraTreesRegressor",
    "GradientBoostingRegressor",
    "LearnersError",
    "MLPRegressor",
    "RandomForestRegressor",
    "Ridge",
    "info",
    "load",
    "set_threads",
]


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLACES])
