"""Scheduled publication, and breaking news."""

from collections.abc import Callable, Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from bot.errors import ConflictError, UserError
from bot.newsroom import review_steps
from bot.newsroom.article_service import ArticleService
from bot.newsroom.articles import must_get, release, unfolded
from bot.newsroom.callbacks import PlanAt
from bot.newsroom.names import name_of
from bot.newsroom.pausing import pause_of
from bot.newsroom.permissions import Right, may
from bot.newsroom.recipients import chats_with_permission
from bot.newsroom.transitions import Act, Refusal, require
from bot.render.callbacks import PreviewPage
from persian.moment import parse_moment
from storage import audit, fanouts, notices, reviews, scheduled, staff
from storage.audit_details import AuditAction, Circumstance, CircumstanceDetails, ScheduleDetails
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.errors import UnavailableError
from storage.records import Article, FanOutKind, ReviewState

MOST_AHEAD_MS = 366 * 24 * 3600 * 1000
"""The longest time (ms) ahead for which an article may be scheduled. More is a typing error."""

_SOON_MS = 20 * 60_000
_HALF_HOUR_MS = 30 * 60_000
_LATE_MS = 60_000
_AGAIN_MS = 60_000

_log = structlog.get_logger(__name__)


def parse_future_time(text: str, zone: ZoneInfo, now: int) -> int:
    """Return the instant (ms) that an editor means. Raises UserError where that is unclear, over or too far."""
    at = parse_moment(text, zone, now)
    if at is None:
        raise UserError("plan-unreadable", text=text[:60])
    if at <= now:
        raise UserError("plan-past")
    if at - now > MOST_AHEAD_MS:
        raise UserError("plan-too-far")
    return at


