"""The outbox: fan-outs on their way into deliveries, and deliveries on their way out.

A publication and its fan-out are written in one transaction. The fan-out then becomes deliveries chunk by
chunk, its cursor moving in each chunk's own transaction; the unique key (chat, topic, article, kind) makes a
repeat harmless. docs/delivery-states.md draws the states.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import insert
from storage.records import ArticleState, ChatState, Delivery, DeliveryKind, DeliveryState, FanOut
from storage.schema import article, chat, delivery, fan_out, subscription

LAST_RANK = 2
"""The rank of private chats, which a fan-out reaches last."""


@dataclass(frozen=True, slots=True)
class Target:
    """A chat or topic whose schedule decides when it gets a headline."""

    chat_id: int
    topic_id: int
    schedule: str
    quiet: str
    timezone: str
    breaking_passes_quiet: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """When a target gets its headline; `fold` lets it share a roundup."""

    chat_id: int
    topic_id: int
    due_at: int
    fold: bool


async def begin_fan_out(tx: AsyncConnection, article_id: int, kind: DeliveryKind, *, now: int) -> bool:
    """Owe a publication to everyone who follows it; False where that was done before."""
    statement = insert(tx, fan_out).values(article_id=article_id, kind=kind, released_at=now, created_at=now)
    return (await tx.execute(statement.on_conflict_do_nothing())).rowcount == 1


async def open_fan_outs(connection: AsyncConnection) -> list[FanOut]:
    """Return the fan-outs that are not through, the oldest first."""
    query = (
        select(
            fan_out.c.id,
            fan_out.c.article_id,
            article.c.category_id,
            fan_out.c.kind,
            fan_out.c.released_at,
            fan_out.c.rank,
            fan_out.c.after_chat,
        )
        .join(article, article.c.id == fan_out.c.article_id)
        .where(fan_out.c.done_at.is_(None))
        .order_by(fan_out.c.id)
    )
    return [FanOut(**{**row._mapping, "kind": DeliveryKind(row.kind)}) for row in await connection.execute(query)]


async def chunk_end(tx: AsyncConnection, work: FanOut, size: int) -> int | None:
    """Return the id of the last of the next `size` chats of the fan-out's rank; None at the rank's end."""
    query = select(chat.c.id).where(_ahead(work)).order_by(chat.c.id).limit(1).offset(size - 1)
    return (await tx.execute(query)).scalar_one_or_none()


async def deliver_now(tx: AsyncConnection, work: FanOut, end: int | None, *, lane: int, now: int) -> int:
    """Owe the chunk's instant chats the headline at once; return how many deliveries were made."""
    instant = and_(chat.c.schedule == "instant", chat.c.quiet == "")
    rows = (
        select(
            subscription.c.chat_id,
            subscription.c.topic_id,
            literal(work.article_id),
            literal(work.kind.value),
            literal(lane, delivery.c.lane.type),
            literal(DeliveryState.PENDING.value),
            literal(now),
            literal(now),
        )
        .distinct()
        .join(chat, chat.c.id == subscription.c.chat_id)
        .where(_follows(work, end), instant)
    )
    columns = ["chat_id", "topic_id", "article_id", "kind", "lane", "state", "due_at", "created_at"]
    statement = insert(tx, delivery).from_select(columns, rows).on_conflict_do_nothing()
    return (await tx.execute(statement)).rowcount


async def scheduled_targets(tx: AsyncConnection, work: FanOut, end: int | None) -> list[Target]:
    """Return the chunk's chats that are not simply instant: their schedule decides when."""
    query = (
        select(
            subscription.c.chat_id,
            subscription.c.topic_id,
            chat.c.schedule,
            chat.c.quiet,
            chat.c.timezone,
            chat.c.breaking_passes_quiet,
        )
        .distinct()
        .join(chat, chat.c.id == subscription.c.chat_id)
        .where(_follows(work, end), or_(chat.c.schedule != "instant", chat.c.quiet != ""))
    )
    return [Target(*row) for row in await tx.execute(query)]


