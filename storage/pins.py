"""Pins: breaking news that is to be pinned where it arrived, and unpinned some time later.

A row is due when it is to be pinned, then when it is to be unpinned; it is forgotten once both are done.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, literal, select, update

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.records import ChatKind, DeliveryKind, MessageState
from storage.schema import chat, delivery, message, pin


@dataclass(frozen=True, slots=True)
class Pin:
    """A pin whose time has come: to be set, or, where it is `mark_pinned`, to be taken away.

    `message_id` is the ledger's row; `telegram_id` is None where the message is not there any more. `late` (ms)
    is how long ago it was sent, `attempts` how often it was tried before.
    """

    message_id: int
    chat_id: int
    telegram_id: int | None
    pinned: bool
    minutes: int
    attempts: int
    late: int


async def enqueue(tx: Connection, message_ids: Sequence[int], *, now: int) -> None:
    """Enqueue pins of those of the messages that are breaking news, where their chat wants it pinned."""
    is_breaking = select(delivery.c.id).where(
        delivery.c.message_id == message.c.id, delivery.c.kind == DeliveryKind.BREAKING
    )
    rows = (
        select(message.c.id, chat.c.pin_minutes, literal(now, pin.c.due_at.type))
        .join(chat, chat.c.id == message.c.chat_id)
        .where(
            message.c.id.in_(message_ids),
            chat.c.pin_minutes > 0,
            chat.c.kind != ChatKind.PRIVATE,
            is_breaking.exists(),
        )
    )
    statement = insert(tx, pin).from_select(["message_id", "minutes", "due_at"], rows)
    await tx.execute(statement.on_conflict_do_nothing())


async def any_due(connection: Connection, now: int) -> bool:
    """Return whether there is anything to pin or unpin."""
    return (
        await connection.execute(select(pin.c.message_id).where(pin.c.due_at <= now).limit(1))
    ).first() is not None


async def claim(tx: Connection, *, now: int, lease_until: int, limit: int) -> list[Pin]:
    """Claim up to `limit` pins whose time has come, the longest due first, until `lease_until`."""
    due = select(pin.c.message_id).where(pin.c.due_at <= now).order_by(pin.c.due_at).limit(limit)
    statement = (
        update(pin)
        .where(pin.c.message_id.in_(due), pin.c.due_at <= now)
        .values(due_at=lease_until, attempts=pin.c.attempts + 1)
        .returning(pin.c.message_id)
    )
    claimed = [row.message_id for row in await tx.execute(statement)]
    is_sent = and_(message.c.state == MessageState.SENT, message.c.telegram_id.is_not(None))
    query = (
        select(pin, message.c.chat_id, message.c.telegram_id, message.c.sent_at, is_sent.label("there"))
        .join(message, message.c.id == pin.c.message_id)
        .where(pin.c.message_id.in_(claimed))
        .order_by(pin.c.message_id)
    )
    return [
        Pin(
            message_id=row.message_id,
            chat_id=row.chat_id,
            telegram_id=row.telegram_id if row.there else None,
            pinned=row.pinned,
            minutes=row.minutes,
            attempts=row.attempts - 1,
            late=now - (row.sent_at or now),
        )
        for row in await tx.execute(query)
    ]


async def mark_pinned(tx: Connection, message_id: int, *, until: int) -> None:
    """Record that a message is pinned; it is to be unpinned at `until` (ms)."""
    await tx.execute(
        update(pin).where(pin.c.message_id == message_id).values(pinned=True, due_at=until, attempts=0)
    )


async def postpone(tx: Connection, message_id: int, *, due_at: int) -> None:
    """Try a pin again at `due_at`."""
    await tx.execute(update(pin).where(pin.c.message_id == message_id).values(due_at=due_at))


async def delete(tx: Connection, message_id: int) -> None:
    """Delete the pin of a message."""
    await tx.execute(pin.delete().where(pin.c.message_id == message_id))
