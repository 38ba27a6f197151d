"""Backups: whole or not there, never in the place of another file, and only Peyk's own are restored."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage import backups
from storage.backups import BackupError
from storage.bootstrap import opened
from storage.engine import private_files
from storage.engine.migrate import HEAD


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with some pages of rows, at rest."""
    path = tmp_path / "peyk.db"

    async def make() -> None:
        async with opened(f"sqlite:///{path}"):
            pass

    asyncio.run(make())
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = [(number, f"خبر {number}" * 50) for number in range(500)]
        connection.executemany("INSERT INTO inbox (update_id, body, received_at) VALUES (?, ?, 0)", rows)
    return path


def _damage(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'inbox'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size + 8)
        file.write(b"\xff" * 400)


def _others(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"peyk.db", "peyk.db-wal", "peyk.db-shm"}


def _count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM inbox").fetchone()[0])


def test_a_backup_is_whole_private_and_one_file(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database)) as writer:
        # What stands in the write-ahead log alone belongs to it.
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("INSERT INTO inbox (update_id, body, received_at) VALUES (1000, 'log', 0)")
        writer.commit()
        backups.back_up(database, tmp_path / "copy.db")
    assert _others(tmp_path) == {"copy.db"}
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    assert _count(tmp_path / "copy.db") == 501


def test_a_damaged_database_makes_no_backup(database: Path, tmp_path: Path) -> None:
    _damage(database)
    with pytest.raises(BackupError, match=r"peyk\.db (is damaged|cannot be copied)"):
        backups.back_up(database, tmp_path / "copy.db")
    assert _others(tmp_path) == set()


def test_a_copy_that_comes_to_harm_makes_no_backup(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = backups._copy

    def badly(source: Path, target: Path) -> None:
        copy(source, target)
        _damage(target)

    monkeypatch.setattr(backups, "_copy", badly)
    with pytest.raises(BackupError, match=r"copy\.db is damaged"):
        backups.back_up(database, tmp_path / "copy.db")
    assert _others(tmp_path) == set()


def test_a_backup_never_takes_the_place_of_a_file(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "copy.db").write_text("dear")
    with pytest.raises(FileExistsError):
        backups.back_up(database, tmp_path / "copy.db")
    # Nor of one that came while it was written, whether the file system has links or not.
    late, copy = tmp_path / "late.db", backups._copy

    def slowly(source: Path, target: Path) -> None:
        copy(source, target)
        late.write_text("dear")

    monkeypatch.setattr(backups, "_copy", slowly)
    hindrances: list[Callable[[], None]] = [lambda: None, lambda: monkeypatch.setattr(os, "link", _no_links)]
    for hinder in hindrances:
        hinder()
        late.unlink(missing_ok=True)
        with pytest.raises(FileExistsError):
            backups.back_up(database, late)
        assert late.read_text() == "dear"
    assert _others(tmp_path) == {"copy.db", "late.db"}


def _no_links(*_: object) -> None:
    raise PermissionError


_ENDLESS_VIEW = (
    "CREATE VIEW alembic_version AS WITH RECURSIVE number(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM number) "
    "SELECT max(x) AS version_num FROM number"
)
_UNDER_OUR_NAME = "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN DELETE FROM staff; END"


def _sql(*statements: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda path: path.unlink(), "is not there"),
        (lambda path: path.write_bytes(b""), "no backup of Peyk"),
        (lambda path: path.write_bytes(b"junk" * 1000), "no backup of Peyk"),
        (_sql("DROP TABLE alembic_version"), "no backup of Peyk"),
        (_sql("DELETE FROM alembic_version"), "no backup of Peyk"),
        (_sql("DROP TABLE inbox"), "no backup of Peyk"),
        (_sql("UPDATE alembic_version SET version_num = 'a1b2c3'"), "no backup of Peyk"),
        (_sql("UPDATE alembic_version SET version_num = '9999'"), "newer Peyk .schema 9999"),
        (_sql("ALTER TABLE alembic_version RENAME TO other", _ENDLESS_VIEW), "no backup of Peyk"),
        (_sql("CREATE TRIGGER t AFTER INSERT ON audit BEGIN DELETE FROM staff; END"), r"triggers .* \(t\)"),
        (_sql("DROP TRIGGER audit_no_update", _UNDER_OUR_NAME), r"triggers .* \(audit_no_update\)"),
        (_damage, "is damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:-8192]), "is damaged|no backup"),
    ],
)
def test_what_is_no_whole_backup_of_peyk_is_not_restored(
    database: Path, tmp_path: Path, change: Callable[[Path], object], reason: str
) -> None:
    copy = tmp_path / "copy.db"
    backups.back_up(database, copy)
    change(copy)
    before = database.read_bytes()
    with pytest.raises(BackupError, match=reason):
        backups.restore(copy, database)
    assert database.read_bytes() == before
    assert _others(tmp_path) <= {"copy.db"}


def test_a_restored_database_stands_alone_and_every_old_one_is_kept(database: Path, tmp_path: Path) -> None:
    backups.back_up(database, tmp_path / "copy.db")
    _sql("DELETE FROM inbox WHERE update_id > 9")(database)
    first = backups.restore(tmp_path / "copy.db", database)
    assert first is not None
    assert (_count(database), _count(first)) == (500, 10)
    _sql("DELETE FROM inbox WHERE update_id > 99")(database)
    second = backups.restore(tmp_path / "copy.db", database)
    assert second is not None
    assert (_count(database), _count(second), _count(first)) == (500, 100, 10)
    assert database.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)


def test_a_file_that_was_open_to_others_is_not_any_more(database: Path) -> None:
    database.chmod(0o644)
    assert private_files.is_open_to_others(database)

    async def open_again() -> None:
        async with opened(f"sqlite:///{database}"):
            beside = [database.with_name(database.name + ending) for ending in ("-wal", "-shm")]
            assert not any(private_files.is_open_to_others(path) for path in (database, *beside))
            assert all(path.exists() for path in beside)

    asyncio.run(open_again())
