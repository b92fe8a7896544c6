"""All learners compared on the same folds: what ``learners fit --model all`` does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.model_selection import check_cv

from swift_learners import _library
from swift_learners._base import Estimator
from swift_learners._estimators import LEARNERS
from swift_learners._library import LearnersError
from swift_learners._reading import estimator_of
from swift_learners._words import LISTS, seed_of, text_of

if TYPE_CHECKING:
    from numpy.random import RandomState


class Comparison(Estimator):
    """Cross-validate several learners on the same folds, fit each on all rows, and predict with the best.

    Everything that learns (gaps, scales, encodings, the transform of the target, early stopping) learns inside the training part of each
    fold: the scores are what new rows will see.

    Parameters
    ----------
    models : "all" or sequence of str, default "all"
        Engine's names of learners: mean, ridge, svr, forest, extra-trees, boosting, mlp. "all" adds a blend of them.
    settings : mapping of mappings or None, default None
        Of each learner its parameters, in the words of its estimator: ``{"svr": {"C": [1, 3, 10]}}``. Several values in a list make a
        grid, of which the best is kept.
    cv : int, splitter or sequence of int, default 5
        Number of folds, a splitter of scikit-learn that holds out every row at most once, or the fold of each row (-1: never held out).
    target_transform : {"auto", "none", "log1p"}, default "auto"
        Scale of the target: auto takes the logarithm where it has a long tail.
    random_state : int, RandomState or None, default None
        Key of every random number; None is 0.

    Attributes
    ----------
    leaderboard_ : list of dict
        Name, scores, parameters and times of each model, the best first. ``pandas.DataFrame(leaderboard_)`` makes a table of it.
    best_name_ : str
    best_estimator_ : estimator
    estimators_ : dict of str to estimator
    out_of_fold_ : dict of str to ndarray of shape (n_samples,)
        What each model predicted for a row while its fold was held out; NaN for a row of no fold.
    notes_, warnings_ : lists of str
        What was done to the data, and what makes the scores look better than they are.
    left_out_ : dict of str to str
        Models that could not be fitted, and why.

    Examples
    --------
    >>> import numpy as np
    >>> from swift_learners import Comparison
    >>> X = np.linspace(0, 1, 60).reshape(30, 2)
    >>> comparison = Comparison(["mean", "ridge"]).fit(X, X.sum(axis=1))
    >>> comparison.best_name_
    'ridge'
    """

    def __init__(
        self,
        models: str | Sequence[str] = "all",
        *,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        cv: Any = 5,
        target_transform: str = "auto",
        random_state: int | RandomState | None = None,
    ) -> None:
        self.models = models
        self.settings = settings
        self.cv = cv
        self.target_transform = target_transform
        self.random_state = random_state

    def fit(self, X: ArrayLike | Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Compare the models.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            Numbers, NaN where one is missing. In frames of pandas, polars or Arrow also texts and categories.
        y : array-like of shape (n_samples,)
            What to predict, finite numbers.
        sample_weight : array-like of shape (n_samples,), optional
            What each row counts, in fits and scores: k is k copies of it, 0 leaves it out.

        Returns
        -------
        self
        """
        rows = self._rows(X, y, sample_weight)
        models = self.models if isinstance(self.models, str) else ",".join(self.models)
        folds = self._folds(rows.table.rows)
        found = _library.Comparison(
            models, list(_assignments(self.settings or {}, self._names)), rows,
            None if folds is None else folds.ctypes.data, int(self.cv) if folds is None else 0,
            seed_of(self.random_state), self.target_transform,
        )  # fmt: skip
        self._read(found)
        return self

    def _folds(self, rows: int) -> NDArray[np.int32] | None:
        """The fold of each row; None for a number of folds, which the engine cuts as the program does."""
        if isinstance(self.cv, int | np.integer):
            return None
        if not hasattr(self.cv, "split") and np.ndim(self.cv) == 1 and len(self.cv) == rows:
            return np.ascontiguousarray(self.cv, dtype=np.int32)
        folds = np.full(rows, -1, dtype=np.int32)
        for fold, (_, held_out) in enumerate(check_cv(self.cv).split(np.zeros(rows))):
            if (folds[held_out] >= 0).any():
                raise LearnersError(
                    "cv holds a row out twice: use a splitter that holds every row out once, such as KFold"
                )
            folds[held_out] = fold
        return folds

    def _read(self, found: _library.Comparison) -> None:
        description = found.description
        self.estimators_: dict[str, Estimator] = {}
        self.out_of_fold_: dict[str, NDArray[np.float64]] = {}
        for place, entry in enumerate(description["models"]):
            predictions = np.empty(found.rows)
            found.predictions(place, predictions.ctypes.data)
            self.out_of_fold_[entry["name"]] = predictions
            self.estimators_[entry["name"]] = estimator_of(found.model(place), self._names)
        self.best_name_: str = description["best"]
        self.best_estimator_ = self.estimators_[self.best_name_]
        self.leaderboard_ = _ranked(description)
        self.notes_: list[str] = description["notes"]
        self.warnings_: list[str] = description["warnings"]
        self.left_out_ = {model["name"]: model["reason"] for model in description["left_out"]}
        self._take(found.model(description["best_place"]))
        self._warn_of_convergence()


def _ranked(description: dict[str, Any]) -> list[dict[str, Any]]:
    """Flat entries, the best first."""
    entries = [
        {**{k: v for k, v in model.items() if k != "scores"}, **model["scores"]} for model in description["models"]
    ]
    best = description["best"]
    return sorted(
        entries,
        key=lambda entry: (
            entry["name"] != best,
            -(entry["r2_transformed"] if entry.get("r2_transformed") is not None else -np.inf),
        ),
    )


def _assignments(settings: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> Iterable[str]:
    for learner, parameters in settings.items():
        if learner not in LEARNERS:
            raise LearnersError(f"settings: there is no learner {learner}: there are {', '.join(LEARNERS)}")
        words = LEARNERS[learner]._parameters
        for name, value in parameters.items():
            if name not in words:
                raise LearnersError(f"settings: {learner} has no parameter {name}: it has {', '.join(words)}")
            several = name not in LISTS and isinstance(value, list | tuple | np.ndarray)
            values = [text_of(name, each, names) for each in (value if several else [value])]
            yield f"{learner}.{words[name]}={','.join(values)}"
