"""Requests a second, latency and failures of the prediction server, of the bare framework, and of FastAPI, in one run.

Used by `make load`. Everything runs on this machine over loopback: the client takes its share of the cores.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WORK = os.path.join(ROOT, ".build", "load")
FEATURES = [f"f{index}" for index in range(20)]


def make_data():
    """5,000 rows of 20 numbers, and what depends on them."""
    path = os.path.join(WORK, "data.csv")
    if not os.path.exists(path):
        draw = random.Random(1)
        with open(path, "w") as file:
            file.write(",".join(FEATURES + ["y"]) + "\n")
            for _ in range(5000):
                row = [round(draw.gauss(0, 10), 3) for _ in FEATURES]
                y = row[0] * 3 + abs(row[1]) * 5 + row[2] * row[3] / 10 + draw.gauss(0, 3)
                file.write(",".join(map(str, row + [round(y, 3)])) + "\n")
    return path


def make_models(learners, data):
    """Ours by `learners fit`; LightGBM's of the same size."""
    for name, settings in {
        "boosting": ["maxIterations=500", "folds=0", "maxLeaves=31"],
        "ridge": [],
    }.items():
        if os.path.exists(os.path.join(WORK, name + ".safetensors")):
            continue
        command = [learners, "fit", "--data", data, "--model", name, "--cv", "2", "--out", WORK]
        for setting in settings:
            command += ["--set", f"{name}.{setting}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    path = os.path.join(WORK, "lightgbm.txt")
    if not os.path.exists(path):
        import lightgbm
        import numpy

        table = numpy.loadtxt(data, delimiter=",", skiprows=1)
        settings = {"num_leaves": 31, "learning_rate": 0.05, "verbose": -1}
        train = lightgbm.Dataset(table[:, :-1], table[:, -1])
        lightgbm.train(settings, train, num_boost_round=500).save_model(path)


def instance(draw):
    return {name: round(draw.gauss(0, 10), 3) for name in FEATURES}


def wrk_script(name, rows):
    """wrk sends one of 16 bodies, round robin."""
    draw = random.Random(2)
    bodies = [json.dumps({"instances": [instance(draw) for _ in range(rows)]}) for _ in range(16)]
    path = os.path.join(WORK, name + ".lua")
    with open(path, "w") as file:
        file.write("local bodies = {}\n")
        for index, body in enumerate(bodies):
            file.write(f"bodies[{index + 1}] = [[{body}]]\n")
        file.write(
            """local requests = {}
local next = 0
function init(args)
  for index, body in ipairs(bodies) do
    requests[index] = wrk.format("POST", "/api/predict", {["Content-Type"] = "application/json"}, body)
  end
end
function request()
  next = next % #requests + 1
  return requests[next]
end
"""
        )
    return path, bodies[0]


def memory(process):
    """Resident MB of a process and its children, shared pages counted once a process."""
    ids, total = [process.pid], 0
    for pid in ids:
        try:
            for thread in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{thread}/children") as file:
                    ids += [int(child) for child in file.read().split()]
            with open(f"/proc/{pid}/status") as file:
                total += int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))
        except (FileNotFoundError, AttributeError):
            pass
    return total / 1024


