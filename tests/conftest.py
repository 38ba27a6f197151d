"""Rules of the whole run: nothing leaves this machine, and both databases are tried.

A connection or a name beyond loopback fails loudly. Without a PostgreSQL the run says so, and on CI it fails.
"""

import gc
import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from sandbox import server
from sandbox.client import SandboxClient
from tests import postgres, real_programs, run_folder, wall_clock
from tests.browser import chromium
from tests.flows.news_site import NewsSite
from tests.peyk_app import Telegram
from tests.ready_database import ready_database as made_database

_ROOM = 4 * 2**30
"""Bytes that a run may need for its databases."""
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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--crashes", type=int, default=4, help="moments at which tests/crash kill an app, on each database"
    )

    parser.addoption(
        "--pictures", help="the folder for the pictures of the documentation; without it none are made"
    )

    parser.addoption("--now", help="the instant at which the tests are to run, as 2027-03-20T23:59:50+03:30")


def pytest_configure(config: pytest.Config) -> None:
    if (now := config.getoption("--now")) is not None:
        wall_clock.begin_at(datetime.fromisoformat(now))
    # How long one example takes is the machine's affair, not the test's.
    settings.register_profile("peyk", deadline=None, max_examples=100)
    settings.load_profile("peyk")
    gc.disable()  # what is collected stays for the whole run
    if hasattr(config, "workerinput"):
        return
    _write_to_memory()
    if postgres.binaries() is None and os.environ.get("CI") == "true":
        raise pytest.UsageError("no PostgreSQL: put pg_ctl on PATH, or make the tests' .venv anew (make setup)")
    run_folder.begin()


def _write_to_memory() -> None:
    """Keep the tests' databases in memory where there is room: a power cut is not what they stand for.

    Every commit of every app is synced to the disk; on a slow one, that is what a run would wait for.
    """
    memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and memory.is_dir() and shutil.disk_usage(memory).free >= _ROOM:
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        run_folder.end()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if postgres.binaries() is None:
        _leave_out(config, items, "postgres_socket")
    if chromium.executable() is None:
        _leave_out(config, items, "browser")
    if config.getoption("--pictures") is None:
        _leave_out(config, items, "pictures_folder")
    _spread(items)


def _leave_out(config: pytest.Config, items: list[pytest.Item], fixture: str) -> None:
    """Deselect the tests that need a fixture which this machine cannot give."""
    out = [item for item in items if fixture in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def _spread(items: list[pytest.Item]) -> None:
    """Mix the tests that mostly wait, of whole apps, with those that mostly compute: together they end sooner.

    Those in a browser come first, together: the browser and the demo end after the last of them.
    """
    groups: tuple[list[pytest.Item], list[pytest.Item]] = ([], [])
    in_browser: list[pytest.Item] = []
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        (in_browser if "browser" in fixtures else groups["telegram" in fixtures]).append(item)
    placed = [(place / len(group), item) for group in groups for place, item in enumerate(group)]
    items[:] = [*in_browser, *(item for _, item in sorted(placed, key=itemgetter(0)))]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if postgres.binaries() is None:
        terminalreporter.section("PostgreSQL was NOT tested", red=True, bold=True)
        terminalreporter.line("There is none: put pg_ctl on PATH, or make the tests' .venv anew (make setup).")
    if chromium.executable() is None:
        terminalreporter.section("The page was NOT tested in a browser", red=True, bold=True)
        terminalreporter.line("There is none: install Chromium (Debian: chromium), or name it in CHROMIUM.")
    if absent := real_programs.missing():
        terminalreporter.section("Peyk was NOT tested beside some programs", red=True, bold=True)
        for program, package in absent.items():
            terminalreporter.line(f"{program} is not there (Debian: {package})")


@pytest.fixture(scope="session")
def postgres_socket() -> str:
    """The folder of the socket of this run's PostgreSQL."""
    return postgres.server()


@pytest.fixture(scope="session")
def ready_database() -> Path:
    """An SQLite database as the first start makes it, to be copied."""
    return made_database()


@pytest.fixture
def sqlite_url(tmp_path: Path, ready_database: Path) -> str:
    """The URL of a new SQLite database."""
    return f"sqlite:///{shutil.copy(ready_database, tmp_path)}"


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


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    running = await server.start()
    async with SandboxClient(running.url) as people:
        telegram = Telegram(running, people)
        telegram.owner = await people.person("سردبیر", started=True)
        telegram.reader = await people.person("خواننده", started=True)
        yield telegram
    await running.stop()


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    site = NewsSite()
    await site.start()
    yield site
    await site.stop()
