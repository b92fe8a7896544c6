"""Makes report.json: Student's t and corrected intervals by SciPy, accumulated local effects by NumPy."""
import json
import pathlib

import numpy as np
import scipy
from scipy import stats

random = np.random.default_rng(20261201)


def student():
    """Shares below t and their inverses, far out too."""
    freedoms = [1, 2, 3, 4, 4.5, 9, 24, 99, 1000]
    points = [-40, -6, -2.5, -1, -0.1, -1e-5, 0, 0.3, 1.5, 4, 30]
    shares = [1e-8, 0.001, 0.025, 0.1, 0.4, 0.5, 0.75, 0.975, 0.9999]
    return [
        {"freedom": freedom, "t": points, "below": [stats.t.cdf(t, freedom) for t in points], "shares": shares,
         "quantiles": [stats.t.ppf(share, freedom) for share in shares]}
        for freedom in freedoms
    ]


def corrected(values, held_out, learned, level):
    """Nadeau & Bengio 2003: the variance of the mean is (1 / k + held out / learned) s²."""
    values = np.asarray(values, float)
    error = np.sqrt((1 / len(values) + held_out / learned) * values.var(ddof=1))
    low, high = stats.t.interval(level, len(values) - 1, loc=values.mean(), scale=error)
    return {"values": values.tolist(), "heldOut": held_out / learned, "level": level, "mean": values.mean(), "low": low,
            "high": high, "chance": 1 - stats.t.cdf((0.01 - values.mean()) / error, len(values) - 1)}


def effect_of_number(x, others, predict, bins):
    """Apley & Zhu 2020, section 2: mean changes within quantile bins, added up, and centred."""
    known = ~np.isnan(x)
    ordered = np.sort(x[known])
    places = [int(np.ceil(len(ordered) * (b + 1) / bins)) - 1 for b in range(bins)]
    edges = np.unique(np.concatenate([[ordered[0]], ordered[places]]))
    bin_of = np.clip(np.searchsorted(edges, x[known], side="left"), 1, None)
    change = predict(edges[bin_of], others[known]) - predict(edges[bin_of - 1], others[known])
    counts = np.array([(bin_of == b).sum() for b in range(1, len(edges))])
    steps = np.array([change[bin_of == b].mean() for b in range(1, len(edges))])
    raw = np.concatenate([[0], np.cumsum(steps)])
    centre = ((raw[:-1] + raw[1:]) / 2 * counts).sum() / counts.sum()
    return edges, raw - centre


def effect_of_levels(codes, others, predict, order):
    """The same for levels in an order: changes between neighbours over the rows of both."""
    steps = []
    for first, second in zip(order, order[1:]):
        rows = np.isin(codes, [first, second])
        steps.append((predict(np.full(rows.sum(), second), others[rows]) - predict(np.full(rows.sum(), first), others[rows])).mean())
    raw = np.concatenate([[0], np.cumsum(steps)])
    counts = np.array([(codes == level).sum() for level in order])
    return raw - (raw * counts).sum() / counts.sum()


x = np.round(random.gamma(2, 3, 400), 2)
z = x / 2 + random.normal(0, 1, 400)
x[::37] = np.nan
codes = random.integers(0, 4, 400).astype(float)
table = np.array([1.0, -2.0, 0.5, 3.0])
# A product: the effect of one depends on the other, which goes along with it.
edges, effects = effect_of_number(x, z, lambda a, b: a * b + np.sqrt(a), 12)
order = [2.0, 0.0, 3.0, 1.0]
levels = effect_of_levels(codes, z, lambda a, b: table[a.astype(int)] * b, order)
result = {
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
    "student": student(),
    "corrected": [
        corrected(random.normal(0.8, 0.02, 5), 1, 4, 0.95), corrected(random.normal(0.004, 0.01, 10), 1, 9, 0.9),
        corrected([0.31, 0.34], 300, 700, 0.95),
    ],
    "effects": {
        "number": [None if np.isnan(v) else v for v in x], "other": z.tolist(), "codes": codes.tolist(), "table": table.tolist(),
        "bins": 12, "edges": edges.tolist(), "effects": effects.tolist(), "order": order, "levelEffects": levels.tolist(),
    },
}
pathlib.Path(__file__).with_name("report.json").write_text(json.dumps(result))
