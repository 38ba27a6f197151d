"""The pause of every push, with the person who began it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.newsroom.acting import acting
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right
from bot.newsroom.recipients import chats_with_permission
from storage import audit, key_value, notices
from storage.audit_details import AuditAction
from storage.engine.connection import Connection
from storage.engine.database import Database

_RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause of every push: whose act it was (0: the command line's), and since when (ms UTC; None: unknown).

    `restored` means that the database is a restored backup, in which what was sent since is not known.
    """

    user_id: int
    since: int | None
    restored: bool = False


async def pause_of(connection: Connection) -> Pause | None:
    """Return the pause that holds now, None while pushes go out."""
    if await key_value.value(connection, key_value.PAUSED) is None:
        return None
    # A pause that cannot be read is one all the same.
    return await key_value.read(connection, key_value.PAUSED, _pause_in) or Pause(audit.COMMAND_LINE, None)


def _pause_in(value: str) -> Pause:
    user_id, since, reason = (*value.split(" "), "", "")[:3]
    return Pause(key_value.whole(user_id), key_value.whole(since) if since else None, reason == _RESTORED)


class Pausing:
    """Pauses and resumes every push; `wake` wakes the worker after a resumption.

    Both acts raise UserError where the actor has no right to them (any more).
    """

    def __init__(self, database: Database, clock: Clock, wake: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake

    async def pause(self, *, actor_id: int) -> bool:
        """Stop every push; return False where that was done before."""
        return await self._switch(actor_id, paused=True)

    async def pause_restored(self) -> None:
        """Pause every push after a restore until somebody resumes, and notify the newsroom."""
        async with self._database.write() as tx:
            now = self._clock()
            await key_value.store(tx, key_value.PAUSED, f"{audit.COMMAND_LINE} {now} {_RESTORED}")
            await audit.record(tx, audit.COMMAND_LINE, AuditAction.PAUSE, now=now)
            for user_id in [notices.DESK_CHAT, *await chats_with_permission(tx, Right.PAUSE)]:
                await notices.enqueue(tx, user_id, "restored-paused", {"when": now}, now=now)

    async def resume(self, *, actor_id: int) -> bool:
        """Resume all pushes; return False where they are not paused."""
        resumed = await self._switch(actor_id, paused=False)
        if resumed:
            self._wake()
        return resumed

    async def _switch(self, actor_id: int, *, paused: bool) -> bool:
        async with acting(self._database, actor_id, Right.PAUSE) as tx:
            if (await pause_of(tx) is not None) == paused:
                return False
            now = self._clock()
            if not await _store(tx, f"{actor_id} {now}" if paused else None):
                return False
            await audit.record(tx, actor_id, AuditAction.PAUSE if paused else AuditAction.RESUME, now=now)
            await _notify_others(tx, actor_id, "paused-by" if paused else "resumed-by", now)
        return True


async def _store(tx: Connection, pause: str | None) -> bool:
    """Begin a pause, or end it (None); False where somebody else has done so at the same moment."""
    if pause is None:
        return await key_value.remove(tx, key_value.PAUSED)
    return await key_value.store_new(tx, key_value.PAUSED, pause)


async def _notify_others(tx: Connection, actor_id: int, key: str, now: int) -> None:
    """Enqueue a notice to the rest of the staff: whoever writes or publishes wonders why nothing arrives."""
    args: dict[str, str | int] = {"name": await name_of(tx, actor_id), "when": now}
    for user_id in await chats_with_permission(tx, Right.WRITE):
        if user_id != actor_id:
            await notices.enqueue(tx, user_id, key, args, now=now)
