"""A newsroom of several processes: receivers behind a load balancer, workers, and a PostgreSQL of its own."""

import asyncio
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from storage.bootstrap import opened
from tests import postgres
from tests.crash.balancer import balanced
from tests.peyk_app import PeykAppOnPostgres, Telegram
from tests.unit.web.conftest import free_port

_NAME = "newsroom"
_SERVER = {
    "listen_addresses": "",
    "max_connections": "400",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    # An immediate stop loses what the operating system has not got; no power is cut here.
    "fsync": "off",
    "full_page_writes": "off",
}
_STOP_SECONDS = 30
_START_SECONDS = 90


@dataclass
class Server:
    """A PostgreSQL server whose files are in `home`."""

    home: Path
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        """The address of the newsroom's database."""
        return postgres.address(str(self.home), _NAME)

    async def stop(self) -> None:
        """End the server in immediate mode: every session is cut, and the next start recovers from the log."""
        self.process.send_signal(signal.SIGQUIT)
        await asyncio.to_thread(self.process.wait, _STOP_SECONDS)

    async def restart(self) -> None:
        """Stop the server in immediate mode, and start it again."""
        await self.stop()
        await self.start()

    async def start(self) -> None:
        """Start the server again, and wait until it takes connections."""
        self.process = postgres.start(self.home, _SERVER)
        await (await postgres.connected(str(self.home), self.process)).close()


@asynccontextmanager
async def own_server() -> AsyncIterator[Server]:
    """Start a PostgreSQL with an empty database for the newsroom; it and its files are gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="peyk-cluster-"))
    server = Server(home, postgres.start(home, _SERVER))
    try:
        connection = await postgres.connected(str(home), server.process)
        await connection.execute(f'CREATE DATABASE "{_NAME}" TEMPLATE "{postgres.EMPTY}"')
        await connection.close()
        async with opened(server.url):
            pass  # the migrations
        yield server
    finally:
        await server.stop()
        shutil.rmtree(home, ignore_errors=True)


@dataclass
class Member:
    """One process of the cluster: its app, its role, and its own settings."""

    app: PeykAppOnPostgres
    role: str
    settings: Mapping[str, str]
    starts: int = 0

    async def start(self) -> None:
        """Start the process and wait until it works. Raises AssertionError with its log where it ends instead."""
        self.starts += 1
        self.app.start("--role", self.role, **self.settings)
        async with asyncio.timeout(_START_SECONDS):
            while self.app.log.count("app_running") < self.starts:
                assert self.app.is_running, self.app.log[-3000:]
                await asyncio.sleep(0.1)


@dataclass
class Cluster:
    """Every process of one newsroom."""

    members: list[Member] = field(default_factory=list)

    def of_role(self, role: str) -> Sequence[Member]:
        """Return the members with that role."""
        return [member for member in self.members if member.role == role]

    @property
    def log(self) -> str:
        """Everything that all processes have logged."""
        return "\n".join(member.app.log for member in self.members)


@asynccontextmanager
async def cluster(
    folder: Path, telegram: Telegram, url: str, *, settings: Mapping[str, str], workers: int, receivers: int = 2
) -> AsyncIterator[Cluster]:
    """Start the receivers behind a load balancer, then the workers, on the database at `url`."""
    ports = [free_port() for _ in range(receivers)]
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(balanced([f"http://127.0.0.1:{port}" for port in ports]))
        hook = {"WEBHOOK_URL": address, "WEBHOOK_SECRET": "s3cret"}
        made = Cluster()
        for number, port in enumerate(ports):
            own = {**settings, **hook, "LISTEN": f"127.0.0.1:{port}"}
            made.members.append(Member(_app(folder / f"receiver{number}", telegram, url, stack), "receive", own))
        for number in range(workers):
            made.members.append(Member(_app(folder / f"worker{number}", telegram, url, stack), "work", settings))
        for member in made.members:
            await member.start()
        yield made


def _app(folder: Path, telegram: Telegram, url: str, stack: AsyncExitStack) -> PeykAppOnPostgres:
    folder.mkdir()
    app = PeykAppOnPostgres(folder, telegram, url)
    stack.callback(app.abandon)
    return app
