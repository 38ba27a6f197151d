"""Peyk as people install it: the built wheel in an environment that has nothing else but what Peyk needs to run.

No test may reach a registry, so what Peyk needs is linked from the environment of the tests: exactly the packages
that the wheel's metadata ask for, theirs included, and none of those that are there for development alone.
"""

import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
_SITE = Path(sysconfig.get_paths()["purelib"])


def built_wheel(folder: Path) -> Path:
    """Build the wheel into `folder`."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def metadata_of(wheel: Path) -> Distribution:
    """Return what a wheel says of itself."""
    (info,) = (entry for entry in zipfile.Path(wheel).iterdir() if entry.name.endswith(".dist-info"))
    return PathDistribution(info)


def installed(wheel: Path, folder: Path) -> Path:
    """Make an environment in `folder` that has the wheel and what it needs; return the folder of its programs."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
    programs = folder / "bin"
    site = next(folder.glob("lib/python*/site-packages"))
    command = [str(programs / "python"), "-m", "pip", "install", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    for needed in dependencies(metadata_of(wheel)).values():
        _link(needed, site)
    return programs


def dependencies(of: Distribution) -> dict[str, Distribution]:
    """Return the packages that a package needs on this machine, and what they need, by name."""
    needed: dict[str, Distribution] = {}
    asked = [*_required(of, frozenset({""}))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while asked:
        name, extras = asked.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        needed[name] = distribution(name)
        asked += _required(needed[name], extras)
    return needed


def _required(of: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for line in of.requires or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield canonicalize_name(requirement.name), frozenset({"", *requirement.extras})


def _link(needed: Distribution, site: Path) -> None:
    for name in {file.parts[0] for file in needed.files or ()} - {"..", "__pycache__"}:
        link = site / name
        if not link.exists():
            link.symlink_to(_SITE / name)
