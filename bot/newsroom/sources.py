"""Acts of staff on a source, each with its entry in the audit."""

from bot.errors import ConflictError, NotFoundError
from storage import audit, sources
from storage.audit_details import AddressDetails, AuditAction, PolicyDetails
from storage.engine.connection import Connection
from storage.records import ChangePolicy, Source, SourceState


async def find(connection: Connection, source_id: int) -> Source:
    """Return a source. Raises NotFoundError where there is none."""
    found = await sources.get(connection, source_id)
    if found is None:
        raise NotFoundError("source-unknown")
    return found


async def pause(tx: Connection, source_id: int, *, actor_id: int, now: int) -> Source:
    """Fetch a source no more until it is resumed; return it as it was. Raises NotFoundError."""
    found = await find(tx, source_id)
    if found.state is not SourceState.PAUSED:
        await sources.set_state(tx, source_id, SourceState.PAUSED, now=now)
        await audit.record(tx, actor_id, AuditAction.PAUSE_SOURCE, now=now, details=AddressDetails(found.url))
    return found


async def resume(tx: Connection, source_id: int, *, actor_id: int, now: int) -> Source:
    """Fetch a source again, one that has ended as well, and at once; return it as it was. Raises NotFoundError."""
    found = await find(tx, source_id)
    if found.state is not SourceState.ACTIVE:
        await sources.set_state(tx, source_id, SourceState.ACTIVE, now=now)
        await audit.record(tx, actor_id, AuditAction.RESUME_SOURCE, now=now, details=AddressDetails(found.url))
    return found


async def fetch_now(tx: Connection, source_id: int, *, now: int) -> None:
    """Have a source fetched at once. Raises NotFoundError, and ConflictError where it is not active."""
    found = await find(tx, source_id)
    if found.state is not SourceState.ACTIVE:
        raise ConflictError("stale-button")
    await sources.make_due(tx, source_id, now=now)


async def change_policy(tx: Connection, source_id: int, policy: ChangePolicy, *, actor_id: int, now: int) -> None:
    """Choose what becomes of articles that the source changes. Raises NotFoundError."""
    found = await find(tx, source_id)
    if found.changes is not policy:
        await sources.set_changes(tx, source_id, policy)
        details = PolicyDetails(found.url, found.changes, policy)
        await audit.record(tx, actor_id, AuditAction.CHANGE_SOURCE_POLICY, now=now, details=details)
