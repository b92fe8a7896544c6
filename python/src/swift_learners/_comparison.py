"""All learners compared on the same folds: what ``learners fit --model all`` does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.model_selection import check_cv
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from swift_learners import _html, _library, _plots
from swift_learners._base import Estimator, added
from swift_learners._estimators import LEARNERS
from swift_learners._library import LearnersError
from swift_learners._progress import watching
from swift_learners._reading import estimator_of
from swift_learners._words import LISTS, seed_of, text_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
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
    time : str or None, default None
        The column of numbers that says when a row was (``"x0"`` is the first of an array): later rows are held out behind earlier ones.
    repeats : int, default 1
        How often the rows are dealt into folds, each time anew: scores are means over all, deviations over all folds. Needs a number of
        folds as ``cv``, and no ``time``.
    bag : bool, default False
        Whether each model is the mean of the models of its folds, in the place of one more fit to all rows. Not with ``time``.
    random_state : int, RandomState or None, default None
        Key of every random number; None is 0.
    verbose : int, default 0
        Whether a bar shows how far a fit is: 1 with tqdm where it is installed, else in lines of text.

    Attributes
    ----------
    leaderboard_ : list of dict
        Name, scores, parameters and times of each model, the best first; ``repeats`` has the scores of each time.
        ``pandas.DataFrame(leaderboard_)`` makes a table of it.
    best_name_ : str
    best_estimator_ : estimator
    estimators_ : dict of str to estimator
    out_of_fold_ : dict of str to ndarray of shape (n_samples,)
        What each model predicted for a row while its fold was held out; NaN for a row of no fold. With ``repeats`` the mean of what was
        predicted each time, which is less off than a single model is.
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
        time: str | None = None,
        repeats: int = 1,
        bag: bool = False,
        random_state: int | RandomState | None = None,
        verbose: int = 0,
    ) -> None:
        self.models = models
        self.settings = settings
        self.cv = cv
        self.target_transform = target_transform
        self.time = time
        self.repeats = repeats
        self.bag = bag
        self.random_state = random_state
        self.verbose = verbose

    def fit(
        self,
        X: ArrayLike | Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Compare the models.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            Numbers, NaN where one is missing. In frames of pandas, polars or Arrow also texts and categories.
        y : array-like of shape (n_samples,)
            What to predict, finite numbers.
        sample_weight : array-like of shape (n_samples,), optional
            What each row counts, in fits and scores: k is k copies of it, 0 leaves it out.
        groups : array-like of shape (n_samples,), optional
            What rows belong to, such as their owner: whole groups are held out, also where learners hold rows out themselves. A row
            without a group (None or NaN) is a group of its own.

        Returns
        -------
        self
        """
        rows = self._rows(X, y, sample_weight)
        if groups is not None:
            check_consistent_length(X, groups)
            taken = [*self._names, rows.target, rows.weights or ""]
            rows = rows._replace(groups=added(rows.table, "groups", _numbered(groups), taken))
        if self.time is not None:
            if self.time not in self._names:
                raise LearnersError(f"time: there is no column {self.time}: there are {', '.join(self._names[:10])}")
            rows = rows._replace(time=self.time)
        models = self.models if isinstance(self.models, str) else ",".join(self.models)
        folds = self._folds(rows.table.rows, groups)
        self._check(folds)
        with watching(self.verbose, type(self).__name__) as watch:
            found = _library.Comparison(
                models, list(_assignments(self.settings or {}, self._names)), rows,
                None if folds is None else folds.ctypes.data, int(self.cv) if folds is None else 0,
                seed_of(self.random_state), self.target_transform, watch, int(self.repeats), bool(self.bag),
            )  # fmt: skip
        self._read(found)
        return self

    def _check(self, folds: NDArray[np.int32] | None) -> None:
        """Refuses what has no sense together, in the words of Python."""
        if not isinstance(self.repeats, int | np.integer) or not 1 <= self.repeats <= 100:
            raise LearnersError(f"repeats is {self.repeats}: it must be a whole number from 1 to 100")
        if self.repeats > 1 and folds is not None:
            raise LearnersError("repeats needs a number of folds: folds that are given in cv cannot be dealt anew")
        if self.repeats > 1 and self.time is not None:
            raise LearnersError("repeats and time: time has one order, and each repeat would be the same")
        if self.bag and self.time is not None:
            raise LearnersError("bag and time: models of earlier folds do not know the latest rows")

    def _folds(self, rows: int, groups: Any) -> NDArray[np.int32] | None:
        """The fold of each row; None for a number of folds, which the engine cuts as the program does."""
        if isinstance(self.cv, int | np.integer):
            return None
        if hasattr(self.cv, "__len__") and all(isinstance(fold, int | np.integer) for fold in self.cv):
            if len(self.cv) != rows:
                raise LearnersError(f"cv has the folds of {len(self.cv)} rows: there are {rows}")
            return np.ascontiguousarray(self.cv, dtype=np.int32)
        folds = np.full(rows, -1, dtype=np.int32)
        for fold, (learned, held_out) in enumerate(check_cv(self.cv).split(np.zeros(rows), groups=groups)):
            if (folds[held_out] >= 0).any():
                raise LearnersError(
                    "cv holds a row out twice: use a splitter that holds every row out once, such as KFold"
                )
            folds[held_out] = fold
            if len(np.union1d(learned, held_out)) < rows:
                raise LearnersError(
                    "cv leaves rows out of learning that it does not hold out, which would be learned from: use a splitter "
                    "such as KFold or GroupKFold, and time= for rows in time"
                )
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
        self._ranked_by: str = description["ranked_by"]
        self._take(found.model(description["best_place"]))
        scale = description["scale"]
        #: The logarithm that models were fitted on; None for the target itself.
        self._scale: str | None = None if scale == self._model.description["target"] else scale
        self._warn_of_convergence()

    def plot_leaderboard(self, ax: Axes | None = None) -> Axes:
        """Draw R² of the rows held out and its deviation between folds, the best on top. Needs matplotlib.

        Parameters
        ----------
        ax : matplotlib's Axes to draw on, None for new ones

        Returns
        -------
        Axes
        """
        check_is_fitted(self)
        return _plots.leaderboard(self.leaderboard_, self._scale, ax)

    def plot_predictions(self, y: ArrayLike, name: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw what a model predicted for rows while they were held out against what is true. Needs matplotlib.

        Parameters
        ----------
        y : array-like of shape (n_samples,), as in ``fit``
        name : name of a model of the leaderboard, None for the best
        ax : matplotlib's Axes to draw on, None for new ones

        Returns
        -------
        Axes
        """
        check_is_fitted(self)
        name = self.best_name_ if name is None else name
        if name not in self.out_of_fold_:
            raise LearnersError(f"no model is called {name}: there are {', '.join(self.out_of_fold_)}")
        true = np.asarray(y, dtype=np.float64)
        if true.shape != self.out_of_fold_[name].shape:
            raise LearnersError(f"y has the shape {true.shape}: the rows of fit have {self.out_of_fold_[name].shape}")
        return _plots.predictions(self.out_of_fold_[name], true, name, self._scale is not None, ax)

    def _report(self) -> str:
        board = _html.leaderboard(
            self.leaderboard_, self._scale, self._ranked_by, self.warnings_, self.notes_, self.left_out_
        )
        return board + _html.folded(f"The best: {self.best_name_}", self.best_estimator_._report())


def _numbered(groups: Any) -> NDArray[np.float64]:
    """A number for each group in the order of their first rows, NaN for a row of none."""
    numbers: dict[Any, float] = {}
    return np.array(
        [np.nan if _is_missing(group) else numbers.setdefault(group, float(len(numbers))) for group in groups]
    )


def _is_missing(value: Any) -> bool:
    return value is None or type(value).__name__ in ("NAType", "NaTType") or bool(value != value)


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
