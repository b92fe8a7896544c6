"""A model from Python is the program's: the same bits for the same data and seed, and one file for both."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from quick import SINGLE, name

import swift_learners
from swift_learners import Comparison

PROGRAM = Path(__file__).parents[2] / ".build" / "release" / "learners"
pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="the program is not built: make build")
SETTINGS = {
    "RandomForestRegressor": ["forest.estimators=20"],
    "ExtraTreesRegressor": ["extra-trees.estimators=20"],
    "GradientBoostingRegressor": ["boosting.maxIterations=50", "boosting.learningRate=0.2", "boosting.folds=1"],
    "MLPRegressor": ["mlp.ensembleSize=2", "mlp.maxEpochs=30"],
}


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def write_csv(path, X, y):
    names = [f"x{column}" for column in range(X.shape[1])] + ["target"]
    lines = [",".join(names)] + [",".join(map(repr, map(float, row))) for row in np.column_stack([X, y])]
    path.write_text("\n".join(lines) + "\n")


def predictions_of(model, data):
    return np.array(json.loads(run("predict", "--model", model, "--data", data, "--json"))["predictions"])


@pytest.mark.parametrize("estimator", SINGLE, ids=name)
def test_the_bits_of_a_model_are_the_programs(estimator, rows, tmp_path):
    X, y = rows
    write_csv(tmp_path / "rows.csv", X, y)
    fitted = estimator.fit(X, y)
    learner = fitted.describe()["learner"]
    settings = [part for text in SETTINGS.get(name(estimator), []) for part in ("--set", text)]
    run(
        "fit",
        "--data",
        tmp_path / "rows.csv",
        "--model",
        learner,
        *settings,
        "--target-transform",
        "none",
        "--out",
        tmp_path,
    )
    theirs = tmp_path / f"{learner}.safetensors"
    expected = predictions_of(theirs, tmp_path / "rows.csv")
    assert np.array_equal(fitted.predict(X), expected)
    # Their file here, our file there.
    assert np.array_equal(swift_learners.load(theirs).predict(X), expected)
    fitted.save(tmp_path / "ours.safetensors")
    assert np.array_equal(predictions_of(tmp_path / "ours.safetensors", tmp_path / "rows.csv"), expected)


def test_a_comparison_is_the_programs(rows, tmp_path):
    X, y = rows
    y = np.exp(2 * y / y.std())
    write_csv(tmp_path / "rows.csv", X, y)
    models = "mean,ridge,svr,extra-trees"
    report = json.loads(
        run(
            "fit",
            "--data",
            tmp_path / "rows.csv",
            "--model",
            models,
            "--cv",
            4,
            "--seed",
            3,
            "--out",
            tmp_path,
            "--json",
        )
    )
    comparison = Comparison(models.split(","), cv=4, random_state=3).fit(X, y)
    assert comparison.best_name_ == report["best"]
    ours = {entry["name"]: entry for entry in comparison.leaderboard_}
    for entry in report["models"]:
        for score in ("r2", "r2_transformed", "rmse", "mae", "spearman"):
            assert ours[entry["name"]].get(score) == entry[score]
    assert np.array_equal(comparison.predict(X), predictions_of(tmp_path / "best.safetensors", tmp_path / "rows.csv"))
    means = run(
        "predict",
        "--model",
        tmp_path / "best.safetensors",
        "--data",
        tmp_path / "rows.csv",
        "--predict",
        "mean",
        "--json",
    )
    assert np.array_equal(comparison.predict(X, statistic="mean"), json.loads(means)["predictions"])


def test_a_blend_and_ranges_are_the_programs(rows, tmp_path):
    X, y = rows
    write_csv(tmp_path / "rows.csv", X, y)
    few = {
        "forest": {"n_estimators": 10},
        "extra-trees": {"n_estimators": 10},
        "boosting": {"max_iter": 30, "folds": 1},
        "mlp": {"max_epochs": 5},
    }
    sets = ["forest.estimators=10", "extra-trees.estimators=10", "boosting.maxIterations=30", "boosting.folds=1"]
    settings = [part for text in [*sets, "mlp.maxEpochs=5"] for part in ("--set", text)]
    run("fit", "--data", tmp_path / "rows.csv", "--model", "all", "--cv", 3, *settings, "--out", tmp_path)
    comparison = Comparison(cv=3, settings=few).fit(X, y)
    ours = comparison.estimators_["blend"]
    theirs = run(
        "predict",
        "--model",
        tmp_path / "blend.safetensors",
        "--data",
        tmp_path / "rows.csv",
        "--interval",
        0.8,
        "--json",
    )
    expected = json.loads(theirs)
    assert np.array_equal(ours.predict(X), expected["predictions"])
    assert np.array_equal(
        ours.predict_interval(X, 0.8), np.column_stack([expected["interval"]["low"], expected["interval"]["high"]])
    )
    assert np.array_equal(swift_learners.load(tmp_path / "blend.safetensors").predict(X), expected["predictions"])
    with pytest.raises(swift_learners.LearnersError, match="not fitted on"):
        swift_learners.Ridge().fit(X, y).predict_interval(X)


@pytest.mark.parametrize(
    "target", ["price, gross", 'the "net" price', "row", "base", "sum", "low", "Größe é", "a;b\tc", "=1+1"]
)
def test_what_predict_writes_is_read_back_by_pandas_and_by_ourselves(target, rows, tmp_path):
    X, y = rows
    table = pd.DataFrame(X, columns=[f"x{column}" for column in range(X.shape[1])])
    table[target] = y
    table.to_csv(tmp_path / "rows.csv", index=False)
    options = ["--data", tmp_path / "rows.csv", "--model", "ridge", "--cv", "3", "--out", tmp_path]
    run("fit", *options, "--target", target)
    model = tmp_path / "ridge.safetensors"
    expected = predictions_of(model, tmp_path / "rows.csv")
    data = ["--model", model, "--data", tmp_path / "rows.csv"]
    run("predict", *data, "--interval", "0.8", "--out", tmp_path / "predicted.csv")
    predicted = pd.read_csv(tmp_path / "predicted.csv")
    assert predicted.columns.is_unique and len(predicted) == len(X)
    found = [column for column in predicted.columns if np.array_equal(predicted[column], expected)]
    assert len(found) == 1, list(predicted.columns)
    # And as a table of our own: what was predicted is a straight line in what was predicted.
    again = tmp_path / "again"
    run(
        "fit",
        "--data",
        tmp_path / "predicted.csv",
        "--target",
        found[0],
        "--model",
        "ridge",
        "--cv",
        "3",
        "--out",
        again,
    )
    assert (again / "ridge.safetensors").exists()
