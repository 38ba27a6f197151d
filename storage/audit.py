"""The audit: every act of staff, written in the act's own transaction and never changed."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import AuditEntry
from storage.schema import audit


async def note(
    tx: AsyncConnection,
    actor_id: int,
    action: str,
    *,
    now: int,
    article_id: int | None = None,
    detail: str = "",
) -> None:
    """Write one act down. `action` is a short word of code such as "publish"; 0 is the command line."""
    await tx.execute(
        audit.insert().values(at=now, actor_id=actor_id, action=action, article_id=article_id, detail=detail)
    )


async def recent(connection: AsyncConnection, *, limit: int, article_id: int | None = None) -> list[AuditEntry]:
    """Return the last acts, the newest first, of one article or of all."""
    query = select(audit.c.at, audit.c.actor_id, audit.c.action, audit.c.article_id, audit.c.detail)
    if article_id is not None:
        query = query.where(audit.c.article_id == article_id)
    return [AuditEntry(*row) for row in await connection.execute(query.order_by(audit.c.id.desc()).limit(limit))]
