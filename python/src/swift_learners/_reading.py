"""Fitted estimators for models that the engine hands out or a file holds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from swift_learners import _words
from swift_learners._base import Estimator, FittedModel, LearnerEstimator
from swift_learners._estimators import LEARNERS
from swift_learners._library import Model


def load(path: str | os.PathLike[str]) -> Estimator:
    """Read a model's file, whoever wrote it, as a fitted estimator of its learner.

    Parameters
    ----------
    path : path of a ``.safetensors`` file of ``learners fit`` or of ``save``

    Returns
    -------
    estimator
    """
    return estimator_of(Model.load(os.fspath(path)))


def estimator_of(model: Model, names: Iterable[str] | None = None) -> Estimator:
    """A fitted estimator for a model of the engine."""
    description = model.description
    estimator = (
        _of_learner(LEARNERS[description["learner"]], description)
        if description["learner"] in LEARNERS
        else FittedModel()
    )
    estimator._names = list(names) if names is not None else [feature["name"] for feature in description["features"]]
    estimator.n_features_in_ = len(estimator._names)
    if estimator._names != [f"x{column}" for column in range(estimator.n_features_in_)]:
        estimator.feature_names_in_ = np.array(estimator._names, dtype=object)
    estimator._take(model)
    return estimator


def _of_learner(kind: type[LearnerEstimator], description: Mapping[str, Any]) -> LearnerEstimator:
    values = {
        name: _words.parsed(description["parameters"][engine], kind._defaults[name], name)
        for name, engine in kind._parameters.items()
    }
    estimator = kind(**values)
    # Which unit the logarithm has follows from the targets.
    estimator.target_transform = "auto" if description["logarithmic"] else "none"
    if "random_state" in estimator.get_params():
        estimator.random_state = description["seed"]
    return estimator
