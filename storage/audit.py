"""The audit: every action of staff, recorded in the transaction of the action and never changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from storage import api_clients
from storage.audit_details import AuditAction, AuditDetails, OriginDetails, decoded, encoded
from storage.engine.connection import Connection
from storage.engine.dialect import INSERTS, among, json_list
from storage.engine.prepared import PreparedStatement
from storage.schema import BY_STAFF, audit, chat, staff

COMMAND_LINE = 0
"""Stands for the command line, and for the settings, in place of a person."""
SOURCE = -1
"""Stands for a source in place of a person."""
TELEGRAM = -2
"""Stands for what Telegram's answers show, in place of a person."""

_CHUNK = 1_000
_ACTIONS = frozenset(AuditAction)
_COLUMNS = (
    audit.c.id,
    audit.c.at,
    audit.c.actor_id,
    audit.c.action,
    audit.c.article_id,
    audit.c.revision,
    audit.c.detail,
)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One action of staff, of a source or of Telegram. An entry is never changed.

    `actor_id` is a person's, that of a client of the API, or COMMAND_LINE, SOURCE or TELEGRAM. `action` is a plain
    string where this version of Peyk does not know it. `revision` is the one of the article that the action made,
    None where it made none.
    """

    id: int
    at: int
    actor_id: int
    action: AuditAction | str
    article_id: int | None
    revision: int | None
    details: AuditDetails | None


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry that is not stored yet. `details` are what the action does not say by itself."""

    actor_id: int
    action: AuditAction
    article_id: int | None = None
    revision: int | None = None
    details: AuditDetails | None = None


async def record(
    tx: Connection,
    actor_id: int,
    action: AuditAction,
    *,
    now: int,
    article_id: int | None = None,
    revision: int | None = None,
    details: AuditDetails | None = None,
) -> None:
    """Store one entry. The arguments are those of NewEntry."""
    await record_many(tx, [NewEntry(actor_id, action, article_id, revision, details)], now=now)


async def record_many(tx: Connection, entries: Sequence[NewEntry], *, now: int) -> None:
    """Store entries of one instant."""
    rows = [
        {
            "new_at": now,
            "new_actor_id": new_entry.actor_id,
            "new_action": new_entry.action,
            "new_article_id": new_entry.article_id,
            "new_revision": new_entry.revision,
            "new_detail": encoded(new_entry.details),
        }
        for new_entry in entries
    ]
    await tx.write_many(_INSERT, rows)


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
        entries = await _entries(connection, query.where(audit.c.id > after).order_by(audit.c.id).limit(limit))
        return entries[::-1]
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
    entries: list[AuditEntry] = []
    chunk = await _entries(connection, query)
    # Ids grow with time: behind an older act all are older, and nothing is read of them.
    while chunk and len(entries) < limit:
        young = [entry for entry in chunk if entry.at >= since]
        entries += young
        if len(young) < len(chunk):
            break
        chunk = await _entries(connection, query.where(audit.c.id < chunk[-1].id))
    return entries[:limit]


async def last(connection: Connection, article_id: int) -> AuditEntry | None:
    """Return the newest act on an article."""
    entries = await page(connection, limit=1, article_id=article_id)
    return entries[0] if entries else None


async def last_of(connection: Connection, article_id: int, actions: Collection[AuditAction]) -> AuditEntry | None:
    """Return the newest act on an article that is one of `actions`."""
    query = select(*_COLUMNS).where(audit.c.article_id == article_id, audit.c.action.in_(actions))
    entries = await _entries(connection, query.order_by(audit.c.id.desc()).limit(1))
    return entries[0] if entries else None


async def bringers(connection: Connection, article_ids: Collection[int]) -> dict[int, str]:
    """Return, by article, the address of the source that brought its newest text, as the address was then."""
    rows = await connection.fetch(_BROUGHT, article_ids=json_list(article_ids)) if article_ids else ()
    brought = {entry.article_id: entry.details for entry in map(_entry, rows)}
    return {
        article_id: details.source_url
        for article_id, details in brought.items()
        if article_id is not None and isinstance(details, OriginDetails) and details.source_url
    }


async def names(connection: Connection, actor_ids: Collection[int]) -> dict[int, str]:
    """Return the names of those of the actors who are known.

    People have the name that the newsroom knows, else what Telegram tells; clients of the API that of the settings.
    """
    chats = await connection.execute(select(chat.c.id, chat.c.title).where(chat.c.id.in_(actor_ids)))
    known = {row.id: row.title for row in chats if row.title}
    known |= await api_clients.names(connection, actor_ids)
    members = await connection.execute(select(staff.c.user_id, staff.c.name).where(staff.c.user_id.in_(actor_ids)))
    return known | {row.user_id: row.name for row in members if row.name}


_INSERT = PreparedStatement(
    audit.insert()
    .values(
        at=bindparam("new_at"),
        actor_id=bindparam("new_actor_id"),
        action=bindparam("new_action"),
        article_id=bindparam("new_article_id"),
        revision=bindparam("new_revision"),
        detail=bindparam("new_detail"),
    )
    .inline()
)


async def _entries(connection: Connection, query: Select[Any]) -> list[AuditEntry]:
    return [_entry(row) for row in await connection.execute(query)]


def _entry(row: Any) -> AuditEntry:
    return AuditEntry(
        row.id,
        row.at,
        row.actor_id,
        AuditAction(row.action) if row.action in _ACTIONS else row.action,
        row.article_id,
        row.revision,
        decoded(row.action, row.detail),
    )


def _brought(kind: str) -> Select[Any]:
    newest = select(func.max(audit.c.id)).where(
        among(kind, audit.c.article_id, "article_ids"),
        audit.c.actor_id == SOURCE,
        audit.c.action == AuditAction.IMPORT,
    )
    return select(*_COLUMNS).where(audit.c.id.in_(newest.group_by(audit.c.article_id)))


_BROUGHT = PreparedStatement({kind: _brought(kind) for kind in INSERTS})
