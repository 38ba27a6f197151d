"""Daily counters: everything is counted once, on the newsroom's day, for the right subject."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.revision_cache import RevisionCache
from bot.delivery.settlement import SendOutcome, settle_sent
from persian.schedule import INSTANT
from storage import (
    articles,
    categories,
    chats,
    daily_counters,
    deliveries,
    fanouts,
    followers,
    ledger,
    lost_chats,
    membership,
    outbox,
    subscriptions,
    tracked_answers,
)
from storage.bootstrap import opened
from storage.daily_counters import ALL, ChatTotals, Metric, Tally, day_of, start_of
from storage.engine.database import Database
from storage.ledger import MessageDraft
from storage.records import ArticleRevision, ChatKind, Content, DeliveryState, FanOutKind, Form, Lane
from tests.storage.conftest import Addresses

NOW = 1_766_576_760_000
TODAY = NOW // 86_400_000
DAY_MS = 86_400_000
TEHRAN = ZoneInfo("Asia/Tehran")

Count = dict[tuple[Metric, int], int]


async def chat(database: Database, chat_id: int, kind: ChatKind, members: int | None = None) -> None:
    async with database.write() as tx:
        await chats.ensure(tx, chat_id, kind=kind, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
        await chats.change(tx, chat_id, members=members)
        await subscriptions.subscribe(tx, chat_id, None, now=NOW - 1)


async def published(
    database: Database, category_id: int = 1, at: int = NOW, kind: FanOutKind = FanOutKind.HEADLINE
) -> int:
    """Publish an article, fan it out, and return its number."""
    async with database.write() as tx:
        made = await articles.insert(tx, Content("تیتر"), category_id=category_id, now=at, published_at=at)
        await articles.release(tx, made, published_at=at, now=at)
        await fanouts.begin(tx, made, kind, now=at)
        work = await fanouts.next_open(tx)
        while work is not None:
            end = await fanouts.chunk_end(tx, work, 100)
            await fanouts.deliver_now(tx, work, end, lane=Lane.HEADLINE, now=at)
            await fanouts.advance(tx, work, end, now=at)
            work = await fanouts.next_open(tx)
    return made


async def begun(database: Database) -> list[SendOutcome]:
    """Begin to send all that waits, each chat's as one message, and return how that will end."""
    async with database.write() as tx:
        waiting: dict[int, list[int]] = {}
        for delivery in await deliveries.of_state(tx, DeliveryState.PENDING, limit=100):
            waiting.setdefault(delivery.chat_id, []).append(delivery.id)
        drafts = [
            MessageDraft(chat_id, 0, Form.HEADLINE, "fa", (ArticleRevision(1, 1),), 1, None, False)
            for chat_id in waiting
        ]
        messages = await ledger.begin(tx, drafts, now=NOW, lease_until=NOW + 1)
        pairs = [(delivery_id, messages[chat_id]) for chat_id, ids in waiting.items() for delivery_id in ids]
        await outbox.mark_sending(tx, pairs, now=NOW)
    return [SendOutcome(message_id, chat_id, 10, None) for chat_id, message_id in messages.items()]


async def arrive(database: Database, outcomes: list[SendOutcome], now: int = NOW) -> None:
    async with database.write() as tx:
        arrived = await settle_sent(tx, outcomes, RevisionCache(), now=now)
        await daily_counters.count_sent(tx, arrived, now=now)


async def counted(database: Database, *metrics: Metric) -> Count:
    async with database.read() as connection:
        tallies = await daily_counters.of_days(connection, metrics or Metric, TODAY - 5, TODAY + 5)
    return {(tally.metric, tally.subject_id): tally.count for tally in tallies}


