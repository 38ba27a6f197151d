"""Announcements: whom they go to, and that nothing else ever takes them for news."""

from typing import Unpack

import pytest

from bot.delivery.fanout import FanOuts
from persian.query import parse_query
from persian.schedule import INSTANT
from storage import announcements, articles, chats, deliveries, fanouts, outbox, progress, search, subscriptions
from storage.engine.database import Database
from storage.records import Admission, ArticleState, ChatKind, Content, DeliveryKind, DeliveryState, FanOutKind
from tests.values import quiet_hours, schedule

NOW = 1_766_576_760_000


async def _chat(
    database: Database, chat_id: int, *follows: int | None, **settings: Unpack[chats.ChatChanges]
) -> None:
    kind = ChatKind.PRIVATE if chat_id > 0 else ChatKind.CHANNEL if chat_id < -100 else ChatKind.SUPERGROUP
    async with database.write() as tx:
        await chats.ensure(tx, chat_id, kind=kind, schedule=INSTANT, timezone="Asia/Tehran", now=NOW - 9)
        await chats.change(tx, chat_id, started=chat_id > 0)
        if settings:
            await chats.change(tx, chat_id, **settings)
        for category_id in follows:
            await subscriptions.subscribe(tx, chat_id, category_id, now=NOW - 1)


async def _announce(database: Database, category_id: int | None, key: str = "7:1") -> int:
    async with database.write() as tx:
        number = await announcements.insert(
            tx, Content("نوآباد"), key=key, category_id=category_id or 1, language="fa", author_id=7, now=NOW
        )
        assert number is not None
        await fanouts.begin(tx, number, FanOutKind.ANNOUNCEMENT, now=NOW, to_all=category_id is None)
    fan_outs = FanOuts(database, lambda: NOW, chunk_chats=2)
    while await fan_outs.step():
        pass
    return number


async def _owed(database: Database) -> list[tuple[int, int]]:
    async with database.read() as connection:
        pending = await deliveries.of_state(connection, DeliveryState.PENDING, limit=99)
    assert {delivery.kind for delivery in pending} <= {DeliveryKind.ANNOUNCEMENT}
    assert not any(delivery.fold for delivery in pending)
    return [(delivery.chat_id, delivery.topic_id) for delivery in pending]


async def test_one_to_all_goes_to_every_open_chat_once_whatever_it_follows(database: Database) -> None:
    await _chat(database, -200, 1, 2)
    await _chat(database, -201)
    await _chat(database, -50, None)
    await _chat(database, 1, schedule=schedule("at 08:00"))
    await _chat(database, 2, None, paused=True)
    await _chat(database, 3, None, lost_at=NOW)
    await _chat(database, 4, None, started=False)
    await _chat(database, -202, None, admission=Admission.WAITING)
    await _chat(database, -203, None, admission=Admission.DENIED)
    async with database.write() as tx:
        await subscriptions.subscribe(tx, -50, 1, now=NOW - 1, topic_id=33)
    async with database.read() as connection:
        assert await announcements.count_hearers(connection, None, now=NOW) == 4
    await _announce(database, None)
    assert sorted(await _owed(database)) == [(-201, 0), (-200, 0), (-50, 0), (1, 0)]


async def test_one_to_a_category_goes_to_those_who_follow_it(database: Database) -> None:
    await _chat(database, -200, 1, 2)
    await _chat(database, -201, 2)
    await _chat(database, 1, None, 1)
    await _chat(database, 2)
    await _chat(database, -50)
    async with database.write() as tx:
        await subscriptions.subscribe(tx, -50, 1, now=NOW - 1, topic_id=33)
        await subscriptions.subscribe(tx, 2, 1, now=NOW + 1)  # too late for this one
    async with database.read() as connection:
        assert await announcements.count_hearers(connection, 1, now=NOW) == 3
    await _announce(database, 1)
    assert sorted(await _owed(database)) == [(-200, 0), (-50, 0), (1, 0)]


@pytest.mark.parametrize("when", ["instant", "every 3h"])
async def test_quiet_hours_put_it_off_and_no_schedule_does(database: Database, when: str) -> None:
    await _chat(database, 1, None, schedule=schedule(when), quiet=quiet_hours("00:00-23:59"))
    await _chat(database, 2, None, schedule=schedule(when), quiet=quiet_hours("03:00-03:01"))
    await _announce(database, None)
    async with database.read() as connection:
        by_chat = {
            delivery.chat_id: delivery
            for delivery in await deliveries.of_state(connection, DeliveryState.PENDING, limit=9)
        }
    assert not by_chat[1].ready
    assert by_chat[1].due_at > NOW
    assert by_chat[2].ready
    assert not by_chat[1].fold


async def test_it_shares_no_roundup_however_late_it_is(database: Database) -> None:
    await _chat(database, 1, None)
    number = await _announce(database, None)
    async with database.write() as tx:
        other = await articles.insert(tx, Content("خبر"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, other, published_at=NOW, now=NOW)
        await fanouts.begin(tx, other, FanOutKind.HEADLINE, now=NOW)
    fan_outs = FanOuts(database, lambda: NOW)
    while await fan_outs.step():
        pass
    async with database.write() as tx:
        (first,) = await outbox.ready_for(tx, [1], NOW)
        assert first.alone
        (group,) = (await outbox.lock_foldable(tx, [1], late_before=NOW + 1)).values()
        assert [delivery.article_id for delivery in group] == [other]
        assert [delivery.article_id for delivery in await outbox.lock_pending(tx, [first.id])] == [number]


async def test_it_is_no_news(database: Database) -> None:
    first = await _announce(database, None)
    second = await _announce(database, 1, key="7:2")
    assert (first, second) == (-1, -2)
    async with database.write() as tx:
        again = await announcements.insert(
            tx, Content("x"), key="7:1", category_id=1, language="fa", author_id=7, now=NOW
        )
        assert again is None
        number = await articles.insert(tx, Content("نوآباد دیگر"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, number, published_at=NOW, now=NOW)
    async with database.read() as connection:
        assert number == 1
        assert await announcements.numbered(connection, "7:1") == first
        assert [article.id for article in await articles.page(connection, limit=9)] == [number]
        assert [article.id for article in await articles.newest(connection, 9)] == [number]
        assert await articles.drafts(connection, limit=9) == []
        assert await articles.count_published(connection) == 1
        assert len(await search.find(connection, parse_query("نوآباد"), limit=9)) == 1


async def test_taken_back_it_is_owed_to_nobody_any_more(database: Database) -> None:
    await _chat(database, -200, None)
    number = await _announce(database, None)
    async with database.read() as connection:
        counted = await progress.broadcast(connection, number)
        assert (counted.sent, counted.waiting, counted.total, counted.growing) == (0, 1, 1, False)
    async with database.write() as tx:
        assert await articles.retract(tx, number, now=NOW)
        assert not await articles.retract(tx, number, now=NOW)
        await fanouts.begin(tx, number, FanOutKind.RETRACTION, now=NOW)
        announcement = await articles.get(tx, number)
        assert announcement is not None
        assert announcement.state is ArticleState.RETRACTED
    fan_outs = FanOuts(database, lambda: NOW)
    while await fan_outs.step():
        pass
    assert await _owed(database) == []
