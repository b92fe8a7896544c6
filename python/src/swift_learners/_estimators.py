"""The estimators, one a learner. Made by generate.py from the engine's tables: change it there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from swift_learners._base import LearnerEstimator

if TYPE_CHECKING:
    from numpy.random import RandomState


class Ridge(LearnerEstimator):
    """Linear least squares with a penalty on the squared coefficients.

    Numbers are standardised, long tails shaped, gaps filled and categories encoded inside; the penalty is chosen
    by the leave-one-out error where it is not given. ``docs/learners/ridge.md`` says how.

    Parameters
    ----------
    alpha : float | None, default None
        penalty on the squared coefficients; None: smallest leave-one-out error (in [0, ∞) or None)
    fit_intercept : bool, default True
        whether a constant that is not penalised is added (in true, false)
    target_transform : str, default "none"
        scale of the target: auto takes the logarithm where it has a long tail, and predictions are medians
        then (in none, auto, log1p)
    verbose : int, default 0
        whether it is shown how far a fit is, by tqdm where that is installed (in 0, 1)

    Attributes
    ----------
    n_features_in_ : int
    feature_names_in_ : ndarray of str, where X has names

    Examples
    --------
    >>> import numpy as np
    >>> from swift_learners import Ridge
    >>> X = np.linspace(0, 1, 60).reshape(30, 2)
    >>> model = Ridge().fit(X, X.sum(axis=1))
    >>> model.predict(X[:2]).shape
    (2,)
    """

    _learner = "ridge"
    _parameters = {
        "alpha": "alpha",
        "fit_intercept": "fitsIntercept",
    }
    _defaults = {
        "alpha": None,
        "fit_intercept": True,
    }

    def __init__(
        self,
        *,
        alpha: float | None = None,
        fit_intercept: bool = True,
        target_transform: str = "none",
        verbose: int = 0,
    ) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.target_transform = target_transform
        self.verbose = verbose


class SVR(LearnerEstimator):
    """Support vector regression.

    Numbers and target are standardised inside: ``C`` and ``epsilon`` are in units of the standardised target.
    ``docs/learners/svr.md`` says how.

    Parameters
    ----------
    kernel : str, default "rbf"
        shape of the kernel (in rbf, linear, polynomial)
    C : float, default 3.0
        price of an error beyond epsilon: the bound of a coefficient (in (0, ∞))
    epsilon : float, default 0.1
        errors up to this, in units of the target, are free (in [0, ∞))
    gamma : float | None, default None
        width of the kernel; None: 1 / (features · variance of x); counts only where kernel is rbf or
        polynomial (in (0, ∞) or None)
    degree : int, default 3
        power of the kernel; counts only where kernel is polynomial (in 1 ... 20)
    coef0 : float, default 0.0
        what is added to gamma xᵀz; counts only where kernel is polynomial (in [0, ∞))
    tol : float, default 0.001
        stop when optimality is violated by no more than this (in (0, ∞))
    shrinking : bool, default True
        put coefficients aside that need not move; changes the time, not the result (in true, false)
    cache_size : int, default 1024
        memory for kernel values of a fit, in MiB; it takes 16 at most (in 1 ... 1048576)
    max_iter : int, default 10000000
        most steps of two coefficients (in 1, 2, …)
    target_transform : str, default "none"
        scale of the target: auto takes the logarithm where it has a long tail, and predictions are medians
        then (in none, auto, log1p)
    verbose : int, default 0
        whether it is shown how far a fit is, by tqdm where that is installed (in 0, 1)

    Attributes
    ----------
    n_features_in_ : int
    feature_names_in_ : ndarray of str, where X has names
    n_iter_ : int, steps until it ended

    Examples
    --------
    >>> import numpy as np
    >>> from swift_learners import SVR
    >>> X = np.linspace(0, 1, 60).reshape(30, 2)
    >>> model = SVR().fit(X, X.sum(axis=1))
    >>> model.predict(X[:2]).shape
    (2,)
    """

    _learner = "svr"
    _parameters = {
        "kernel": "kernel",
        "C": "c",
        "epsilon": "epsilon",
        "gamma": "gamma",
        "degree": "degree",
        "coef0": "coefficient0",
        "tol": "tolerance",
        "shrinking": "shrinking",
        "cache_size": "cacheSize",
        "max_iter": "maxIterations",
    }
    _defaults = {
        "kernel": "rbf",
        "C": 3.0,
        "epsilon": 0.1,
        "gamma": None,
        "degree": 3,
        "coef0": 0.0,
        "tol": 0.001,
        "shrinking": True,
        "cache_size": 1024,
        "max_iter": 10000000,
    }

    def __init__(
        self,
        *,
        kernel: str = "rbf",
        C: float = 3.0,
        epsilon: float = 0.1,
        gamma: float | None = None,
        degree: int = 3,
        coef0: float = 0.0,
        tol: float = 0.001,
        shrinking: bool = True,
        cache_size: int = 1024,
        max_iter: int = 10000000,
        target_transform: str = "none",
        verbose: int = 0,
    ) -> None:
        self.kernel = kernel
        self.C = C
        self.epsilon = epsilon
        self.gamma = gamma
        self.degree = degree
        self.coef0 = coef0
        self.tol = tol
        self.shrinking = shrinking
        self.cache_size = cache_size
        self.max_iter = max_iter
        self.target_transform = target_transform
        self.verbose = verbose


class RandomForestRegressor(LearnerEstimator):
    """The mean of trees, each grown on a bootstrap sample of the rows.

    Missing values and categories are split on as they are. ``docs/learners/forest.md`` says how.

    Parameters
    ----------
    n_estimators : int, default 300
        number of trees (in 1 ... 1000000)
    max_features : float, default 0.7
        share of the features that a split chooses from (in (0, 1])
    max_depth : int | None, default None
        splits from the root to a leaf at most (in 0, 1, … or None)
    min_samples_split : int, default 2
        rows that a node needs to be split (in 2, 3, …)
    min_samples_leaf : int, default 1
        rows that both sides of a split must keep (in 1 ... 4611686018427387903)
    bootstrap : bool, default True
        draw the rows of each tree with replacement (in true, false)
    target_transform : str, default "none"
        scale of the target: auto takes the logarithm where it has a long tail, and predictions are medians
        then (in none, auto, log1p)
    random_state : int | RandomState | None, default None
        key of every random number; None is 0 (in [0, 2^64))
    verbose : int, default 0
        whether it is shown how far a fit is, by tqdm where that is installed (in 0, 1)

    Attributes
    ----------
    n_features_in_ : int
    feature_names_in_ : ndarray of str, where X has names
    feature_importances_ : ndarray of shape (n_features_in_,)

    Examples
    --------
    >>> import numpy as np
    >>> from swift_learners import RandomForestRegressor
    >>> X = np.linspace(0, 1, 60).reshape(30, 2)
    >>> model = RandomForestRegressor(n_estimators=10).fit(X, X.sum(axis=1))
    >>> model.predict(X[:2]).shape
    (2,)
    """

    _learner = "forest"
    _parameters = {
        "n_estimators": "estimators",
        "max_features": "maxFeatures",
        "max_depth": "maxDepth",
        "min_samples_split": "minSamplesSplit",
        "min_samples_leaf": "minSamplesLeaf",
        "bootstrap": "bootstrap",
    }
    _defaults = {
        "n_estimators": 300,
        "max_features": 0.7,
        "max_depth": None,
        "min_samples_split": 2,
        "min_samples_leaf": 1,
        "bootstrap": True,
    }

    def __init__(
        self,
        *,
        n_estimators: int = 300,
        max_features: float = 0.7,
        max_depth: int | None = None,
        min_samples_split: int = 2,
        min_samples_leaf: int = 1,
        bootstrap: bool = True,
        target_transform: str = "none",
        random_state: int | RandomState | None = None,
        verbose: int = 0,
    ) -> None:
        self.n_estimators = n_estimators
        self.max_features = max_features
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.bootstrap = bootstrap
        self.target_transform = target_transform
        self.random_state = random_state
        self.verbose = verbose


class ExtraTreesRegressor(LearnerEstimator):
    """The mean of trees whose thresholds are drawn at random.

    Missing values and categories are split on as they are. ``docs/learners/extra-trees.md`` says how.

    Parameters
    ----------
    n_estimators : int, default 300
        number of trees (in 1 ... 1000000)
    max_features : float, default 1.0
        share of the features that a split chooses from (in (0, 1])
    max_depth : int | None, default None
        splits from the root to a leaf at most (in 0, 1, … or None)
    min_samples_split : int, default 2
        rows that a node needs to be split (in 2, 3, …)
    min_samples_leaf : int, default 1
        rows that both sides of a split must keep (in 1 ... 4611686018427387903)
    bootstrap : bool, default False
        draw the rows of each tree with replacement (in true, false)
    target_transform : str, default "none"
        scale of the target: auto takes the logarithm where it has a long tail, and predictions are medians
        then (in none, auto, log1p)
    random_state : int | RandomState | None, default None
        key of every random number; None is 0 (in [0, 2^64))
    verbose : int, default 0
        whether it is shown how far a fit is, by tqdm where that is installed (in 0, 1)

    Attributes
    ----------
    n_features_in_ : int
    feature_names_in_ : ndarray of str, where X has names
    feature_importances_ : ndarray of shape (n_features_in_,)

    Examples
    --------
    >>> import numpy as np
    >>> from swift_learners import ExtraTreesRegressor
    >>> X = np.linspace(0, 1, 60).reshape(30, 2)
    >>> model = ExtraTreesRegressor(n_estimators=10).fit(X, X.sum(axis=1))
    >>> model.predict(X[:2]).shape
    (2,)
    """

    _learner = "extra-trees"
    _parameters = {
        "n_estimators": "estimators",
        "max_features": "maxFeatures",
        "max_depth": "maxDepth",
        "min_samples_split": "minSamplesSplit",
        "min_samples_leaf": "minSamplesLeaf",
        "bootstrap": "bootstrap",
    }
    _defaults = {
        "n_estimators": 300,
        "max_features": 1.0,
        "max_depth": None,
        "min_samples_split": 2,
        "min_samples_leaf": 1,
        "bootstrap": False,
    }

    def __init__(
        self,
        *,
        n_estimators: int = 300,
        max_features: float = 1.0,
        max_depth: int | None = None,
        min_samples_split: int = 2,
        min_samples_leaf: int = 1,
        bootstrap: bool = False,
        target_transform: str = "none",
        random_state: int | RandomState | None = None,
        verbose: int = 0,
    ) -> None:
        self.n_estimators = n_estimators
        self.max_features = max_features
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.bootstrap = bootstrap
        self.target_transform = target_transform
        self.random_state = random_state
        self.verbose = verbose


class GradientBoostingRegressor(LearnerEstimator):
    """Trees over histograms, each correcting those before it.

    Missing values and categories are split on as they are. It stops by rows that it leaves out, and averages
    several such runs on small tables. ``docs/learners/boosting.md`` says how.

    Parameters
    ----------
    loss : str, default "squared"
        what is minimised (in squared, absolute, quantile, poisson, tweedie)
    quantile : float, default 0.5
        level of the quantile loss; counts only where loss is quantile and quantiles is none (in (0, 1))
    quantiles : Sequence[float] | None, default None
        levels that are all predicted, without crossing, with the quantile loss; the one nearest 0.5 is the
        prediction; counts only where loss is quantile (in LEVEL,LEVEL,… rising within (0, 1), or None)
    variance_power : float, default 1.5
        of the tweedie loss: variance as this power of the mean; 1: as poisson; 2: gamma, for targets above
        0; counts only where loss is tweedie (in [1, 2])
    max_iter : int, default 3000
        trees of a run at most (in 1 ... 100000)
    learning_rate : float, default 0.05
        share of each tree's step that is taken (in (0, 1])
    max_leaf_nodes : int, default 31
        leaves of a tree at most (in 2 ... 65536)
    max_depth : int | None, default None
        splits above a leaf at most; None: no limit (in 1 ... 1000 or None)
    min_samples_leaf : int | None, default None
        rows of a leaf at least; None: 1, or 20 for the absolute and quantile losses (in 1 ... 1000000000 or
        None)
    min_split_gain : float, default 0.0
        loss that a split has to save at least (in [0, ∞))
    l2_regularization : float, default 1.0
        penalty on the squares of the leaves' steps (in [0, ∞))
    max_bins : int, default 255
        bins of a number, that of missing values not counted; at 255 a category has up to 2039 (in 2 ...
        255)
    subsample : float, default 0.7
        share of the rows that a tree is grown on (in (0, 1])
    column_subsample : float, default 1.0
        share of the features that a tree may use (in (0, 1])
    max_features : float, default 0.7
        share of the tree's features offered to a split (in (0, 1])
    category_smoothing : float, default 10.0
        rows that pull a category to its node's mean; with fewer, and less than 1 % of a node, they stay
        together (in [0, ∞))
    category_l2 : float, default 10.0
        added to l2_regularization where categories are split (in [0, ∞))
    monotonic_cst : Mapping[str, int] | Sequence[int] | None, default None
        columns in which the model may only rise (+1) or only fall (-1) (in COLUMN:+1,COLUMN:-1,…, or None)
    interaction_cst : Sequence[Sequence[str | int]] | None, default None
        groups of columns: only columns of one group may meet on a way through a tree; those not named are
        one more group (in COLUMN,COLUMN,…/COLUMN,…, or None)
    folds : int | None, default None
        runs that are averaged, each stopped on the part it left out; 1: one such run; 0: no stopping; None:
        10 below 2000 rows, 1 above 50,000, else 5 (in 0 ... 100 or None)
    validation_fraction : float, default 0.1
        share of the rows that a run leaves out at most; counts only where folds is not 0 (in (0, 1))
    n_iter_no_change : int, default 100
        trees without progress before a stop; counts only where folds is not 0 (in 1 ... 100000)
    target_transform : str, default "none"
        scale of the target: auto takes the logarithm where it has a long tail, and predictions are medians
        then (in none, auto, log1p)
    random_state : int | RandomState | None, default None
        key of every random number; None is 0 (in [0, 2^64))
    verbose : int, default 0
        whether it is shown how far a fit is, by tqdm where that is installed (in 0, 1)

    Attributes
    ----------
    n_features_in_ : int
    feature_names_in_ : ndarray of str, where X has names
    n_iter_ : int, steps until it ended
    feature_importances_ : ndarray of shape (n_features_in_,)

    Examples
    --------
    >>> import numpy as np
    >>> from swift_learners import GradientBoostingRegressor
    >>> X = np.linspace(0, 1, 60).reshape(30, 2)
    >>> model = GradientBoostingRegressor(max_iter=20).fit(X, X.sum(axis=1))
    >>> model.predict(X[:2]).shape
    (2,)
    """

    _learner = "boosting"
    _parameters = {
        "loss": "loss",
        "quantile": "quantile",
        "quantiles": "quantiles",
        "variance_power": "variancePower",
        "max_iter": "maxIterations",
        "learning_rate": "learningRate",
        "max_leaf_nodes": "maxLeaves",
        "max_depth": "maxDepth",
        "min_samples_leaf": "minSamplesLeaf",
        "min_split_gain": "minSplitGain",
        "l2_regularization": "l2Regularization",
        "max_bins": "maxBins",
        "subsample": "subsample",
        "column_subsample": "columnSubsample",
        "max_features": "maxFeatures",
        "category_smoothing": "categorySmoothing",
        "category_l2": "categoryL2",
        "monotonic_cst": "monotone",
        "interaction_cst": "interactions",
        "folds": "folds",
        "validation_fraction": "validationFraction",
        "n_iter_no_change": "earlyStoppingRounds",
    }
    _defaults = {
        "loss": "squared",
        "quantile": 0.5,
        "quantiles": None,
        "variance_power": 1.5,
        "max_iter": 3000,
        "learning_rate": 0.05,
        "max_leaf_nodes": 31,
        "max_depth": None,
        "min_samples_leaf": None,
        "min_split_gain": 0.0,
        "l2_regularization": 1.0,
        "max_bins": 255,
        "subsample": 0.7,
        "column_subsample": 1.0,
        "max_features": 0.7,
        "category_smoothing": 10.0,
        "category_l2": 10.0,
        "monotonic_cst": None,
        "interaction_cst": None,
        "folds": None,
        "validation_fraction": 0.1,
        "n_iter_no_change": 100,
    }

    def __init__(
        self,
        *,
        loss: str = "squared",
        quantile: float = 0.5,
        quantiles: Sequence[float] | None = None,
        variance_power: float = 1.5,
        max_iter: int = 3000,
        learning_rate: float = 0.05,
        max_leaf_nodes: int = 31,
        max_depth: int | None = None,
        min_samples_leaf: int | None = None,
        min_split_gain: float = 0.0,
        l2_regularization: float = 1.0,
        max_bins: int = 255,
        subsample: float = 0.7,
        column_subsample: float = 1.0,
        max_features: float = 0.7,
        category_smoothing: float = 10.0,
        category_l2: float = 10.0,
        monotonic_cst: Mapping[str, int] | Sequence[int] | None = None,
        interaction_cst: Sequence[Sequence[str | int]] | None = None,
        folds: int | None = None,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 100,
        target_transform: str = "none",
        random_state: int | RandomState | None = None,
        verbose: int = 0,
    ) -> None:
        self.loss = loss
        self.quantile = quantile
        self.quantiles = quantiles
        self.variance_power = variance_power
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.max_leaf_nodes = max_leaf_nodes
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.min_split_gain = min_split_gain
        self.l2_regularization = l2_regularization
        self.max_bins = max_bins
        self.subsample = subsample
        self.column_subsample = column_subsample
        self.max_features = max_features
        self.category_smoothing = category_smoothing
        self.category_l2 = category_l2
        self.monotonic_cst = monotonic_cst
        self.interaction_cst = interaction_cst
        self.folds = folds
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.target_transform = target_transform
        self.random_state = random_state
        self.verbose = verbose


class MLPRegressor(LearnerEstimator):
    """The mean of small neural networks, trained by AdamW.

    Numbers and target are standardised inside, gaps filled and categories encoded. ``docs/learners/mlp.md`` says
    how.

    Parameters
    ----------
    hidden_layers : int, default 2
        number of hidden layers (in 1 ... 8)
    hidden_units : int, default 64
        units of each hidden layer (in 1 ... 4096)
    activation : str, default "relu"
        nonlinearity of the hidden units (in relu, mish)
    learning_rate : float, default 0.007
        largest step size of AdamW, after the warm-up (in (0, ∞))
    weight_decay : float, default 0.05
        share of a weight, times the step size, lost at each step (in [0, ∞))
    beta_1 : float, default 0.9
        decay of the mean of gradients (in [0, 1))
    beta_2 : float, default 0.99
        decay of the mean of squared gradients (in [0, 1))
    batch_size : int | None, default None
        rows of a step; None: 32 to 256 with the rows (in 1 ... 1000000 or None)
    max_epochs : int, default 100
        passes over the rows that the step size falls to 0 in (in 1 ... 1000000)
    early_stopping : bool, default True
        holds rows out, keeps the epoch that is best on them (in true, false)
    validation_fraction : float, default 0.1
        share of the rows held out by each network; counts only where early_stopping is true (in (0, 1))
    n_iter_no_change : int, default 30
        epochs without a better one after which training ends; counts only where early_stopping is true (in
        1 ... 1000000)
    ensemble_size : int, default 8
        networks whose outputs are averaged (in 1 ... 256)
    target_transform : str, default "none"
        scale of the target: auto takes the logarithm where it has a long tail, and predictions are medians
        then (in none, auto, log1p)
    random_state : int | RandomState | None, default None
        key of every random number; None is 0 (in [0, 2^64))
    verbose : int, default 0
        whether it is shown how far a fit is, by tqdm where that is installed (in 0, 1)

    Attributes
    ----------
    n_features_in_ : int
    feature_names_in_ : ndarray of str, where X has names
    n_iter_ : int, steps until it ended

    Examples
    --------
    >>> import numpy as np
    >>> from swift_learners import MLPRegressor
    >>> X = np.linspace(0, 1, 60).reshape(30, 2)
    >>> model = MLPRegressor(max_epochs=5).fit(X, X.sum(axis=1))
    >>> model.predict(X[:2]).shape
    (2,)
    """

    _learner = "mlp"
    _parameters = {
        "hidden_layers": "hiddenLayers",
        "hidden_units": "hiddenUnits",
        "activation": "activation",
        "learning_rate": "learningRate",
        "weight_decay": "weightDecay",
        "beta_1": "beta1",
        "beta_2": "beta2",
        "batch_size": "batchSize",
        "max_epochs": "maxEpochs",
        "early_stopping": "earlyStopping",
        "validation_fraction": "validationFraction",
        "n_iter_no_change": "patience",
        "ensemble_size": "ensembleSize",
    }
    _defaults = {
        "hidden_layers": 2,
        "hidden_units": 64,
        "activation": "relu",
        "learning_rate": 0.007,
        "weight_decay": 0.05,
        "beta_1": 0.9,
        "beta_2": 0.99,
        "batch_size": None,
        "max_epochs": 100,
        "early_stopping": True,
        "validation_fraction": 0.1,
        "n_iter_no_change": 30,
        "ensemble_size": 8,
    }

    def __init__(
        self,
        *,
        hidden_layers: int = 2,
        hidden_units: int = 64,
        activation: str = "relu",
        learning_rate: float = 0.007,
        weight_decay: float = 0.05,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
        batch_size: int | None = None,
        max_epochs: int = 100,
        early_stopping: bool = True,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 30,
        ensemble_size: int = 8,
        target_transform: str = "none",
        random_state: int | RandomState | None = None,
        verbose: int = 0,
    ) -> None:
        self.hidden_layers = hidden_layers
        self.hidden_units = hidden_units
        self.activation = activation
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.ensemble_size = ensemble_size
        self.target_transform = target_transform
        self.random_state = random_state
        self.verbose = verbose


LEARNERS: dict[str, type[LearnerEstimator]] = {
    "ridge": Ridge,
    "svr": SVR,
    "forest": RandomForestRegressor,
    "extra-trees": ExtraTreesRegressor,
    "boosting": GradientBoostingRegressor,
    "mlp": MLPRegressor,
}
