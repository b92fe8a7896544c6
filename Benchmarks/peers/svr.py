"""Support vector regression: one fit with prediction, and a grid."""
import numpy as np
from sklearn.metrics import r2_score
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.svm import SVR

SETTINGS = {"kernel": "rbf", "gamma": 1 / 20, "C": 10.0, "epsilon": 0.1}
GRID = {"gamma": [1 / 80, 1 / 20, 1 / 5], "C": [0.1, 1, 10, 100], "epsilon": [0.1, 0.3]}


class OneFit:
    def __init__(self, arrays, make):
        self.arrays, self.make = arrays, make

    def fit(self):
        self.model = self.make(**SETTINGS).fit(self.arrays["x"], self.arrays["y"])

    def predict(self):
        self.predictions = self.model.predict(self.arrays["x_test"])

    def score(self):
        """The dual objective ½ βᵀKβ - yᵀβ + epsilon Σ|β|, which is minimised, in double precision."""
        beta = np.asarray(self.model.dual_coef_).ravel()
        support = self.arrays["x"][self.model.support_]
        quadratic = sum(
            float(beta[block] @ (rbf_kernel(support[block], support, SETTINGS["gamma"]) @ beta))
            for block in np.array_split(np.arange(len(beta)), max(1, len(beta) // 1_000)))
        linear = float(self.arrays["y"][self.model.support_] @ beta)
        return quadratic / 2 - linear + SETTINGS["epsilon"] * float(np.abs(beta).sum())

    def predict_score(self):
        return r2_score(self.arrays["y_test"], self.predictions)


class Grid:
    """Five folds of consecutive rows; ours has the same folds and settings."""

    def __init__(self, arrays, threads):
        self.arrays, self.threads = arrays, threads

    def fit(self):
        self.search = GridSearchCV(SVR(), GRID, cv=KFold(5), scoring="r2", n_jobs=self.threads, refit=False)
        self.search.fit(self.arrays["x"], self.arrays["y"])

    def score(self):
        return float(self.search.best_score_)

    def note(self):
        return " ".join(f"{name}={value:g}" for name, value in sorted(self.search.best_params_.items()))


def peer(workload, name, arrays, threads):
    if name.endswith("GridSearchCV"):
        return Grid(arrays, threads)
    if name == "scikit-learn-intelex":
        from sklearnex.svm import SVR as IntelSVR
        return OneFit(arrays, IntelSVR)
    return OneFit(arrays, SVR)
