"""The change of the key with which the secrets of sources are encrypted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.clock import Clock
from bot.ingest.sources.sealing import SealedError, Sealer
from storage import audit, sources
from storage.audit_details import AuditAction
from storage.engine.database import Database
from storage.records import RequestPart, RequestSetting


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The result of a change: how many secrets of how many sources are encrypted with the new key.

    `unreadable` are the addresses of the sources with a secret that can be read with neither key.
    """

    renewed: int
    sources: int
    unreadable: tuple[str, ...]


async def change_key(database: Database, sealer: Sealer, clock: Clock, *, actor_id: int) -> KeyChange:
    """Encrypt the secrets of all sources with the new key: that of the settings, or one that a key file gets now.

    Each source is a transaction of its own; to repeat it is safe. The old key of a key file is deleted once nothing
    needs it. Raises UserError where there is no key.
    """
    sealer.make_new_key()
    async with database.read() as connection:
        ids = [source.id for source in await sources.all_(connection) if source.requests]
    renewed, changed, unreadable = 0, 0, []
    for source_id in ids:
        async with database.write() as tx:
            source = await sources.lock(tx, source_id)
            if source is None:
                continue
            after, count, all_readable = _resealed(source.requests, sealer)
            await sources.reseal_requests(tx, source_id, after)
        renewed, changed = renewed + count, changed + bool(count)
        if not all_readable:
            unreadable.append(source.url)
    if not unreadable:
        sealer.forget_old_key()
    if renewed:
        async with database.write() as tx:
            await audit.record(tx, actor_id, AuditAction.CHANGE_KEY, now=clock())
    return KeyChange(renewed, changed, tuple(unreadable))


def _resealed(requests: Sequence[RequestSetting], sealer: Sealer) -> tuple[list[RequestSetting], int, bool]:
    """Return the settings encrypted anew, how many were, and whether all could be read."""
    after, count, all_readable = [], 0, True
    for setting in requests:
        renewed = setting
        if setting.part is not RequestPart.USER_AGENT:
            try:
                renewed = replace(setting, value=sealer.seal(sealer.open(setting.value)))
                count += 1
            except SealedError:
                all_readable = False
        after.append(renewed)
    return after, count, all_readable
