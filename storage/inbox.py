"""The inbox: updates as Telegram sent them, kept until their handler is done."""

from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.dialect import insert
from storage.records import StoredUpdate
from storage.schema import inbox


async def put(
    tx: AsyncConnection,
    update_id: int,
    body: str,
    *,
    now: int,
    chat_id: int | None = None,
    message_id: int | None = None,
) -> bool:
    """Store an update; False where it is there already (Telegram sends again what it holds unconfirmed).

    `message_id` is the id that the update shows to be taken in `chat_id`.
    """
    statement = insert(tx, inbox).values(
        update_id=update_id, body=body, received_at=now, chat_id=chat_id, message_id=message_id
    )
    return (await tx.execute(statement.on_conflict_do_nothing())).rowcount == 1


async def resume(tx: AsyncConnection) -> list[StoredUpdate]:
    """Return the updates whose handlers have not ended, oldest first, each counted as resumed once more."""
    query = select(inbox.c.update_id, inbox.c.body).where(inbox.c.done_at.is_(None))
    found = [StoredUpdate(*row) for row in await tx.execute(query.order_by(inbox.c.update_id))]
    await tx.execute(update(inbox).where(inbox.c.done_at.is_(None)).values(attempts=inbox.c.attempts + 1))
    return found


async def give_up(tx: AsyncConnection, resumed: int, *, now: int) -> int:
    """Close the open updates that were resumed `resumed` times or more; return how many."""
    hopeless = update(inbox).where(inbox.c.done_at.is_(None), inbox.c.attempts >= resumed)
    return (await tx.execute(hopeless.values(done_at=now, error="given up"))).rowcount


async def finish(tx: AsyncConnection, update_id: int, *, now: int, error: str = "") -> None:
    """Mark the update as handled, with the reason where it was given up."""
    await tx.execute(update(inbox).where(inbox.c.update_id == update_id).values(done_at=now, error=error))


async def taken_ids(connection: AsyncConnection, chat_id: int, above: int) -> set[int]:
    """Return the message ids above `above` that updates showed to be taken by others in the chat."""
    query = select(inbox.c.message_id).where(inbox.c.chat_id == chat_id, inbox.c.message_id > above)
    return {row.message_id for row in await connection.execute(query)}


async def prune(tx: AsyncConnection, older_than: int, *, limit: int) -> int:
    """Forget up to `limit` handled updates received before `older_than`; return how many."""
    done = and_(inbox.c.done_at.is_not(None), inbox.c.received_at < older_than)
    old = select(inbox.c.update_id).where(done).limit(limit)
    return (await tx.execute(inbox.delete().where(inbox.c.update_id.in_(old)))).rowcount