async def deliver_later(tx: AsyncConnection, work: FanOut, slots: Sequence[Slot], *, lane: int, now: int) -> None:
    """Owe each slot's chat the headline at the slot's time."""
    if not slots:
        return
    common = {"article_id": work.article_id, "kind": work.kind, "lane": lane, "state": DeliveryState.PENDING}
    rows = [
        {
            "chat_id": slot.chat_id,
            "topic_id": slot.topic_id,
            "due_at": slot.due_at,
            "fold": slot.fold,
            "created_at": now,
            **common,
        }
        for slot in slots
    ]
    await tx.execute(insert(tx, delivery).on_conflict_do_nothing(), rows)


async def advance(tx: AsyncConnection, work: FanOut, end: int | None, *, now: int) -> bool:
    """Move the cursor behind the chunk that ended at `end`; return whether the fan-out goes on."""
    over = end is None and work.rank >= LAST_RANK
    cursor: dict[str, Any] = {"after_chat": end}
    if end is None:
        cursor["rank"] = work.rank + 1
    if over:
        cursor = {"done_at": now}
    await tx.execute(update(fan_out).where(fan_out.c.id == work.id).values(cursor))
    return not over


async def due(tx: AsyncConnection, now: int, *, limit: int, busy: Sequence[int] = ()) -> list[Delivery]:
    """Return pending deliveries to send now, in the order in which they go, at most one for each chat.

    Left out are the chats in `busy`, those that wait and those that cannot be reached.
    """
    query = (
        select(*_COLUMNS)
        .join(chat, chat.c.id == delivery.c.chat_id)
        .where(
            delivery.c.state == DeliveryState.PENDING,
            delivery.c.due_at <= now,
            chat.c.wait_until <= now,
            chat.c.state == ChatState.ACTIVE,
        )
        .order_by(delivery.c.lane, delivery.c.id)
        .limit(limit * 4)
    )
    if busy:
        query = query.where(delivery.c.chat_id.not_in(busy))
    firsts: dict[int, Delivery] = {}
    for row in await tx.execute(query):
        firsts.setdefault(row.chat_id, _delivery(row))
    return list(firsts.values())[:limit]


async def folding_with(tx: AsyncConnection, first: Delivery, now: int, *, limit: int) -> list[Delivery]:
    """Return what may share a roundup with `first`, itself included, the oldest first."""
    query = select(*_COLUMNS).where(
        delivery.c.chat_id == first.chat_id,
        delivery.c.topic_id == first.topic_id,
        delivery.c.state == DeliveryState.PENDING,
        delivery.c.lane == first.lane,
        delivery.c.fold.is_(True),
        delivery.c.due_at <= now,
    )
    return [_delivery(row) for row in await tx.execute(query.order_by(delivery.c.id).limit(limit))]


async def next_due(connection: AsyncConnection) -> int | None:
    """Return when the earliest pending delivery is due, None where none is pending."""
    query = select(func.min(delivery.c.due_at)).where(delivery.c.state == DeliveryState.PENDING)
    earliest: int | None = (await connection.execute(query)).scalar_one()
    return earliest


async def mark_sending(tx: AsyncConnection, pairs: Sequence[tuple[int, int]], *, now: int) -> None:
    """Bind deliveries to the messages that carry them: pairs of (delivery id, message row id)."""
    if not pairs:
        return
    statement = (
        update(delivery)
        .where(delivery.c.id == bindparam("the_delivery"))
        .values(
            state=DeliveryState.SENDING,
            message_id=bindparam("the_message"),
            attempts=delivery.c.attempts + 1,
            first_tried_at=func.coalesce(delivery.c.first_tried_at, now),
        )
    )
    await tx.execute(statement, [{"the_delivery": d, "the_message": m} for d, m in pairs])


