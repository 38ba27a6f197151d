"""Several receivers on one database: each update is handled by one of them, and by another where that one died."""

import asyncio
from typing import Any

import pytest

from bot.updates.receiver import Receiver
from storage.engine.database import Database
from storage.errors import UnavailableError
from storage.schema import inbox

NOW = 1_766_576_760_000
_LEASE = 30_000


class _Desks:
    """Receivers with one clock; `heard` are the updates that each of them has handled, in order."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.heard: dict[str, list[int]] = {}

    def receiver(self, name: str, *, alone: bool = False, holds: asyncio.Event | None = None) -> Receiver:
        """Return a receiver; where it `holds`, its handlers do not end before that."""
        self.heard[name] = []

        async def handle(update: dict[str, Any]) -> None:
            if holds is not None:
                await holds.wait()
            self.heard[name].append(update["update_id"])

        return Receiver(self.database, lambda: self.now, handle, lease=_LEASE, alone=alone)

    async def open(self) -> list[int]:
        async with self.database.read() as connection:
            query = inbox.select().where(inbox.c.done_at.is_(None)).order_by(inbox.c.update_id)
            return [row.update_id for row in await connection.execute(query)]


@pytest.fixture
def desks(database: Database) -> _Desks:
    return _Desks(database)


def _update(number: int, chat_id: int = 7) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private"}
    return {"update_id": number, "message": {"message_id": number, "date": 0, "chat": chat}}


async def test_what_another_holds_is_left_to_it_however_long_that_takes(desks: _Desks) -> None:
    slow = asyncio.Event()
    first, second = desks.receiver("first", holds=slow), desks.receiver("second")
    await first.take([_update(1), _update(2)])
    for _ in range(6):
        desks.now += _LEASE // 3
        await first.tend()
        await second.tend()
    await second.resume()
    slow.set()
    await first.drain()
    assert desks.heard == {"first": [1, 2], "second": []}
    assert await desks.open() == []


async def test_what_a_dead_process_held_is_handled_once_its_lease_is_over(desks: _Desks) -> None:
    dead = desks.receiver("dead", holds=asyncio.Event())
    await dead.take([_update(1), _update(2, 8)])
    others = [desks.receiver(name) for name in ("one", "other")]
    await others[0].resume()
    assert desks.heard["one"] == [], "nobody knows yet that it is dead"
    desks.now += _LEASE + 1
    await asyncio.gather(*(other.tend() for other in others))
    for other in others:
        await other.drain()
    assert sorted(desks.heard["one"] + desks.heard["other"]) == [1, 2], "each is taken up by one of them"
    assert await desks.open() == []


async def test_the_only_process_takes_up_everything_at_its_start(desks: _Desks) -> None:
    await desks.receiver("dead", holds=asyncio.Event()).take([_update(1)])
    await (anew := desks.receiver("anew", alone=True)).resume()
    await anew.drain()
    assert desks.heard["anew"] == [1]


async def test_what_ends_its_process_again_and_again_is_given_up(desks: _Desks) -> None:
    await desks.receiver("first", holds=asyncio.Event()).take([_update(1)])
    for name in ("second", "third", "fourth", "fifth"):
        desks.now += _LEASE + 1
        await desks.receiver(name, holds=asyncio.Event()).tend()
    assert await desks.open() == []


@pytest.mark.parametrize(("failures", "left_open"), [(2, []), (9, [1])])
async def test_an_update_whose_database_is_away_is_tried_again_and_never_marked_done(
    desks: _Desks, failures: int, left_open: list[int]
) -> None:
    tries: list[int] = []

    async def handle(update: dict[str, Any]) -> None:
        tries.append(update["update_id"])
        if tries.count(1) <= failures and update["update_id"] == 1:
            raise UnavailableError("the server is away")

    receiver = Receiver(desks.database, lambda: desks.now, handle, lease=_LEASE, alone=False, pauses=(0.01, 0.01))
    await receiver.take([_update(1), _update(2)])
    await receiver.drain()
    assert await desks.open() == left_open
    assert tries == [1, 1, 1, 2], "in order, and the next one does not wait for ever"
    if left_open:
        failures = 0
        desks.now += _LEASE + 1
        await receiver.tend()
        await receiver.drain()
        assert await desks.open() == []


async def test_an_error_of_a_handler_is_kept_and_the_update_is_done(desks: _Desks) -> None:
    async def handle(_update: dict[str, Any]) -> None:
        raise LookupError("a fault of ours")

    receiver = Receiver(desks.database, lambda: desks.now, handle, lease=_LEASE, alone=False)
    await receiver.take([_update(1)])
    await receiver.drain()
    async with desks.database.read() as connection:
        (row,) = (await connection.execute(inbox.select())).all()
    assert (row.done_at, row.error) == (desks.now, "LookupError: a fault of ours")


async def test_it_gives_way_while_an_update_is_handled_and_not_for_ever(desks: _Desks) -> None:
    handled = asyncio.Event()
    receiver = desks.receiver("one", holds=handled)
    await receiver.give_way()
    await receiver.take([_update(1)])
    waiting = asyncio.ensure_future(receiver.give_way())
    await asyncio.sleep(0)
    assert not waiting.done()
    handled.set()
    await receiver.drain()
    await waiting

    held = desks.receiver("two", holds=asyncio.Event())
    await held.take([_update(2)])
    async with asyncio.timeout(30):
        await held.give_way()
