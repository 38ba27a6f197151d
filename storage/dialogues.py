"""Dialogues: what a person has begun and not finished."""

from sqlalchemy import select, update

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.records import StoredDialogue
from storage.schema import dialogue

_ENDED = "ended"
"""The kind that an ended dialogue got before there was a column for its end."""


async def get(connection: Connection, chat_id: int, user_id: int) -> StoredDialogue | None:
    """Return the dialogue that this person has open in this chat."""
    query = select(dialogue).where(dialogue.c.chat_id == chat_id, dialogue.c.user_id == user_id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    ended = row.ended or row.kind == _ENDED
    return StoredDialogue(row.chat_id, row.user_id, row.kind, row.data, row.updated_at, ended)


async def put(tx: Connection, chat_id: int, user_id: int, kind: str, *, data: str, now: int) -> None:
    """Open or advance the person's dialogue; there is one per person and chat. `data` is its state as JSON."""
    values = {"kind": kind, "data": data, "updated_at": now, "ended": False}
    statement = insert(tx, dialogue).values(chat_id=chat_id, user_id=user_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["chat_id", "user_id"], set_=values))


async def close(tx: Connection, chat_id: int, user_id: int) -> bool:
    """End the dialogue; False where none was open."""
    done = await tx.execute(dialogue.delete().where(dialogue.c.chat_id == chat_id, dialogue.c.user_id == user_id))
    return done.rowcount == 1


async def end_all(tx: Connection, user_id: int) -> None:
    """Mark every dialogue of a person as ended; what they write next does not continue it."""
    await tx.execute(update(dialogue).where(dialogue.c.user_id == user_id).values(ended=True))


async def forget_idle(tx: Connection, before: int) -> int:
    """End the dialogues that nobody has touched since `before`; return how many."""
    return (await tx.execute(dialogue.delete().where(dialogue.c.updated_at < before))).rowcount
