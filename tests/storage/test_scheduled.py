"""Planned articles are published at their time, once, whoever looks; trouble with one holds up no other."""

import asyncio
from typing import Any

import pytest

from bot.errors import ConflictError, UserError
from bot.newsroom import scheduling
from bot.newsroom.articles import Newsroom, release
from bot.newsroom.reviews import Reviews
from bot.newsroom.scheduling import Scheduling
from persian.schedule import INSTANT
from storage import articles, audit, chats, fanouts, key_value, notices, reviews, scheduled, staff
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.records import (
    Article,
    ArticleState,
    ChatKind,
    Content,
    FanOutKind,
    Notice,
    Provenance,
    ReviewState,
    Role,
)

NOW = 1_766_576_760_000
HOUR = 3_600_000
EDITOR, OTHER = 5, 6


class Clock:
    """A clock that stands where it is put."""

    now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def _draft(database: Database, clock: Clock, title: str = "x", **more: Any) -> int:
    async with database.write() as tx:
        for editor in (EDITOR, OTHER):
            await staff.put(tx, editor, Role.EDITOR, now=NOW)
    provenance = Provenance(author_id=EDITOR, **more)
    return (await Newsroom(database, clock, _nothing).draft(Content(title), 1, provenance)).id


async def _get(database: Database, article_id: int) -> Article:
    async with database.read() as connection:
        article = await articles.get(connection, article_id)
    assert article is not None
    return article


async def _told(database: Database) -> list[tuple[int, str]]:
    return [(notice.user_id, notice.key) for notice in await _owed(database)]


async def _owed(database: Database) -> list[Notice]:
    later = NOW + 99 * HOUR
    async with database.write() as tx:
        return await notices.claim(tx, now=later, lease_until=later, limit=99)


def _nothing() -> None:
    pass


async def test_each_is_published_at_its_time_as_of_that_moment(database: Database, clock: Clock) -> None:
    woken: list[int] = []
    plan = Scheduling(database, clock, lambda: woken.append(clock.now))
    first = await _draft(database, clock, published_at=NOW - 5 * HOUR)
    second = await _draft(database, clock)
    await plan.schedule(second, NOW + 2 * HOUR, actor_id=EDITOR)
    await plan.schedule(first, NOW + HOUR, actor_id=EDITOR)
    async with database.read() as connection:
        assert [article.id for article in await scheduled.page(connection, limit=9)] == [first, second]
        assert [article.id for article in await scheduled.page(connection, limit=9, offset=1)] == [second]
        assert [article.id for article in await scheduled.scheduled_by(connection, EDITOR)] == [first, second]
        assert await scheduled.scheduled_by(connection, OTHER) == []
    await plan.publish_due()
    assert (await _get(database, first)).state is ArticleState.SCHEDULED
    clock.now += HOUR + 700
    await plan.publish_due()
    published = await _get(database, first)
    assert published.state is ArticleState.PUBLISHED
    assert published.published_at == published.released_at == clock.now
    assert (published.scheduled_at, published.scheduled_by) == (None, None)
    assert (await _get(database, second)).state is ArticleState.SCHEDULED
    assert woken == [clock.now]
    assert await _told(database) == [(EDITOR, "plan-done")]
    clock.now += 5 * HOUR
    await plan.publish_due()
    assert (await _told(database))[1:] == [(EDITOR, "plan-done-late")]
    async with database.read() as connection:
        (last, *_) = await audit.page(connection, limit=1)
        assert (last.actor_id, last.action, last.article_id) == (EDITOR, "publish", second)
        assert await scheduled.next_due(connection) is None


