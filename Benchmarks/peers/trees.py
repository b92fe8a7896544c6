"""Boosting and forests."""
import numpy as np
from sklearn.metrics import r2_score

TREES, LEAVES, BINS, RATE = 100, 31, 255, 0.1
CATEGORICAL = [0, 1, 2, 3, 4]


class Model:
    def __init__(self, arrays):
        self.arrays = arrays

    def predict(self):
        self.predictions = self.model.predict(self.arrays["x_test"])

    def score(self):
        if not hasattr(self, "predictions"):
            self.predict()
        return r2_score(self.arrays["y_test"], self.predictions)

    predict_score = score


class LightGBM(Model):
    def __init__(self, arrays, threads, quantised=False, categorical=False):
        super().__init__(arrays)
        self.categorical = CATEGORICAL if categorical else "auto"
        self.options = {
            "objective": "regression", "num_leaves": LEAVES, "max_bin": BINS, "learning_rate": RATE,
            "num_threads": threads, "verbose": -1, "use_quantized_grad": quantised}

    def fit(self):
        import lightgbm
        rows = lightgbm.Dataset(self.arrays["x"], self.arrays["y"], categorical_feature=self.categorical)
        self.model = lightgbm.train(self.options, rows, TREES)


class XGBoost(Model):
    def __init__(self, arrays, threads):
        super().__init__(arrays)
        import xgboost
        self.make = lambda: xgboost.XGBRegressor(
            n_estimators=TREES, max_leaves=LEAVES, max_depth=0, grow_policy="lossguide", max_bin=BINS + 1,
            learning_rate=RATE, tree_method="hist", n_jobs=threads)

    def fit(self):
        self.model = self.make().fit(self.arrays["x"], self.arrays["y"])


class CatBoost(Model):
    def __init__(self, arrays, threads, categorical=False):
        super().__init__(arrays)
        import catboost
        self.make = lambda: catboost.CatBoostRegressor(
            iterations=TREES, depth=5, border_count=BINS - 1, learning_rate=RATE, thread_count=threads, verbose=False,
            allow_writing_files=False, cat_features=CATEGORICAL if categorical else None)
        if categorical:
            self.arrays = dict(arrays, x=self.names(arrays["x"]), x_test=self.names(arrays["x_test"]))

    @staticmethod
    def names(x):
        """Categories as the texts that CatBoost wants, made before the clock starts."""
        table = x.astype(object)
        table[:, CATEGORICAL] = np.where(np.isnan(x[:, CATEGORICAL]), "missing", x[:, CATEGORICAL].astype(str))
        return table

    def fit(self):
        self.model = self.make().fit(self.arrays["x"], self.arrays["y"])


class SklearnBoosting(Model):
    def fit(self):
        from sklearn.ensemble import HistGradientBoostingRegressor
        self.model = HistGradientBoostingRegressor(
            max_iter=TREES, max_leaf_nodes=LEAVES, max_bins=BINS, learning_rate=RATE, early_stopping=False
            ).fit(self.arrays["x"], self.arrays["y"])


class Forest(Model):
    def __init__(self, arrays, kind, threads):
        super().__init__(arrays)
        self.make = lambda: kind(n_estimators=100, max_features=1 / 3, n_jobs=threads, random_state=0)

    def fit(self):
        self.model = self.make().fit(self.arrays["x"], self.arrays["y"])


def peer(workload, name, arrays, threads):
    if workload.startswith("boosting"):
        categorical = workload.endswith("categorical")
        return {
            "lightgbm": lambda: LightGBM(arrays, threads, categorical=categorical),
            "lightgbm quantised": lambda: LightGBM(arrays, threads, quantised=True),
            "xgboost": lambda: XGBoost(arrays, threads),
            "catboost": lambda: CatBoost(arrays, threads, categorical),
            "scikit-learn": lambda: SklearnBoosting(arrays),
        }[name]()
    import sklearn.ensemble as ensemble
    if name == "scikit-learn-intelex":
        import sklearnex.ensemble as ensemble
    kind = ensemble.RandomForestRegressor if workload.startswith("forest") else ensemble.ExtraTreesRegressor
    return Forest(arrays, kind, threads)