class Contestant:
    """A server that runs while it is measured."""

    def __init__(self, name, command, port, path, body=None, environment=None):
        self.name, self.port, self.path, self.body = name, port, path, body
        begin = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.first = self.wait(begin)

    def ask(self):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{self.path}",
            data=self.body.encode() if self.body else None,
            headers={"Content-Type": "application/json"} if self.body else {},
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.read()

    def wait(self, begin):
        while time.perf_counter() - begin < 60:
            try:
                self.ask()
                return time.perf_counter() - begin
            except OSError:
                time.sleep(0.001)
        sys.exit(f"{self.name} does not answer")

    def load(self, seconds, connections=64, script=None):
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
        if script:
            command += ["-s", script]
        text = subprocess.run(
            command + [f"http://127.0.0.1:{self.port}{self.path}"], capture_output=True, text=True, check=True
        ).stdout

        def milliseconds(percent):
            value, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", text).groups()
            return float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]

        failures = sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", text)))
        failures += sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", text)))
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
        return {"rate": rate, "p50": milliseconds(50), "p99": milliseconds(99), "failures": failures}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=30)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1, help="event loops of ours and of the bare framework")
    parser.add_argument("--only", default="hello,ours,ridge,batch,peer")
    arguments = parser.parse_args()
    os.makedirs(WORK, exist_ok=True)
    release = os.path.join(ROOT, ".build", "release")
    learners = os.path.join(release, "learners")
    make_models(learners, make_data())
    one, body = wrk_script("one", 1)
    thousand, large = wrk_script("thousand", 1000)
    threads = str(arguments.threads)
    wanted = arguments.only.split(",")
    rows = []

    def measure(contestant, script=None, connections=64, factor=1):
        contestant.load(2, connections, script)
        result = contestant.load(arguments.seconds, connections, script)
        result.update(name=contestant.name, first=contestant.first, memory=memory(contestant.process), factor=factor)
        rows.append(result)

    def serve(name, model, port, body):
        command = [learners, "serve", "--model", os.path.join(WORK, model), "--port", str(port), "--threads", threads]
        return Contestant(name, command, port, "/api/predict", body)

    if "hello" in wanted:
        with Contestant("SwiftNIO, hello", [os.path.join(release, "hello"), "5202", threads], 5202, "/") as hello:
            measure(hello)
            hello.name = "SwiftNIO, hello, same bodies"
            measure(hello, one)
    if "ours" in wanted:
        with serve("learners, 500 trees", "boosting.safetensors", 5203, body) as ours:
            measure(ours, one)
    if "ridge" in wanted:
        with serve("learners, ridge", "ridge.safetensors", 5206, body) as ours:
            measure(ours, one)
    if "batch" in wanted:
        with serve("learners, ridge, 1,000 rows", "ridge.safetensors", 5204, large) as ours:
            measure(ours, thousand, connections=4, factor=1000)
    if "peer" in wanted:
        peer = [sys.executable, "-m", "uvicorn", "peer:app", "--app-dir", HERE, "--port", "5205", "--workers", "2"]
        environment = {"PEER_MODEL": os.path.join(WORK, "lightgbm.txt"), "OMP_NUM_THREADS": "1"}
        peer += ["--log-level", "warning", "--no-access-log"]
        with Contestant("FastAPI, LightGBM", peer, 5205, "/api/predict", body, environment) as fastapi:
            measure(fastapi, one)

    print(f"{'':30}{'requests/s':>11}{'rows/s':>12}{'p50 ms':>8}{'p99 ms':>8}{'failed':>8}{'first ms':>9}{'MB':>6}")
    for row in rows:
        print(
            f"{row['name']:30}{row['rate']:11,.0f}{row['rate'] * row['factor']:12,.0f}{row['p50']:8.2f}{row['p99']:8.2f}"
            f"{row['failures']:8}{row['first'] * 1000:9.0f}{row['memory']:6.0f}"
        )
    rates = {row["name"]: row["rate"] for row in rows}
    if {"SwiftNIO, hello", "learners, 500 trees"} <= rates.keys():
        share = rates["learners, 500 trees"] / rates["SwiftNIO, hello"]
        same = rates["learners, 500 trees"] / rates["SwiftNIO, hello, same bodies"]
        print(f"learners reaches {share:.0%} of the bare framework, {same:.0%} where that gets the same requests")
    if {"FastAPI, LightGBM", "learners, 500 trees"} <= rates.keys():
        print(f"learners does {rates['learners, 500 trees'] / rates['FastAPI, LightGBM']:.1f} x FastAPI's requests")


main()
