"""Copies of a SQLite database, whole or not at all. On PostgreSQL its own programs do this."""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import chain, count
from pathlib import Path

from storage.engine.migrate import HEAD
from storage.engine.on_sqlite import BESIDE
from storage.engine.private_files import link, make_folder, new_file, sync, unnamed
from storage.migrations import revisions

_TABLES = frozenset({"article", "chat", "delivery", "inbox", "message"})


class BackupError(Exception):
    """A copy cannot be made or used; the message is one line that says why."""


def back_up(database: Path, file: Path) -> None:
    """Write a consistent copy of a database to a new file, also while the database is in use.

    Raises BackupError where the database is damaged or the copy cannot be written, FileExistsError where the file
    is there already, and OSError; then nothing was written.
    """
    with new_file(file) as part:
        with _told(f"{database} cannot be copied"):
            _copy(database, part)
        if trouble := _damage(part):
            source = _damage(database)
            damaged, advice = (database, "restore an older backup") if source else (file, "try another disk")
            raise BackupError(f"{damaged} is damaged ({source or trouble}); {advice}")


def check_backup(file: Path) -> None:
    """Raise BackupError unless `file` is a whole database of a Peyk that is not newer than this one."""
    if not file.is_file():
        raise BackupError(f"{file} is not there" if not file.exists() else f"{file} is no file")
    try:
        with closing(_reading(file)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{file} is no backup of Peyk ({error})") from None
    revision = str(version[0]) if version else ""
    if tables >= _TABLES and revision.isdecimal() and revision > HEAD:
        raise BackupError(f"{file} was written by a newer Peyk (schema {revision})")
    if not tables >= _TABLES or revision not in revisions():
        raise BackupError(f"{file} is no backup of Peyk")
    if trouble := _damage(file):
        raise BackupError(f"{file} is damaged ({trouble})")


def restore(file: Path, database: Path) -> Path | None:
    """Put a backup in the place of a database that nobody uses; return where the old one is kept, None without one.

    Raises what `check_backup` raises, and OSError; then the database is as it was.
    """
    check_backup(file)
    make_folder(database.parent)
    with unnamed(database) as fresh:
        with _told(f"{database} cannot be written"):
            _copy(file, fresh)
        if trouble := _damage(fresh):
            raise BackupError(f"the copy is damaged ({trouble}): look at the disk of {database}")
        sync(fresh)
        kept = _keep(database) if database.exists() else None
        fresh.replace(database)
    sync(database.parent)
    return kept


def _keep(database: Path) -> Path:
    """Give the old database another name, with what stands in its write-ahead log; the log is not the new one's."""
    with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    names = (f"{database.name}.before-restore{number}" for number in chain([""], (f"-{n}" for n in count(2))))
    kept = next(path for name in names if not (path := database.with_name(name)).exists())
    link(database, kept)
    for ending in BESIDE:
        with contextlib.suppress(FileNotFoundError):
            database.with_name(database.name + ending).rename(kept.with_name(kept.name + ending))
    return kept


def _copy(source: Path, target: Path) -> None:
    with closing(_reading(source)) as old, closing(sqlite3.connect(target)) as new:
        # In one step: a copy in several begins anew whenever somebody writes between two of them.
        old.backup(new)
        # One file is all of it, wherever it is moved.
        new.execute("PRAGMA journal_mode = DELETE")


def _damage(path: Path) -> str:
    """Return what SQLite finds wrong with a database, "" for nothing."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            answer = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)
    return "" if answer == "ok" else " ".join(answer.split())


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


@contextmanager
def _told(trouble: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise BackupError(f"{trouble} ({error})") from error
