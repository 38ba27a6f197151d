"""Daily backups: made once a day, also after a pause of the process, whole, and told of when they fail."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import ClockTime
from bot.config import load_settings
from bot.errors import ConfigError
from bot.jobs.backups import BACKED_UP_AT, BackupPlan, ScheduledBackups
from storage import backups, key_value, notices
from storage.backups import BackupError
from storage.bootstrap import opened
from storage.engine.database import Database

_ZONE = ZoneInfo("Asia/Tehran")


def _at(day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(2026, 1, day, hour, minute, tzinfo=_ZONE).timestamp() * 1000)


class World:
    """A database and its backups at a time that the test sets."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.now = _at(5, 3, 29)
        self.database = database
        self.folder = folder
        plan = BackupPlan(folder, ClockTime(3, 30), 2, _ZONE)
        self.job = ScheduledBackups(database, lambda: self.now, plan)

    @property
    def names(self) -> list[str]:
        """The files of the folder."""
        return sorted(path.name for path in self.folder.iterdir()) if self.folder.exists() else []

    async def told(self) -> list[tuple[int, str]]:
        """Return what the desk chat was told, and forget it."""
        async with self.database.write() as tx:
            owed = await notices.claim(tx, now=self.now, lease_until=self.now, limit=9)
            for notice in owed:
                await notices.delete(tx, notice.id)
        return [(notice.user_id, notice.key) for notice in owed]


@pytest.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(sqlite_url) as database:
        yield World(database, tmp_path / "backups" / "peyk")


async def test_a_backup_is_made_once_a_day_and_the_newest_are_kept(world: World) -> None:
    await world.job.run()
    assert world.names == ["peyk-20260104-0330.db"], "the one that was missed before the first start"
    world.now = _at(5, 3, 31)
    for _ in range(2):
        await world.job.run()
    assert world.names == ["peyk-20260104-0330.db", "peyk-20260105-0330.db"]
    (world.folder / "mine.db").write_bytes(b"mine")
    # After days without a run, one is made, not one for each day.
    world.now = _at(9, 20)
    await world.job.run()
    assert world.names == ["mine.db", "peyk-20260105-0330.db", "peyk-20260109-0330.db"]
    backups.check_backup(world.folder / world.names[-1])
    assert {oct(path.stat().st_mode & 0o077) for path in world.folder.glob("peyk-*")} == {"0o0"}
    async with world.database.read() as connection:
        assert await key_value.value(connection, BACKED_UP_AT) == str(world.now)
    assert await world.told() == []


async def test_one_that_fails_is_told_once_and_tried_again(world: World) -> None:
    world.folder.parent.mkdir()
    world.folder.write_bytes(b"no folder")
    for _ in range(3):
        await world.job.run()
        world.now += 31 * 60_000
    assert await world.told() == [(notices.DESK_CHAT, "backup-failed")] * 2, "one for each of the two days"
    world.folder.unlink()
    await world.job.run()
    assert world.names == ["peyk-20260105-0330.db"]


async def test_one_that_is_not_whole_is_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(_file: Path) -> None:
        raise BackupError("it is damaged")

    monkeypatch.setattr(backups, "check_backup", damaged)
    await world.job.run()
    assert world.names == []
    assert await world.told() == [(notices.DESK_CHAT, "backup-failed")]
    await world.job.run()
    assert await world.told() == [], "the next try is in half an hour"


@pytest.mark.parametrize(
    ("name", "value"),
    [("BACKUP_AT", "24:00"), ("BACKUP_AT", "at 03:30"), ("BACKUP_KEEP", "0"), ("BACKUP_DIR", "backups")],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    database = {"DATABASE_URL": "postgresql://host/peyk"} if name == "BACKUP_DIR" else {}
    with pytest.raises(ConfigError, match=f"^{name}: "):
        load_settings({name: value} | database, env_file=None)


def test_a_time_is_read_in_any_digits() -> None:
    assert load_settings({"BACKUP_AT": "۳:۰۵"}, env_file=None).backup_at == ClockTime(3, 5)
