"""Notices of sources: one when a source is ill, and one when it is well again.

Runs in the transaction that settles a fetch, and asks the database nothing for a source that is as it was.
"""

import structlog

from bot.ingest.fetch.failure import failure_of
from bot.ingest.fetch.schedule import Health, Rhythm, health_of
from bot.ingest.sources.callbacks import SourceList, SourcePage
from bot.newsroom.permissions import Right
from bot.newsroom.recipients import chats_with_permission
from storage import audit, key_value, notices, sources
from storage.audit_details import AuditAction, MoveDetails
from storage.engine.connection import Connection
from storage.records import Source
from storage.sources import FailedFetch, FinishedFetch

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_TOLD_AN_HOUR = 5
"""Sources that are told of one by one within an hour: a broken line of our own makes all of them ill at once."""
_TOLD = "sources_told"
_TITLE = 60
_REASON = 200

_log = structlog.get_logger(__name__)


async def after_fetch(tx: Connection, source: Source, fetched: FinishedFetch, *, moved_to: str, now: int) -> None:
    """Act on a fetch that went well. `source` is as it was before, `moved_to` its new address for good or ""."""
    if moved_to and await sources.move(tx, source.id, moved_to, before=source.url):
        await audit.record(
            tx, audit.SOURCE, AuditAction.SOURCE_MOVED, now=now, details=MoveDetails(source.url, moved_to)
        )
        _log.info("source_moved", source=source.id, url=moved_to)
    rhythm = Rhythm(source.created_at, fetched.brought_at, fetched.habit)
    health = health_of(rhythm, now=now)
    if health is Health.SILENT and source.ill_told_at is None:
        await sources.record_report(tx, source.id, ill_told_at=now)
        await _enqueue_notice(tx, source, "source-silent", now, days=int(rhythm.silent_for(now) * 1000) // _DAY_MS)
    elif health is Health.WELL and source.ill_told_at is not None:
        await sources.record_report(tx, source.id, ill_told_at=None)
        await _enqueue_notice(tx, source, "source-well", now)


async def after_failure(tx: Connection, source: Source, failed: FailedFetch, *, now: int) -> None:
    """Act on a fetch that failed. `source` is as it was before."""
    if failed.ended:
        await sources.record_report(tx, source.id, ill_told_at=now)
        await _enqueue_notice(tx, source, "source-gone", now)
        return
    if source.ill_told_at is not None:
        return
    rhythm = Rhythm(source.created_at, source.brought_at, source.habit)
    failures, since = source.failures + 1, failed.failing_since
    if health_of(rhythm, now=now, failures=failures, failing_since=since) is Health.FAILING:
        await sources.record_report(tx, source.id, ill_told_at=now)
        why = failure_of(failed.reason[:_REASON]).as_args()
        await _enqueue_notice(tx, source, "source-ill", now, hours=(now - since) // _HOUR_MS, **why)


async def _enqueue_notice(tx: Connection, source: Source, key: str, now: int, **more: str | int) -> None:
    """Enqueue a notice to whoever may manage sources, else to the desk chat; beyond a few an hour, one for all."""
    args = {"title": (source.title or source.url)[:_TITLE], **more}
    buttons = [("button-source-page", SourcePage(source.id).pack())]
    count_told = await _count(tx, now)
    if count_told > _TOLD_AN_HOUR + 1:
        return
    if count_told > _TOLD_AN_HOUR:
        key, args, buttons = "sources-many-ill", {}, [("button-sources", SourceList(0).pack())]
    for user_id in await chats_with_permission(tx, Right.SOURCES) or [notices.DESK_CHAT]:
        await notices.enqueue(tx, user_id, key, args, now=now, buttons=buttons if user_id else ())


async def _count(tx: Connection, now: int) -> int:
    """Return how many sources were told of in this hour, this one included."""
    hour = now // _HOUR_MS
    before, _, count = (await key_value.value(tx, _TOLD) or "").partition(" ")
    count_told = int(count) + 1 if before == str(hour) and count.isdecimal() else 1
    await key_value.store(tx, _TOLD, f"{hour} {count_told}")
    return count_told
