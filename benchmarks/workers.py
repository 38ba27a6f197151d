"""The speed of several workers on PostgreSQL beside one process on SQLite, and the CPU that a message costs."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.audience import follow
from benchmarks.fixture import NO_LIMIT, LocalTelegram, PeykApp, end, local_telegram, new_app, running, start
from benchmarks.processes import cpu_seconds
from benchmarks.table import Family
from benchmarks.watch import watch_app
from storage.records import ChatKind
from tests import postgres

_WORKERS = (1, 2, 4)
_SERVER = {"listen_addresses": "", "shared_buffers": "256MB", "max_connections": "200"}
_NAME = "newsroom"
_LEAST_PER_SECOND = 50
_WARM_SECONDS = 3.0
_START_SECONDS = 120


async def several(audience: int) -> Family:
    """One headline for `audience` private chats, without a limit: on SQLite, then with 1 to 4 processes."""
    family = Family(f"several workers, no limits, {audience} private chats")
    async with local_telegram(total=NO_LIMIT) as telegram, new_app(telegram) as app:
        await _measure(family, telegram, app, audience, name="SQLite, 1 process")
    for workers in _WORKERS:
        async with (
            local_telegram(total=NO_LIMIT) as telegram,
            new_app(telegram) as app,
            _server(app) as (url, pid),
        ):
            name = f"PostgreSQL, {workers} process{'es' if workers > 1 else ''}"
            await _measure(family, telegram, url, audience, name=name, workers=workers, server=pid)
    lost = sum(row["missing"] for row in family.rows)
    family.verdict(f"{lost} lost (none)", lost == 0)
    return family


@asynccontextmanager
async def _server(app: PeykApp) -> AsyncIterator[tuple[PeykApp, int]]:
    """Start a PostgreSQL, and yield Peyk on a database of it and the server's process id."""
    home = Path(tempfile.mkdtemp(prefix="peyk-bench-postgres-"))
    server = postgres.start(home, _SERVER)
    try:
        connection = await postgres.connected(str(home), server)
        await connection.execute(f'CREATE DATABASE "{_NAME}" TEMPLATE "{postgres.EMPTY}"')
        await connection.close()
        yield replace(app, url=postgres.address(str(home), _NAME)), server.pid
    finally:
        await end(server)
        shutil.rmtree(home, ignore_errors=True)


async def _all_running(app: PeykApp, processes: int) -> None:
    """Wait until every process works: what one needs to start is no cost of a message."""
    log = app.folder / "log"
    async with asyncio.timeout(_START_SECONDS):
        while log.read_text().count("app_running") < processes:
            await asyncio.sleep(0.1)
    await asyncio.sleep(_WARM_SECONDS)


async def _measure(
    family: Family,
    telegram: LocalTelegram,
    app: PeykApp,
    audience: int,
    *,
    name: str,
    workers: int = 1,
    server: int | None = None,
) -> None:
    ids = await telegram.people.people_in_bulk(audience)
    await follow(app.url, ids, ChatKind.PRIVATE)
    async with running(app, rate=NO_LIMIT):
        assert app.process is not None, "running"
        helpers = [start(app, rate=NO_LIMIT, command=("bot", "run", "--role", "work")) for _ in range(workers - 1)]
        try:
            await _all_running(app, workers)
            processes = [app.process.pid, *(other.pid for other in helpers)]
            before = sum(map(cpu_seconds, processes)), cpu_seconds(server) if server else 0.0
            run = await watch_app(app, audience, most_seconds=audience / _LEAST_PER_SECOND + 10)
            after = sum(map(cpu_seconds, processes)), cpu_seconds(server) if server else 0.0
        finally:
            for other in helpers:
                await end(other)
    own, servers = (
        round(1000 * (late - early) / max(run.messages, 1), 2) for early, late in zip(before, after, strict=True)
    )
    family.add(run.figures(name) | {"CPU ms": own, "server's CPU ms": servers if server else "-"})
