"""Runs units of work of `learners tune` as Ray tasks. What comes of them is told on standard output, a line of JSON each.

It is part of the package that `learners tune --ray` hands to the cluster, beside the program, its libraries and the data. The first units of a
job are in a second package, lines of {"key": …, "unit": {…}}; further ones come as packages NAME_1.zip, NAME_2.zip, … of bare lines. Without any
for a while it ends: who would bring them is gone. Lines that are told:

    {"key": …, "result": {…}}                           what the program answered
    {"key": …, "lost": "signal 9 …", "process": 123}    the program ended without an answer
    {"cluster": {"cpus": 2, "running": 1, "waiting": 3}}  now and then
"""

import argparse
import collections
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time

import ray

try:
    from ray.experimental.internal_kv import _internal_kv_del as forget, _internal_kv_get as packed
except ImportError:  # a Ray of another time: who brings units begins another job for them
    packed = None

# Seconds between two lines about the cluster.
PAUSE = 3
# Seconds between two looks for further units, and without any before the end.
LOOK, IDLE = 0.2, 60
# A unit under which a node or a process of Ray is lost is begun again this many times. Ray's own retries would do so too, but without
# end where memory is what is missing, and that has to be told.
LOSSES = 5


class Ended(Exception):
    """The program ended without an answer."""


@ray.remote(max_retries=0, num_returns="streaming")
def work(unit, command):
    """First says that it has begun, then the program's answer."""
    with tempfile.TemporaryFile() as errors:
        try:
            program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        except OSError as error:
            raise Ended(f"it cannot be started: {error}") from None
        yield program.pid
        # The program ends when its input does: it cannot outlive this process.
        try:
            program.stdin.write(unit.encode() + b"\n")
            program.stdin.flush()
        except BrokenPipeError:
            pass
        answer = program.stdout.readline()
        program.stdin.close()
        status = program.wait()
        if not answer.endswith(b"\n"):
            errors.seek(0)
            node = ray.get_runtime_context().get_node_id()[:8]
            raise Ended(f"{ending(status)} on node {node} {last_words(errors.read())}".strip())
    yield answer.decode().strip()


def ending(status):
    if status == 71:
        return "it used more memory than --memory allows"
    return f"signal {-status}" if status < 0 else f"exit status {status}"


def last_words(text):
    lines = text.decode(errors="replace").strip().splitlines()
    return f"({lines[-1][-300:]})" if lines else ""


@dataclasses.dataclass
class Attempt:
    key: str
    unit: str
    losses: int = 0
    process: int = 0
    has_begun: bool = False


def tell(line):
    # What others write may lack the end of its line.
    sys.stdout.write("\n" + line + "\n")
    sys.stdout.flush()


class Feed:
    """Units that are brought while the job goes on."""

    def __init__(self, name):
        self.name, self.number, self.looked = name, 1, 0.0

    def attempts(self):
        if packed is None or time.monotonic() - self.looked < LOOK:
            return []
        self.looked = time.monotonic()
        package = f"gcs://{self.name}_{self.number}.zip"
        lines = packed(package)
        if lines is None:
            return []
        self.number += 1
        forget(package)
        return parsed(lines.decode())


class Driver:
    def __init__(self, options, attempts):
        self.options = options
        self.feed = Feed(options.feed)
        self.task = work.options(num_cpus=options.cpus)
        self.waiting = collections.deque(attempts)
        self.running = {}
        self.cpus, self.told = 0, 0.0

    def run(self):
        busy = time.monotonic()
        while time.monotonic() - busy < IDLE:
            cpus = self.tell_of_cluster()
            self.waiting.extend(self.feed.attempts())
            while self.waiting and len(self.running) < self.room(cpus):
                self.begin(self.waiting.popleft())
            if not self.running:
                if packed is None:
                    return
                time.sleep(LOOK)
                continue
            busy = time.monotonic()
            ready, _ = ray.wait(list(self.running), num_returns=1, timeout=LOOK, fetch_local=False)
            for stream in ready:
                self.take(stream)

    def room(self, cpus):
        """More than there are processors for: one that becomes free has something to do at once, and a cluster that can grow sees why."""
        return min(self.options.most, max(4, 2 * int(cpus / self.options.cpus)))

    def begin(self, attempt):
        attempt.has_begun = False
        self.running[self.task.remote(attempt.unit, self.options.command)] = attempt

    def take(self, stream):
        attempt = self.running[stream]
        try:
            value = ray.get(next(stream))
        except StopIteration:
            del self.running[stream]
            self.give_back(attempt, "it ended without an answer")
        except ray.exceptions.OutOfMemoryError:
            del self.running[stream]
            self.give_back(attempt, "Ray, for memory was short on its node")
        except ray.exceptions.RayTaskError as error:
            del self.running[stream]
            self.give_back(attempt, str(error.cause))
        except ray.exceptions.RayError as error:
            del self.running[stream]
            self.lose(attempt, type(error).__name__)
        else:
            if attempt.has_begun:
                del self.running[stream]
                tell(f'{{"key": {json.dumps(attempt.key)}, "result": {value}}}')
            attempt.process, attempt.has_begun = value, True

    def lose(self, attempt, name):
        """A node or a process of Ray is gone: no fault of the unit, unless it happens again and again."""
        attempt.losses += 1
        if attempt.losses > LOSSES:
            self.give_back(attempt, f"Ray ({name}) {attempt.losses} times")
        else:
            self.waiting.appendleft(attempt)

    def give_back(self, attempt, cause):
        tell(json.dumps({"key": attempt.key, "lost": cause, "process": attempt.process}))

    def tell_of_cluster(self):
        if time.monotonic() - self.told >= PAUSE:
            self.cpus = ray.cluster_resources().get("CPU", 0)
            running = sum(attempt.has_begun for attempt in self.running.values())
            waiting = len(self.waiting) + len(self.running) - running
            tell(json.dumps({"cluster": {"cpus": self.cpus, "running": running, "waiting": waiting}}))
            self.told = time.monotonic()
        return self.cpus


def parsed(text):
    lines = [json.loads(line) for line in text.splitlines()]
    return [Attempt(line["key"], json.dumps(line["unit"])) for line in lines]


def units():
    """The second package is a folder on Python's path."""
    for folder in sys.path:
        path = os.path.join(folder, "learners_units", "units.jsonl")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return parsed(file.read())
    sys.exit("driver: the package of units is not here")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cpus", type=int, required=True)
    parser.add_argument("--most", type=int, required=True)
    parser.add_argument("--feed", required=True)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    ray.init(address="auto", log_to_driver=False)
    Driver(options, units()).run()


if __name__ == "__main__":
    main()