async def settle(
    tx: AsyncConnection, message_ids: Sequence[int], state: DeliveryState, *, now: int, reason: str = ""
) -> None:
    """End the deliveries that these messages carried, or mark them uncertain."""
    values: dict[str, Any] = {"state": state, "reason": reason}
    if state is not DeliveryState.UNCERTAIN:
        values["settled_at"] = now
    await tx.execute(update(delivery).where(delivery.c.message_id.in_(message_ids)).values(values))


async def put_back(tx: AsyncConnection, message_ids: Sequence[int], *, reason: str) -> None:
    """Make the deliveries of messages that did not go out pending again."""
    await tx.execute(
        update(delivery)
        .where(delivery.c.message_id.in_(message_ids))
        .values(state=DeliveryState.PENDING, message_id=None, reason=reason)
    )


async def end_pending(
    tx: AsyncConnection,
    delivery_ids: Sequence[int],
    state: DeliveryState,
    *,
    now: int,
    reason: str,
) -> None:
    """End deliveries that no message carries."""
    await tx.execute(
        update(delivery)
        .where(delivery.c.id.in_(delivery_ids), delivery.c.state == DeliveryState.PENDING)
        .values(state=state, reason=reason, settled_at=now)
    )


async def withdraw_chat(tx: AsyncConnection, chat_id: int, *, now: int, reason: str) -> int:
    """Withdraw whatever waits for a chat that cannot be reached any more; return how many."""
    done = await tx.execute(
        update(delivery)
        .where(delivery.c.chat_id == chat_id, delivery.c.state == DeliveryState.PENDING)
        .values(state=DeliveryState.WITHDRAWN, reason=reason, settled_at=now)
    )
    return done.rowcount


async def expire(tx: AsyncConnection, created_before: int, *, now: int) -> int:
    """End pending deliveries made before that instant as too old; return how many."""
    done = await tx.execute(
        update(delivery)
        .where(delivery.c.state == DeliveryState.PENDING, delivery.c.created_at < created_before)
        .values(state=DeliveryState.EXPIRED, reason="too old", settled_at=now)
    )
    return done.rowcount


async def counts(connection: AsyncConnection) -> dict[DeliveryState, int]:
    """Return how many deliveries there are in each state."""
    rows = await connection.execute(select(delivery.c.state, func.count()).group_by(delivery.c.state))
    return {DeliveryState(state): number for state, number in rows}


async def troubled(connection: AsyncConnection, *, limit: int) -> list[Delivery]:
    """Return deliveries that were refused or are uncertain, the newest first."""
    states = [DeliveryState.REFUSED, DeliveryState.UNCERTAIN]
    query = select(*_COLUMNS).where(delivery.c.state.in_(states)).order_by(delivery.c.id.desc())
    return [_delivery(row) for row in await connection.execute(query.limit(limit))]


_COLUMNS = [column for column in delivery.c if column.name != "settled_at"]


def _ahead(work: FanOut) -> ColumnElement[bool]:
    reachable = and_(chat.c.rank == work.rank, chat.c.state == ChatState.ACTIVE)
    return reachable if work.after_chat is None else and_(reachable, chat.c.id > work.after_chat)


def _follows(work: FanOut, end: int | None) -> ColumnElement[bool]:
    follows = and_(
        _ahead(work),
        chat.c.paused.is_(False),
        or_(subscription.c.category_id.is_(None), subscription.c.category_id == work.category_id),
        subscription.c.since <= work.released_at,
        # What was retracted meanwhile is not pushed any more.
        select(article.c.id)
        .where(article.c.id == work.article_id, article.c.state == ArticleState.PUBLISHED)
        .exists(),
    )
    return follows if end is None else and_(follows, chat.c.id <= end)


def _delivery(row: Any) -> Delivery:
    return Delivery(**{**row._mapping, "kind": DeliveryKind(row.kind), "state": DeliveryState(row.state)})
