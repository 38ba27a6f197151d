"""The report to the desk chat: its time of day, and when it is due next."""

from dataclasses import dataclass

from sqlalchemy import select, update

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.schema import desk_report


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report that is due in a chat, after so many failed attempts."""

    chat_id: int
    attempts: int


async def minute_of(connection: Connection, chat_id: int) -> int | None:
    """Return the minute of the day at which a chat gets the report, None where it gets none."""
    query = select(desk_report.c.minute).where(desk_report.c.chat_id == chat_id)
    return (await connection.execute(query)).scalar()


async def put(tx: Connection, chat_id: int, minute: int, *, due_at: int) -> None:
    """Plan a chat's report at a minute of the day, the next time at `due_at` (ms)."""
    values = {"minute": minute, "due_at": due_at, "attempts": 0}
    statement = insert(tx, desk_report).values(chat_id=chat_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=values))


async def remove(tx: Connection, chat_id: int) -> None:
    """Plan no report for a chat any more."""
    await tx.execute(desk_report.delete().where(desk_report.c.chat_id == chat_id))


async def any_due(connection: Connection, now: int) -> bool:
    """Return whether a report is due at `now` (ms)."""
    due = select(desk_report.c.chat_id).where(desk_report.c.due_at <= now).limit(1)
    return (await connection.execute(due)).first() is not None


async def claim(tx: Connection, *, now: int, lease_until: int, limit: int) -> list[DueReport]:
    """Claim up to `limit` due reports until `lease_until` (ms)."""
    due = select(desk_report.c.chat_id).where(desk_report.c.due_at <= now).limit(limit)
    statement = (
        update(desk_report)
        .where(desk_report.c.chat_id.in_(due), desk_report.c.due_at <= now)
        .values(due_at=lease_until)
        .returning(desk_report.c.chat_id, desk_report.c.attempts)
    )
    return [DueReport(row.chat_id, row.attempts) for row in await tx.execute(statement)]


async def postpone(tx: Connection, chat_id: int, *, due_at: int) -> None:
    """Try a report again at `due_at` (ms)."""
    values = {"due_at": due_at, "attempts": desk_report.c.attempts + 1}
    await tx.execute(update(desk_report).where(desk_report.c.chat_id == chat_id).values(values))
