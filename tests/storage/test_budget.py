"""The budget that several processes share."""

import asyncio

from storage import budget
from storage.engine.database import Database

NOW = 1_000_000_000


async def test_reservations_follow_each_other_and_an_idle_budget_saves_nothing_up(database: Database) -> None:
    async def reserve(count: int, now: int) -> int:
        async with database.write() as tx:
            return await budget.reserve(tx, budget.BULK, count, interval=1000, now=now)

    assert await reserve(10, NOW) == NOW
    assert await reserve(5, NOW) == NOW + 10_000
    assert await reserve(1, NOW + 60_000) == NOW + 60_000
    begun = await asyncio.gather(*(reserve(10, NOW) for _ in range(8)))
    assert sorted(begun) == [NOW + 61_000 + place * 10_000 for place in range(8)]