async def test_a_delivery_counts_for_its_article_its_category_and_its_chat(database: Database) -> None:
    await chat(database, -100, ChatKind.CHANNEL, 900)
    await chat(database, -200, ChatKind.CHANNEL)
    await chat(database, -300, ChatKind.SUPERGROUP, 40)
    await chat(database, 7, ChatKind.PRIVATE)
    article_id = await published(database, category_id=2)
    await arrive(database, await begun(database))
    assert await counted(database) == {
        (Metric.DELIVERED, 2): 4,
        (Metric.AUDIENCE, 2): 941,
        (Metric.TO_CHANNELS, article_id): 2,
        (Metric.TO_GROUPS, article_id): 1,
        (Metric.TO_PEOPLE, article_id): 1,
        (Metric.REACHED, article_id): 941,
        (Metric.CHAT_POSTS, -100): 1,
        (Metric.CHAT_AUDIENCE, -100): 900,
        (Metric.CHAT_POSTS, -200): 1,
        (Metric.CHAT_AUDIENCE, -200): 0,
        (Metric.CHAT_POSTS, -300): 1,
        (Metric.CHAT_AUDIENCE, -300): 40,
    }
    async with database.read() as connection:
        best = await daily_counters.places(connection, TODAY, TODAY, limit=2)
    assert best == [ChatTotals(-100, 1, 900), ChatTotals(-300, 1, 40)]


async def test_a_roundup_counts_each_of_its_headlines_and_later_ones_add_up(database: Database) -> None:
    await chat(database, 7, ChatKind.PRIVATE)
    first = await published(database)
    second = await published(database)
    await arrive(database, await begun(database))
    third = await published(database, category_id=3)
    await arrive(database, await begun(database))
    counts = await counted(database, Metric.DELIVERED, Metric.TO_PEOPLE)
    people = {(Metric.TO_PEOPLE, article_id): 1 for article_id in (first, second, third)}
    assert counts == people | {(Metric.DELIVERED, 1): 2, (Metric.DELIVERED, 3): 1}


async def test_what_arrived_is_counted_once_however_often_it_is_found(database: Database) -> None:
    await chat(database, -100, ChatKind.CHANNEL, 5)
    await published(database)
    outcomes = await begun(database)
    await arrive(database, outcomes)
    # A late answer to a send that was found by reading meanwhile.
    await arrive(database, outcomes)
    assert (await counted(database, Metric.DELIVERED)) == {(Metric.DELIVERED, 1): 1}


async def test_an_announcement_is_no_news(database: Database) -> None:
    await chat(database, 7, ChatKind.PRIVATE)
    await published(database, kind=FanOutKind.ANNOUNCEMENT)
    await arrive(database, await begun(database))
    assert await counted(database) == {}


async def test_one_article_is_found_on_every_day_from_its_first(database: Database) -> None:
    for days in (0, 1, 3):
        async with database.write() as tx:
            await daily_counters.add(
                tx, {(Metric.READERS, 9): days + 1, (Metric.READERS, 8): 50}, now=NOW + days * DAY_MS
            )
            await daily_counters.add(tx, {(Metric.READERS, 9): 1, (Metric.READERS, 7): 0}, now=NOW + days * DAY_MS)
    async with database.read() as connection:
        tallies = await daily_counters.of_subject(connection, [Metric.READERS], 9, TODAY, last=TODAY + 2)
    assert sorted(tallies, key=lambda tally: tally.day) == [
        Tally(Metric.READERS, TODAY, 9, 2),
        Tally(Metric.READERS, TODAY + 1, 9, 3),
    ]


async def test_days_are_those_of_the_newsroom(kind: str, addresses: Addresses) -> None:
    evening = start_of(TODAY, UTC) + 21 * 3_600_000  # half past midnight in Tehran
    async with addresses(kind) as url, opened(url, TEHRAN) as database:
        async with database.write() as tx:
            await daily_counters.add(tx, {(Metric.READ, 1): 1}, now=evening)
        await published(database, at=evening)
        await published(database, category_id=2, at=evening - 3_600_000)
        async with database.read() as connection:
            read = await daily_counters.of_days(connection, [Metric.READ], TODAY, TODAY + 1)
            posts = await daily_counters.published(connection, TODAY, TODAY + 1)
            today = await daily_counters.published(connection, TODAY, TODAY)
    assert [tally.day for tally in read] == [TODAY + 1]
    assert posts == [(TODAY, 2, 1), (TODAY + 1, 1, 1)]
    assert today == [(TODAY, 2, 1)]