def usual_times(zone: ZoneInfo, now: int) -> tuple[int, ...]:
    """Return instants (ms) that editors often mean at `now` (ms), in their order (pure).

    These are the next full or half hour that is 20 minutes away, an hour after it, tonight, and tomorrow morning,
    noon and evening by the clocks of `zone`.
    """
    local = datetime.fromtimestamp(now / 1000, zone)
    soon = -(-(now + _SOON_MS) // _HALF_HOUR_MS) * _HALF_HOUR_MS
    times = [soon, soon + 2 * _HALF_HOUR_MS]
    for days, hours in ((0, (21,)), (1, (8, 12, 18))):
        day = local.date() + timedelta(days=days)
        times += [int(datetime.combine(day, time(hour), zone).timestamp() * 1000) for hour in hours]
    return tuple(sorted({at for at in times if at >= soon}))


class Scheduling(ArticleService):
    """Schedules articles, publishes them at their time, and sends breaking news.

    The acts of a person raise UserError where they have no right to publish (any more).
    """

    def __init__(
        self, database: Database, clock: Clock, wake: Callable[[], None], *, review_required: bool = False
    ) -> None:
        super().__init__(database, clock, wake, review_required=review_required)
        self._troubled: dict[int, int] = {}

    async def schedule(
        self, article_id: int, at: int, *, actor_id: int, breaking: bool | None = None, expected: int | None = None
    ) -> Article:
        """Schedule an article for `at` (ms), or move one that is scheduled already.

        `breaking` None leaves it as it was planned; `expected` is the revision that the editor saw. An open review
        ends with the actor's approval. Raises NotFoundError, or ConflictError where it is published, put away or
        changed meanwhile, or the actor is not the second pair of eyes that is required.
        """
        async with self._acting(actor_id, Right.PUBLISH) as tx:
            now = self._clock()
            article = await must_get(tx, article_id)
            require(Act.SCHEDULE, article)
            if expected not in (None, article.revision):
                raise ConflictError("article-changed-meanwhile", id=article_id)
            await review_steps.require_second_person(tx, article, actor_id, required=self.review_required)
            urgent = article.breaking if breaking is None else breaking
            await unfolded(tx, article, now=now)
            if not await scheduled.schedule(tx, article_id, at=at, by=actor_id, breaking=urgent, now=now):
                raise Refusal.ALREADY_PUBLISHED.error(article_id)
            details = ScheduleDetails(at, breaking=urgent)
            await review_steps.end(tx, article, ReviewState.APPROVED, by=actor_id, now=now)
            await notify_planner(tx, article, actor_id, "plan-moved-by", now=now)
            await audit.record(tx, actor_id, AuditAction.SCHEDULE, now=now, article_id=article_id, details=details)
            return await must_get(tx, article_id)

    async def cancel(self, article_id: int, *, actor_id: int) -> Article:
        """Make a scheduled article a draft again. Raises NotFoundError, or ConflictError where it is no more."""
        async with self._acting(actor_id, Right.PUBLISH) as tx:
            now = self._clock()
            article = await must_get(tx, article_id)
            require(Act.CANCEL_SCHEDULE, article)
            await scheduled.cancel(tx, article_id, now=now)
            await notify_planner(tx, article, actor_id, "plan-cancelled-by", now=now)
            await audit.record(tx, actor_id, AuditAction.UNSCHEDULE, now=now, article_id=article_id)
            return await must_get(tx, article_id)

    async def raise_to_breaking(self, article_id: int, *, actor_id: int) -> Article:
        """Send a published article out once more, as breaking news.

        Raises NotFoundError, or ConflictError where it is not published (any more), or was breaking news before.
        """
        async with self._acting(actor_id, Right.PUBLISH) as tx:
            now = self._clock()
            article = await must_get(tx, article_id)
            require(Act.RAISE_TO_BREAKING, article)
            if not await scheduled.raise_to_breaking(tx, article_id, now=now):
                raise ConflictError("breaking-already", id=article_id)
            await fanouts.begin(tx, article_id, FanOutKind.BREAKING, now=now)
            await audit.record(tx, actor_id, AuditAction.BREAKING, now=now, article_id=article_id)
            raised = await must_get(tx, article_id)
        self._wake()
        return raised

    async def publish_due(self) -> None:
        """Publish every article that is due. An article that fails is reported and delays no other."""
        while True:
            now = self._clock()
            waits = [
                article_id for article_id, again_at in self._troubled.items() if 0 < again_at - now <= _AGAIN_MS
            ]
            async with self._database.read() as connection:
                at = await scheduled.next_due(connection, but=waits)
            if at is None or at > now or not await self._publish_one(waits, now):
                return

    async def _publish_one(self, waits: Collection[int], now: int) -> bool:
        """Publish the first of what is due, but for what `waits`; False where other processes have it all."""
        due: Article | None = None
        try:
            async with self._database.write() as tx:
                due = await scheduled.lock_due(tx, now, but=waits)
                if due is None:
                    return False
                planner = _scheduler_of(due)
                if planner == notices.DESK_CHAT or await _may_publish(tx, planner):
                    await self._release(tx, due, now)
                else:
                    await end_schedule(tx, due, actor_id=audit.COMMAND_LINE, now=now)
        except UnavailableError:
            raise
        except ConflictError:
            assert due is not None, "it is about an article"
            await self._give_back(due, now)
            return True
        except Exception:
            if due is None:
                raise
            _log.exception("planned_not_published", article_id=due.id)
            await self._put_off(due, now)
            return True
        self._troubled.pop(due.id, None)
        self._wake()
        return True

    async def _release(self, tx: Connection, due: Article, now: int) -> None:
        planner = _scheduler_of(due)
        await review_steps.require_second_person(tx, due, planner, required=self.review_required)
        await release(tx, due, push=True, now=now, actor_id=planner)
        action = AuditAction.BREAKING if due.breaking else AuditAction.PUBLISH
        details = CircumstanceDetails(Circumstance.AS_PLANNED)
        await audit.record(tx, planner, action, now=now, article_id=due.id, details=details)
        assert due.scheduled_at is not None, "it was due"
        key = "plan-done-late" if now - due.scheduled_at > _LATE_MS else "plan-done"
        if await pause_of(tx) is not None:
            key = "plan-done-paused"
        await notices.enqueue(tx, planner, key, _named(due), now=now)

    async def _give_back(self, due: Article, now: int) -> None:
        """Make a draft of what nobody but its editors has seen: whoever planned it has edited it since."""
        async with self._database.write() as tx:
            planner = _scheduler_of(due)
            if await scheduled.cancel(tx, due.id, now=now):
                details = CircumstanceDetails(Circumstance.NOT_REVIEWED)
                await audit.record(tx, planner, AuditAction.UNSCHEDULE, now=now, article_id=due.id, details=details)
                await notices.enqueue(tx, planner, "plan-unreviewed", _named(due), now=now)

    async def _put_off(self, due: Article, now: int) -> None:
        """Notify the person who scheduled it, once, and postpone it: late is better than never."""
        known = due.id in self._troubled
        self._troubled[due.id] = now + _AGAIN_MS
        if not known:
            async with self._database.write() as tx:
                await notices.enqueue(tx, _scheduler_of(due), "plan-failed", _named(due), now=now)


async def notify_planner(tx: Connection, article: Article, actor_id: int, key: str, *, now: int) -> None:
    """Notify the person who scheduled an article that somebody else has changed it."""
    if article.scheduled_by not in (actor_id, None):
        name = (await name_of(tx, actor_id))[:60]
        await notices.enqueue(tx, article.scheduled_by, key, _named(article) | {"name": name}, now=now)


async def end_schedule(tx: Connection, article: Article, *, actor_id: int, now: int) -> None:
    """Make a draft of a scheduled article if the person who scheduled it may no longer publish, and ask the owners.

    An article that this person took out of review by scheduling it waits for a decision again.
    """
    planner, at = article.scheduled_by, article.scheduled_at
    assert planner is not None, "a person scheduled it"
    assert at is not None, "it is scheduled"
    if not await scheduled.cancel(tx, article.id, now=now):
        return
    review = (await reviews.last(tx, [article.id])).get(article.id)
    if review is not None and (review.state, review.decided_by) == (ReviewState.APPROVED, planner):
        await review_steps.reopen(tx, review, now=now)
    buttons = [
        ("button-plan-again", PlanAt(article.id, article.revision, at, article.breaking).pack()),
        ("button-view", PreviewPage(article.id).pack()),
    ]
    args = _named(article) | {"name": (await name_of(tx, planner))[:60], "when": at}
    for owner in await chats_with_permission(tx, Right.STAFF):
        if owner != planner:
            await notices.enqueue(tx, owner, "plan-orphaned", args, now=now, buttons=buttons)
    details = ScheduleDetails(at, breaking=article.breaking)
    await audit.record(tx, actor_id, AuditAction.UNSCHEDULE, now=now, article_id=article.id, details=details)


async def _may_publish(connection: Connection, user_id: int) -> bool:
    member = await staff.get(connection, user_id)
    return member is not None and may(member.role, Right.PUBLISH)


def _scheduler_of(article: Article) -> int:
    return article.scheduled_by if article.scheduled_by is not None else notices.DESK_CHAT


def _named(article: Article) -> dict[str, str | int]:
    return {"id": article.id, "title": article.content.title}
