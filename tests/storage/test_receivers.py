"""Several receivers on one database: each update is handled by one of them, and by another where that one died."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram.error import NetworkError

from bot.telegram.circuit import Circuit
from bot.telegram.patience import Patience
from bot.telegram.rate_limiter import Limiter
from bot.updates.receiver import Receiver, StoppingError
from storage.engine.database import Database
from storage.errors import UnavailableError
from storage.schema import inbox

NOW = 1_766_576_760_000
_LEASE = 30_000


class _Receivers:
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
def receivers(database: Database) -> _Receivers:
    return _Receivers(database)


def _update(number: int, chat_id: int = 7) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private"}
    return {"update_id": number, "message": {"message_id": number, "date": 0, "chat": chat}}


async def test_what_another_holds_is_left_to_it_however_long_that_takes(receivers: _Receivers) -> None:
    slow = asyncio.Event()
    first, second = receivers.receiver("first", holds=slow), receivers.receiver("second")
    await first.accept([_update(1), _update(2)])
    for _ in range(6):
        receivers.now += _LEASE // 3
        await first.tend()
        await second.tend()
    await second.resume()
    slow.set()
    await first.drain()
    assert receivers.heard == {"first": [1, 2], "second": []}
    assert await receivers.open() == []


async def test_what_a_dead_process_held_is_handled_once_its_lease_is_over(receivers: _Receivers) -> None:
    dead = receivers.receiver("dead", holds=asyncio.Event())
    await dead.accept([_update(1), _update(2, 8)])
    others = [receivers.receiver(name) for name in ("one", "other")]
    await others[0].resume()
    assert receivers.heard["one"] == [], "nobody knows yet that it is dead"
    receivers.now += _LEASE + 1
    await asyncio.gather(*(other.tend() for other in others))
    for other in others:
        await other.drain()
    assert sorted(receivers.heard["one"] + receivers.heard["other"]) == [1, 2], "each is taken up by one of them"
    assert await receivers.open() == []


async def test_the_only_process_takes_up_everything_at_its_start(receivers: _Receivers) -> None:
    await receivers.receiver("dead", holds=asyncio.Event()).accept([_update(1)])
    await (anew := receivers.receiver("anew", alone=True)).resume()
    await anew.drain()
    assert receivers.heard["anew"] == [1]


async def test_what_ends_its_process_again_and_again_is_given_up(receivers: _Receivers) -> None:
    await receivers.receiver("first", holds=asyncio.Event()).accept([_update(1)])
    for attempts in (1, 2, 3):
        receivers.now += _LEASE + 1
        await receivers.receiver(str(attempts), holds=asyncio.Event()).tend()
        async with asyncio.timeout(10):
            while await _attempts(receivers) != [attempts]:
                await asyncio.sleep(0)
    receivers.now += _LEASE + 1
    await receivers.receiver("last").tend()
    assert await receivers.open() == []
    assert receivers.heard["last"] == []


async def _away() -> None:
    raise NetworkError("Bad Gateway")


async def _answered_by(call: Callable[[], Awaitable[None]], told: asyncio.Event) -> None:
    """Try `call` as the answers of handlers are tried; `told` is set before the second try, which never comes."""

    async def sleep(_seconds: float) -> None:
        told.set()
        await asyncio.Event().wait()

    await Patience(Limiter(30), Circuit(), lasting=True, sleep=sleep).do(None, call, repeatable=True)


async def _attempts(receivers: _Receivers) -> list[int]:
    async with receivers.database.read() as connection:
        return [row.attempts for row in await connection.execute(inbox.select().order_by(inbox.c.update_id))]


async def test_restarts_while_telegram_is_away_lose_no_answer(receivers: _Receivers) -> None:
    await receivers.receiver("first", holds=asyncio.Event()).accept([_update(1)])
    for _ in range(6):
        receivers.now += _LEASE + 1
        waits = asyncio.Event()

        async def handle(_update: dict[str, Any], waits: asyncio.Event = waits) -> None:
            await _answered_by(_away, waits)

        receiver = Receiver(receivers.database, lambda: receivers.now, handle, lease=_LEASE, alone=True)
        await receiver.resume()
        await waits.wait()
        async with asyncio.timeout(10):
            while await _attempts(receivers) != [0]:
                await asyncio.sleep(0)
    await (last := receivers.receiver("last", alone=True)).resume()
    await last.drain()
    assert receivers.heard["last"] == [1]


async def test_what_waits_behind_an_update_that_ends_the_process_is_not_given_up_with_it(
    receivers: _Receivers,
) -> None:
    await receivers.receiver("first", holds=asyncio.Event()).accept([_update(1), _update(2)])
    for number in range(3):
        receivers.now += _LEASE + 1
        await receivers.receiver(str(number), holds=asyncio.Event(), alone=True).resume()
        async with asyncio.timeout(10):
            while await _attempts(receivers) != [number + 1, 0]:
                await asyncio.sleep(0)
    await (last := receivers.receiver("last", alone=True)).resume()
    await last.drain()
    assert receivers.heard["last"] == [2]


async def test_an_update_that_was_under_way_when_we_were_told_to_stop_is_not_to_blame(
    receivers: _Receivers,
) -> None:
    await receivers.receiver("first", holds=asyncio.Event()).accept([_update(1)])
    for number in range(5):
        stopped = receivers.receiver(str(number), holds=asyncio.Event(), alone=True)
        await stopped.resume()
        async with asyncio.timeout(10):
            while await _attempts(receivers) != [1]:
                await asyncio.sleep(0)
        await stopped.leave()
    assert await receivers.open() == [1]
    assert await _attempts(receivers) == [0]


async def test_what_a_process_that_stops_leaves_is_another_ones_at_once(receivers: _Receivers) -> None:
    first, second = receivers.receiver("first", holds=asyncio.Event()), receivers.receiver("second")
    await first.accept([_update(1), _update(2)])
    first.close()
    with pytest.raises(StoppingError):
        await first.accept([_update(3)])
    await first.tend()
    await first.leave()
    assert await receivers.open() == [1, 2], "nothing failed by it"
    await second.tend()
    await second.drain()
    assert (receivers.heard["first"], receivers.heard["second"]) == ([], [1, 2])


@pytest.mark.parametrize(("failures", "left_open"), [(2, []), (9, [1])])
async def test_an_update_whose_database_is_away_is_tried_again_and_never_marked_done(
    receivers: _Receivers, failures: int, left_open: list[int]
) -> None:
    tries: list[int] = []

    async def handle(update: dict[str, Any]) -> None:
        tries.append(update["update_id"])
        if tries.count(1) <= failures and update["update_id"] == 1:
            raise UnavailableError("the server is away")

    receiver = Receiver(
        receivers.database, lambda: receivers.now, handle, lease=_LEASE, alone=False, pauses=(0.01, 0.01)
    )
    await receiver.accept([_update(1), _update(2)])
    await receiver.drain()
    assert await receivers.open() == left_open
    assert tries == [1, 1, 1, 2], "in order, and the next one does not wait for ever"
    if left_open:
        failures = 0
        receivers.now += _LEASE + 1
        await receiver.tend()
        await receiver.drain()
        assert await receivers.open() == []


async def test_an_error_of_a_handler_is_kept_and_the_update_is_done(receivers: _Receivers) -> None:
    async def handle(_update: dict[str, Any]) -> None:
        raise LookupError("a fault of ours")

    receiver = Receiver(receivers.database, lambda: receivers.now, handle, lease=_LEASE, alone=False)
    await receiver.accept([_update(1)])
    await receiver.drain()
    async with receivers.database.read() as connection:
        (row,) = (await connection.execute(inbox.select())).all()
    assert (row.done_at, row.error) == (receivers.now, "LookupError: a fault of ours")


async def test_it_gives_way_while_an_update_is_handled_and_not_for_ever(receivers: _Receivers) -> None:
    handled = asyncio.Event()
    receiver = receivers.receiver("one", holds=handled)
    await receiver.give_way()
    await receiver.accept([_update(1)])
    waiting = asyncio.ensure_future(receiver.give_way())
    await asyncio.sleep(0)
    assert not waiting.done()
    handled.set()
    await receiver.drain()
    await waiting

    held = receivers.receiver("two", holds=asyncio.Event())
    await held.accept([_update(2)])
    async with asyncio.timeout(30):
        await held.give_way()
