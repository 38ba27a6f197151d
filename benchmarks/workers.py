"""The speed of several workers on PostgreSQL beside one process on SQLite, and the CPU that a message costs."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.audience import follow
from benchmarks.fixture import NO_LIMIT, Desk, Town, end, new_desk, running, start, town
from benchmarks.processes import cpu_seconds
from benchmarks.table import Family
from benchmarks.watch import watch_desk
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
    async with town(total=NO_LIMIT) as here, new_desk(here) as desk:
        await _measure(family, here, desk, audience, name="SQLite, 1 process")
    for workers in _WORKERS:
        async with town(total=NO_LIMIT) as here, new_desk(here) as desk, _server(desk) as (there, pid):
            name = f"PostgreSQL, {workers} process{'es' if workers > 1 else ''}"
            await _measure(family, here, there, audience, name=name, workers=workers, server=pid)
    lost = sum(row["missing"] for row in family.rows)
    family.verdict(f"{lost} lost (none)", lost == 0)
    return family


@asynccontextmanager
async def _server(desk: Desk) -> AsyncIterator[tuple[Desk, int]]:
    """Start a PostgreSQL, and yield the desk on a database of it and the server's process id."""
    home = Path(tempfile.mkdtemp(prefix="peyk-bench-postgres-"))
    server = postgres.start(home, _SERVER)
    try:
        connection = await postgres.connected(str(home), server)
        await connection.execute(f'CREATE DATABASE "{_NAME}" TEMPLATE "{postgres.EMPTY}"')
        await connection.close()
        yield replace(desk, url=postgres.address(str(home), _NAME)), server.pid
    finally:
        await end(server)
        shutil.rmtree(home, ignore_errors=True)


async def _all_running(desk: Desk, processes: int) -> None:
    """Wait until every process works: what one needs to start is no cost of a message."""
    log = desk.folder / "log"
    async with asyncio.timeout(_START_SECONDS):
        while log.read_text().count("desk_running") < processes:
            await asyncio.sleep(0.1)
    await asyncio.sleep(_WARM_SECONDS)


async def _measure(
    family: Family, here: Town, desk: Desk, audience: int, *, name: str, workers: int = 1, server: int | None = None
) -> None:
    ids = await here.people.people_in_bulk(audience)
    await follow(desk.url, ids, ChatKind.PRIVATE)
    async with running(desk, rate=NO_LIMIT):
        assert desk.process is not None, "running"
        others = [start(desk, rate=NO_LIMIT, what=("bot", "run", "--role", "work")) for _ in range(workers - 1)]
        try:
            await _all_running(desk, workers)
            processes = [desk.process.pid, *(other.pid for other in others)]
            before = sum(map(cpu_seconds, processes)), cpu_seconds(server) if server else 0.0
            run = await watch_desk(desk, audience, most_seconds=audience / _LEAST_PER_SECOND + 10)
            after = sum(map(cpu_seconds, processes)), cpu_seconds(server) if server else 0.0
        finally:
            for other in others:
                await end(other)
    own, servers = (
        round(1000 * (late - early) / max(run.messages, 1), 2) for early, late in zip(before, after, strict=True)
    )
    family.add(run.figures(name) | {"CPU ms": own, "server's CPU ms": servers if server else "-"})
