"""The pending deliveries of a chat, delayed by its schedules, its quiet hours or its turn."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select, update

from storage.engine.connection import Connection
from storage.malformed import readable
from storage.records import FanOutKind, Lane, Priority
from storage.schema import PENDING, WAITING, delivery


@dataclass(frozen=True, slots=True)
class PendingDelivery:
    """A delivery that nobody has tried yet."""

    id: int
    topic_id: int
    article_id: int
    kind: FanOutKind


async def of_chat(
    connection: Connection, chat_id: int, *, after_id: int, limit: int, due_after: int | None = None
) -> list[PendingDelivery]:
    """Return what waits for a chat behind that delivery, in the order of their ids.

    With `due_after` (ms) only what waits for a time behind that instant.
    """
    query = (
        select(delivery.c.id, delivery.c.topic_id, delivery.c.article_id, delivery.c.kind)
        .where(delivery.c.chat_id == chat_id, delivery.c.id > after_id, PENDING, delivery.c.attempts == 0)
        .order_by(delivery.c.id)
        .limit(limit)
    )
    if due_after is not None:
        query = query.where(WAITING, delivery.c.due_at > due_after)
    rows = await connection.execute(query)
    return readable("delivery", rows, _waiting)


async def move(
    tx: Connection, delivery_ids: Collection[int], *, due_at: int, fold: bool, lane: Lane, rank: int, now: int
) -> None:
    """Move those of the deliveries that nobody has tried to another time (ms), sharing a digest or not.

    What is due already stays so, unless that time is still to come.
    """
    still = and_(delivery.c.id.in_(delivery_ids), PENDING, delivery.c.attempts == 0)
    if due_at <= now:
        still = and_(still, WAITING)
    values = {"due_at": due_at, "fold": fold, "ready": int(due_at <= now), "priority": int(Priority.of(lane, rank))}
    await tx.execute(update(delivery).where(still).values(values))


def _waiting(row: Any) -> PendingDelivery:
    return PendingDelivery(row.id, row.topic_id, row.article_id, FanOutKind(row.kind))
