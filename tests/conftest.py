"""What holds for the whole run: nothing leaves this machine, and both databases are tried.

A connection or a name beyond loopback fails loudly. Without a PostgreSQL the run says so, and on CI it fails.
"""

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests import postgres

_LOCAL_NAMES = {"localhost", "ip6-localhost", ""}


class NetworkUsedError(AssertionError):
    """A test reached for the network."""


def _is_local(host: object) -> bool:
    if host is None or str(host) in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    if postgres.binaries() is None and os.environ.get("CI") == "true":
        raise pytest.UsageError("no PostgreSQL: put pg_ctl on PATH, or make the tests' .venv anew (make setup)")
    postgres.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.end_run()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if postgres.binaries() is None:
        out = [item for item in items if "postgres_socket" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if postgres.binaries() is None:
        terminalreporter.section("PostgreSQL was NOT tested", red=True, bold=True)
        terminalreporter.line("There is none: put pg_ctl on PATH, or make the tests' .venv anew (make setup).")


@pytest.fixture(scope="session")
def postgres_socket() -> str:
    """The folder of the socket of this run's PostgreSQL."""
    return postgres.server()


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    real_connect, real_lookup = socket.socket.connect, socket.getaddrinfo

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
            raise NetworkUsedError(f"a test connects to {address}")
        real_connect(self, address)

    def lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_local(host):
            raise NetworkUsedError(f"a test looks up {host}")
        return real_lookup(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", connect)
    patch.setattr(socket, "getaddrinfo", lookup)
    yield
    patch.undo()
