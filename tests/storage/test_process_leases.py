"""Work that one of several processes does, until its lease ends."""

import asyncio

from bot.updates.polling_turn import PollingTurn
from storage.engine.database import Database

NOW = 1_766_576_760_000
_LEASE = 12_000


async def test_one_process_polls_and_another_takes_over_when_its_lease_ends(database: Database) -> None:
    now = NOW
    first, second = (PollingTurn(database, lambda: now, holder=name, lease=_LEASE) for name in ("first", "second"))
    await first.renew()
    await second.renew()
    assert (first.is_ours, second.is_ours) == (True, False)
    now += _LEASE - 1
    await first.renew()
    now += 2
    await second.renew()
    assert (first.is_ours, second.is_ours) == (True, False), "a lease that is renewed does not end"
    waiting = asyncio.create_task(second.wait())
    now += _LEASE
    await second.renew()
    await waiting
    await first.renew()
    assert (first.is_ours, second.is_ours) == (False, True), "who was away too long is told"


async def test_a_process_that_stops_lets_another_one_poll_at_once(database: Database) -> None:
    first, second = (PollingTurn(database, lambda: NOW, holder=name, lease=_LEASE) for name in ("first", "second"))
    await first.renew()
    await second.give_up()
    await second.renew()
    assert not second.is_ours, "only the holder ends a lease"
    await first.give_up()
    await second.renew()
    assert second.is_ours


async def test_one_of_many_that_ask_at_once_polls(database: Database) -> None:
    turns = [PollingTurn(database, lambda: NOW, holder=str(number), lease=_LEASE) for number in range(8)]
    await asyncio.gather(*(turn.renew() for turn in turns))
    assert [turn.is_ours for turn in turns].count(True) == 1
