"""Docker or podman, and where containers of a test run."""

import json
import os
import shutil
import subprocess
import sys

FOLDER = os.path.abspath(".build/containers")
BASE = "localhost/debian:bookworm-slim"
# What podman needs where nothing is set up: a runtime that takes any control groups, names between containers.
SETTINGS = """[containers]
default_ulimits = ["nofile=4096:4096", "nproc=30000:30000"]
keyring = false
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
[network]
network_backend = "netavark"
"""


def run(*command, **options):
    """Runs a command; its output as text. What it says is shown only when it fails."""
    result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
    if result.returncode != 0:
        sys.exit(f"containers: {' '.join(command)}: status {result.returncode}\n{result.stdout[-2000:]}{result.stderr[-4000:]}")
    return result.stdout


def output(*command):
    """What a command says, whether it succeeds or not."""
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout


def succeeds(*command):
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0


def choose():
    """Prepares the environment of all that is run, and names the engine."""
    if succeeds("docker", "compose", "version"):
        return "docker"
    os.environ["PATH"] = os.path.abspath(".build/check-venv/bin") + ":" + os.environ["PATH"] + ":/usr/sbin"
    missing = [tool for tool in ("podman", "podman-compose", "runc", "unshare", "ip") if not shutil.which(tool)]
    if missing or os.getuid() != 0:
        sys.exit(
            f"containers: neither docker compose is here nor all of podman ({', '.join(missing) or 'root is needed'}): "
            "install Docker, or as root: apt-get install podman runc netavark aardvark-dns iptables debootstrap")
    os.makedirs(FOLDER, exist_ok=True)
    path = os.path.join(FOLDER, "containers.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SETTINGS)
    os.environ.update(CONTAINERS_CONF=path, DEBIAN=BASE, ENGINE="podman")
    return "podman"


def prepare_base():
    """Debian as debootstrap makes it, where no registry is asked."""
    if succeeds("podman", "image", "exists", BASE):
        return
    print("containers: making the base image with debootstrap", flush=True)
    root = os.path.join(FOLDER, "debian")
    shutil.rmtree(root, ignore_errors=True)
    run("debootstrap", "--variant=minbase", "bookworm", root, "http://deb.debian.org/debian")
    archive = os.path.join(FOLDER, "debian.tar")
    run("tar", "--exclude=./var/cache/apt/*", "--exclude=./var/lib/apt/lists/*", "--exclude=./usr/share/doc/*",
        "--exclude=./usr/share/locale/*", "--exclude=./usr/share/man/*", "-C", root, "-cf", archive, ".")
    run("podman", "import", "-q", archive, BASE)
    shutil.rmtree(root)
    os.remove(archive)


def build(engine, project):
    """Builds the images of a compose file, and says how large they are."""
    if engine == "docker":
        run("docker", "compose", "build", cwd=project)
    else:
        prepare_base()
        arguments = "--network=host --format=docker"
        if os.environ.get("PIP_CERT"):
            arguments += f" --volume={os.environ['PIP_CERT']}:/run/pip.crt:ro --build-arg=PIP_CERT=/run/pip.crt"
        run("podman-compose", f"--podman-build-args={arguments}", "build", cwd=project)


def size(engine, image):
    """Megabytes of an image."""
    return int(json.loads(run(engine, "image", "inspect", image))[0]["Size"]) / 1e6


def inspect(engine, name):
    return json.loads(run(engine, "inspect", name))[0]


def address(engine, name):
    networks = inspect(engine, name)["NetworkSettings"]["Networks"]
    return next(iter(networks.values()))["IPAddress"]


def memory(engine, name):
    """Megabytes that the control group of a container holds, as the engine tells them."""
    return run(engine, "stats", "--no-stream", "--format", "{{.MemUsage}}", name).split("/")[0].strip()
