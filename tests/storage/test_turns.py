"""Due work is done once, whichever of several processes looks, and again where the one that took it died."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.paid import PaidLanes, PaidTerms
from persian.schedule import INSTANT
from storage import articles, chats, fanouts, key_value, ledger, notices, page_visits, sources, uncertain_sends
from storage.bootstrap import opened
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import SLOW_MS, ArticleRevision, ChatKind, Content, FanOutKind, Form, PageVisit, SourceKind

NOW = 1_766_576_760_000
_LEASE = 30_000
Claim = Callable[[Connection, int], Awaitable[Any]]


async def _source(tx: Connection) -> None:
    await sources.add(tx, "https://example.org", kind=SourceKind.FEED, category_id=1, review=False, now=NOW)


async def _page(tx: Connection) -> None:
    made = await articles.insert(tx, Content("x"), category_id=1, now=NOW, published_at=NOW)
    await page_visits.put(tx, [PageVisit(made, "example.org", NOW, NOW)])


async def _notice(tx: Connection) -> None:
    await notices.enqueue(tx, notices.DESK_CHAT, "chat-lost", {"title": "x"}, now=NOW)


async def _twin(tx: Connection) -> None:
    await chats.ensure(tx, -100, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="UTC", now=NOW)
    made = await articles.insert(tx, Content("x"), category_id=1, now=NOW, published_at=NOW)
    draft = ledger.MessageDraft(-100, 0, Form.HEADLINE, "fa", (ArticleRevision(made, 1),), 1, None, True)
    (message_id,) = (await ledger.begin(tx, [draft], now=NOW, lease_until=NOW)).values()
    await ledger.mark_sent(tx, [(message_id, 5)], now=NOW)


_DUE: dict[str, tuple[Callable[[Connection], Awaitable[None]], Claim]] = {
    "sources": (
        _source,
        lambda tx, now: sources.claim(tx, slow=False, now=now, lease_until=now + _LEASE, limit=9),
    ),
    "pages": (_page, lambda tx, now: page_visits.claim(tx, [1], now=now, lease_until=now + _LEASE)),
    "notices": (_notice, lambda tx, now: notices.claim(tx, now=now, lease_until=now + _LEASE, limit=5)),
    "twins": (_twin, lambda tx, now: uncertain_sends.claim(tx, 1, now=now, lease_until=now + _LEASE)),
}


@pytest.mark.parametrize("what", _DUE)
async def test_one_of_all_who_look_takes_it_and_another_where_that_one_died(database: Database, what: str) -> None:
    make, claim = _DUE[what]
    async with database.write() as tx:
        await make(tx)

    async def look(now: int) -> bool:
        async with database.write() as tx:
            return bool(await claim(tx, now))

    assert sorted(await asyncio.gather(*(look(NOW) for _ in range(5)))) == [False] * 4 + [True]
    assert not await look(NOW + _LEASE - 1)
    assert await look(NOW + _LEASE + 1)


async def test_a_fetch_that_has_ended_is_not_held_on(database: Database) -> None:
    async with database.write() as tx:
        await _source(tx)
        (source,) = await sources.claim(tx, slow=False, now=NOW, lease_until=NOW + 5, limit=9)
        await sources.renew_lease(tx, [source.id], held_until=NOW + 5, lease_until=NOW + 9)
        assert await sources.claim(tx, slow=False, now=NOW + 6, lease_until=NOW + 9, limit=9) == []
        await sources.settle_failed(
            tx, [sources.FailedFetch(source.id, source.url, NOW, NOW + 300, "timeout", SLOW_MS)]
        )
        await sources.renew_lease(tx, [source.id], held_until=NOW + 9, lease_until=NOW + 1_000)
        assert await sources.claim(tx, slow=True, now=NOW + 300, lease_until=NOW + 301, limit=9)


async def test_a_lease_is_renewed_without_waiting_for_what_others_change(postgresql: str) -> None:
    """Whoever stores what sources brought locks some of them, too: each would wait for the other."""
    async with opened(postgresql) as database:
        await _renew_beside_a_change(database)


async def _renew_beside_a_change(database: Database) -> None:
    async with database.write() as tx:
        first, second = [
            (await sources.add(tx, url, kind=SourceKind.FEED, category_id=1, review=False, now=NOW)).id
            for url in ("https://example.org/a", "https://example.org/b")
        ]
        await sources.claim(tx, slow=False, now=NOW, lease_until=NOW + 5, limit=9)
    async with database.write() as other:
        await sources.lock(other, first)
        async with database.write() as tx:
            assert await sources.renew_lease(tx, [first, second], held_until=NOW + 5, lease_until=NOW + 9) == [
                second
            ]
    async with database.write() as tx:
        assert await sources.renew_lease(tx, [first, second], held_until=NOW + 5, lease_until=NOW + 9) == [first]


async def test_a_change_that_begins_while_another_process_ends_the_last_one_is_not_lost(database: Database) -> None:
    async with database.write() as tx:
        made = await articles.insert(tx, Content("x"), category_id=1, now=NOW, published_at=NOW)
        await fanouts.begin(tx, made, FanOutKind.CORRECTION, now=NOW)
        for _ in range(2):
            work = await fanouts.next_open(tx)
            assert work is not None
            await fanouts.advance(tx, work, None, now=NOW)
        last = await fanouts.next_open(tx)
    assert last is not None
    async with database.write() as tx:
        await fanouts.begin(tx, made, FanOutKind.CORRECTION, now=NOW + 1)
    async with database.write() as tx:
        assert await fanouts.advance(tx, last, None, now=NOW + 1), "there is more to do"
        anew = await fanouts.next_open(tx)
    assert anew is not None
    assert anew.rank == 0


async def test_two_processes_that_pay_stay_within_the_days_stars(database: Database) -> None:
    both = [PaidLanes(PaidTerms("all", 1000, 10), ZoneInfo("Asia/Tehran"), shared=True) for _ in range(2)]
    for paid in both:
        async with database.read() as connection:
            await paid.load(connection, NOW)

    async def spend(paid: PaidLanes) -> None:
        async with database.write() as tx:
            await paid.count(tx, 5, NOW)

    await asyncio.gather(*(spend(paid) for paid in both for _ in range(10)))
    async with database.read() as connection:
        (day,) = [key for key in ("stars:2025-12-24",) if await key_value.value(connection, key)]
        assert await key_value.value(connection, day) == "100"
        for paid in both:
            await paid.load(connection, NOW)
            assert paid.border(NOW) is None
