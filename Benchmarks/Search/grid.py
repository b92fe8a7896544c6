"""A grid over processes: `tune` with one process of one thread, with two, and `fit` with the same grid and as many threads, in turn.

usage: grid.py PROGRAM [rounds]
"""

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../peers"))
import data  # noqa: E402

# 24 settings of boosting, which no fit gives together.
GRID = ["--model", "boosting", "--set", "boosting.maxIterations=100", "--set", "boosting.folds=0", "--set", "boosting.learningRate=0.05,0.1,0.2",
        "--set", "boosting.maxLeaves=15,31", "--set", "boosting.l2Regularization=0,1,3,10"]


def table(path):
    x, y = data.friedman(10_000, 20, seed=2)
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"x{column}" for column in range(20)] + ["y"])
        writer.writerows([*row, target] for row, target in zip(x.tolist(), y.tolist()))


def seconds(command, folder):
    with tempfile.TemporaryDirectory(dir=folder) as out:
        begin = time.perf_counter()
        subprocess.run([*command, "--out", out], check=True, capture_output=True)
        took = time.perf_counter() - begin
        with open(os.path.join(out, "leaderboard.json")) as file:
            return took, json.load(file)


def best(leaderboard):
    """The settings and the score of the winner."""
    found = leaderboard["models"][0]
    return json.dumps(found.get("parameters", found.get("settings")), sort_keys=True), found["r2"]


def main():
    program, rounds = os.path.abspath(sys.argv[1]), int((sys.argv[2:] or ["5"])[0])
    with tempfile.TemporaryDirectory() as folder:
        table(path := os.path.join(folder, "table.csv"))
        common = ["--data", path, "--target", "y", "--cv", "5", *GRID]
        commands = {
            "tune, 1 process of 1 thread": ["tune", *common, "--strategy", "grid", "--processes", "1", "--threads", "1"],
            "tune, 2 processes": ["tune", *common, "--strategy", "grid", "--processes", "2", "--threads", "2"],
            "fit, 2 threads": ["fit", *common, "--threads", "2"],
        }
        times = {name: [] for name in commands}
        winners = set()
        for _ in range(rounds):
            for name, command in commands.items():
                took, leaderboard = seconds([program, *command], folder)
                times[name].append(took)
                winners.add(best(leaderboard))
        assert len(winners) == 1, f"not the same winner: {winners}"
        medians = {name: statistics.median(all) for name, all in times.items()}
        one, two, fit = medians.values()
        print("| 24 settings x 5 folds, boosting, 10,000 x 20 | s |\n|---|---|")
        for name, median in medians.items():
            print(f"| {name} | {median:.2f} |")
        print(f"\ntwo processes: {one / two:.2f} times one; {two / fit:.3f} of the time of fit; R² {winners.pop()[1]:.4f}")


main()
