"""Real programs that tests run Peyk beside: each is the machine's own, or its tests are skipped."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

_PACKAGES: Mapping[str, str] = {
    "systemd-analyze": "systemd",
    "promtool": "prometheus",
    "prometheus": "prometheus",
    "nginx": "nginx",
    "haproxy": "haproxy",
    "pgbouncer": "pgbouncer",
    "php": "php-cli",
    "mariadbd": "mariadb-server",
    "/usr/share/wordpress": "wordpress",
}
"""By the name of the program, or its folder: the package of Debian that has it."""


def path_of(program: str) -> str:
    """Return the path of a program; skip the test where the machine has none."""
    path = _found(program)
    if path is None:
        pytest.skip(f"{program} is not there (Debian: {_PACKAGES[program]})")
    return path


def missing() -> dict[str, str]:
    """Return the packages of Debian that have the programs which this machine lacks, by program."""
    return {program: package for program, package in _PACKAGES.items() if _found(program) is None}


def _found(program: str) -> str | None:
    if program.startswith("/"):
        return program if Path(program).is_dir() else None
    # Servers are in folders that are on the path of the superuser alone.
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
