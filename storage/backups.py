"""Copies of a SQLite database, whole or not at all. On PostgreSQL its own programs do this."""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import chain, count
from pathlib import Path

from persian.foreign_text import printable
from storage.engine.migrate import HEAD
from storage.engine.on_sqlite import BESIDE
from storage.engine.private_files import link, make_folder, new_file, sync, unnamed
from storage.migrations import revisions
from storage.schema import SQLITE_TRIGGERS

_TABLES = frozenset({"alembic_version", "article", "chat", "delivery", "inbox", "message"})
_LONGEST_VALUE = 100_000_000
"""The bytes of the longest value or row: several times what Peyk stores in one."""


class BackupError(Exception):
    """A copy cannot be made or used; the message is one line that says why."""


def back_up(database: Path, file: Path) -> None:
    """Write a consistent copy of a database to a new file, also while the database is in use.

    Raises BackupError where the database is damaged or the copy cannot be written, FileExistsError where the file
    is there already, and OSError; then nothing was written.
    """
    with new_file(file) as part:
        with _as_backup_error(f"{database} cannot be copied"):
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
            # A view in the place of a table may compute for ever.
            revision = _revision(connection) if tables >= _TABLES else ""
    except sqlite3.Error as error:
        raise BackupError(f"{file} is no backup of Peyk ({error})") from None
    if revision.isdecimal() and revision > HEAD:
        raise BackupError(f"{file} was written by a newer Peyk (schema {revision})")
    if revision not in revisions():
        raise BackupError(f"{file} is no backup of Peyk")
    if trouble := _damage(file):
        raise BackupError(f"{file} is damaged ({trouble})")


def _revision(connection: sqlite3.Connection) -> str:
    """Return the revision of the schema, "" where there is none."""
    version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(version[0]) if version else ""


def restore(file: Path, database: Path) -> Path | None:
    """Replace a database that nobody uses with a backup; return where the old one is kept, None without one.

    Raises what `check_backup` raises, BackupError where the file has triggers of others, and OSError; then the
    database is as it was.
    """
    check_backup(file)
    if names := _foreign_triggers(file):
        raise BackupError(
            f"{file} has triggers that are none of Peyk's ({printable(names)}) and would run with it; "
            "drop them in a copy of the file, and restore that"
        )
    make_folder(database.parent)
    with unnamed(database) as fresh:
        with _as_backup_error(f"{database} cannot be written"):
            _copy(file, fresh)
        if trouble := _damage(fresh):
            raise BackupError(f"the copy is damaged ({trouble}): look at the disk of {database}")
        sync(fresh)
        kept = _set_aside(database) if database.exists() else None
        fresh.replace(database)
    sync(database.parent)
    return kept


def _foreign_triggers(file: Path) -> str:
    """Return the names of triggers that somebody else has put into a database, "" for none."""
    with closing(_reading(file)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        return ", ".join(str(name) for name, sql in triggers if sql not in SQLITE_TRIGGERS)


def _set_aside(database: Path) -> Path:
    """Rename the old database after writing its write-ahead log into it: the log is not the new one's."""
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
        with closing(_reading(path)) as connection:
            answer = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)
    return "" if answer == "ok" else " ".join(answer.split())


def _reading(path: Path) -> sqlite3.Connection:
    """Open a file that may be anybody's (https://sqlite.org/security.html)."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    return connection


@contextmanager
def _as_backup_error(trouble: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise BackupError(f"{trouble} ({error})") from error
