"""Time and urgency: articles that are published by themselves at their time, and breaking news."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from bot.errors import ConflictError, UserError
from bot.newsroom import review_steps
from bot.newsroom.articles import must_get, release, unfolded, unpublished
from bot.newsroom.callbacks import PlanAgain
from bot.newsroom.names import name_of
from bot.newsroom.pausing import pause_of
from bot.newsroom.permissions import Right, may
from bot.newsroom.recipients import chats_with_permission
from bot.render.callbacks import PreviewPage
from persian.moment import parse_moment
from storage import audit, fanouts, notices, reviews, scheduled, staff
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.errors import UnavailableError
from storage.records import Article, ArticleState, FanOutKind, ReviewState

MOST_AHEAD_MS = 366 * 24 * 3600 * 1000
"""How far ahead (ms) an article may be planned: beyond that it is a slip of the pen."""

_LATE_MS = 60_000
_AGAIN_MS = 60_000

_log = structlog.get_logger(__name__)


def moment_ahead(text: str, zone: ZoneInfo, now: int) -> int:
    """Return the instant (ms) that an editor means. Raises UserError where that is unclear, over or too far."""
    at = parse_moment(text, zone, now)
    if at is None:
        raise UserError("plan-unreadable", text=text[:60])
    if at <= now:
        raise UserError("plan-past")
    if at - now > MOST_AHEAD_MS:
        raise UserError("plan-too-far")
    return at


class Scheduling:
    """Publishes what is planned at its time, and sends breaking news.

    `wake` is called after each publication; `review_required` is REVIEW_REQUIRED.
    """

    def __init__(
        self, database: Database, clock: Clock, wake: Callable[[], None], *, review_required: bool = False
    ) -> None:
        self._review_required = review_required
        self._database = database
        self._clock = clock
        self._wake = wake
        self._troubled: dict[int, int] = {}

    async def schedule(
        self, article_id: int, at: int, *, actor_id: int, breaking: bool | None = None, expected: int | None = None
    ) -> Article:
        """Have an article published at `at` (ms); one that is scheduled already is moved there.

        `breaking` None leaves it as it was planned; `expected` is the revision that the editor saw. An open review
        ends with the actor's approval. Raises NotFoundError, or ConflictError where it is published, put away or
        changed meanwhile, or the actor is not the second pair of eyes that is required.
        """
        async with self._database.write() as tx:
            now = self._clock()
            found = unpublished(await must_get(tx, article_id))
            if expected not in (None, found.revision):
                raise ConflictError("article-changed-meanwhile", id=article_id)
            await review_steps.insist_on_second_pair(tx, found, actor_id, required=self._review_required)
            urgent = found.breaking if breaking is None else breaking
            await unfolded(tx, found, now=now)
            if not await scheduled.schedule(tx, article_id, at=at, breaking=urgent, now=now):
                raise ConflictError("article-already-published", id=article_id)
            detail = _time_in_audit(at, breaking=urgent)
            await review_steps.end(tx, found, ReviewState.APPROVED, by=actor_id, now=now)
            await self._tell_planner(tx, found, actor_id, "plan-moved-by", now=now)
            await audit.note(tx, actor_id, "schedule", now=now, article_id=article_id, detail=detail)
            return await must_get(tx, article_id)

    async def cancel(self, article_id: int, *, actor_id: int) -> Article:
        """Make a scheduled article a draft again. Raises NotFoundError, or ConflictError where it is no more."""
        async with self._database.write() as tx:
            now = self._clock()
            found = unpublished(await must_get(tx, article_id))
            if not await scheduled.cancel(tx, article_id, now=now):
                raise ConflictError("plan-none", id=article_id)
            await self._tell_planner(tx, found, actor_id, "plan-cancelled-by", now=now)
            await audit.note(tx, actor_id, "unschedule", now=now, article_id=article_id)
            return await must_get(tx, article_id)

    async def raise_to_breaking(self, article_id: int, *, actor_id: int) -> Article:
        """Send a published article out once more, as breaking news.

        Raises NotFoundError, or ConflictError where it is not published (any more), or was breaking news before.
        """
        async with self._database.write() as tx:
            now = self._clock()
            found = await must_get(tx, article_id)
            if found.state is not ArticleState.PUBLISHED:
                gone = found.state is ArticleState.RETRACTED
                raise ConflictError("article-is-retracted" if gone else "article-not-published", id=article_id)
            if not await scheduled.raise_to_breaking(tx, article_id, now=now):
                raise ConflictError("breaking-already", id=article_id)
            await fanouts.begin(tx, article_id, FanOutKind.BREAKING, now=now)
            await audit.note(tx, actor_id, "breaking", now=now, article_id=article_id)
            raised = await must_get(tx, article_id)
        self._wake()
        return raised

    async def publish_due(self) -> None:
        """Publish everything whose time has come; one article's trouble is told, and holds up no other."""
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
                planner = await _planner(tx, due.id)
                if planner == notices.THE_DESK or await _may_publish(tx, planner):
                    await self._release(tx, due, planner, now)
                else:
                    await end_plan(tx, due, planner=planner, actor_id=audit.COMMAND_LINE, now=now)
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

    async def _release(self, tx: Connection, due: Article, planner: int, now: int) -> None:
        await review_steps.insist_on_second_pair(tx, due, planner, required=self._review_required)
        await release(tx, due, push=True, now=now, actor_id=planner)
        act = "breaking" if due.breaking else "publish"
        await audit.note(tx, planner, act, now=now, article_id=due.id, detail="as planned")
        assert due.scheduled_at is not None, "it was due"
        key = "plan-done-late" if now - due.scheduled_at > _LATE_MS else "plan-done"
        if await pause_of(tx) is not None:
            key = "plan-done-paused"
        await notices.enqueue(tx, planner, key, _named(due), now=now)

    async def _give_back(self, due: Article, now: int) -> None:
        """Make a draft of what nobody but its editors has seen: whoever planned it has edited it since."""
        async with self._database.write() as tx:
            planner = await _planner(tx, due.id)
            if await scheduled.cancel(tx, due.id, now=now):
                await audit.note(tx, planner, "unschedule", now=now, article_id=due.id, detail="not reviewed")
                await notices.enqueue(tx, planner, "plan-unreviewed", _named(due), now=now)

    async def _put_off(self, due: Article, now: int) -> None:
        """Tell whoever planned it, once, and try it again: late is better than never."""
        known = due.id in self._troubled
        self._troubled[due.id] = now + _AGAIN_MS
        if not known:
            async with self._database.write() as tx:
                await notices.enqueue(tx, await _planner(tx, due.id), "plan-failed", _named(due), now=now)

    async def _tell_planner(self, tx: Connection, found: Article, actor_id: int, key: str, *, now: int) -> None:
        """Tell whoever planned an article that somebody else has changed it."""
        planner = await _planner(tx, found.id)
        if found.state is ArticleState.SCHEDULED and planner not in (actor_id, notices.THE_DESK):
            name = (await name_of(tx, actor_id))[:60]
            await notices.enqueue(tx, planner, key, _named(found) | {"name": name}, now=now)


