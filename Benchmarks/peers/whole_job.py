"""What `learners fit --model all --cv 5` does, as a scikit-learn script: `whole_job.py FILE THREADS`.

Six learners cross-validated on ln(1 + stars), and the best of each refitted on all rows.
"""
import json
import sys
import time
import warnings

import numpy as np
import pandas
from sklearn.base import clone
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import ExtraTreesRegressor, HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import RidgeCV
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVR

TARGET = "stargazers"


def features(table):
    """Numbers on a logarithmic scale where they are counts, names as categories where there are few of them."""
    table = table.copy()
    for column in table.columns:
        if table[column].dtype == bool or pandas.api.types.is_numeric_dtype(table[column]):
            numbers = table[column].astype(float)
            table[column] = np.log1p(numbers) if numbers.min() >= 0 else numbers
        elif table[column].nunique() > 1_000:
            table = table.drop(columns=column)
    return table


def learners(threads):
    return {
        "ridge": RidgeCV(np.logspace(-3, 4, 20)), "svr": SVR(C=3),
        "forest": RandomForestRegressor(300, max_features=0.7, n_jobs=threads, random_state=0),
        "extra-trees": ExtraTreesRegressor(300, max_features=0.7, n_jobs=threads, random_state=0),
        "boosting": HistGradientBoostingRegressor(max_iter=300, random_state=0),
        "mlp": MLPRegressor(hidden_layer_sizes=(64, 32), random_state=0),
    }


def main():
    warnings.simplefilter("ignore")
    table = pandas.read_csv(sys.argv[1])
    threads = int(sys.argv[2])
    y = np.log1p(table[TARGET].to_numpy(float))
    x = features(table.drop(columns=TARGET))
    prepare = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), make_column_selector(dtype_include="number")),
        (OneHotEncoder(handle_unknown="ignore", min_frequency=10, sparse_output=False),
         make_column_selector(dtype_exclude="number")))
    scores, seconds = {}, {}
    for name, learner in learners(threads).items():
        start = time.perf_counter()
        model = make_pipeline(clone(prepare), learner)
        folds = KFold(5, shuffle=True, random_state=0)
        # Learners that use all threads themselves are not also run side by side.
        jobs = 1 if name in ("forest", "extra-trees", "boosting") else threads
        scores[name] = r2_score(y, cross_val_predict(model, x, y, cv=folds, n_jobs=jobs))
        model.fit(x, y)
        seconds[name] = time.perf_counter() - start
    print(json.dumps({"score": max(scores.values()), "scores": scores, "seconds": seconds}))


if __name__ == "__main__":
    main()