@pytest.mark.parametrize("zone", ["Asia/Tehran", "UTC", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati"])
def test_a_day_begins_where_the_one_before_ends(zone: str) -> None:
    here = ZoneInfo(zone)
    for day in range(TODAY - 400, TODAY, 7):
        begin = start_of(day, here)
        assert day_of(begin, here) == day
        assert day_of(begin - 1, here) == day - 1
        assert begin % 900_000 == 0


async def test_followers_count_only_where_something_is_another_than_before(database: Database) -> None:
    async with database.write() as tx:
        await chats.ensure(tx, 7, kind=ChatKind.PRIVATE, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
        every = len(await categories.all_(tx))

    async def change(category_id: int | None, *, on: bool) -> None:
        async with database.write() as tx, followers.counted(tx, 7, now=NOW):
            act = (
                subscriptions.subscribe(tx, 7, category_id, now=NOW)
                if on
                else subscriptions.unsubscribe(tx, 7, category_id)
            )
            await act

    await change(1, on=True)
    await change(1, on=True)
    assert await counted(database) == {(Metric.GAINED, ALL): 1, (Metric.GAINED, 1): 1}
    async with database.write() as tx, followers.counted(tx, 7, now=NOW):
        await subscriptions.unsubscribe(tx, 7, 1)
        await subscriptions.subscribe(tx, 7, None, now=NOW)
    counts = await counted(database)
    assert counts[Metric.GAINED, ALL] == 1
    assert counts[Metric.GAINED, 1] == 1
    assert len(counts) == every + 1
    await change(None, on=False)
    await change(None, on=False)
    lost = await counted(database, Metric.LOST)
    assert lost == {(Metric.LOST, subject): 1 for subject in range(every + 1)}


async def test_a_chat_that_is_lost_and_returns_is_counted_each_time_once(database: Database) -> None:
    await chat(database, -100, ChatKind.CHANNEL)
    for _ in range(2):
        async with database.write() as tx:
            await lost_chats.mark_lost(tx, -100, "kicked", now=NOW)
    assert (await counted(database))[Metric.LOST, ALL] == 1
    async with database.write() as tx:
        await lost_chats.mark_found(tx, -100, now=NOW)
    assert (await counted(database))[Metric.GAINED, ALL] == 1


async def test_a_group_that_becomes_a_supergroup_loses_nobody(database: Database) -> None:
    await chat(database, -5, ChatKind.GROUP)
    async with database.write() as tx, followers.counted(tx, -5, -100, now=NOW):
        await chats.migrate(tx, -5, -100)
    assert await counted(database) == {}


async def test_members_are_counted_one_chat_at_a_time_the_never_counted_first(database: Database) -> None:
    await chat(database, -100, ChatKind.CHANNEL)
    await chat(database, -200, ChatKind.SUPERGROUP)
    await chat(database, -300, ChatKind.CHANNEL)
    await chat(database, 7, ChatKind.PRIVATE)
    async with database.write() as tx:
        await chats.change(tx, -300, lost_at=NOW)
        await membership.store(tx, -100, 12, now=NOW - 2 * DAY_MS)

    async def due(now: int = NOW) -> int | None:
        async with database.write() as tx:
            claimed = await membership.claim(tx, now=now, lease_until=now + 60_000, limit=1)
        if not claimed:
            return None
        async with database.write() as tx:
            await membership.put_off(tx, claimed[0].chat_id, due_at=now + 3_600_000)
        return claimed[0].chat_id

    assert [await due(), await due(), await due()] == [-200, -100, None]
    async with database.write() as tx:
        await membership.store(tx, -200, 34, now=NOW)
        channel = await chats.get(tx, -200)
    assert channel is not None
    assert (channel.members, channel.members_at) == (34, NOW)
    # What Telegram did not tell is asked again an hour later, what it told a day later.
    assert [await due(NOW + 3_700_000), await due(NOW + 3_700_000)] == [-100, None]


async def test_a_full_text_is_read_once_by_each_chat(database: Database) -> None:
    await chat(database, 7, ChatKind.PRIVATE)
    article_id = await published(database)
    async with database.write() as tx:
        assert not await tracked_answers.was_read(tx, 7, article_id)
        await tracked_answers.record(
            tx, tracked_answers.Answer(7, Form.HEADLINE, "fa"), [5], article_id=article_id, revision=1, now=NOW
        )
        assert not await tracked_answers.was_read(tx, 7, article_id)
        await tracked_answers.record(
            tx, tracked_answers.Answer(7, Form.RICH, "fa"), [6], article_id=article_id, revision=1, now=NOW
        )
        assert await tracked_answers.was_read(tx, 7, article_id)
        assert not await tracked_answers.was_read(tx, 8, article_id)
