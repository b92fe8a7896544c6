"""The processes that are timed: each lives through a workload and answers `run` and `score`."""
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BUILD = ROOT / ".build"
STARS = ROOT.parent / "shared/data/github/gitstar-10k.csv"


class Unavailable(Exception):
    """This peer or its data is not on this machine."""


def environment(threads):
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT",
             "POLARS_MAX_THREADS")
    return os.environ | {name: str(threads) for name in names} | {"PYTHONWARNINGS": "ignore"}


class Worker:
    """A process that has the data in memory and waits for commands on its standard input."""

    def __init__(self, command, threads):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(threads))
        self.version = self.answer()["version"]

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise Unavailable(f"it ended with status {self.process.wait()}")
        return json.loads(line)

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.answer()

    def run(self):
        return self.ask("run")

    def score(self):
        return self.ask("score")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Job:
    """A program that does the whole job, from its start to its end, and prints JSON with its score."""

    def __init__(self, command, score, version):
        self.command, self.extract, self.version = command, score, version

    def run(self):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            process = subprocess.Popen(
                self.command(folder), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            output = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise Unavailable(f"{self.command(folder)[0]} ended with status {process.returncode}")
        self.output = json.loads(output)
        return {"fit": seconds, "peak_mb": usage.ru_maxrss / 1024}

    def score(self):
        score, note = self.extract(self.output)
        return {"score": score, "note": note}

    def close(self):
        pass


def seconds_of_families(models):
    return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in models)


def our_job_score(output):
    best = next(model for model in output["models"] if model["name"] == output["best"])
    return best["r2_transformed"], seconds_of_families(
        (model["name"], model["fit_seconds"]) for model in output["models"])


def ours(workload, folder, threads):
    if workload.name != "whole-job":
        return Worker([BUILD / "release/bench", workload.name, "--data", folder, "--threads", str(threads)], threads)
    if not STARS.exists():
        raise Unavailable(f"{STARS.name} is not beside the repository")
    arguments = ["fit", "--model", "all", "--cv", "5", "--data", STARS, "--target", "stargazers", "--json"]
    program = BUILD / "release/learners"
    return Job(lambda folder: [program, *arguments, "--threads", str(threads), "--out", folder], our_job_score, "")


def peer(workload, name, folder, threads):
    if name == "one thread":
        return ours(workload, folder, threads=1)
    if workload.name == "whole-job":
        script = [sys.executable, HERE / "whole_job.py", STARS, str(threads)]
        return Job(lambda _: script, lambda output: (output["score"], seconds_of_families(output["seconds"].items())),
                   version("scikit-learn"))
    if name == "torch":
        try:
            import torch  # noqa: F401
        except ImportError:
            raise Unavailable("PyTorch is not installed") from None
    return Worker([sys.executable, HERE / "worker.py", workload.name, name, folder, str(threads)], threads)
