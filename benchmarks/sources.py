"""The way in: what a first fetch of many sources and each kind of round costs, beside a loop of feedparser."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks import feed_peer, first_fetch, rounds
from benchmarks.fixture import NO_LIMIT, LocalTelegram, PeykApp, end, local_telegram, new_app
from benchmarks.intake import intake
from benchmarks.rounds import Scale
from benchmarks.sites import news_sites
from benchmarks.table import Family
from tests import postgres


async def on_sqlite(scale: Scale) -> list[Family]:
    """Measure with an app on SQLite."""
    async with local_telegram(total=NO_LIMIT) as telegram, new_app(telegram) as app:
        return await _measure("SQLite", telegram, app, scale)


async def on_postgresql(scale: Scale) -> list[Family]:
    """Measure with an app on PostgreSQL, its server started for that; the server's own CPU is not counted."""
    async with local_telegram(total=NO_LIMIT) as telegram, new_app(telegram) as app, _server() as url:
        app.url = url
        return await _measure("PostgreSQL", telegram, app, scale)


async def _measure(kind: str, telegram: LocalTelegram, app: PeykApp, scale: Scale) -> list[Family]:
    async with news_sites(scale.sources, scale.items) as sites:
        beside = await feed_peer.measure(sites, rounds.behaviours(scale.sources))
        async with intake(telegram, app, sites) as newsroom:
            base, families = await first_fetch.measure(newsroom, kind, beside)
            return families + await rounds.measure(newsroom, kind, scale, base, beside=beside)


@asynccontextmanager
async def _server() -> AsyncIterator[str]:
    """A PostgreSQL for one app, and the address of its database."""
    with tempfile.TemporaryDirectory(prefix="peyk-bench-") as home:
        server = postgres.start(Path(home), {"listen_addresses": "", "shared_buffers": "512MB"})
        try:
            connection = await postgres.connected(home, server)
            await connection.execute("CREATE DATABASE peyk")
            await connection.close()
            yield postgres.address(home, "peyk")
        finally:
            await end(server)
