"""The development application, tried: a cluster of two workers, a token at every door, a fit that ends on the volume."""

import os
import re
import shutil
import time
import urllib.error
import urllib.request

import engine as containers

PROJECT = os.path.join(containers.FOLDER, "development")


class Development:
    def __init__(self, engine, check, wait):
        self.engine, self.check, self.wait = engine, check, wait
        self.compose = ("docker", "compose") if engine == "docker" else ("podman-compose",)

    def names(self, service):
        listing = containers.run(
            self.engine, "ps", "--filter", "label=com.docker.compose.project=learners-development", "--filter",
            f"label=com.docker.compose.service={service}", "--format", "{{.Names}}")
        return sorted(listing.split())

    def inside(self, service, *command):
        return containers.run(self.engine, "exec", self.names(service)[0], *command)

    def processors(self):
        """What the cluster has, as ray status says it: used/all."""
        text = containers.output(self.engine, "exec", self.names("ray-head")[0], "ray", "status")
        return next((line.split()[0] for line in text.splitlines() if line.strip().endswith("CPU")), "")

    def status(self, address):
        try:
            return urllib.request.urlopen(address, timeout=5).status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def submit(self, name, *command):
        return containers.run(
            self.engine, "exec", self.names("ray-head")[0], "ray", "job", "submit", "--submission-id", name, "--entrypoint-num-cpus", "1",
            "--no-wait", "--", *command)

    def ended(self, name):
        """How a job ended: succeeded, failed or stopped; None while it has not."""
        text = containers.output(self.engine, "exec", self.names("ray-head")[0], "ray", "job", "status", name)
        found = re.search(rf"Job '{name}' (?:was )?(succeeded|failed|stopped)", text)
        return found and found.group(1)

    def succeeds(self, name):
        """Whether a job ends well, and the seconds until it did."""
        done = self.wait(300, lambda: self.ended(name))
        return done is not None and self.ended(name) == "succeeded", f"{done or 0:.0f} s"


def test(engine, check, wait):
    application = Development(engine, check, wait)
    shutil.rmtree(PROJECT, ignore_errors=True)
    shutil.copytree("deploy/development", PROJECT)
    try:
        containers.run(*application.compose, "up", "--detach", "--no-build", cwd=PROJECT)
        start = time.monotonic()
        # Asking Ray takes seconds of a processor: only once its door is open.
        wait(300, lambda: time.sleep(2) or application.status("http://127.0.0.1:8265/api/version") == 401)
        check(
            "a Ray head and two workers", wait(180, lambda: time.sleep(5) or application.processors() == "0.0/2.0") is not None,
            f"{time.monotonic() - start:.0f} s")
        for name in application.names("ray-head") + application.names("ray-worker") + application.names("jupyter"):
            check(f"{name}: memory", True, containers.memory(engine, name))
        check("Ray's interface refuses who has no token", application.status("http://127.0.0.1:8265/api/version") == 401)
        check("JupyterLab answers", wait(120, lambda: application.status("http://127.0.0.1:8888/api") == 200) is not None)
        check("JupyterLab refuses who has no token", application.status("http://127.0.0.1:8888/api/contents") == 403)
        fit_on_cluster(application)
        search_on_cluster(application)
    finally:
        containers.run(*application.compose, "down", "--volumes", "--remove-orphans", cwd=PROJECT)


def fit_on_cluster(application):
    """The same rows and seed give the same model, on the cluster and beside it."""
    application.inside("jupyter", "learners", "sample", "--rows", "2000", "--seed", "1", "--out", "/data/rows.csv")
    options = ("--data", "/data/rows.csv", "--target", "stars", "--model", "ridge,boosting", "--threads", "1")
    application.submit("fit", "learners", "fit", *options, "--out", "/data/models")
    application.check("a fit ends on a worker", *application.succeeds("fit"))
    application.inside("jupyter", "learners", "fit", *options, "--out", "/data/alone")
    same_model(application, "/data/models", "/data/alone")


def search_on_cluster(application):
    """`learners tune` as a job has its units done by the workers, one of which is lost meanwhile."""
    options = ("--data", "/data/rows.csv", "--target", "stars", "--model", "ridge,svr,boosting", "--trials", "60", "--out")
    containers.run(
        application.engine, "exec", application.names("ray-head")[0], "ray", "job", "submit", "--submission-id", "search", "--no-wait", "--",
        "learners", "tune", *options, "/data/search", "--ray", "auto")
    begun = application.wait(120, lambda: application.processors() == "2.0/2.0")
    application.check("both workers do units of a search", begun is not None, f"{begun or 0:.0f} s")
    lost = application.names("ray-worker")[0]
    containers.run(application.engine, "kill", lost)
    application.check("the search was not over when a worker was killed", application.ended("search") is None)
    application.check("a search ends although a worker was killed", *application.succeeds("search"))
    application.inside("jupyter", "learners", "tune", *options, "/data/searched-alone")
    same_model(application, "/data/search", "/data/searched-alone")


def same_model(application, one, other):
    sums = application.inside("jupyter", "sha256sum", f"{one}/best.safetensors", f"{other}/best.safetensors").split()
    application.check("it is the same model as from one machine", sums[0] == sums[2], sums[0][:12])
