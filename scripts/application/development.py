"""The development application, tried: a cluster of two workers, a token at every door, a fit that ends on the volume."""

import os
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
        text = containers.output(self.engine, "exec", self.names("ray-head")[0], "ray", "job", "status", name)
        return next((word for word in ("SUCCEEDED", "FAILED", "STOPPED") if word in text), None)


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
    """The same rows and seed give the same model, on the cluster and beside it, though a worker is lost meanwhile."""
    application.inside("jupyter", "learners", "sample", "--rows", "2000", "--seed", "1", "--out", "/data/rows.csv")
    options = ("--data", "/data/rows.csv", "--target", "stars", "--model", "ridge,boosting", "--threads", "1")
    application.submit("fit", "learners", "fit", *options, "--out", "/data/models")
    check = application.check
    check("a fit ends on a worker", application.wait(300, lambda: application.ended("fit")) is not None and application.ended("fit") == "SUCCEEDED")
    application.inside("jupyter", "learners", "fit", *options, "--out", "/data/alone")
    sums = application.inside("jupyter", "sha256sum", "/data/models/best.safetensors", "/data/alone/best.safetensors").split()
    check("it is the same model as on one machine", sums[0] == sums[2], sums[0][:12])
    lost = application.names("ray-worker")[0]
    containers.run(application.engine, "kill", lost)
    application.submit("again", "learners", "fit", *options, "--out", "/data/again")
    done = application.wait(300, lambda: application.ended("again"))
    check("a fit ends although a worker was killed", done is not None and application.ended("again") == "SUCCEEDED", f"{done or 0:.0f} s")


def search_on_cluster(application):
    """`learners tune` as a job, which has its units done by the workers."""
    options = ("--data", "/data/rows.csv", "--target", "stars", "--model", "ridge,svr", "--trials", "6", "--out")
    containers.run(
        application.engine, "exec", application.names("ray-head")[0], "ray", "job", "submit", "--submission-id", "search", "--no-wait", "--",
        "learners", "tune", *options, "/data/search", "--ray", "auto")
    done = application.wait(300, lambda: application.ended("search"))
    application.check("a search on the cluster ends", done is not None and application.ended("search") == "SUCCEEDED", f"{done or 0:.0f} s")
    application.inside("jupyter", "learners", "tune", *options, "/data/searched-alone")
    sums = application.inside("jupyter", "sha256sum", "/data/search/best.safetensors", "/data/searched-alone/best.safetensors").split()
    application.check("it is the same model as from one machine", sums[0] == sums[2], sums[0][:12])