async def end_plan(tx: Connection, article: Article, *, planner: int, actor_id: int, now: int) -> None:
    """Make a scheduled article whose planner may publish no more a draft; the owners are asked what becomes of it.

    An article that the planner took out of review by planning it waits for a decision again.
    """
    assert article.scheduled_at is not None, "it is scheduled"
    if not await scheduled.cancel(tx, article.id, now=now):
        return
    review = (await reviews.last(tx, [article.id])).get(article.id)
    if review is not None and (review.state, review.decided_by) == (ReviewState.APPROVED, planner):
        await review_steps.reopen(tx, review, now=now)
    at = article.scheduled_at
    buttons = [
        ("button-plan-again", PlanAgain(article.id, article.revision, at, article.breaking).pack()),
        ("button-view", PreviewPage(article.id).pack()),
    ]
    args = _named(article) | {"name": (await name_of(tx, planner))[:60], "when": at}
    for owner in await chats_with_permission(tx, Right.STAFF):
        if owner != planner:
            await notices.enqueue(tx, owner, "plan-orphaned", args, now=now, buttons=buttons)
    detail = _time_in_audit(at, breaking=article.breaking)
    await audit.note(tx, actor_id, "unschedule", now=now, article_id=article.id, detail=detail)


async def _may_publish(connection: Connection, user_id: int) -> bool:
    member = await staff.get(connection, user_id)
    return member is not None and may(member.role, Right.PUBLISH)


async def _planner(connection: Connection, article_id: int) -> int:
    return (await scheduled.planners(connection, [article_id])).get(article_id, notices.THE_DESK)


def _time_in_audit(at: int, *, breaking: bool) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M} UTC" + (" breaking" if breaking else "")


def _named(article: Article) -> dict[str, str | int]:
    return {"id": article.id, "title": article.content.title}
