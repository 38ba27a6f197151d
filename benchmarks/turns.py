"""The cost of a fan-out for others who use the same database: the time of each of their transactions meanwhile."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.audience import follow
from benchmarks.table import Family
from bot.clock import now_ms
from bot.delivery.fanout import FanOuts
from bot.newsroom.articles import Newsroom
from storage import categories, key_value
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.records import ChatKind, Content, Provenance

_PAUSE_SECONDS = 0.01
_MOST_MS = 100.0


async def beside_fan_out(audience: int) -> Family:
    """Fan an article out while one task writes a row and another reads one, every 10 ms, in the same process."""
    family = Family(f"others' transactions during a fan-out to {audience} chats")
    with tempfile.TemporaryDirectory(prefix="peyk-bench-") as folder:
        url = f"sqlite:///{folder}/peyk.db"
        await follow(url, range(1, audience + 1), ChatKind.PRIVATE)
        async with opened(url) as database:
            await _publish(database)
            fan_outs = FanOuts(database, now_ms)
            over = asyncio.Event()
            probes = [
                asyncio.create_task(_every_pause(probe, over))
                for probe in (lambda: _write(database), lambda: _read(database))
            ]
            while await fan_outs.step():
                pass
            over.set()
            waits = await asyncio.gather(*probes)
    for name, seconds in zip(("write a row", "read a row"), waits, strict=True):
        family.add(_figures(name, seconds))
    longest = max(row["max ms"] for row in family.rows)
    family.verdict(f"nobody waited longer than {longest} ms (at most {_MOST_MS})", longest <= _MOST_MS)
    return family


async def _publish(database: Database) -> None:
    newsroom = Newsroom(database, now_ms, lambda: None)
    async with database.read() as connection:
        section = await categories.find(connection, "general")
    assert section is not None, "seeded"
    article = await newsroom.draft(Content("تیتر برای همه", "لید."), section.id, Provenance())
    await newsroom.publish(article.id, actor_id=None)


async def _every_pause(probe: Callable[[], Awaitable[None]], over: asyncio.Event) -> list[float]:
    seconds = []
    while not over.is_set():
        began = time.perf_counter()
        await probe()
        seconds.append(time.perf_counter() - began)
        await asyncio.sleep(_PAUSE_SECONDS)
    return seconds


async def _write(database: Database) -> None:
    async with database.write() as tx:
        await key_value.store(tx, "benchmark", "written")


async def _read(database: Database) -> None:
    async with database.read() as connection:
        await key_value.value(connection, "benchmark")


def _figures(name: str, seconds: list[float]) -> dict[str, Any]:
    return {
        "": name,
        "times": len(seconds),
        "p99 ms": round(statistics.quantiles(seconds, n=100, method="inclusive")[98] * 1000, 1),
        "max ms": round(max(seconds) * 1000, 1),
    }
