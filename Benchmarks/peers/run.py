"""Runs workloads: ours and each peer in turn, in one go, and keeps the table. `run.py [--runs N] [--threads N] [WORKLOAD…]`"""
import argparse
import multiprocessing
import statistics
import sys
import time
from pathlib import Path

import contestants
import data
import report
import workloads

# A peer that is this many times slower than the fastest one is timed once: its figure decides nothing.
HOPELESS = 5
# Seconds before a turn: threads of OpenMP and OpenBLAS spin for a while after their work, on cores that are another's then.
PAUSE = 0.5


def arguments():
    parser = argparse.ArgumentParser(description="Runs workloads, ours and the peers in turn, and keeps the table.")
    parser.add_argument("workloads", nargs="*", help="names or beginnings of names; all without any")
    parser.add_argument("--runs", type=int, default=5, help="timed runs of each after one that warms up")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def start(workload, folder, threads):
    """Ours and the peers that this machine has, by name."""
    found = {"ours": contestants.ours(workload, folder, threads)}
    for name in workload.peers:
        try:
            found[name] = contestants.peer(workload, name, folder, threads)
        except contestants.Unavailable as reason:
            print(f"{workload.name}: without {name}: {reason}", file=sys.stderr)
    return found


def alternate(found, what, runs):
    """Times of every contestant: a warm-up, then `runs` rounds in which each has its turn."""
    warm = {name: contestant.run() for name, contestant in found.items()}
    fastest = min(answer[what] for name, answer in warm.items() if name != "ours")
    answers = {name: [] for name in found}
    for _ in range(runs):
        for name, contestant in found.items():
            if name == "ours" or warm[name][what] <= HOPELESS * fastest:
                time.sleep(PAUSE)
                answers[name].append(contestant.run())
    return {name: timed or [warm[name]] for name, timed in answers.items()}


def summary(contestant, timed, what, scores):
    """One contestant's part of a row of the results."""
    return {
        "seconds": statistics.median(answer[what] for answer in timed),
        "score": scores.get("predict_score", scores["score"]) if what == "predict" else scores["score"],
        "peak_mb": round(max(answer["peak_mb"] for answer in timed), 1), "version": contestant.version,
        "runs": len(timed), "note": scores.get("note", "")}


def rows(workload, kinds, found, answers, threads):
    """The rows of the results that a workload gives: one for what is timed, or one each for fit and predict."""
    scores = {name: contestant.score() for name, contestant in found.items()}
    for kind in kinds:
        parts = {name: summary(found[name], answers[name], kind, scores[name]) for name in found}
        name = workload.name + ("-predict" if kind == "predict" and workload.timed == "both" else "")
        measure = workload.predict_score if kind == "predict" and workload.predict_score else workload.score
        yield report.row(name, threads, measure, parts)


def write_data(folder, workload):
    """In a process of its own: the kernel counts the memory of this one to the processes that it starts."""
    process = multiprocessing.Process(target=data.write, args=(folder, workload.make))
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"bench: the data of {workload.name} could not be made")


def run(workload, options):
    folder = contestants.BUILD / "bench-data" / workload.dataset
    write_data(folder, workload)
    found = start(workload, folder, options.threads)
    if len(found) == 1:
        raise contestants.Unavailable("there is no peer")
    kinds = ("fit", "predict") if workload.timed == "both" else (workload.timed,)
    try:
        answers = alternate(found, kinds[0], options.runs)
        return list(rows(workload, kinds, found, answers, options.threads))
    finally:
        for contestant in found.values():
            contestant.close()


def main():
    options = arguments()
    chosen = {workload.name: workload for name in options.workloads or [""] for workload in workloads.named(name)}
    if not chosen:
        sys.exit(f"bench: no workload is named {' or '.join(options.workloads)}: "
                 f"they are {', '.join(workload.name for workload in workloads.named(''))}")
    table = report.Table(Path(__file__).parent.parent)
    for workload in chosen.values():
        print(f"{workload.name} …", file=sys.stderr, flush=True)
        try:
            for row in run(workload, options):
                table.add(row)
                print(report.line(row), flush=True)
        except contestants.Unavailable as reason:
            print(f"{workload.name}: skipped: {reason}", file=sys.stderr)
        # After each, so that what was measured is kept when a later one is interrupted.
        table.write()


if __name__ == "__main__":
    main()
