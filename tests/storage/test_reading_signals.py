"""Signals of what is read: each is counted for what was published in the span, and for nothing else."""

import pytest

from bot.audience.reactions import MOST_REACTIONS, Reactions
from persian.schedule import INSTANT
from storage import articles, chats, comments, daily_counters, reading_signals, saved
from storage.daily_counters import Metric
from storage.engine.database import Database
from storage.reading_signals import ReadingSignals
from storage.records import ChatKind, CommentState, Content, Form
from storage.tracked_answers import Answer, record

NOW = 1_766_576_760_000
HOUR = 3_600_000
CHANNEL = -1005


@pytest.fixture
async def published(database: Database) -> list[int]:
    """Two articles of the last day and one of the day before, each sent to a channel as message 11, 12 and 13."""
    made = []
    async with database.write() as tx:
        await chats.ensure(tx, CHANNEL, kind=ChatKind.CHANNEL, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
        for number, hours in enumerate((1, 2, 30)):
            at = NOW - hours * HOUR
            article_id = await articles.insert(tx, Content(f"خبر {number}"), category_id=1, now=at, published_at=at)
            await articles.release(tx, article_id, published_at=at, now=at)
            sent = Answer(CHANNEL, Form.HEADLINE, "fa")
            await record(tx, sent, [11 + number], article_id=article_id, revision=1, now=at)
            made.append(article_id)
    return made


async def _signals(database: Database) -> list[ReadingSignals]:
    async with database.read() as connection:
        signals = await reading_signals.of_published(connection, since=NOW - 24 * HOUR, now=NOW)
    return sorted(signals, key=lambda signal: signal.article_id)


async def test_what_readers_did_is_counted_for_each_article_of_the_span(
    database: Database, published: list[int]
) -> None:
    first, second, old = published
    assert await _signals(database) == []
    async with database.write() as tx:
        await daily_counters.add(tx, {(Metric.READERS, first): 3, (Metric.READERS, old): 9}, now=NOW)
        await daily_counters.add(tx, {(Metric.READERS, first): 1, (Metric.READ, second): 5}, now=NOW - 2 * HOUR)
        for user_id in (1, 2):
            await saved.add(tx, user_id, second, now=NOW)
        for approve in (CommentState.APPROVED, CommentState.REJECTED):
            comment_id = await comments.add(tx, first, 1, "نام", text=approve, now=NOW)
            await comments.decide(tx, comment_id, approve, by=5, now=NOW)
    reactions = Reactions(database)
    for message_id, total in ((11, 4), (12, 7), (12, 6), (13, 50), (99, 5)):
        await reactions.count(CHANNEL, message_id, total)
    assert await _signals(database) == [
        ReadingSignals(first, openings=4, reactions=4, comments=1),
        ReadingSignals(second, reactions=6, saves=2),
    ]
    await reactions.count(CHANNEL, 12, 0)
    assert (await _signals(database))[1] == ReadingSignals(second, saves=2)
    async with database.read() as connection:
        assert await reading_signals.count_published(connection, since=NOW - 24 * HOUR) == 2


async def test_no_count_of_reactions_is_too_large_to_store_or_to_fall(
    database: Database, published: list[int]
) -> None:
    reactions = Reactions(database)
    for message_id in (11, 12):
        await reactions.count(CHANNEL, message_id, 1_000 * (1 << 31))
    assert [signal.reactions for signal in await _signals(database)] == [MOST_REACTIONS] * 2
    await reactions.count(CHANNEL, 11, 3)
    assert [signal.reactions for signal in await _signals(database)] == [3, MOST_REACTIONS]


async def test_a_retracted_article_is_not_read_any_more(database: Database, published: list[int]) -> None:
    async with database.write() as tx:
        await saved.add(tx, 1, published[0], now=NOW)
        await articles.retract(tx, published[0], now=NOW)
    assert await _signals(database) == []
