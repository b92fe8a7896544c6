#!/usr/bin/env python3
"""Makes svr.json: what LIBSVM, through scikit-learn, fits to a few small problems.

The dual objective is computed here from the dual coefficients and the kernel in double precision:
1/2 b'Kb - y'b + epsilon sum |b|. LIBSVM is given the rows of positive weight only: scikit-learn counts support vectors
among these, and takes the variance for gamma over all rows. The tolerance is 1e-5, so that LIBSVM's own slack is far below what tests allow.
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.svm import SVR

ROWS = 80
random = np.random.default_rng(7)
x = random.normal(size=(ROWS, 4)) * [1, 2, 0.5, 1] + [0, 5, 0, -1]
y = np.sin(2 * x[:, 0]) + 0.3 * x[:, 1] - x[:, 2] * x[:, 3] + 0.1 * random.normal(size=ROWS)
queries = random.normal(size=(20, 4)) * [1, 2, 0.5, 1] + [0, 5, 0, -1]
x, y, queries = (np.round(a, 6) for a in (x, y, queries))
weights = random.integers(0, 4, ROWS).astype(float)
weights[3] = 0.25


def gram(model, a, b):
    gamma = model._gamma
    if model.kernel == "rbf":
        return np.exp(-gamma * ((a[:, None] - b[None]) ** 2).sum(-1))
    if model.kernel == "linear":
        return a @ b.T
    return (gamma * a @ b.T + model.coef0) ** model.degree


def case(weighted=False, **settings):
    present = weights > 0 if weighted else np.ones(ROWS, bool)
    xs, ys = x[present], y[present]
    model = SVR(tol=1e-5, **settings).fit(xs, ys, weights[present] if weighted else None)
    beta = np.zeros(len(ys))
    beta[model.support_] = model.dual_coef_[0]
    objective = beta @ gram(model, xs, xs) @ beta / 2 - ys @ beta + model.epsilon * np.abs(beta).sum()
    return {
        "kernel": {"poly": "polynomial"}.get(model.kernel, model.kernel), "c": model.C, "epsilon": model.epsilon,
        "gamma": None if settings.get("gamma", "scale") == "scale" else model.gamma, "degree": model.degree,
        "coefficient0": model.coef0, "weighted": weighted, "usedGamma": float(model._gamma), "objective": objective,
        "intercept": float(model.intercept_[0]), "supportVectors": len(model.support_),
        "predictions": model.predict(queries).tolist(),
    }


cases = [
    case(kernel="rbf", C=1), case(kernel="rbf", C=10), case(kernel="rbf", C=100, epsilon=0.01),
    case(kernel="rbf", C=10, gamma=2.0), case(kernel="rbf", C=10, gamma=0.01), case(kernel="rbf", C=0.05),
    case(kernel="rbf", C=10, epsilon=0.5), case(kernel="rbf", C=10, epsilon=0.0), case(kernel="rbf", C=5, weighted=True),
    case(kernel="linear", C=1), case(kernel="linear", C=10, epsilon=0.3), case(kernel="linear", C=2, weighted=True),
    case(kernel="poly", C=1, degree=2, coef0=1.0), case(kernel="poly", C=0.5, degree=3, coef0=0.5, gamma=0.2),
    case(kernel="poly", C=1, degree=3), case(kernel="poly", C=1, degree=2, coef0=1.0, weighted=True),
]
document = {
    "made": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "script": "make-svr.py"},
    "x": x.tolist(), "y": y.tolist(), "weights": weights.tolist(), "queries": queries.tolist(), "cases": cases,
}
pathlib.Path(__file__).with_name("svr.json").write_text(json.dumps(document) + "\n")
