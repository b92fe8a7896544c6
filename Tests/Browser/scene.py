"""A made-up GitHub, a model of made-up repositories, and servers in several states."""

import json
import os
import re
import subprocess
import tempfile
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LEARNERS = os.path.join(ROOT, ".build/release/learners")
GITHUB = os.path.join(ROOT, ".build/release/github-server")
TOKEN = "ghp_browser0123456789"


class Scene:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="learners-browser-")
        self.processes = []
        models = os.path.join(self.folder.name, "models")
        # The sample that comes with the program is made by the generator that makes the repositories of the server.
        subprocess.run(
            [LEARNERS, "fit", "--model", "mean,ridge,extra-trees,boosting", "--out", models,
             "--oof", os.path.join(models, "oof.csv")],
            check=True, capture_output=True)
        self.model = os.path.join(models, "best.safetensors")
        self.github = self.start_github()
        self.url = self.serve("--api", self.github)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def start_github(self, *options):
        process = subprocess.Popen(
            [GITHUB, "--repositories", "300", "--token", TOKEN, *options], stdout=subprocess.PIPE, text=True)
        self.processes.append(process)
        return process.stdout.readline().strip()

    def start_faulty_github(self, kind):
        plan = self.path(f"{kind}.json")
        with open(plan, "w") as file:
            json.dump({"share": 1, "inARow": 1_000_000, "kinds": [kind], "wait": 1500}, file)
        return self.start_github("--faults", plan)

    def serve(self, *options, model=True, token=None):
        """Starts a server of its own and returns its address."""
        environment = {name: value for name, value in os.environ.items() if name != "GITHUB_TOKEN"}
        if token:
            environment["GITHUB_TOKEN"] = token
        arguments = ["--model", self.model] if model else []
        # Without --model the server looks for one in its working folder.
        folder = self.folder.name if model else tempfile.mkdtemp(dir=self.folder.name)
        process = subprocess.Popen(
            [LEARNERS, "serve", "--port", "0", "--log-format", "text", *arguments, *options], cwd=folder, env=environment,
            stderr=subprocess.PIPE, text=True)
        self.processes.append(process)
        lines = []
        for line in process.stderr:
            lines.append(line)
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found and "serving" in line:
                return found.group()
        raise RuntimeError("the server does not start: " + "".join(lines))

    def repositories(self, *places):
        """Names of made-up repositories by their place in the order of stars."""
        request = urllib.request.Request(
            self.github + "/search/repositories?q=stars:%3E%3D0&sort=stars&order=desc&per_page=100&page=1",
            headers={"Accept": "application/json", "User-Agent": "test"})
        with urllib.request.urlopen(request) as answer:
            items = json.load(answer)["items"]
        return [items[place]["full_name"] for place in places]

    def table(self, name="table.csv", rows=40):
        path = self.path(name)
        subprocess.run([LEARNERS, "sample", "--rows", str(rows), "--seed", "5", "--out", path], check=True,
                       capture_output=True)
        return path

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()
        self.folder.cleanup()