async def test_two_processes_publish_each_once(
    address: str, database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Scheduling(database, clock, _nothing)
    numbers = [await _draft(database, clock, str(number)) for number in range(8)]
    for number in numbers:
        await plan.schedule(number, NOW + HOUR, actor_id=EDITOR)
    clock.now += HOUR
    async with opened(address) as other:
        await asyncio.gather(
            *(
                Scheduling(app_database, clock, _nothing).publish_due()
                for app_database in (database, other, database)
            )
        )
        await plan.publish_due()
    assert len(await _told(database)) == len(numbers)
    async with database.read() as connection:
        acts = [entry.article_id for entry in await audit.page(connection, limit=99) if entry.action == "publish"]
    assert sorted(number for number in acts if number is not None) == numbers


async def test_one_that_cannot_be_published_is_told_once_and_tried_again(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Scheduling(database, clock, _nothing)
    bad, good = await _draft(database, clock), await _draft(database, clock)
    await plan.schedule(bad, NOW + HOUR, actor_id=EDITOR)
    await plan.schedule(good, NOW + HOUR, actor_id=EDITOR)

    async def breaks(tx: Any, article: Article, **more: Any) -> bool:
        if article.id == bad:
            raise LookupError(bad)
        return await release(tx, article, **more)

    monkeypatch.setattr(scheduling, "release", breaks)
    clock.now += HOUR
    await plan.publish_due()
    clock.now += 61_000
    await plan.publish_due()
    assert (await _get(database, good)).state is ArticleState.PUBLISHED
    assert (await _get(database, bad)).state is ArticleState.SCHEDULED
    assert sorted(await _told(database)) == [(EDITOR, "plan-done"), (EDITOR, "plan-failed")]
    monkeypatch.undo()
    await plan.publish_due()
    assert (await _get(database, bad)).state is ArticleState.SCHEDULED, "not yet: it waits a minute"
    clock.now += 61_000
    await plan.publish_due()
    assert (await _get(database, bad)).state is ArticleState.PUBLISHED


async def test_another_editor_moves_and_cancels_and_the_planner_hears_of_it(
    database: Database, clock: Clock
) -> None:
    plan = Scheduling(database, clock, _nothing)
    async with database.write() as tx:
        await staff.put(tx, OTHER, Role.EDITOR, now=NOW)
        await chats.ensure(
            tx,
            OTHER,
            kind=ChatKind.PRIVATE,
            schedule=INSTANT,
            timezone="UTC",
            now=NOW,
            details=chats.ChatDetails(title="مینا"),
        )
    number = await _draft(database, clock)
    await plan.schedule(number, NOW + HOUR, actor_id=EDITOR, breaking=True)
    with pytest.raises(ConflictError):
        await plan.schedule(number, NOW + HOUR, actor_id=EDITOR, expected=7)
    moved = await plan.schedule(number, NOW + 2 * HOUR, actor_id=OTHER)
    assert (moved.scheduled_at, moved.breaking) == (NOW + 2 * HOUR, True)
    await plan.schedule(number, NOW + 3 * HOUR, actor_id=OTHER)
    cancelled = await plan.cancel(number, actor_id=EDITOR)
    assert (cancelled.state, cancelled.scheduled_at, cancelled.breaking) == (ArticleState.DRAFT, None, False)
    with pytest.raises(ConflictError):
        await plan.cancel(number, actor_id=EDITOR)
    assert await _told(database) == [(EDITOR, "plan-moved-by"), (OTHER, "plan-cancelled-by")]
    assert (await _owed(database))[0].args["name"] == "مینا"
    clock.now += 5 * HOUR
    await plan.publish_due()
    assert (await _get(database, number)).state is ArticleState.DRAFT


async def test_breaking_news_is_planned_published_and_raised_once(database: Database, clock: Clock) -> None:
    plan, newsroom = Scheduling(database, clock, _nothing), Newsroom(database, clock, _nothing)
    soon, now, raised = [await _draft(database, clock) for _ in range(3)]
    await plan.schedule(soon, NOW + HOUR, actor_id=EDITOR, breaking=True)
    assert (await newsroom.publish(now, actor_id=EDITOR, breaking=True)).breaking
    assert not (await newsroom.publish(raised, actor_id=EDITOR)).breaking
    with pytest.raises(ConflictError, match="article-already-published"):
        await plan.schedule(raised, NOW + HOUR, actor_id=EDITOR)
    assert (await plan.raise_to_breaking(raised, actor_id=EDITOR)).breaking
    for number, key in ((now, "breaking-already"), (raised, "breaking-already"), (soon, "article-not-published")):
        with pytest.raises(UserError, match=key):
            await plan.raise_to_breaking(number, actor_id=EDITOR)
    async with database.write() as tx:
        await key_value.store(tx, key_value.PAUSED, "1")
    clock.now += HOUR
    await plan.publish_due()
    assert await _told(database) == [(EDITOR, "plan-done-paused")]
    ways = []
    async with database.write() as tx:
        while (work := await fanouts.next_open(tx)) is not None:
            ways.append((work.article_id, work.kind))
            while await fanouts.advance(tx, work, None, now=NOW):
                work = await fanouts.next_open(tx) or work
    kinds = {number: {kind for article_id, kind in ways if article_id == number} for number in (soon, now, raised)}
    assert kinds[soon] == kinds[now] == {FanOutKind.BREAKING}
    assert kinds[raised] == {FanOutKind.BREAKING, FanOutKind.HEADLINE}


async def test_where_a_second_pair_of_eyes_is_required_nothing_slips_past_it(
    database: Database, clock: Clock
) -> None:
    plan = Scheduling(database, clock, _nothing, review_required=True)
    newsroom = Newsroom(database, clock, _nothing, review_required=True)
    number, other = await _draft(database, clock), await _draft(database, clock)
    with pytest.raises(ConflictError, match="review-second-pair"):
        await plan.schedule(number, NOW + HOUR, actor_id=EDITOR)
    await Reviews(database, clock, _nothing, review_required=True).submit(number, actor_id=EDITOR)
    await plan.schedule(number, NOW + HOUR, actor_id=OTHER)
    await plan.schedule(other, NOW + HOUR, actor_id=OTHER)
    async with database.read() as connection:
        (review,) = (await reviews.last(connection, [number])).values()
    assert (review.state, review.decided_by) == (ReviewState.APPROVED, OTHER)
    assert await _told(database) == [(EDITOR, "review-approved-notice")]
    await newsroom.edit(other, Content("y"), expected=1, editor_id=OTHER)
    clock.now += HOUR
    await plan.publish_due()
    assert (await _get(database, number)).state is ArticleState.PUBLISHED
    assert (await _get(database, other)).state is ArticleState.DRAFT
    assert sorted((await _told(database))[1:]) == [(OTHER, "plan-done"), (OTHER, "plan-unreviewed")]
