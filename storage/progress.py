"""The progress of deliveries and amendments, as numbers for the newsroom. It only reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from storage import fanouts
from storage.engine.connection import Connection
from storage.fanouts import CHANGES
from storage.malformed import readable
from storage.records import Article, DeliveryState, FanOutKind, Lane, Priority
from storage.schema import (
    ACTIVE_CHAT,
    PENDING,
    PENDING_AMENDMENT,
    READY,
    WAITING,
    amendment,
    chat,
    delivery,
    fan_out,
    subscription,
)
from storage.subscription_matching import subjects_of, wants


@dataclass(frozen=True, slots=True)
class LaneBacklog:
    """The backlog of one lane: due now, due later, and since when (ms) the oldest is due (None: none is)."""

    lane: Lane
    due: int
    later: int
    oldest_due_at: int | None = None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """An article on its way to its followers: sends done, waiting now, and in all; `growing`: more will come.

    `later` counts those that wait for the times of their chats.
    """

    article_id: int
    sent: int
    waiting: int
    total: int
    growing: bool
    later: int = 0

    @property
    def ended(self) -> bool:
        """True once everybody who gets the article at once has it, or cannot get it."""
        return not self.growing and self.waiting <= 0


@dataclass(frozen=True, slots=True)
class ChangeProgress:
    """The last correction or retraction of an article; `growing`: not every copy has been looked at yet."""

    kind: FanOutKind
    begun_at: int
    growing: bool


async def followers(connection: Connection, article: Article, kind: FanOutKind) -> int:
    """Return to about how many chats and topics a publication of the article goes.

    Those that follow its category, its tags or its section are counted; who follows or mutes words is not.
    """
    open_chat = and_(ACTIVE_CHAT, chat.c.paused.is_(False))
    places = (
        select(subscription.c.chat_id, subscription.c.topic_id)
        .distinct()
        .join(chat, chat.c.id == subscription.c.chat_id)
        .where(wants(article.category.id, kind, subjects_of(article.content)), open_chat)
    )
    return (await connection.execute(select(func.count()).select_from(places.subquery()))).scalar_one()


async def waiting(connection: Connection) -> list[LaneBacklog]:
    """Return what waits, deliveries and changes of copies together, by lane; the most urgent first."""
    due: dict[int, int] = {}
    later: dict[int, int] = {}
    oldest: dict[int, int] = {}
    sends = select(
        (delivery.c.priority // Priority.RANKS).label("lane"),
        delivery.c.ready,
        func.count().label("number"),
        func.min(delivery.c.due_at).label("oldest"),
    )
    for row in await connection.execute(sends.where(PENDING).group_by("lane", delivery.c.ready)):
        counted = due if row.ready else later
        counted[int(row.lane)] = counted.get(int(row.lane), 0) + row.number
        if row.ready:
            oldest[int(row.lane)] = row.oldest
    changes = select(
        (amendment.c.priority // Priority.RANKS).label("lane"),
        func.count().label("number"),
        func.min(amendment.c.due_at).label("oldest"),
    )
    for row in await connection.execute(changes.where(PENDING_AMENDMENT).group_by("lane")):
        lane = int(row.lane)
        due[lane] = due.get(lane, 0) + row.number
        oldest[lane] = min(oldest.get(lane, row.oldest), row.oldest)
    return [
        LaneBacklog(Lane(lane), due.get(lane, 0), later.get(lane, 0), oldest.get(lane))
        for lane in sorted(due.keys() | later.keys())
    ]


async def broadcasts(connection: Connection, *, limit: int) -> list[Broadcast]:
    """Return up to `limit` articles that are on their way, the largest first."""
    open_ones = select(fan_out.c.article_id).where(fan_out.c.done_at.is_(None), fan_out.c.kind.not_in(CHANGES))
    growing = {row.article_id for row in await connection.execute(open_ones)}
    ready = select(delivery.c.article_id, func.count().label("number")).where(PENDING, READY)
    ready = ready.group_by(delivery.c.article_id).order_by(func.count().desc()).limit(limit)
    waiting_counts = {row.article_id: row.number for row in await connection.execute(ready)}
    for article_id in sorted(growing - waiting_counts.keys())[: max(0, limit - len(waiting_counts))]:
        waiting_counts[article_id] = 0
    counted = await _states(connection, list(waiting_counts))
    return [
        Broadcast(
            article_id,
            sent=counted.get((article_id, DeliveryState.SENT), 0),
            waiting=number,
            total=sum(many for (counted_id, _), many in counted.items() if counted_id == article_id),
            growing=article_id in growing,
        )
        for article_id, number in waiting_counts.items()
    ]


async def broadcast(connection: Connection, article_id: int) -> Broadcast:
    """Return how far one article has come; what waits for the times of its chats is in no hurry: it is `later`."""
    counted = {state: many for (_, state), many in (await _states(connection, [article_id])).items()}
    later = select(func.count()).where(delivery.c.article_id == article_id, PENDING, WAITING)
    later_count = (await connection.execute(later)).scalar_one()
    under_way = (DeliveryState.PENDING, DeliveryState.SENDING)
    return Broadcast(
        article_id,
        sent=counted.get(DeliveryState.SENT, 0),
        waiting=sum(counted.get(state, 0) for state in under_way) - later_count,
        later=later_count,
        total=sum(counted.values()),
        growing=await fanouts.is_open(connection, article_id),
    )


async def last_change(connection: Connection, article_id: int) -> ChangeProgress | None:
    """Return the last correction or retraction of an article, None where there was none."""
    query = select(fan_out.c.kind, fan_out.c.released_at, fan_out.c.done_at)
    query = query.where(fan_out.c.article_id == article_id, fan_out.c.kind.in_(CHANGES))
    row = (await connection.execute(query.order_by(fan_out.c.released_at.desc(), fan_out.c.id.desc()))).first()
    return ChangeProgress(FanOutKind(row.kind), row.released_at, row.done_at is None) if row else None


async def _states(connection: Connection, article_ids: Sequence[int]) -> dict[tuple[int, DeliveryState], int]:
    query = select(delivery.c.article_id, delivery.c.state, func.count().label("number"))
    query = query.where(delivery.c.article_id.in_(article_ids), delivery.c.state != DeliveryState.WITHDRAWN)
    rows = await connection.execute(query.group_by(delivery.c.article_id, delivery.c.state))
    return dict(readable("delivery", rows, _count_of, key="article_id"))


def _count_of(row: Any) -> tuple[tuple[int, DeliveryState], int]:
    return (row.article_id, DeliveryState(row.state)), row.number
