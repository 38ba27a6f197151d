"""The way in: what a first fetch of many sources and each kind of round costs, beside a loop of feedparser."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks import feed_peer, first_fetch, rounds
from benchmarks.fixture import NO_LIMIT, Desk, Town, end, new_desk, town
from benchmarks.intake import intake
from benchmarks.rounds import Scale
from benchmarks.sites import news_sites
from benchmarks.table import Family
from tests import postgres


async def on_sqlite(scale: Scale) -> list[Family]:
    """Measure with a desk on SQLite."""
    async with town(total=NO_LIMIT) as here, new_desk(here) as desk:
        return await _measure("SQLite", here, desk, scale)


async def on_postgresql(scale: Scale) -> list[Family]:
    """Measure with a desk on PostgreSQL, its server started for that; the server's own CPU is not counted."""
    async with town(total=NO_LIMIT) as here, new_desk(here) as desk, _server() as url:
        desk.url = url
        return await _measure("PostgreSQL", here, desk, scale)


async def _measure(kind: str, here: Town, desk: Desk, scale: Scale) -> list[Family]:
    async with news_sites(scale.sources, scale.items) as sites:
        beside = await feed_peer.measure(sites, rounds.behaviours(scale.sources))
        async with intake(here, desk, sites) as newsroom:
            base, families = await first_fetch.measure(newsroom, kind, beside)
            return families + await rounds.measure(newsroom, kind, scale, base, beside=beside)


@asynccontextmanager
async def _server() -> AsyncIterator[str]:
    """A PostgreSQL for one desk, and the address of its database."""
    with tempfile.TemporaryDirectory(prefix="peyk-bench-") as home:
        server = postgres.start(Path(home), {"listen_addresses": "", "shared_buffers": "512MB"})
        try:
            connection = await postgres.connected(home, server)
            await connection.execute("CREATE DATABASE peyk")
            await connection.close()
            yield postgres.address(home, "peyk")
        finally:
            await end(server)
