"""Makes metrics.json: scores of made predictions by scikit-learn and SciPy."""
import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.stats import spearmanr
from sklearn import metrics

random = np.random.default_rng(20250102)


def case(name, targets, predictions, weights=None):
    targets, predictions = np.asarray(targets, float), np.asarray(predictions, float)
    w = {} if weights is None else {"sample_weight": weights}
    return {
        "name": name, "targets": targets.tolist(), "predictions": predictions.tolist(),
        "weights": None if weights is None else np.asarray(weights, float).tolist(),
        "r2": metrics.r2_score(targets, predictions, **w),
        "rootMeanSquaredError": metrics.root_mean_squared_error(targets, predictions, **w),
        "meanAbsoluteError": metrics.mean_absolute_error(targets, predictions, **w),
        "medianAbsoluteError": metrics.median_absolute_error(targets, predictions, **w),
        "meanPinballLoss": metrics.mean_pinball_loss(targets, predictions, alpha=0.9, **w),
        "bias": float(np.average(predictions - targets, weights=weights)),
        "spearman": float(spearmanr(targets, predictions).statistic) if weights is None else None,
    }


y = random.standard_normal(51)
p = y + 0.5 * random.standard_normal(51)
ties = random.integers(0, 6, 60)
result = {
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
    "cases": [
        case("odd count", y, p),
        case("even count", y[:50], p[:50]),
        case("two rows", [1, 2], [1.5, 1.25]),
        case("ties", ties, np.round(ties + random.standard_normal(60))),
        case("negative correlation", y, -p),
        case("offset 1e9", np.round(1e9 + 100 * y, 3), np.round(1e9 + 100 * p, 3)),
        case("heavy tail", np.exp(5 * y), np.exp(5 * p)),
        case("weights", y, p, random.uniform(0, 2, 51)),
        case("weights with zeros", y[:20], p[:20], np.tile([0.0, 1.0], 10)),
        case("equal weights, even count", y[:50], p[:50], np.full(50, 2.0)),
        case("whole weights", y, p, random.integers(0, 4, 51)),
        case("constant target, exact", [2, 2, 2], [2, 2, 2], [1, 1, 1]),
        case("constant target, missed", [2, 2, 2], [2, 2, 3], [1, 1, 1]),
    ],
}
pathlib.Path(__file__).with_name("metrics.json").write_text(json.dumps(result))
