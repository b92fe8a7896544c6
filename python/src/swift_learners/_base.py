"""What all estimators have in common: from scikit-learn's calls to the engine's."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.utils import estimator_html_repr
from sklearn.utils.validation import _check_sample_weight, check_consistent_length, check_is_fitted, validate_data

from swift_learners import _table, _words
from swift_learners._library import FLOAT32, FLOAT64, LearnersError, Model, Rows, Table, check, predict_matrix
from swift_learners._progress import watching

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from onnx import ModelProto


class Explanation(NamedTuple):
    """What each feature adds to each prediction, named as the plots of the ``shap`` package want it.

    ``base_values + values.sum(axis=1)`` is the prediction on the scale ``scale``: the target's own, or a logarithm of it.
    """

    values: NDArray[np.float64]
    base_values: float
    data: Any
    feature_names: list[str]
    scale: str


class Estimator(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Data in, predictions out; what is fitted is `_model`."""

    target_transform: str

    n_features_in_: int
    feature_names_in_: NDArray[np.object_]
    _model: Model
    #: Names of the columns in the order of X.
    _names: list[str]
    #: Places in X of the model's features, where the engine has left some columns out.
    _kept: list[int] | None
    #: Whether X has to be a frame, for there are categories.
    _needs_frame: bool
    #: Whether rows of an array can go to the engine as they are.
    _is_plain: bool

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_model")

    # Fitting

    def _rows(self, X: Any, y: Any, sample_weight: Any) -> Rows:
        """The table to learn from, with columns for target and weights."""
        name = getattr(y, "name", None)
        least = {"ensure_min_samples": 2}
        if _table.is_frame(X):
            # The target first: without X, names of columns are forgotten.
            y = validate_data(self, y=y, y_numeric=True, multi_output=False)
            validate_data(self, X, skip_check_array=True)
            self._names = _table.column_names(X)
            self.n_features_in_ = len(self._names)
            check_consistent_length(X, y)
            _require_rows(X, self._names)
        else:
            X, y = validate_data(
                self, X, y, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan", y_numeric=True, **least
            )
            self._names = [f"x{column}" for column in range(X.shape[1])]
        table = _table.table_of(X, self._names)
        target = added(table, name if isinstance(name, str) and name else "target", y, self._names)
        if sample_weight is None:
            return Rows(table, target, None)
        weights = _check_sample_weight(sample_weight, y, dtype=np.float64, ensure_non_negative=True)
        return Rows(table, target, added(table, "sample_weight", weights, [*self._names, target]))

    def _take(self, model: Model) -> None:
        """Takes a fitted model over."""
        features = [feature["name"] for feature in model.description["features"]]
        place = {name: column for column, name in enumerate(self._names)}
        self._kept = None if features == self._names else [place[name] for name in features]
        self._needs_frame = any("levels" in feature for feature in model.description["features"])
        self._is_plain = self._kept is None and not self._needs_frame and not hasattr(self, "feature_names_in_")
        self._model = model
        iterations = model.description.get("iterations")
        if iterations is not None:
            self.n_iter_ = max(1, int(iterations))

    def _warn_of_convergence(self) -> None:
        reason = self._model.description.get("convergence_reason")
        if reason:
            warnings.warn(f"{type(self).__name__} has not converged: {reason}", ConvergenceWarning, stacklevel=3)

    # Predicting

    def predict(self, X: ArrayLike | Any, *, statistic: str | None = None) -> NDArray[np.float64]:
        """Predict the target of every row.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            Columns as in ``fit``; NaN or null where a value is missing, categories that were never seen are unknown.
        statistic : {None, "mean", "median"}
            Which number of a row's target; None for what the model predicts (``describe()["predicts"]``).

        Returns
        -------
        ndarray of shape (n_samples,), in units of the target
        """
        if statistic is None and type(X) is np.ndarray and getattr(self, "_is_plain", False):
            # One row is asked for a thousand times a second: nothing is looked at twice.
            if X.dtype == np.float64 and X.ndim == 2 and X.shape[1] == self.n_features_in_ and X.shape[0] > 0:
                return self._predict_array(X)
        check_is_fitted(self)
        X = self._checked(X)
        if statistic is None and not _table.is_frame(X) and not self._needs_frame:
            return self._predict_array(X if self._kept is None else X[:, self._kept])
        table = _table.table_of(X, self._names)
        predictions = np.empty(table.rows)
        self._model.predict(table, statistic, predictions.ctypes.data)
        return predictions

    def _predict_array(self, X: NDArray[Any]) -> NDArray[np.float64]:
        rows, columns = X.shape
        predictions = np.empty(rows)
        kind = FLOAT64 if X.dtype == np.float64 else FLOAT32
        status = predict_matrix(
            self._model.handle,
            kind,
            X.__array_interface__["data"][0],
            rows,
            columns,
            *X.strides,
            predictions.__array_interface__["data"][0],
        )
        if status:
            check(status)
        return predictions

    def predict_quantiles(self, X: ArrayLike | Any) -> NDArray[np.float64]:
        """Predict the quantiles of a model that was fitted with several.

        Returns
        -------
        ndarray of shape (n_samples, n_levels), the levels in the order of ``describe()["quantile_levels"]``
        """
        check_is_fitted(self)
        table = _table.table_of(self._checked(X), self._names)
        quantiles = np.empty((table.rows, max(1, len(self._model.description["quantile_levels"]))))
        self._model.predict_quantiles(table, quantiles.ctypes.data, quantiles.size)
        return quantiles

    def predict_interval(self, X: ArrayLike | Any, level: float = 0.9) -> NDArray[np.float64]:
        """Give for every row the range that holds a share of the targets of rows like it.

        Models of a ``Comparison``, and of ``learners fit``, know it from the rows that they were not fitted on.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
        level : float, the share, above 0 and below 1

        Returns
        -------
        ndarray of shape (n_samples, 2), the lower and the upper end in units of the target
        """
        check_is_fitted(self)
        table = _table.table_of(self._checked(X), self._names)
        low, high = np.empty(table.rows), np.empty(table.rows)
        self._model.predict_interval(table, level, low.ctypes.data, high.ctypes.data)
        return np.column_stack([low, high])

    def explain(self, X: ArrayLike | Any) -> Explanation:
        """Say what each feature adds to each prediction: exact Shapley values, of trees and ridge.

        Returns
        -------
        Explanation with ``values`` of shape (n_samples, n_features); a feature that the model does not use adds 0
        """
        check_is_fitted(self)
        X = self._checked(X)
        table = _table.table_of(X, self._names)
        used = len(self._model.description["features"])
        found = np.empty((table.rows, used))
        base = self._model.explain(table, found.ctypes.data, found.size)
        values = found
        if self._kept is not None:
            values = np.zeros((table.rows, self.n_features_in_))
            values[:, self._kept] = found
        return Explanation(values, base, X, list(self._names), self._model.description["scale"])

    def _checked(self, X: Any) -> Any:
        if _table.is_frame(X):
            validate_data(self, X, skip_check_array=True, reset=False)
            _require_rows(X, self._names)
            return X
        if self._needs_frame:
            raise LearnersError(
                f"{type(self).__name__} was fitted to categories: give it a frame (pandas, polars, Arrow) with columns "
                + ", ".join(self._names[:10])
            )
        return validate_data(self, X, dtype=[np.float64, np.float32], ensure_all_finite="allow-nan", reset=False)

    # What is known of the model

    @property
    def feature_importances_(self) -> NDArray[np.float64]:
        """How much each feature matters: not negative, sum 1, 0 for one that is not used; only for trees."""
        if not self.__sklearn_is_fitted__():
            raise NotFittedError(f"this {type(self).__name__} is not fitted yet")
        features = self._model.description["features"]
        if not features or "importance" not in features[0]:
            raise AttributeError(f"{type(self).__name__} has no notion of importance: use permutation_importance")
        importances = np.zeros(self.n_features_in_)
        importances[self._kept if self._kept is not None else slice(None)] = [f["importance"] for f in features]
        return importances

    def describe(self) -> dict[str, Any]:
        """Everything that the model says about itself: features and their levels, parameters, scale, notes."""
        check_is_fitted(self)
        return dict(self._model.description)

    def to_onnx(self, dtype: str = "float32") -> ModelProto:
        """Make an ONNX graph of the whole model: encoders, learner, and the way back to the target's own scale.

        Of numbers its input is X, of shape (n_samples, n_features) with NaN where missing; of a frame with categories each column is
        an input of its name and of shape (n_samples, 1), categories as strings, the empty one where missing. Its output Y has the
        shape (n_samples, 1). ``dtype``, float32 or float64, is that of the numbers that go in and come out. Needs the package onnx.
        """
        check_is_fitted(self)
        from swift_learners._onnx import to_onnx

        # Columns of a frame have names, and what the model does not use need not be there.
        kept = None if self._needs_frame else self._kept
        return to_onnx(self._model, kept, self.n_features_in_, dtype)

    def plot_importance(self, most: int = 15, ax: Axes | None = None) -> Axes:
        """Draw how much features matter (``feature_importances_``), the first on top. Needs matplotlib.

        Parameters
        ----------
        most : int, how many features are shown
        ax : matplotlib's Axes to draw on, None for new ones

        Returns
        -------
        Axes
        """
        from swift_learners import _plots

        return _plots.importances(self._names, self.feature_importances_, most, ax)

    # In notebooks

    def _report(self) -> str:
        """HTML that says what was fitted."""
        from swift_learners import _html

        words = {engine: word for word, engine in getattr(self, "_parameters", {}).items()}
        return _html.description(self._model.description, words)

    def _repr_html_inner(self) -> str:
        diagram: str = estimator_html_repr(self)
        return diagram + self._report() if self.__sklearn_is_fitted__() else diagram

    def _repr_mimebundle_(self, **options: Any) -> dict[str, str]:
        bundle: dict[str, str] = super()._repr_mimebundle_(**options)
        if "text/html" in bundle:
            bundle["text/html"] = self._repr_html_inner()
        return bundle

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model's file, which ``learners predict`` and ``learners serve`` read: whole, or not at all."""
        check_is_fitted(self)
        self._model.save(os.fspath(path))


