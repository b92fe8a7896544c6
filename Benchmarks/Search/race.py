"""Score over time: `learners tune` beside Optuna (TPE, median pruning) and HalvingRandomSearchCV, both over LightGBM.

usage: race.py PROGRAM DATA OUT [minutes] [table …]

All get the same columns, the same target (of repositories the logarithm of their stars) and the same five folds, one after the other, the
whole machine and the same time each. The score is R² of the out-of-fold predictions; a curve is the best so far. OUT/search-race.csv holds the curves,
OUT/search-race.svg the picture.
"""

import csv
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from queue import Empty

import lightgbm
import matplotlib
import numpy as np
import optuna
import pandas as pd
from scipy.stats import loguniform, randint, uniform
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.metrics import r2_score
from sklearn.model_selection import HalvingRandomSearchCV, PredefinedSplit, cross_val_predict

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "learners"
import matplotlib.pyplot as plt  # noqa: E402

THREADS = os.cpu_count()
# Path, target, whether its logarithm is taken, columns that are left out: names, moments and texts without end.
TABLES = {
    "concrete": ("uci/concrete.csv", None, False, []),
    "kin8nm": ("uci/kin8nm.csv", None, False, []),
    "gitstar-10k": ("github/gitstar-10k.csv", "stargazers", True, []),
    "topics-2022": ("github/topics-2022.csv", "stargazers_count", True, ["id", "full_name", "topics", "created_at", "updated_at"]),
}


def table(data, name):
    """Features and target, the target last."""
    path, target, is_logarithmic, left_out = TABLES[name]
    frame = pd.read_csv(data / path).drop(columns=left_out)
    target = target or frame.columns[-1]
    y = frame.pop(target)
    return frame, np.log1p(y) if is_logarithmic else y, np.random.default_rng(0).permutation(len(y)) % 5


def ours(program, frame, y, folds, seconds, folder):
    """The best score after each trial, as the program tells it line by line."""
    frame.assign(target=y).to_csv(folder / "table.csv", index=False)
    np.savetxt(folder / "folds.txt", folds, fmt="%d")
    command = [program, "tune", "--data", folder / "table.csv", "--target", "target", "--target-transform", "none", "--folds",
               folder / "folds.txt", "--time", f"{seconds}s", "--out", folder / "out", "--json"]
    begin, best, curve = time.perf_counter(), -np.inf, []
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "trial" and event.get("figure") is not None and event["figure"] > best:
                best = event["figure"]
                curve.append((time.perf_counter() - begin, best))
    return curve


def with_categories(frame):
    texts = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.astype({name: "category" for name in texts})


def out_of_fold(model, x, y, folds, told=lambda fold, score: None):
    predictions = np.full(len(y), np.nan)
    for fold in range(5):
        held_out = folds == fold
        predictions[held_out] = model.fit(x[~held_out], y[~held_out]).predict(x[held_out])
        told(fold, r2_score(y[folds <= fold], predictions[folds <= fold]))
    return r2_score(y, predictions)


def within(seconds, method, *arguments):
    """The curve of a method, which runs in a process of its own and is ended when the time is over: not all can end themselves."""
    queue, curve = multiprocessing.Queue(), []
    process = multiprocessing.Process(target=method, args=(*arguments, seconds, queue))
    begin = time.perf_counter()
    process.start()
    while (left := begin + seconds - time.perf_counter()) > 0:
        try:
            score = queue.get(timeout=left)
        except Empty:
            break
        if not curve or score > curve[-1][1]:
            curve.append((time.perf_counter() - begin, score))
    process.kill()
    process.join()
    return curve


