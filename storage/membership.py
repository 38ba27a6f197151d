"""The number of members of channels and groups, as Telegram counts them once a day.

A chat is due DAY_MS after it was counted; a lease or a pause stands as a count that is that much older.
"""

from dataclasses import dataclass

from sqlalchemy import select, update

from storage.engine.connection import Connection
from storage.schema import COUNTED_CHAT, chat

DAY_MS = 24 * 3600 * 1000
"""The time (ms) after a count at which a chat is due again."""


@dataclass(frozen=True, slots=True)
class CountDue:
    """A channel or group whose members are to be counted; its tries are not counted."""

    chat_id: int
    attempts: int = 0


async def any_due(connection: Connection, now: int) -> bool:
    """Return whether a channel or group is to be counted."""
    due = select(chat.c.id).where(COUNTED_CHAT, chat.c.members_at <= now - DAY_MS)
    return (await connection.execute(due.limit(1))).first() is not None


async def claim(tx: Connection, *, now: int, lease_until: int, limit: int) -> list[CountDue]:
    """Claim channels and groups that are due, those counted longest ago first, until `lease_until` (ms)."""
    due = select(chat.c.id).where(COUNTED_CHAT, chat.c.members_at <= now - DAY_MS)
    due = due.order_by(chat.c.members_at).limit(limit).with_for_update(skip_locked=True)
    chat_ids = list((await tx.execute(due)).scalars())
    await _count_at(tx, chat_ids, lease_until - DAY_MS)
    return [CountDue(chat_id) for chat_id in chat_ids]


async def put_off(tx: Connection, chat_id: int, *, due_at: int) -> None:
    """Postpone counting a chat until `due_at` (ms)."""
    await _count_at(tx, [chat_id], due_at - DAY_MS)


async def store(tx: Connection, chat_id: int, members: int, *, now: int) -> None:
    """Record how many members Telegram counts."""
    await tx.execute(update(chat).where(chat.c.id == chat_id).values(members=members, members_at=now))


async def _count_at(tx: Connection, chat_ids: list[int], at: int) -> None:
    await tx.execute(update(chat).where(chat.c.id.in_(chat_ids)).values(members_at=at))