def added(table: Table, name: str, values: Any, taken: list[str]) -> str:
    """Adds a column of numbers beside the features; its name, which no other column has."""
    while name in taken:
        name += "_"
    values = np.ascontiguousarray(values, dtype=np.float64)
    table.add_numbers(name, FLOAT64, values.ctypes.data, values.strides[0])
    return name


def _require_rows(X: Any, names: list[str]) -> None:
    """scikit-learn's words for frames that its own check is not made for."""
    rows = X.num_rows if hasattr(X, "num_rows") else len(X)
    if rows == 0:
        raise ValueError(f"Found array with 0 sample(s) (shape=(0, {len(names)})) while a minimum of 1 is required.")
    if not names:
        raise ValueError(f"0 feature(s) (shape=({rows}, 0)) while a minimum of 1 is required.")


class LearnerEstimator(Estimator):
    """An estimator of one learner."""

    verbose: int
    #: The engine's name of the learner.
    _learner: ClassVar[str]
    #: Of each parameter the engine's name.
    _parameters: ClassVar[Mapping[str, str]]
    #: Of each parameter what it is when nothing is said.
    _defaults: ClassVar[Mapping[str, Any]]

    def fit(self, X: ArrayLike | Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from rows.

        Parameters
        ----------
        X : array-like or frame of shape (n_samples, n_features)
            Numbers, NaN where one is missing. In frames of pandas, polars or Arrow also texts and categories.
        y : array-like of shape (n_samples,)
            What to predict, finite numbers.
        sample_weight : array-like of shape (n_samples,), optional
            What each row counts: k is k copies of it, to the last bit of the model; 0 leaves it out. Weights whose mean is below
            1 are divided by it.

        Returns
        -------
        self
        """
        rows = self._rows(X, y, sample_weight)
        seed = _words.seed_of(getattr(self, "random_state", None))
        with watching(self.verbose, type(self).__name__) as watch:
            model = Model.fit(self._learner, self._settings(), rows, seed, self.target_transform, watch)
        self._take(model)
        self._warn_of_convergence()
        return self

    def _settings(self) -> list[str]:
        """What differs from the defaults, in the engine's words."""
        return [
            f"{self._parameters[name]}={_words.text_of(name, value, self._names)}"
            for name, value in self.get_params(deep=False).items()
            if name in self._parameters and not _words.is_same(value, self._defaults[name])
        ]


class FittedModel(Estimator):
    """A model that predicts and cannot be fitted by itself: a blend, chosen by ``Comparison``, or the mean."""

    def fit(self, X: ArrayLike | Any, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        raise LearnersError("this model was read or chosen and cannot be fitted: fit a Comparison")
