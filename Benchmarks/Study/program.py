"""Runs the program; what a run gave is kept beside its arguments, so that a study goes on where it was stopped."""

import hashlib
import json
import subprocess
from pathlib import Path


class Program:
    def __init__(self, path, folder):
        self.path, self.folder = path, Path(folder)
        self.version = hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]

    def fit(self, paths, target, dropped, seed, models="all"):
        """Path of the folder with the models, and of the out-of-fold predictions."""
        arguments = ["fit", "--data", *paths, "--target", target, "--model", models, "--seed", str(seed),
                     "--target-transform", "log1p", "--json"]
        for name in dropped:
            arguments += ["--drop", name]
        key = hashlib.sha256("\0".join([self.version, *arguments]).encode()).hexdigest()[:16]
        folder = self.folder / key
        if not (folder / "report.json").exists():
            folder.mkdir(parents=True, exist_ok=True)
            output = self.run(arguments + ["--out", str(folder / "models"), "--oof", str(folder / "oof.csv")])
            (folder / "report.json").write_text(output, encoding="utf-8")
        return folder

    def features(self, model):
        return [feature["name"] for feature in json.loads(self.run(["inspect", "--model", model, "--json"]))["features"]]

    def evaluate(self, model, paths):
        return json.loads(self.run(["evaluate", "--model", model, "--data", *paths, "--interval", "0.9", "--json"]))

    def run(self, arguments):
        done = subprocess.run([self.path, *arguments], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"study: {' '.join([self.path, *arguments])} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout
