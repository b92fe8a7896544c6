"""One peer on one workload, in a process of its own: `worker.py WORKLOAD PEER FOLDER THREADS`.

Reads commands from standard input, a line each, and answers each by a line of JSON: `run` fits and predicts once and
gives the seconds; `score` tells how good the last model is.
"""
import importlib
import json
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path

import data

MODULES = {"ridge": "ridge", "svr": "svr", "mlp": "mlp", "boosting": "trees", "forest": "trees", "extra": "trees",
           "predict": "prediction", "csv": "csv_read"}


def timed(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def run(peer):
    answer = {"fit": timed(peer.fit)}
    if hasattr(peer, "predict"):
        answer["predict"] = timed(peer.predict)
    return answer | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def score(peer):
    answer = {"score": peer.score()}
    if hasattr(peer, "predict_score"):
        answer["predict_score"] = peer.predict_score()
    return answer | {"note": peer.note() if hasattr(peer, "note") else ""}


def main():
    workload, name, folder, threads = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    package = name.split()[0]
    module = importlib.import_module(MODULES[workload.split("-")[0]])
    peer = module.peer(workload, name, data.read(folder), threads)
    print(json.dumps({"version": version(package)}), flush=True)
    for command in sys.stdin:
        print(json.dumps({"run": run, "score": score}[command.strip()](peer)), flush=True)


if __name__ == "__main__":
    main()
