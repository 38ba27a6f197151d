"""Instants that a wrong clock left in the database are mended once the clock is right."""

from collections import Counter

import pytest
from sqlalchemy import BigInteger, select, update

from bot.cli.clock_check import clock_findings
from bot.clock import SteadyClock
from bot.timekeeping import NOTED, Timekeeper
from storage import articles, chats, fanouts, instants, key_value, notices, sources, subscriptions
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.instants import INSTANTS
from storage.records import ChatKind, Content, FanOutKind, Lane, SourceKind
from storage.schema import article, chat, delivery, message, metadata, notice, source, subscription
from tests.values import schedule

NOW = 1_766_576_760_000
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
CHANNEL = -1001


class _Run:
    """A run of the bot on a database: its clock is set by hand."""

    def __init__(self, database: Database, now: int = NOW) -> None:
        self.wall = now
        self.elapsed = 0
        self.clock = SteadyClock(lambda: self.wall, lambda: self.elapsed)
        self.followed: list[int] = []
        self.heard: list[int] = []
        self.keeper = Timekeeper(
            database,
            self.clock,
            longest=instants.bounds(fetch_interval=60, lease=30_000),
            follow=self._follow,
            listeners=[self.heard.append],
            wall=self._wall,
        )

    async def _wall(self, _database: Database) -> int:
        return self.wall

    async def _follow(self, chat_id: int) -> None:
        self.followed.append(chat_id)

    async def set_for_good(self, by: int) -> None:
        """Set the clock, and let the new time hold."""
        self.wall += by
        for _ in range(2):
            await self.keeper.step()
            self.wall += 200_000
            self.elapsed += 200_000
        await self.keeper.step()


@pytest.fixture
async def newsroom(database: Database) -> Database:
    """A database with something of each kind that waits for `NOW` plus half a minute."""
    soon = NOW + 30_000
    async with database.write() as tx:
        await sources.add(tx, "https://a.example/feed", kind=SourceKind.FEED, category_id=1, review=False, now=soon)
        await chats.ensure(
            tx, CHANNEL, kind=ChatKind.CHANNEL, schedule=schedule("at 08:00"), timezone="Asia/Tehran", now=NOW
        )
        await chats.suspend(tx, CHANNEL, soon)
        await subscriptions.subscribe(tx, CHANNEL, None, now=NOW)
        await notices.enqueue(tx, 7, "role-changed", {}, now=soon)
    return database


async def _waits(database: Database) -> list[int]:
    async with database.read() as connection:
        columns = (source.c.next_fetch_at, chat.c.wait_until, notice.c.due_at)
        return [(await connection.execute(select(column))).scalar_one() for column in columns]


def test_every_instant_of_the_schema_is_there() -> None:
    ends = ("_at", "until", "since", "at")
    wanted = {
        str(column)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, BigInteger) and column.name.endswith(ends)
    }
    named = Counter(str(instant.column) for instant in INSTANTS)
    assert set(named) == wanted
    assert max(named.values()) == 1


@pytest.mark.parametrize("by", [-10 * MINUTE, -DAY, DAY, -365 * DAY, 3653 * DAY])
async def test_what_waits_moves_along_with_a_clock_that_is_set(newsroom: Database, by: int) -> None:
    run = _Run(newsroom)
    await run.keeper.start()
    await run.set_for_good(by)
    assert run.heard == [by]
    assert await _waits(newsroom) == [NOW + 30_000 + by] * 3
    async with newsroom.read() as connection:
        noted = await key_value.value(connection, NOTED) or ""
    assert noted.split()[1:] == [str(by), "held"]


async def test_what_a_process_has_noted_of_the_clock_stops_none_where_it_cannot_be_read(newsroom: Database) -> None:
    run = _Run(newsroom)
    await run.keeper.start()
    async with newsroom.write() as tx:
        await key_value.store(tx, "clock_shifted", "yesterday")
    await run.set_for_good(DAY)
    assert await _waits(newsroom) == [NOW + 30_000 + DAY] * 3
    async with newsroom.write() as tx:
        await key_value.store(tx, NOTED, "1 2 3 4")
    assert [finding async for finding in clock_findings(newsroom, running=False)]


async def test_a_clock_that_comes_back_has_moved_nothing(newsroom: Database) -> None:
    run = _Run(newsroom)
    await run.keeper.start()
    run.wall += DAY
    await run.keeper.step()
    run.wall -= DAY
    await run.keeper.step()
    assert (run.heard, await _waits(newsroom)) == ([], [NOW + 30_000] * 3)
    async with newsroom.read() as connection:
        assert (await key_value.value(connection, NOTED) or "").endswith("over")