def with_optuna(x, y, folds, seconds, found):
    def objective(trial):
        model = lightgbm.LGBMRegressor(
            n_estimators=trial.suggest_int("n_estimators", 50, 2000, log=True), learning_rate=trial.suggest_float("learning_rate", 0.005, 0.3, log=True),
            num_leaves=trial.suggest_int("num_leaves", 4, 256, log=True), min_child_samples=trial.suggest_int("min_child_samples", 1, 100, log=True),
            subsample=trial.suggest_float("subsample", 0.4, 1), subsample_freq=1, colsample_bytree=trial.suggest_float("colsample_bytree", 0.4, 1),
            reg_alpha=trial.suggest_float("reg_alpha", 1e-8, 10, log=True), reg_lambda=trial.suggest_float("reg_lambda", 1e-8, 10, log=True),
            n_jobs=THREADS, verbose=-1)

        def told(fold, score):
            trial.report(score, fold)
            if trial.should_prune():
                raise optuna.TrialPruned

        return out_of_fold(model, x, y, folds, told)

    def note(study, trial):
        if trial.state == optuna.trial.TrialState.COMPLETE:
            found.put(trial.value)

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=0), pruner=optuna.pruners.MedianPruner())
    study.optimize(objective, timeout=seconds, callbacks=[note])


def with_halving(x, y, folds, seconds, found):
    """One search after the other, each with twice the candidates."""
    space = {"learning_rate": loguniform(0.005, 0.3), "num_leaves": randint(4, 257), "min_child_samples": randint(1, 101),
             "subsample": uniform(0.4, 0.6), "colsample_bytree": uniform(0.4, 0.6), "reg_alpha": loguniform(1e-8, 10),
             "reg_lambda": loguniform(1e-8, 10)}
    begin, candidates = time.perf_counter(), 9
    while time.perf_counter() - begin < seconds:
        search = HalvingRandomSearchCV(
            lightgbm.LGBMRegressor(subsample_freq=1, n_jobs=THREADS, verbose=-1), space, n_candidates=candidates, resource="n_estimators",
            min_resources=50, max_resources=2000, cv=PredefinedSplit(folds), random_state=candidates, refit=False, scoring="r2")
        search.fit(x, y)
        model = lightgbm.LGBMRegressor(subsample_freq=1, n_jobs=THREADS, verbose=-1, **search.best_params_)
        found.put(r2_score(y, cross_val_predict(model, x, y, cv=PredefinedSplit(folds))))
        candidates *= 2


def until(curve, score):
    """Seconds until the curve is there."""
    return next((seconds for seconds, reached in curve if reached >= score), None)


def draw(curves, seconds, path):
    figure, axes = plt.subplots(1, len(curves), figsize=(4 * len(curves), 3.2), squeeze=False)
    for place, (name, methods) in enumerate(curves.items()):
        for method, curve in methods.items():
            if curve:
                times, scores = zip(*curve, (seconds, curve[-1][1]), strict=True)
                axes[0][place].step(times, scores, where="post", label=method)
        lows = [curve[-1][1] for curve in methods.values() if curve]
        axes[0][place].set(title=name, xlabel="seconds", xscale="log", ylim=(min(lows) - 0.05, max(lows) + 0.01))
    axes[0][0].set_ylabel("best R² so far")
    axes[0][0].legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main():
    program, data, out = Path(sys.argv[1]).resolve(), Path(sys.argv[2]), Path(sys.argv[3])
    seconds = int(60 * float((sys.argv[4:] or ["10"])[0]))
    curves = {}
    print("| table | tune | Optuna | halving | tune reaches the better of both after |\n|---|---|---|---|---|")
    for name in sys.argv[5:] or TABLES:
        frame, y, folds = table(data, name)
        x = with_categories(frame)
        with tempfile.TemporaryDirectory() as folder:
            curves[name] = {"tune": ours(program, frame, y, folds, seconds, Path(folder)), "Optuna": within(seconds, with_optuna, x, y, folds),
                            "halving": within(seconds, with_halving, x, y, folds)}
        last = {method: curve[-1][1] if curve else float("nan") for method, curve in curves[name].items()}
        reached = until(curves[name]["tune"], max(last["Optuna"], last["halving"]))
        print(f"| {name} | {last['tune']:.4f} | {last['Optuna']:.4f} | {last['halving']:.4f} | "
              + ("not |" if reached is None else f"{reached:.0f} s of {seconds} |"), flush=True)
    with open(out / "search-race.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["table", "method", "seconds", "r2"])
        writer.writerows([name, method, f"{at:.1f}", f"{score:.5f}"] for name, methods in curves.items()
                         for method, curve in methods.items() for at, score in curve)
    draw(curves, seconds, out / "search-race.svg")


main()
