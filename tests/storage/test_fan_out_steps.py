"""Steps of fan-outs, on both databases: many small publications share a transaction, long work stands alone."""

import pytest

from bot.delivery.fanout import FanOuts
from persian.schedule import INSTANT
from storage import articles, chats, deliveries, fanouts, subscriptions
from storage.engine.database import Database
from storage.records import ChatKind, Content, DeliveryState, FanOutKind, SubscriptionKind

NOW = 1_766_576_760_000
_CHANNELS = (-1001, -1002)


@pytest.fixture
async def newsroom(database: Database) -> Database:
    """A database with two channels that follow everything."""
    async with database.write() as tx:
        for chat_id in _CHANNELS:
            kind = ChatKind.CHANNEL
            await chats.ensure(tx, chat_id, kind=kind, schedule=INSTANT, timezone="Asia/Tehran", now=NOW - 9)
            await subscriptions.subscribe(tx, chat_id, now=NOW - 1)
    return database


async def _publish(database: Database, count: int) -> list[int]:
    async with database.write() as tx:
        made = []
        for number in range(count):
            made.append(
                await articles.insert(tx, Content(f"خبر {number}"), category_id=1, now=NOW, published_at=NOW)
            )
            await articles.release(tx, made[-1], published_at=NOW, now=NOW)
            await fanouts.begin(tx, made[-1], FanOutKind.HEADLINE, now=NOW)
    return made


async def _owed(database: Database) -> list[tuple[int, int]]:
    async with database.read() as connection:
        rows = await deliveries.of_state(connection, DeliveryState.PENDING, limit=999)
    return sorted((row.article_id, row.chat_id) for row in rows)


async def test_publications_of_one_moment_to_few_chats_take_one_transaction(newsroom: Database) -> None:
    made = await _publish(newsroom, 12)
    out = FanOuts(newsroom, lambda: NOW, more_seconds=60)
    assert await out.step()
    assert not await out.step(), "all of it is done"
    assert await _owed(newsroom) == sorted((article_id, chat_id) for article_id in made for chat_id in _CHANNELS)


async def test_a_step_ends_when_its_time_is_up(newsroom: Database) -> None:
    (first, _) = await _publish(newsroom, 2)
    assert await FanOuts(newsroom, lambda: NOW, more_seconds=0).step()
    assert await _owed(newsroom) == [(first, chat_id) for chat_id in sorted(_CHANNELS)]


async def test_a_publication_that_is_matched_with_many_words_waits_for_no_transaction_of_others(
    newsroom: Database,
) -> None:
    async with newsroom.write() as tx:
        for number in range(60):
            muted = subscriptions.Words(SubscriptionKind.MUTED, f"واژه {number}", "")
            await subscriptions.subscribe(tx, -1001, now=NOW - 1, words=muted)
    (first, second) = await _publish(newsroom, 2)
    out = FanOuts(newsroom, lambda: NOW, more_seconds=60)
    for owed in ([first], [first, second]):
        assert await out.step()
        assert await _owed(newsroom) == [
            (article_id, chat_id) for article_id in owed for chat_id in sorted(_CHANNELS)
        ]
