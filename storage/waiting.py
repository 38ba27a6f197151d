"""What waits for its time in one chat: headlines that its schedule or its quiet hours hold back."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, select, update

from storage.connection import Connection
from storage.records import FanOutKind
from storage.schema import PENDING, WAITING, delivery, subscription

_MOST = 5_000  # far more than a schedule ever holds back


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that nobody has tried yet."""

    id: int
    kind: FanOutKind


async def for_schedule(tx: Connection, chat_id: int) -> list[Waiting]:
    """Return what waits for the chat's own schedule, held until the transaction ends, in the order of sending.

    Where something that is followed has a schedule of its own, nobody knows which of them holds a headline back:
    of such a topic nothing is returned.
    """
    own = and_(
        subscription.c.chat_id == delivery.c.chat_id,
        subscription.c.topic_id == delivery.c.topic_id,
        subscription.c.schedule != "",
    )
    query = (
        select(delivery.c.id, delivery.c.kind)
        .where(delivery.c.chat_id == chat_id, PENDING, WAITING, delivery.c.attempts == 0)
        .where(~select(subscription.c.id).where(own).exists())
        .order_by(delivery.c.id)
        .limit(_MOST)
        .with_for_update(of=delivery)
    )
    return [Waiting(row.id, FanOutKind(row.kind)) for row in await tx.execute(query)]


async def put_off(tx: Connection, delivery_ids: Collection[int], *, due_at: int, fold: bool, now: int) -> None:
    """Let what still waits of these be due at another time (ms), sharing a digest or not."""
    still = and_(delivery.c.id.in_(delivery_ids), PENDING, WAITING)
    await tx.execute(update(delivery).where(still).values(due_at=due_at, fold=fold, ready=int(due_at <= now)))
