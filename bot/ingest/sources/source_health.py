"""Notices of sources: one when a source is ill, and one when it is well again.

Runs in the transaction that settles a fetch, and asks the database nothing for a source that is as it was.
"""

from dataclasses import replace

import structlog

from bot.ingest.fetch.failure import failure_of
from bot.ingest.fetch.schedule import Health, Rhythm, health_of
from bot.ingest.sources import failing_together
from bot.ingest.sources.callbacks import SourceList, SourcePage
from bot.newsroom.permissions import Right
from bot.newsroom.recipients import chats_with_permission
from storage import audit, key_value, notices, sources
from storage.audit_details import AuditAction, MoveDetails
from storage.engine.connection import Connection
from storage.records import Source, SourceState
from storage.sources import FailedFetch, FinishedFetch

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_TOLD_AN_HOUR = 5
"""Sources that are told of one by one within an hour."""
_TOLD = "sources_told"
_BACKED_OFF = 3
"""Failures after which the next try may be far."""
_LIST = ("button-sources", SourceList(0).pack())
_TITLE = 60
_REASON = 200

_log = structlog.get_logger(__name__)


async def after_fetch(tx: Connection, source: Source, fetched: FinishedFetch, *, moved_to: str, now: int) -> None:
    """Act on a fetch that went well. `source` is as it was before, `moved_to` its new address for good or ""."""
    if source.failures >= _BACKED_OFF:
        await failing_together.retry(tx, source, now=now)
    if moved_to:
        if other := await _other_at(tx, source, moved_to):
            await _repeats(tx, source, other, now)
            return
        source = await _move(tx, source, moved_to, now)
    rhythm = Rhythm(source.created_at, fetched.brought_at, fetched.habit)
    await _answering(tx, source, rhythm, now)


async def after_failure(tx: Connection, source: Source, failed: FailedFetch, *, now: int) -> None:
    """Act on a fetch that failed. `source` is as it was before."""
    if failed.ended:
        if await sources.record_report(tx, source, ill_told_at=now):
            await _enqueue_notice(tx, source, "source-gone", now)
        return
    if source.ill_told_at is not None:
        return
    rhythm = Rhythm(source.created_at, source.brought_at, source.habit)
    failures, since = source.failures + 1, failed.failing_since
    if health_of(rhythm, now=now, failures=failures, failing_since=since) is Health.FAILING:
        await _failing(tx, source, failed, now)


async def _answering(tx: Connection, source: Source, rhythm: Rhythm, now: int) -> None:
    """Notify the newsroom of a source that answers and has become silent, or is well again."""
    health, told_at = health_of(rhythm, now=now), source.ill_told_at
    if health is Health.SILENT and told_at is None and await sources.record_report(tx, source, ill_told_at=now):
        days = int(rhythm.silent_for(now) * 1000) // _DAY_MS
        await _enqueue_notice(tx, source, "source-silent", now, days=days)
    if health is Health.WELL and told_at and await sources.record_report(tx, source, ill_told_at=None):
        await _well_again(tx, source, told_at, now)


async def _other_at(tx: Connection, source: Source, url: str) -> Source | None:
    """Return another source that is read at that address."""
    other = await sources.by_url(tx, url)
    is_other = other is not None and other.id != source.id and other.state is SourceState.ACTIVE
    return other if is_other else None


async def _repeats(tx: Connection, source: Source, other: Source, now: int) -> None:
    """Notify the newsroom that a source leads to the address of another one, which brings the same."""
    if source.ill_told_at is None and await sources.record_report(tx, source, ill_told_at=now):
        await _enqueue_notice(tx, source, "source-repeats", now, other=_name(other))


async def _move(tx: Connection, source: Source, url: str, now: int) -> Source:
    """Move a source to its new address; return it as it is then."""
    if not await sources.move(tx, source.id, url, before=source.url):
        return source
    await audit.record(tx, audit.SOURCE, AuditAction.SOURCE_MOVED, now=now, details=MoveDetails(source.url, url))
    _log.info("source_moved", source=source.id, url=url)
    return replace(source, url=url)


async def _failing(tx: Connection, source: Source, failed: FailedFetch, now: int) -> None:
    """Notify the newsroom of a source that fails, or of all that fail together with it."""
    group = await failing_together.group_of(tx, failed.failing_since)
    if not await sources.record_report(tx, source, ill_told_at=group or now) or group is not None:
        return
    why = failure_of(failed.reason[:_REASON]).as_args() | {"hours": (now - failed.failing_since) // _HOUR_MS}
    if count := await failing_together.begin(tx, failed.failing_since, now=now):
        await _notify(tx, "sources-ill-together", {"count": count, **why}, _LIST, now=now)
    else:
        await _enqueue_notice(tx, source, "source-ill", now, **why)


async def _well_again(tx: Connection, source: Source, told_at: int, now: int) -> None:
    """Notify the newsroom that a source is well, or most of the group told of at that time."""
    if not await failing_together.is_group(tx, told_at):
        await _enqueue_notice(tx, source, "source-well", now)
    elif (left := await failing_together.leave(tx, told_at)) is not None:
        await _notify(tx, "sources-well-together", {"left": left}, _LIST, now=now)


async def _enqueue_notice(tx: Connection, source: Source, key: str, now: int, **more: str | int) -> None:
    """Enqueue a notice about a source; beyond a few an hour, one for all."""
    count_told = await _count(tx, now)
    if count_told > _TOLD_AN_HOUR + 1:
        return
    if count_told > _TOLD_AN_HOUR:
        await _notify(tx, "sources-many-ill", {}, _LIST, now=now)
        return
    args = {"title": _name(source), **more}
    await _notify(tx, key, args, ("button-source-page", SourcePage(source.id).pack()), now=now)


async def _notify(
    tx: Connection, key: str, args: dict[str, str | int], button: tuple[str, str], *, now: int
) -> None:
    """Enqueue a notice to whoever may manage sources, else to the desk chat."""
    for user_id in await chats_with_permission(tx, Right.SOURCES) or [notices.DESK_CHAT]:
        await notices.enqueue(tx, user_id, key, args, now=now, buttons=[button] if user_id else ())


def _name(source: Source) -> str:
    return (source.title or source.url)[:_TITLE]


async def _count(tx: Connection, now: int) -> int:
    """Return how many sources were told of in this hour, this one included."""
    hour = now // _HOUR_MS
    before, _, count = (await key_value.value(tx, _TOLD) or "").partition(" ")
    count_told = int(count) + 1 if before == str(hour) and count.isdecimal() else 1
    await key_value.store(tx, _TOLD, f"{hour} {count_told}")
    return count_told
