"""Makes ridge.json: problems with scikit-learn's coefficients and, where they are unique, the exact ones.

The exact ones solve the normal equations in rational numbers. scikit-learn's come from singular values, from the Cholesky
solver (which loses less) for badly scaled columns, and from LinearRegression at alpha 0.
"""
import json
import pathlib
from fractions import Fraction

import numpy as np
import sklearn
from sklearn.linear_model import LinearRegression, Ridge, RidgeCV

random = np.random.default_rng(20250101)


def exact(x, y, alpha, weights, intercept):
    """Gaussian elimination on [X 1]ᵀW[X 1] + α diag(1, …, 1, 0) without any rounding."""
    rows, features = x.shape
    a = [[Fraction(v) for v in row] + ([Fraction(1)] if intercept else []) for row in x.tolist()]
    w = [Fraction(v) for v in weights]
    t = [Fraction(v) for v in y.tolist()]
    width = len(a[0])
    m = [[sum(w[k] * a[k][i] * a[k][j] for k in range(rows)) for j in range(width)]
         + [sum(w[k] * a[k][i] * t[k] for k in range(rows))] for i in range(width)]
    for i in range(features):
        m[i][i] += Fraction(alpha)
    for i in range(width):
        pivot = next((r for r in range(i, width) if m[r][i] != 0), None)
        if pivot is None:
            return None
        m[i], m[pivot] = m[pivot], m[i]
        for r in range(width):
            if r != i and m[r][i] != 0:
                factor = m[r][i] / m[i][i]
                m[r] = [u - factor * v for u, v in zip(m[r], m[i])]
    solution = [float(m[i][width] / m[i][i]) for i in range(width)]
    return {"coefficients": solution[:features], "intercept": solution[features] if intercept else 0.0}


def case(name, x, alpha, weights=None, intercept=True, noise=0.5, needs_exact=True, solver="svd"):
    rows, features = x.shape
    scale = x.std(axis=0)
    y = np.round((x / np.where(scale > 1e-9, scale, 1)) @ random.standard_normal(features) + 3
                 + noise * random.standard_normal(rows), 6)
    w = np.ones(rows) if weights is None else weights
    model = LinearRegression(fit_intercept=intercept, tol=1e-15) if alpha == 0 else \
        Ridge(alpha=alpha, solver=solver, fit_intercept=intercept)
    model.fit(x, y, sample_weight=weights)
    return {
        "name": name, "rows": rows, "features": features, "alpha": alpha, "fitsIntercept": intercept,
        "x": x.ravel().tolist(), "y": y.tolist(), "weights": None if weights is None else weights.tolist(),
        "scikit": {"coefficients": model.coef_.tolist(), "intercept": float(model.intercept_)},
        "exact": exact(x, y, alpha, w, intercept) if needs_exact else None,
    }


def path(name, x, weights=None):
    x = np.round(x, 6)
    rows, features = x.shape
    y = np.round(x @ random.standard_normal(features) + random.standard_normal(rows), 6)
    alphas = [1e-2, 1e-1, 1.0, 10.0, 100.0]
    model = RidgeCV(alphas=alphas, store_cv_results=True).fit(x, y, sample_weight=weights)
    return {
        "name": name, "rows": rows, "features": features, "x": x.ravel().tolist(), "y": y.tolist(),
        "weights": None if weights is None else weights.tolist(), "alphas": alphas,
        "weightedSquaredErrors": model.cv_results_.mean(axis=0).tolist(), "best": float(model.alpha_),
    }


def normal(rows, features):
    return np.round(random.standard_normal((rows, features)), 6)


def collinear(rows, noise):
    x = np.round(normal(rows, 5), 6)
    x[:, 4] = x[:, 0] + x[:, 1] + noise * random.standard_normal(rows)
    return x


def weights(rows):
    return np.round(random.uniform(0.1, 3.0, rows), 3)


scales = np.array([1e-4, 1e-2, 1.0, 1e2, 1e4, 1e6])
result = {
    "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    "cases": [
        case("tall", normal(40, 6), 1.0),
        case("tall, weights", normal(40, 6), 2.5, weights(40)),
        case("tall, no intercept", normal(40, 6), 1.0, intercept=False),
        case("tall, alpha 0", normal(40, 6), 0.0),
        case("square", normal(8, 8), 0.1),
        case("wide", normal(12, 30), 0.5),
        case("wide, weights", normal(12, 30), 0.5, weights(12)),
        case("wide, no intercept", normal(12, 30), 0.5, intercept=False),
        case("wide, small alpha", normal(12, 30), 1e-7),
        case("wide, alpha 0: least norm", normal(12, 30), 0.0, needs_exact=False),
        case("collinear", collinear(40, 0), 0.1),
        case("collinear, small alpha", collinear(40, 0), 1e-5),
        case("nearly collinear, alpha 0", collinear(40, 1e-4), 0.0),
        case("nearly collinear to 1e-6, alpha 0", collinear(40, 1e-6), 0.0),
        case("collinear, alpha 0: least norm", collinear(40, 0), 0.0, needs_exact=False),
        case("collinear, weights", collinear(40, 1e-3), 1e-4, weights(40)),
        case("badly scaled", normal(40, 6) * scales, 1e-3, solver="cholesky"),
        case("large means", normal(40, 6) + 1e6, 1.0),
        case("large means, weights", normal(40, 6) + 1e6, 1.0, weights(40)),
        case("large means, wide", normal(12, 20) + 1e6, 1.0),
        case("constant column", np.hstack([normal(40, 4), np.full((40, 1), 0.1)]), 1.0),
        case("constant column, alpha 0", np.hstack([normal(40, 4), np.full((40, 1), 0.1)]), 0.0, needs_exact=False),
    ],
    "paths": [
        path("tall", normal(40, 6)),
        path("tall, weights", normal(40, 6), weights(40)),
        path("wide", normal(12, 20)),
        path("wide, weights", normal(12, 20), weights(12)),
    ],
}
for c in result["cases"]:
    if c["exact"]:
        found, true = np.array(c["scikit"]["coefficients"]), np.array(c["exact"]["coefficients"])
        print(c["name"], "scikit-learn's largest relative error", np.abs(found / true - 1).max() if (true != 0).all() else np.abs(found - true).max())
pathlib.Path(__file__).with_name("ridge.json").write_text(json.dumps(result))
