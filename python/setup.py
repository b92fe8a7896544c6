"""A wheel with a shared library for one platform and every Python 3. The library is made of Swift: README.md says how."""

import os
import shutil
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

HOW = """
swift-learners: the shared library is not here: it is written in Swift and is no part of the source distribution.
Make the wheel in the repository, which has all of it (Swift 6.3, Linux):  make wheel
Or make the library there and say where it is:  make library
  SWIFT_LEARNERS_LIBRARY=.build/library/lib/liblearners.so pip install swift_learners-….tar.gz
"""


class PlatformDistribution(Distribution):
    """The library is loaded by ctypes: it is no extension module, and yet not for every platform."""

    def has_ext_modules(self) -> bool:
        return True


class WithLibrary(build_py):
    """The library is beside the package, or where a variable says: without it nothing would work, and nothing is built."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        place = Path(self.build_lib) / "swift_learners" / "lib" / "liblearners.so"
        given = os.environ.get("SWIFT_LEARNERS_LIBRARY")
        if not place.exists() and given:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(given, place)
        if not place.exists():
            raise SystemExit(HOW)


class AnyPython(bdist_wheel):
    def get_tag(self) -> tuple[str, str, str]:
        return "py3", "none", super().get_tag()[2]


setup(distclass=PlatformDistribution, cmdclass={"bdist_wheel": AnyPython, "build_py": WithLibrary})
