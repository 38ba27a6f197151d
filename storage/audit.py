"""The audit: every act of staff, written in the act's own transaction and never changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select

from storage.engine.connection import Connection
from storage.engine.prepared import PreparedStatement
from storage.records import AuditEntry
from storage.schema import BY_STAFF, audit, chat, staff

COMMAND_LINE = 0
"""Stands for the command line, and for the settings, in place of a person."""
SOURCE = -1
"""Stands for a source in place of a person."""
TELEGRAM = -2
"""Stands for what Telegram's answers show, in place of a person."""

_CHUNK = 1_000
_COLUMNS = (
    audit.c.id,
    audit.c.at,
    audit.c.actor_id,
    audit.c.action,
    audit.c.article_id,
    audit.c.revision,
    audit.c.detail,
)


async def note(
    tx: Connection,
    actor_id: int,
    action: str,
    *,
    now: int,
    article_id: int | None = None,
    revision: int | None = None,
    detail: str = "",
) -> None:
    """Write one act down. `action` is a short word of code such as "publish", `actor_id` a person or none of them.

    `detail` is what the act's text does not say: names, a reason, what it was before.
    """
    await note_many(tx, [Act(actor_id, action, article_id, revision, detail)], now=now)


@dataclass(frozen=True, slots=True)
class Act:
    """One act on an article, as `note` takes it."""

    actor_id: int
    action: str
    article_id: int | None
    revision: int | None = None
    detail: str = ""


async def note_many(tx: Connection, acts: Sequence[Act], *, now: int) -> None:
    """Write acts down, as `note` does one."""
    rows = [
        {
            "then": now,
            "actor": one.actor_id,
            "act": one.action,
            "of": one.article_id,
            "made": one.revision,
            "about": one.detail,
        }
        for one in acts
    ]
    await tx.write_many(_NOTE, rows)


async def page(
    connection: Connection,
    *,
    limit: int,
    article_id: int | None = None,
    before: int | None = None,
    after: int | None = None,
) -> list[AuditEntry]:
    """Return acts, the newest first: older than the entry `before`, or those next above `after`.

    Those of one article are all there are, its sources' too; those of all articles are what staff did.
    """
    query = select(*_COLUMNS).where(BY_STAFF if article_id is None else audit.c.article_id == article_id)
    if after is not None:
        found = await _entries(connection, query.where(audit.c.id > after).order_by(audit.c.id).limit(limit))
        return found[::-1]
    if before is not None:
        query = query.where(audit.c.id < before)
    return await _entries(connection, query.order_by(audit.c.id.desc()).limit(limit))


async def all_(
    connection: Connection, *, limit: int, since: int = 0, article_id: int | None = None
) -> list[AuditEntry]:
    """Return the newest `limit` acts of whoever it was, none older than `since` (ms), the newest first."""
    query = select(*_COLUMNS).order_by(audit.c.id.desc()).limit(_CHUNK)
    if article_id is not None:
        query = query.where(audit.c.article_id == article_id)
    found: list[AuditEntry] = []
    chunk = await _entries(connection, query)
    # Ids grow with time: behind an older act all are older, and nothing is read of them.
    while chunk and len(found) < limit:
        young = [one for one in chunk if one.at >= since]
        found += young
        if len(young) < len(chunk):
            break
        chunk = await _entries(connection, query.where(audit.c.id < chunk[-1].id))
    return found[:limit]


async def last(connection: Connection, article_id: int) -> AuditEntry | None:
    """Return the newest act on an article."""
    found = await page(connection, limit=1, article_id=article_id)
    return found[0] if found else None


async def last_of(connection: Connection, article_id: int, actions: Collection[str]) -> AuditEntry | None:
    """Return the newest act on an article that is one of `actions`."""
    query = select(*_COLUMNS).where(audit.c.article_id == article_id, audit.c.action.in_(actions))
    found = await _entries(connection, query.order_by(audit.c.id.desc()).limit(1))
    return found[0] if found else None


async def names(connection: Connection, actor_ids: Collection[int]) -> dict[int, str]:
    """Return the names of those of the people who are known: as of the newsroom, else as Telegram tells them."""
    told = await connection.execute(select(chat.c.id, chat.c.title).where(chat.c.id.in_(actor_ids)))
    known = {row.id: row.title for row in told if row.title}
    members = await connection.execute(select(staff.c.user_id, staff.c.name).where(staff.c.user_id.in_(actor_ids)))
    return known | {row.user_id: row.name for row in members if row.name}


def named(name: str, id_: int) -> str:
    """Return a person or chat as a detail keeps them: names change, and are forgotten."""
    return f"{name} ({id_})" if name else str(id_)


_NOTE = PreparedStatement(
    audit.insert()
    .values(
        at=bindparam("then"),
        actor_id=bindparam("actor"),
        action=bindparam("act"),
        article_id=bindparam("of"),
        revision=bindparam("made"),
        detail=bindparam("about"),
    )
    .inline()
)


async def _entries(connection: Connection, query: Select[Any]) -> list[AuditEntry]:
    return [AuditEntry(*row) for row in await connection.execute(query)]
