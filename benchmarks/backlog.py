"""One article for very many chats: until all of it is written down, and what Peyk holds while it waits."""

import asyncio
import time
from typing import Any

from benchmarks.audience import follow
from benchmarks.fixture import LocalTelegram, PeykApp, local_telegram, new_app, running
from benchmarks.readers import PEOPLE, Readers
from benchmarks.table import Family
from storage import fanouts
from storage.engine.database import Database
from storage.records import ChatKind

_RATE = 30.0
# As many people live in the sandbox as the rate reaches while it is watched; whoever comes later is only a row.
_REACHED = 5_000
_PENDING_SECONDS = 8.0
_MOST_FAN_OUT_SECONDS = 20.0
_MOST_RESIDENT_MB = 200.0
_MOST_GROWTH_MB = 10.0
_LOOK_SECONDS = 0.1


async def pending(sizes: tuple[int, int]) -> Family:
    """An app in its own process with each of two numbers of deliveries pending, readers asking meanwhile."""
    family = Family("one article for many private chats, readers asking")
    for size in sizes:
        family.add(await _one(size))
    small, large = family.rows
    seconds, resident = large["rows written s"], large["resident MB"]
    family.verdict(f"all rows after {seconds} s (under {_MOST_FAN_OUT_SECONDS})", seconds < _MOST_FAN_OUT_SECONDS)
    family.verdict(f"{resident} MB resident (under {_MOST_RESIDENT_MB})", resident < _MOST_RESIDENT_MB)
    growth = round(resident - small["resident MB"], 1)
    words = f"{growth} MB more for the larger audience (at most {_MOST_GROWTH_MB}: none but the pages of SQLite)"
    family.verdict(words, growth <= _MOST_GROWTH_MB)
    return family


async def _one(size: int) -> dict[str, Any]:
    async with local_telegram(total=_RATE) as telegram, new_app(telegram) as app:
        readers = Readers(telegram, await telegram.people.people_in_bulk(PEOPLE))
        reached = await telegram.people.people_in_bulk(_REACHED)
        await follow(app.url, range(reached[0], reached[0] + size), ChatKind.PRIVATE)
        async with running(app, rate=_RATE):
            await app.draft("تیتر برای همه")
            empty = app.resident_mb()
            async with readers.asking():
                seconds = await _fan_out(telegram, app)
            await asyncio.sleep(_PENDING_SECONDS)
            resident = app.resident_mb()
    return {
        "": f"{size} chats",
        "rows written s": round(seconds, 2),
        "answers": readers.answered,
        "p50 ms": readers.percentile_ms(50),
        "p99 ms": readers.percentile_ms(99),
        "empty MB": empty,
        "resident MB": resident,
    }


async def _fan_out(telegram: LocalTelegram, app: PeykApp) -> float:
    database = Database(app.url)
    await database.open()
    try:
        began = time.perf_counter()
        await app.publish()
        async with asyncio.timeout(10 * _MOST_FAN_OUT_SECONDS):
            while True:
                async with database.read() as connection:
                    if await fanouts.next_open(connection) is None:
                        return time.perf_counter() - began
                await asyncio.sleep(_LOOK_SECONDS)
    finally:
        await database.close()
