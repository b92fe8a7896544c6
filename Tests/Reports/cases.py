"""Tables that reports are tried on: made-up repositories, one of UCI's, and one whose rows belong together."""

import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LEARNERS = os.path.join(ROOT, ".build/release/learners")
SHARED = os.path.join(ROOT, "../shared/data")
MODELS = ["--model", "mean,ridge,svr,extra-trees,boosting", "--blend-size", "5", "--set", "boosting.maxIterations=60"]


def cases(folder):
    """Name → options of `fit` and `report`. Says which tables are not there."""
    stars = os.path.join(folder, "stars.csv")
    run("sample", "--rows", "1200", "--out", stars)
    found = {"stars": ["--data", stars, *MODELS]}
    shared = {
        "concrete": ("uci/concrete.csv", []),
        "owners": ("github/top1000-2021.csv", ["--target", "stargazers_count", "--groups", "login"]),
    }
    for name, (path, options) in shared.items():
        path = os.path.join(SHARED, path)
        if os.path.exists(path):
            found[name] = ["--data", path, *options, *MODELS]
        else:
            print(f"{name} is left out: there is no {path}")
    return found


def run(*arguments):
    done = subprocess.run([LEARNERS, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout
