"""A Ray cluster on this machine: a head without processors and nodes of one each, with a token.

Ray listens on all addresses of a machine, so this belongs into a network namespace that has only loopback. Every node has a folder of its own:
nodes that share one unpack packages under each other's feet.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time

BINARIES = os.path.dirname(sys.executable)
ADDRESS = "http://127.0.0.1:8265"


def descendants(process):
    """Process ids below one, itself first."""
    found = [process]
    for one in found:
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{task}/children", encoding="ascii") as file:
                    found += [int(child) for child in file.read().split()]
        except OSError:
            pass
    return found


def command(process):
    try:
        with open(f"/proc/{process}/cmdline", encoding="utf-8", errors="replace") as file:
            return file.read().replace("\0", " ").strip()
    except OSError:
        return ""


class Cluster:
    def __init__(self, folder):
        """The folder's path has to be short: sockets lie below it."""
        self.folder = folder
        self.token_path = os.path.join(folder, "token")
        with open(os.open(self.token_path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("RAY_")},
            "PATH": f"{BINARIES}:/usr/local/bin:/usr/bin:/bin", "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN_PATH": self.token_path,
        }
        self.head = None
        self.nodes = {}
        self.count = 0

    def start(self, nodes=2):
        self.head = self._start(
            "--head", "--port=6390", "--num-cpus=0", "--dashboard-host=127.0.0.1", "--dashboard-port=8265")
        for number in range(1, nodes + 1):
            self.start_node(number)

    def start_node(self, number):
        self.nodes[number] = self._start("--address=127.0.0.1:6390", "--num-cpus=1", place=number)

    def _start(self, *options, place=0):
        # On a busy machine a head that is not up within 30 s ends by itself.
        for _ in range(5):
            process, text = self._try(*options, place=place)
            if process:
                return process
        sys.exit(f"ray start {' '.join(options)} did not start:\n{text[-2000:]}")

    def _try(self, *options, place):
        """The process, or what was said instead."""
        self.count += 1
        folder = os.path.join(self.folder, str(self.count))
        output = folder + ".out"
        with open(output, "wb") as file:
            process = subprocess.Popen(
                [os.path.join(BINARIES, "ray"), "start", "--block", "--node-ip-address=127.0.0.1", *options,
                 f"--dashboard-agent-listen-port={52401 + place}", f"--min-worker-port={20000 + 1000 * place}",
                 f"--max-worker-port={20999 + 1000 * place}", "--object-store-memory=100000000", f"--temp-dir={folder}", "--disable-usage-stats"],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True)
        for _ in range(600):
            with open(output, encoding="utf-8", errors="replace") as file:
                text = file.read()
            if "Ray runtime started" in text:
                return process, text
            if process.poll() is not None:
                break
            time.sleep(0.2)
        self._end(process)
        return None, text

    def stop_node(self, number):
        self._end(self.nodes.pop(number))

    def stop(self):
        for number in list(self.nodes):
            self.stop_node(number)
        if self.head:
            self._end(self.head)
        self.head = None
        # Each package is unpacked in the folder of each node.
        for name in os.listdir(self.folder):
            if name.isdigit():
                shutil.rmtree(os.path.join(self.folder, name), ignore_errors=True)

    def _end(self, process, family=()):
        """With all of its own processes, those that it had before among them, and no others."""
        family = [*family, *descendants(process.pid)]
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            pass
        for one in family:
            try:
                if one == process.pid and process.poll() is not None:
                    continue
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.wait()

    def _kill(self, process, name, number=signal.SIGKILL):
        for one in descendants(process.pid):
            words = command(one).split()
            if words and any(os.path.basename(word) == name for word in words[:2]):
                os.kill(one, number)
                return True
        return False

    def kill_node(self, number):
        """As if its machine was lost: the rest of a node ends when its raylet is gone."""
        family = descendants(self.nodes[number].pid)
        self._kill(self.nodes[number], "raylet")
        self._end(self.nodes.pop(number), family)

    def hang_node(self, number):
        self._kill(self.nodes[number], "raylet", signal.SIGSTOP)

    def kill_driver(self):
        """Returns whether a job of a search ran."""
        return self._kill(self.head, "driver.py")

    def kill_head(self):
        """And with it all that the cluster knows."""
        family = descendants(self.head.pid)
        self._kill(self.head, "gcs_server")
        self._end(self.head, family)
        self.head = None
        self.stop()
