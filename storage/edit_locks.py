"""Edit locks of articles: they only warn, and end by time. The number of the revision decides."""

from sqlalchemy import and_, case, or_, select

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.records import Editing
from storage.schema import editing


async def acquire(tx: Connection, article_id: int, user_id: int, *, now: int, until: int) -> Editing:
    """Acquire or renew a person's lock until that instant unless somebody else has it; return who has it now."""
    own_lock = and_(editing.c.user_id == user_id, editing.c.until > now)
    statement = insert(tx, editing).values(article_id=article_id, user_id=user_id, since=now, until=until)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["article_id"],
            set_={"user_id": user_id, "since": case((own_lock, editing.c.since), else_=now), "until": until},
            where=or_(editing.c.user_id == user_id, editing.c.until <= now),
        )
    )
    holder = await _get(tx, article_id)
    assert holder is not None, "written a moment ago"
    return holder


async def take_over(tx: Connection, article_id: int, user_id: int, *, now: int, until: int) -> Editing | None:
    """Transfer the lock to a person; return who had it before, None where nobody else had it."""
    before = await holder(tx, article_id, now=now)
    values = {"user_id": user_id, "since": now, "until": until}
    statement = insert(tx, editing).values(article_id=article_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_=values))
    return before if before is not None and before.user_id != user_id else None


async def holder(connection: Connection, article_id: int, *, now: int) -> Editing | None:
    """Return who is editing the article, None where nobody is."""
    lock = await _get(connection, article_id)
    return lock if lock is not None and lock.until > now else None


async def release(tx: Connection, article_id: int, user_id: int | None = None) -> None:
    """Release an article's lock, where it is that person's, or (None) whosever it is."""
    statement = editing.delete().where(editing.c.article_id == article_id)
    await tx.execute(statement if user_id is None else statement.where(editing.c.user_id == user_id))


async def release_all(tx: Connection, user_id: int) -> None:
    """Release all locks of a person; there are never more rows than the staff has open."""
    await tx.execute(editing.delete().where(editing.c.user_id == user_id))


async def forget_ended(tx: Connection, before: int) -> None:
    """Delete who edited what until `before`."""
    await tx.execute(editing.delete().where(editing.c.until < before))


async def _get(connection: Connection, article_id: int) -> Editing | None:
    row = (await connection.execute(select(editing).where(editing.c.article_id == article_id))).one_or_none()
    return Editing(row.article_id, row.user_id, row.since, row.until) if row else None
