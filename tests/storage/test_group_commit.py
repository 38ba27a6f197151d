"""Writes that share a transaction: all are kept, and a failing one takes no other with it."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from storage import categories, key_value
from storage.bootstrap import opened
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.engine.group_commit import GroupCommit


async def _store(tx: Connection, number: int) -> int:
    await key_value.store(tx, f"test-{number}", str(number))
    return number


async def test_many_acts_are_kept_and_each_hears_of_its_own(database: Database) -> None:
    commits = GroupCommit(database)
    done = await asyncio.gather(*(commits.do(partial(_store, number=n)) for n in range(200)))
    assert done == list(range(200))
    async with database.read() as connection:
        assert [await key_value.value(connection, f"test-{n}") for n in (0, 99, 199)] == ["0", "99", "199"]


async def test_an_act_that_fails_takes_no_other_with_it(database: Database) -> None:
    commits = GroupCommit(database)

    async def again(tx: Connection) -> None:
        await categories.add(tx, "sports", "ورزش", "Sports")

    results = await asyncio.gather(
        commits.do(lambda tx: _store(tx, 1)),
        commits.do(again),
        commits.do(lambda tx: _store(tx, 2)),
        return_exceptions=True,
    )
    assert results[0] == 1
    assert isinstance(results[1], IntegrityError)
    assert results[2] == 2
    async with database.read() as connection:
        assert await key_value.value(connection, "test-2") == "2"


async def test_it_goes_on_after_a_failure(database: Database) -> None:
    commits = GroupCommit(database)

    async def fails(tx: Connection) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await commits.do(fails)
    assert await commits.do(lambda tx: _store(tx, 3)) == 3


async def test_who_gives_up_holds_up_nobody(database: Database) -> None:
    commits = GroupCommit(database)
    given_up = asyncio.ensure_future(commits.do(lambda tx: _store(tx, 4)))
    kept = asyncio.ensure_future(commits.do(lambda tx: _store(tx, 5)))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await kept == 5


async def test_before_each_transaction_it_gives_way(database: Database) -> None:
    people_are_answered = asyncio.Event()
    asked = asyncio.Event()

    async def give_way() -> None:
        asked.set()
        await people_are_answered.wait()

    commits = GroupCommit(database, give_way)
    act = asyncio.ensure_future(commits.do(lambda tx: _store(tx, 6)))
    await asked.wait()
    async with database.write() as tx:
        assert await key_value.value(tx, "test-6") is None, "whoever answers people has the database"
    people_are_answered.set()
    assert await act == 6


async def test_who_waits_hears_that_the_database_is_away(database: Database) -> None:
    commits = GroupCommit(database)
    await database.close()
    for number in (5, 6):
        with pytest.raises(AssertionError, match="not open"):
            await commits.do(partial(_store, number=number))
    await database.open()
    assert await commits.do(partial(_store, number=7)) == 7


async def test_where_another_waits_to_write_no_further_act_comes_before(tmp_path: Path) -> None:
    order: list[str] = []

    async def other(database: Database) -> None:
        async with database.write():
            order.append("other")

    async def first(_tx: Connection) -> None:
        tasks.append(asyncio.create_task(other(database)))
        while not database.is_write_awaited:
            await asyncio.sleep(0)
        order.append("first")

    async def second(_tx: Connection) -> None:
        order.append("second")

    tasks: list[asyncio.Task[None]] = []
    async with opened(f"sqlite:///{tmp_path}/peyk.db") as database:
        commits = GroupCommit(database)
        await asyncio.gather(commits.do(first), commits.do(second))
        await asyncio.gather(*tasks)
    assert order == ["first", "other", "second"]
