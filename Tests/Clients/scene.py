"""Two models and servers of them, for programs that are not ours."""

import json
import os
import random
import re
import socket
import subprocess
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LEARNERS = os.path.join(ROOT, ".build/release/learners")
TOOLS = os.path.join(ROOT, ".build/clients-tools")
ADMIN = "clients-0123456789abcdef"


def tool(name):
    """A program that scripts/clients-test unpacked, or the machine's own."""
    for folder in ["usr/bin", "usr/sbin"]:
        path = os.path.join(TOOLS, folder, name)
        if os.path.exists(path):
            return path
    return name


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s for: {what}"
        time.sleep(0.02)


class Server:
    """A process of its own, with the models `homes` and `plants`."""

    def __init__(self, scene, *options, port=True):
        models = [f"--model={name}={scene.path(name)}/best.safetensors" for name in ["homes", "plants"]]
        place = ["--port", "0"] if port else []
        self.log = open(scene.path(f"log-{free_port()}"), "w+")
        self.process = subprocess.Popen(
            [LEARNERS, "serve", *models, *place, "--log-format", "text", "--admin-token-file", scene.path("admin"),
             *options], stdout=subprocess.DEVNULL, stderr=self.log)
        wait_for("the server", lambda: self.process.poll() is not None or "serving at " in self.text())
        assert self.process.poll() is None, self.text()
        self.url = re.search(r"serving at (\S+)", self.text()).group(1).rstrip("/")
        if port:
            # Of several workers the first takes some milliseconds more.
            wait_for("an answer", self.is_there)

    def is_there(self):
        try:
            return bool(self.get("/v2"))
        except OSError:
            return False

    def text(self):
        with open(self.log.name) as file:
            return file.read()

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return answer.read().decode()

    def predict(self, model, rows):
        body = json.dumps({"instances": rows}).encode()
        request = urllib.request.Request(
            f"{self.url}/api/predict?model={model}", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return [list(row.values())[0] for row in json.load(answer)["predictions"]]

    def stop(self):
        self.process.terminate()
        self.log.close()
        assert self.process.wait(timeout=30) == 0, self.text()


class Scene:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="learners-clients-")
        with open(self.path("admin"), "w") as file:
            file.write(ADMIN)
        draw = random.Random(1)
        self.fit("homes", "area,kind,price", [
            (area, kind, round(area * 2000 + (50_000 if kind == "house" else 0) + draw.gauss(0, 5_000), 2))
            for area, kind in ((round(draw.uniform(20, 200), 1), draw.choice(["flat", "house"])) for _ in range(200))])
        self.fit("plants", "height,sort,age", [
            (height, sort, round(height / (3 if sort == "oak" else 9) + draw.gauss(0, 0.2), 3))
            for height, sort in ((round(draw.uniform(1, 30), 1), draw.choice(["oak", "reed"])) for _ in range(200))])

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def fit(self, name, header, rows):
        with open(self.path(name + ".csv"), "w") as file:
            file.write(header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
        subprocess.run(
            [LEARNERS, "fit", "--data", self.path(name + ".csv"), "--model", "ridge", "--cv", "2", "--out",
             self.path(name)], check=True, capture_output=True)

    def stop(self):
        self.folder.cleanup()
