"""What a release is made of, as the build tells it."""

import collections
import json
import os
import re
import sys

DebianPackage = collections.namedtuple("DebianPackage", "name version architecture source libraries")
SwiftPackage = collections.namedtuple("SwiftPackage", "name version revision location licence notice")


def debian_packages(listing):
    """The packages of what `libraries` listed, each once, with the names of its libraries."""
    packages = {}
    with open(listing, encoding="utf-8") as file:
        for line in file:
            library, *package = line.rstrip("\n").split("\t")
            packages.setdefault(tuple(package), []).append(library)
    return [DebianPackage(*package, names) for package, names in sorted(packages.items())]


def linked_modules(scratch):
    """The modules whose objects the linker was given."""
    with open(os.path.join(scratch, "release", "learners.product", "Objects.LinkFileList"), encoding="utf-8") as file:
        return set(re.findall(r"/([^/]+)\.build/", file.read()))


def swift_packages(scratch):
    """The pinned packages with a module in the program."""
    with open("Package.resolved", encoding="utf-8") as file:
        pins = json.load(file)["pins"]
    modules = linked_modules(scratch)
    packages = []
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        name = os.path.basename(pin["location"]).removesuffix(".git")
        folder = os.path.join(scratch, "checkouts", name)
        own = {entry for _, folders, _ in os.walk(os.path.join(folder)) for entry in folders}
        if not own & modules:
            continue
        texts = {entry.split(".")[0].upper(): os.path.join(folder, entry) for entry in sorted(os.listdir(folder))}
        if "LICENSE" not in texts:
            sys.exit(f"contents: {folder}: no file LICENSE: {name} cannot be passed on")
        state = pin["state"]
        packages.append(
            SwiftPackage(name, state.get("version"), state["revision"], pin["location"], texts["LICENSE"], texts.get("NOTICE")))
    return packages


def licence_identifier(path):
    """SPDX's name of a licence whose text leaves no doubt, else NOASSERTION."""
    with open(path, encoding="utf-8") as file:
        text = " ".join(file.read().split())
    if "Apache License Version 2.0, January 2004" in text:
        exception = "Runtime Library Exception to the Apache 2.0 License" in text
        return "Apache-2.0 WITH Swift-exception" if exception else "Apache-2.0"
    if "Permission is hereby granted, free of charge, to any person obtaining a copy" in text:
        return "MIT"
    return "NOASSERTION"
