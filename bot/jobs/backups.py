"""Scheduled backups of a SQLite database: one a day, opened to see whether it is whole, the oldest deleted."""

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock, ClockTime
from storage import backups, key_value, notices
from storage.backups import BackupError
from storage.engine.database import Database
from storage.engine.private_files import make_folder

BACKED_UP_AT = "backed_up_at"
"""The key of the instant (ms) of the last scheduled backup that succeeded."""

_NAME = re.compile(r"peyk-\d{8}-\d{4}\.db")
_AGAIN_MS = 30 * 60_000
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """The place of backups, the time of day at which one is made, in `zone`, and how many are kept."""

    folder: Path
    at: ClockTime
    keep: int
    zone: ZoneInfo

    def slot(self, now: int) -> datetime:
        """Return the latest instant up to `now` (ms) at which a backup was to be made."""
        local = datetime.fromtimestamp(now / 1000, UTC).astimezone(self.zone)
        slot = local.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        return slot if slot <= local else slot - timedelta(days=1)

    def file(self, slot: datetime) -> Path:
        """Return the file of the backup of an instant."""
        return self.folder / f"peyk-{slot:%Y%m%d-%H%M}.db"


class ScheduledBackups:
    """Makes the backup of the day, also where the time passed while Peyk did not run.

    A failed backup is tried again in half an hour; the desk chat gets one notice for each backup.
    """

    def __init__(self, database: Database, clock: Clock, plan: BackupPlan) -> None:
        self._database = database
        self._clock = clock
        self._plan = plan
        self._told: datetime | None = None
        self._next_try = 0

    async def run(self) -> None:
        """Make a backup where one is due."""
        now = self._clock()
        slot = self._plan.slot(now)
        file = self._plan.file(slot)
        if now < self._next_try or file.exists():
            return
        try:
            # It takes seconds to minutes, and nobody else waits for it.
            removed = await asyncio.to_thread(self._make, file)
        except (BackupError, OSError) as error:
            self._next_try = now + _AGAIN_MS
            await self._report(slot, _reason(error), now)
            return
        _log.info("backup_written", file=str(file), bytes=file.stat().st_size, deleted=removed)
        async with self._database.write() as tx:
            await key_value.store(tx, BACKED_UP_AT, str(now))

    def _make(self, file: Path) -> int:
        """Write a backup, open it, and delete those beyond what is kept; return how many."""
        path = self._database.path
        assert path is not None, "the settings ask for backups on SQLite only"
        make_folder(file.parent)
        backups.back_up(path, file)
        try:
            backups.check_backup(file)
        except BackupError:
            file.unlink()
            raise
        # The names tell the age; no other file of the folder is ours.
        backups_here = sorted(path for path in file.parent.iterdir() if _NAME.fullmatch(path.name))
        outdated = backups_here[: -self._plan.keep]
        for old in outdated:
            old.unlink()
        return len(outdated)

    async def _report(self, slot: datetime, reason: str, now: int) -> None:
        _log.error("backup_failed", reason=reason, hint="the next try is in half an hour")
        if self._told == slot:
            return
        self._told = slot
        async with self._database.write() as tx:
            args: dict[str, str | int] = {"reason": reason}
            await notices.enqueue(tx, notices.DESK_CHAT, "backup-failed", args, now=now)


def _reason(error: BackupError | OSError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
