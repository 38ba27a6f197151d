"""Cards: messages in staff's chats that always show how their subject stands now.

A card is brought up to date from its subject's own rows whenever `wanted` is above `shown`, so that it never
matters how many changes came in between or who looked first.
"""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import insert
from storage.records import Card, CardKind
from storage.schema import STALE_CARD, card

_COLUMNS = (
    card.c.id,
    card.c.kind,
    card.c.subject_id,
    card.c.chat_id,
    card.c.message_id,
    card.c.wanted,
    card.c.shown,
    card.c.attempts,
)


async def show(tx: AsyncConnection, kind: CardKind, subject_id: int, chat_ids: Iterable[int], *, now: int) -> None:
    """Owe each of the chats a card, or have the one that is there brought up to date."""
    rows = [
        {"kind": kind, "subject_id": subject_id, "chat_id": chat_id, "due_at": now, "created_at": now}
        for chat_id in chat_ids
    ]
    if rows:
        statement = insert(tx, card).values(rows)
        again = {"wanted": card.c.wanted + 1, "due_at": now, "attempts": 0}
        await tx.execute(
            statement.on_conflict_do_update(index_elements=["kind", "subject_id", "chat_id"], set_=again)
        )


async def touch(tx: AsyncConnection, kind: CardKind, subject_id: int, *, now: int) -> None:
    """Have every card of the subject brought up to date."""
    await tx.execute(
        update(card)
        .where(card.c.kind == kind, card.c.subject_id == subject_id)
        .values(wanted=card.c.wanted + 1, due_at=now, attempts=0)
    )


async def renew(tx: AsyncConnection, kind: CardKind, subject_id: int, *, now: int) -> None:
    """Have every card of the subject sent as a new message instead of changing the one far above."""
    await tx.execute(
        update(card)
        .where(card.c.kind == kind, card.c.subject_id == subject_id)
        .values(message_id=None, wanted=card.c.wanted + 1, due_at=now, attempts=0)
    )


async def claim(tx: AsyncConnection, *, now: int, lease_until: int, limit: int) -> list[Card]:
    """Take on up to `limit` cards that are out of date, the longest waiting first, until `lease_until`."""
    due = select(card.c.id).where(STALE_CARD, card.c.due_at <= now).order_by(card.c.due_at, card.c.id).limit(limit)
    statement = (
        update(card)
        .where(card.c.id.in_(due), STALE_CARD, card.c.due_at <= now)
        .values(due_at=lease_until)
        .returning(*_COLUMNS)
    )
    found = [Card(row.id, CardKind(row.kind), *row[2:]) for row in await tx.execute(statement)]
    return sorted(found, key=lambda one: one.id)


async def shown(tx: AsyncConnection, done: Card, message_id: int | None, *, now: int) -> None:
    """Note that a claimed card shows what was wanted when it was claimed; what was wanted since is due at once."""
    await tx.execute(
        update(card)
        .where(card.c.id == done.id)
        .values(message_id=message_id, shown=done.wanted, due_at=now, attempts=0)
    )


async def put_off(tx: AsyncConnection, card_id: int, *, due_at: int) -> None:
    """Try a card again at `due_at`."""
    await tx.execute(update(card).where(card.c.id == card_id).values(due_at=due_at, attempts=card.c.attempts + 1))


async def forget(tx: AsyncConnection, card_id: int) -> None:
    """Give a card up: its subject is gone, or nobody can be shown it."""
    await tx.execute(card.delete().where(card.c.id == card_id))


async def call_back(tx: AsyncConnection, chat_id: int, *, now: int) -> None:
    """Show what waits for a chat now: the person has pressed start."""
    await tx.execute(update(card).where(card.c.chat_id == chat_id, STALE_CARD).values(due_at=now))


async def drop_chat(tx: AsyncConnection, chat_id: int) -> None:
    """Forget the cards of somebody who left the newsroom: what they show is not theirs to follow any more."""
    await tx.execute(card.delete().where(card.c.chat_id == chat_id))


async def prune(tx: AsyncConnection, older_than: int, *, limit: int) -> int:
    """Forget up to `limit` cards made before `older_than` (ms) that are up to date; return how many."""
    old = select(card.c.id).where(card.c.created_at < older_than, ~STALE_CARD).limit(limit)
    return (await tx.execute(card.delete().where(card.c.id.in_(old)))).rowcount
