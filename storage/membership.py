"""How many members channels and groups have, as Telegram counts them now and then."""

from sqlalchemy import select, update

from storage.engine.connection import Connection
from storage.schema import COUNTED_CHAT, chat


async def claim_due(tx: Connection, *, counted_before: int, again_at: int) -> int | None:
    """Take on the channel or group that was counted longest ago, and before `counted_before` (ms); None for none.

    Until it is stored it stands as if it had been counted at `again_at`, so that trouble puts it off.
    """
    due = select(chat.c.id).where(COUNTED_CHAT, chat.c.members_at < counted_before)
    chat_id = (
        await tx.execute(due.order_by(chat.c.members_at).limit(1).with_for_update(skip_locked=True))
    ).scalar()
    if chat_id is not None:
        await tx.execute(update(chat).where(chat.c.id == chat_id).values(members_at=again_at))
    return chat_id


async def store(tx: Connection, chat_id: int, members: int, *, now: int) -> None:
    """Write down how many members Telegram counts."""
    await tx.execute(update(chat).where(chat.c.id == chat_id).values(members=members, members_at=now))