@pytest.mark.parametrize("by", [10 * MINUTE, DAY])
async def test_a_clock_that_was_set_back_while_nothing_ran_is_told_by_the_database(
    newsroom: Database, by: int
) -> None:
    await _Run(newsroom).keeper.start()
    after = _Run(newsroom, NOW - by)
    await after.keeper.start()
    assert await _waits(newsroom) == [NOW - by + 30_000] * 3
    async with newsroom.read() as connection:
        assert await instants.newest(connection) == NOW - by
        assert (await connection.execute(select(subscription.c.since))).scalar_one() == NOW - by


async def test_a_publication_after_a_clock_was_set_back_reaches_who_followed_before(newsroom: Database) -> None:
    await _Run(newsroom).keeper.start()
    async with newsroom.write() as tx:
        before = await articles.insert(tx, Content("پیش"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, before, published_at=NOW, now=NOW)
        await chats.record_seen(tx, CHANNEL, NOW * 1024)
    now = NOW - DAY
    run = _Run(newsroom, now)
    await run.keeper.start()
    async with newsroom.write() as tx:
        await tx.execute(update(chat).values(schedule="instant", wait_until=0))
        after = await articles.insert(tx, Content("پس"), category_id=1, now=now + 1, published_at=now + 1)
        await articles.release(tx, after, published_at=now + 1, now=now + 1)
        await fanouts.begin(tx, after, FanOutKind.HEADLINE, now=now + 1)
        work = await fanouts.next_open(tx)
        assert work is not None
        await fanouts.deliver_now(tx, work, None, lane=Lane.HEADLINE, now=now + 1)
        listed = await articles.page(tx, limit=5)
        assert [article.id for article in listed] == [after, before]
        assert listed[1].published_at == now
        reader = await chats.get(tx, CHANNEL)
        assert reader is not None
        assert await articles.count_above(tx, reader.seen_ordinal, most=9) == 1
        assert (await tx.execute(select(delivery.c.article_id))).scalars().all() == [after]


async def test_what_lies_further_ahead_than_it_may_is_pulled_in(newsroom: Database) -> None:
    run = _Run(newsroom)
    async with newsroom.write() as tx:
        await tx.execute(update(source).values(next_fetch_at=NOW + DAY))
        await tx.execute(update(chat).values(wait_until=NOW + 2 * DAY))
        await tx.execute(update(notice).values(due_at=NOW + DAY))
        await _deliver_at(tx, NOW + 5 * DAY)
    await run.keeper.start()
    assert await _waits(newsroom) == [NOW] * 3
    assert run.followed == [CHANNEL]


async def test_a_pause_that_a_source_may_have_is_kept(newsroom: Database) -> None:
    run = _Run(newsroom)
    async with newsroom.write() as tx:
        await tx.execute(update(source).values(next_fetch_at=NOW + DAY, failures=9))
        await tx.execute(update(chat).values(wait_until=NOW + DAY - MINUTE))
    await run.keeper.start()
    assert (await _waits(newsroom))[:2] == [NOW + DAY, NOW + DAY - MINUTE]


async def test_no_lease_is_longer_than_a_lease(newsroom: Database) -> None:
    async with newsroom.write() as tx:
        await _deliver_at(tx, NOW)
        await tx.execute(
            message.insert().values(
                chat_id=CHANNEL,
                state="sending",
                form="headline",
                language="fa",
                created_at=NOW,
                lease_until=NOW + DAY,
            )
        )
    await _Run(newsroom).keeper.start()
    async with newsroom.read() as connection:
        assert (await connection.execute(select(message.c.lease_until))).scalar_one() == NOW + MINUTE


async def test_what_people_chose_stays_as_they_meant_it(newsroom: Database) -> None:
    async with newsroom.write() as tx:
        planned = await articles.insert(tx, Content("فردا"), category_id=1, now=NOW, published_at=NOW)
        await tx.execute(update(article).values(scheduled_at=NOW + DAY, state="scheduled"))
    run = _Run(newsroom)
    await run.keeper.start()
    await run.set_for_good(-10 * MINUTE)
    async with newsroom.read() as connection:
        stored = await articles.get(connection, planned)
    assert stored is not None
    assert stored.scheduled_at == NOW + DAY


async def _deliver_at(tx: Connection, due_at: int) -> None:
    article_id = await articles.insert(tx, Content("x"), category_id=1, now=NOW, published_at=NOW)
    values = {"chat_id": CHANNEL, "article_id": article_id, "kind": "headline", "priority": 32, "state": "pending"}
    await tx.execute(delivery.insert().values(**values, ready=0, due_at=due_at, created_at=NOW))
