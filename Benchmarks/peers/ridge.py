"""Ridge: one penalty with every solver, and a grid of penalties cross-validated."""
import numpy as np
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, KFold

ALPHA = 1.0


class OnePenalty:
    def __init__(self, arrays, make):
        self.x, self.y = arrays["x"], arrays["y"]
        self.make = make

    def fit(self):
        self.model = self.make().fit(self.x, self.y)

    def score(self):
        """Sum of squares and penalty: what is minimised."""
        residuals = self.y - self.model.predict(self.x)
        return float(residuals @ residuals + ALPHA * np.sum(np.square(self.model.coef_)))


class Grid:
    """Five folds of consecutive rows, twenty penalties; ours has the same folds and penalties."""

    def __init__(self, arrays, threads):
        self.x, self.y, self.threads = arrays["x"], arrays["y"], threads

    def fit(self):
        self.search = GridSearchCV(
            Ridge(), {"alpha": np.logspace(-2, 4, 20)}, cv=KFold(5), scoring="neg_mean_squared_error",
            n_jobs=self.threads, refit=False).fit(self.x, self.y)

    def score(self):
        return float(-self.search.best_score_)


def peer(workload, name, arrays, threads):
    if name.endswith("GridSearchCV"):
        return Grid(arrays, threads)
    if name == "scikit-learn-intelex":
        from sklearnex.linear_model import Ridge as IntelRidge
        return OnePenalty(arrays, lambda: IntelRidge(alpha=ALPHA))
    solver = name.split()[-1]
    return OnePenalty(arrays, lambda: Ridge(alpha=ALPHA, solver=solver))
