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


async def test_what_was_not_used_is_saved_up_to_a_bound(database: Database) -> None:
    async def take(name: str, now: int) -> bool:
        async with database.write() as tx:
            return await budget.try_acquire(tx, name, interval=1000, ahead=4000, now=now)

    async def taken(tries: int, now: int, name: str = "api:1") -> int:
        return sum([await take(name, now) for _ in range(tries)])

    assert await taken(8, NOW) == 5
    assert await taken(8, NOW + 2500) == 2
    assert await taken(8, NOW + 60_000) == 5
    assert await taken(8, NOW, name="api:2") == 5
    assert sum(await asyncio.gather(*(take("api:3", NOW) for _ in range(8)))) == 5
