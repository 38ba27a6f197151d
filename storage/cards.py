"""Cards: messages in staff's chats that always show how their subject stands now.

A card is brought up to date from its subject's own rows whenever `wanted` is above `mark_shown`, so that it never
matters how many changes came in between or who opened it first.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, case, or_, select, update

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.fair_turns import in_turns, sorted_by_turns
from storage.malformed import PARKED_MS, read_rows
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
    card.c.left_id,
    card.c.queue_at,
    card.c.rounds,
    card.c.sent_at,
)


async def enqueue(tx: Connection, kind: CardKind, subject_id: int, chat_ids: Iterable[int], *, now: int) -> None:
    """Enqueue a card for each of the chats, or a new rendering of the card that is there."""
    rows = [
        {"kind": kind, "subject_id": subject_id, "chat_id": chat_id, "due_at": now, "created_at": now}
        for chat_id in chat_ids
    ]
    if rows:
        statement = insert(tx, card).values(rows)
        afresh = {"wanted": card.c.wanted + 1, "due_at": now, "attempts": 0}
        await tx.execute(
            statement.on_conflict_do_update(index_elements=["kind", "subject_id", "chat_id"], set_=afresh)
        )


async def follow(
    tx: Connection, kind: CardKind, subject_id: int, chat_id: int, *, message_id: int, now: int, due_at: int
) -> None:
    """Make a message the chat's card of work under way, which is rendered again from `due_at` on.

    A message that was the card before stays as it is.
    """
    anew: dict[str, Any] = {
        "message_id": message_id,
        "left_id": None,
        "sent_at": now,
        "due_at": due_at,
        "created_at": now,
        "attempts": 0,
        "rounds": 0,
    }
    statement = insert(tx, card).values(kind=kind, subject_id=subject_id, chat_id=chat_id, **anew)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "subject_id", "chat_id"], set_=anew | {"wanted": card.c.wanted + 1}
        )
    )


async def draw_again(tx: Connection, drawn: Card, *, due_at: int) -> None:
    """Make a card of unfinished work due at `due_at`, unless another message has become the card since."""
    same = and_(card.c.id == drawn.id, card.c.message_id == drawn.message_id, card.c.wanted == drawn.wanted)
    await tx.execute(update(card).where(same).values(due_at=due_at, attempts=0, rounds=card.c.rounds + 1))


async def mark_stale(tx: Connection, kind: CardKind, subject_id: int, *, now: int) -> None:
    """Mark every card of the subject for a new rendering."""
    await tx.execute(
        update(card)
        .where(card.c.kind == kind, card.c.subject_id == subject_id)
        .values(wanted=card.c.wanted + 1, due_at=now, attempts=0)
    )


async def send_anew(tx: Connection, kind: CardKind, subject_id: int, *, now: int) -> None:
    """Mark every card of the subject to be sent as a new message; the one far above stays as it is."""
    await tx.execute(
        update(card)
        .where(card.c.kind == kind, card.c.subject_id == subject_id)
        .values(message_id=None, wanted=card.c.wanted + 1, due_at=now, attempts=0)
    )


async def renew(tx: Connection, kind: CardKind, subject_id: int, chat_id: int, *, now: int) -> None:
    """Mark a chat's card of a queue for a rendering that shows the queue as it is by then."""
    await tx.execute(
        update(card)
        .where(card.c.kind == kind, card.c.subject_id == subject_id, card.c.chat_id == chat_id)
        .values(queue_at=0, wanted=card.c.wanted + 1, due_at=now, attempts=0)
    )


async def replace(
    tx: Connection,
    kind: CardKind,
    subject_id: int,
    *,
    now: int,
    chat_id: int | None = None,
    sent_before: int | None = None,
) -> None:
    """Mark the cards of the subject to be sent as new messages, each of which takes the place of the one before.

    With `chat_id` only that chat's, with `sent_before` (ms) only those whose message is older.
    """
    chosen = [card.c.kind == kind, card.c.subject_id == subject_id, card.c.message_id.is_not(None)]
    if chat_id is not None:
        chosen.append(card.c.chat_id == chat_id)
    if sent_before is not None:
        chosen.append(card.c.sent_at < sent_before)
    anew = {"left_id": card.c.message_id, "message_id": None, "wanted": card.c.wanted + 1}
    await tx.execute(update(card).where(*chosen).values(**anew, due_at=now, attempts=0))


