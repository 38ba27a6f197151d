"""A server with a real database and a real receiver, and clients that say what no well-behaved client would."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

import pytest

from bot.clock import now_ms
from bot.config import load_settings
from bot.ingest.sources.websub import CallbackKey
from bot.updates.receiver import Receiver
from bot.web import serve, webhook_routes, websub_routes
from bot.web.health import Checks
from storage.bootstrap import opened
from storage.engine.database import Database

SECRET = "the-secret-of-telegram"

# Below those that systems give to connections and to servers without a port of their own (Linux: from 32768).
_PORTS = range(20_000, 32_000)
_CHANCE = random.SystemRandom()  # another in each process, whatever seeds


def free_port() -> int:
    """Return a port that nobody listens on, and that nobody gets who asks the system for any port."""
    while True:
        port = _CHANCE.choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Server:
    """A running server on `port`; `handled` are the updates that came through."""

    def __init__(self, database: Database, port: int, monitoring_port: int) -> None:
        self.database = database
        self.port = port
        self.monitoring_port = monitoring_port
        self.handled: list[dict[str, Any]] = []

    async def connect(self, port: int = 0) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection."""
        return await asyncio.open_connection("127.0.0.1", port or self.port)

    async def say(self, words: bytes, port: int = 0) -> bytes:
        """Send `words` as they are and return all that comes until the server ends the connection."""
        reader, writer = await self.connect(port)
        try:
            async with asyncio.timeout(20):
                writer.write(words)
                try:
                    return await reader.read()
                except ConnectionError:
                    return b""
        finally:
            writer.close()

    async def get(self, path: str, *, port: int = 0, method: str = "GET", **headers: str) -> bytes:
        """Ask for `path` and return the whole answer."""
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        return await self.say(f"{method} {path} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode(), port)


def status(answer: bytes) -> int:
    """Return the status of an answer, 0 where there was none."""
    return int(answer.split(b" ", 2)[1]) if answer else 0


def body_of(answer: bytes) -> bytes:
    """Return the body of an answer."""
    return answer.partition(b"\r\n\r\n")[2]


def post(body: bytes, *, secret: str = SECRET, headers: str = "") -> bytes:
    """Return a request of Telegram's, as it goes over the wire."""
    head = f"POST /telegram HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: {secret}\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


Serving = Callable[..., AbstractAsyncContextManager[Server]]


@pytest.fixture
def serving(sqlite_url: str) -> Serving:
    """Start a server whose process may have `files` open; other arguments are settings, {port} a free one."""

    @asynccontextmanager
    async def start(files: int = 4096, checks: Checks | None = None, **settings: str) -> AsyncIterator[Server]:
        server: Server

        async def handle(update: dict[str, Any]) -> None:
            server.handled.append(update)

        async with opened(sqlite_url) as database:
            server = Server(database, free_port(), free_port())
            chosen = {"LISTEN": f"127.0.0.1:{server.port}", "WEBHOOK_SECRET": SECRET, "DATABASE_URL": sqlite_url}
            chosen |= {name: value.format(port=server.monitoring_port) for name, value in settings.items()}
            receiver = Receiver(database, now_ms, handle, lease=30_000, alone=True)
            configured = load_settings(chosen, env_file=None)
            async with serve(
                configured,
                database,
                now_ms,
                public={
                    **webhook_routes(configured, receiver),
                    **websub_routes(database, CallbackKey("key"), now_ms),
                },
                checks=checks or {},
                files=files,
            ):
                yield server
            await receiver.drain()

    return start


@pytest.fixture
async def server(serving: Serving) -> AsyncIterator[Server]:
    """A server of the webhook, health and metrics."""
    async with serving() as running:
        yield running
