"""Makes shap.json: small tree models with the path-dependent TreeSHAP values that the shap package gives for them.

The trees are carried along in pre-order, so that the test needs none of these libraries: for each node its feature,
threshold (x <= threshold goes left), side of the missing, right child (0 at a leaf), value and weight of training rows.
"""
import json
import pathlib

import lightgbm
import numpy as np
import shap
import sklearn
from sklearn.ensemble import RandomForestRegressor
from sklearn.tree import DecisionTreeRegressor

random = np.random.default_rng(20250304)
# Features of few digits: scikit-learn compares them as Float, which then rounds nothing.
x = np.round(random.uniform(-1, 1, (80, 5)) * 256) / 256
y = np.sin(3 * x[:, 0]) + x[:, 1] * x[:, 2] + x[:, 3] ** 2 + 0.1 * random.standard_normal(80)
# Weights whose sums a Float holds exactly.
weights = np.ceil(random.uniform(0.2, 2, 80) * 64) / 64


def preorder(node, left, right, out):
    """Appends the nodes below `node` in pre-order; returns none, but fills right children."""
    place = len(out)
    out.append([node, 0])
    if left(node) is not None:
        preorder(left(node), left, right, out)
        out[place][1] = len(out)
        preorder(right(node), left, right, out)


def sklearn_tree(model, scale):
    t = model.tree_
    order = []
    preorder(0, lambda n: None if t.children_left[n] < 0 else t.children_left[n], lambda n: t.children_right[n], order)
    return {
        "feature": [max(0, int(t.feature[n])) for n, _ in order], "right": [r for _, r in order],
        "threshold": [float(t.threshold[n]) for n, _ in order], "value": [float(t.value[n][0][0]) * scale for n, _ in order],
        "cover": [float(t.weighted_n_node_samples[n]) for n, _ in order], "missingGoesLeft": [False] * len(order),
    }


def lightgbm_tree(info):
    order = []
    preorder(info, lambda n: n.get("left_child"), lambda n: n.get("right_child"), order)
    return {
        "feature": [n.get("split_feature", 0) for n, _ in order], "right": [r for _, r in order],
        "threshold": [n.get("threshold", 0.0) for n, _ in order], "value": [n.get("leaf_value", 0.0) for n, _ in order],
        "cover": [float(n.get("internal_count", n.get("leaf_count", 1))) for n, _ in order],
        "missingGoesLeft": [n.get("default_left", False) for n, _ in order],
    }


def case(name, model, trees, rows):
    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    values = np.asarray(explainer.shap_values(rows, check_additivity=False), float)
    base = float(np.ravel(explainer.expected_value)[0])
    return {
        "name": name, "trees": trees, "base": base, "contributions": values.tolist(),
        "rows": [[None if np.isnan(e) else float(e) for e in row] for row in rows],
    }


tree = DecisionTreeRegressor(max_leaf_nodes=20, random_state=1).fit(x, y, sample_weight=weights)
forest = RandomForestRegressor(n_estimators=4, max_leaf_nodes=12, random_state=2).fit(x, y)
gaps = np.where(random.uniform(size=x.shape) < 0.15, np.nan, x)
boosted = lightgbm.train(
    {"num_leaves": 8, "min_data_in_leaf": 3, "verbose": -1, "learning_rate": 0.3, "num_threads": 1, "seed": 3},
    lightgbm.Dataset(gaps, y), num_boost_round=5)
cases = [
    case("scikit-learn tree with weights", tree, [sklearn_tree(tree, 1)], x[:12]),
    case("scikit-learn forest", forest, [sklearn_tree(t, 1 / 4) for t in forest.estimators_], x[:12]),
    case("LightGBM with missing values", boosted,
         [lightgbm_tree(t["tree_structure"]) for t in boosted.dump_model()["tree_info"]], gaps[:12]),
]
result = {
    "versions": {"shap": shap.__version__, "scikit-learn": sklearn.__version__, "lightgbm": lightgbm.__version__},
    "cases": cases,
}
pathlib.Path(__file__).with_name("shap.json").write_text(json.dumps(result))