async def any_due(connection: Connection, now: int) -> bool:
    """Return whether any card is out of date and due at `now` (ms)."""
    due = select(card.c.id).where(STALE_CARD, card.c.due_at <= now).limit(1)
    return (await connection.execute(due)).first() is not None


async def claim(tx: Connection, *, now: int, lease_until: int, limit: int) -> list[Card]:
    """Claim up to `limit` cards that are out of date until `lease_until`; park malformed ones.

    Those that have waited longest come first, one of each chat in turn. A card that is sent as a new message, or
    was renewed, shows the queue of `now`.
    """
    due = in_turns(
        card.c.id, card.c.chat_id, STALE_CARD, card.c.due_at <= now, order=(card.c.due_at, card.c.id), limit=limit
    )
    statement = (
        update(card)
        .where(card.c.id.in_(due), STALE_CARD, card.c.due_at <= now)
        .values(
            due_at=lease_until,
            queue_at=case((or_(card.c.message_id.is_(None), card.c.queue_at == 0), now), else_=card.c.queue_at),
        )
        .returning(*_COLUMNS)
    )
    claimed = read_rows("card", await tx.execute(statement), _card)
    if claimed.malformed:
        parked = update(card).where(card.c.id.in_(claimed.malformed))
        await tx.execute(parked.values(due_at=now + PARKED_MS))
    in_order = sorted(claimed.records, key=lambda record: record.id)
    return sorted_by_turns(in_order, lambda record: record.chat_id)


async def mark_shown(tx: Connection, done: Card, message_id: int | None, *, now: int) -> None:
    """Record that a claimed card shows what was wanted at its claim; what was wanted since is due at once."""
    values: dict[str, int | None] = {"shown": done.wanted, "due_at": now, "attempts": 0}
    if message_id != done.message_id:
        values |= {"message_id": message_id, "left_id": None, "sent_at": now}
    await tx.execute(update(card).where(card.c.id == done.id).values(values))


async def message_of(connection: Connection, kind: CardKind, subject_id: int, chat_id: int) -> int | None:
    """Return which message is a chat's card of the subject, None where none is."""
    query = select(card.c.message_id).where(
        card.c.kind == kind, card.c.subject_id == subject_id, card.c.chat_id == chat_id
    )
    return (await connection.execute(query)).scalar()


async def wait(tx: Connection, card_id: int, *, due_at: int) -> None:
    """Postpone a card that was not tried until `due_at`."""
    await tx.execute(update(card).where(card.c.id == card_id).values(due_at=due_at))


async def postpone(tx: Connection, card_id: int, *, due_at: int) -> None:
    """Try a card again at `due_at`."""
    await tx.execute(update(card).where(card.c.id == card_id).values(due_at=due_at, attempts=card.c.attempts + 1))


async def delete(tx: Connection, card_id: int) -> None:
    """Delete a card: its subject is gone, or nobody can see it."""
    await tx.execute(card.delete().where(card.c.id == card_id))


async def make_due(tx: Connection, chat_id: int, *, now: int) -> None:
    """Show what waits for a chat now: the person has pressed start."""
    await tx.execute(update(card).where(card.c.chat_id == chat_id, STALE_CARD).values(due_at=now))


async def drop_chat(tx: Connection, chat_id: int) -> None:
    """Delete the cards of somebody who left the newsroom: what they show is not theirs to follow any more."""
    await tx.execute(card.delete().where(card.c.chat_id == chat_id))


async def prune(tx: Connection, older_than: int, *, limit: int) -> int:
    """Delete up to `limit` cards made before `older_than` (ms) that are up to date; return how many.

    The gate is there for good, and so are its cards.
    """
    old = select(card.c.id).where(card.c.created_at < older_than, card.c.kind != CardKind.GATE, ~STALE_CARD)
    old = old.limit(limit)
    return (await tx.execute(card.delete().where(card.c.id.in_(old)))).rowcount


def _card(row: Any) -> Card:
    return Card(row.id, CardKind(row.kind), *row[2:])
