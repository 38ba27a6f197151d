"""peyk migrate, backup and restore."""

import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import command, opened_database, print_line, settings_for_command, told_progress
from bot.config import Settings
from bot.errors import PeykError
from bot.lock import at_rest, only_one
from storage.copying import NotEmptyError, copy
from storage.database import Database
from storage.errors import UnusableError
from storage.migrate import HEAD
from storage.opening import opened


@command
async def migrate(
    to: Annotated[
        str, typer.Option(help="Copy everything into this empty database: sqlite:///PATH or postgresql://...")
    ] = "",
) -> None:
    """Bring the database to the newest schema; every start does so by itself. With --to, move the desk."""
    async with opened_database() as (_, database), AsyncExitStack() as stack:
        if not to:
            print_line(f"{database.name} has schema {HEAD}")
            return
        await stack.enter_async_context(at_rest(database))
        try:
            target = await stack.enter_async_context(opened(to))
        except UnusableError as error:
            raise PeykError(f"--to: the database cannot be used ({error})") from None
        await stack.enter_async_context(at_rest(target))
        try:
            with told_progress() as progress:
                await copy(database, target, progress)
        except NotEmptyError as error:
            raise PeykError(f"--to: {target.name} is in use ({error}); give an empty database") from None
        print_line(f"everything is in {target.name}: start the desk with DATABASE_URL set to it")


@command
async def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")]) -> None:
    """Write a consistent copy of a SQLite database, also while the bot runs."""
    path = _file_of(settings_for_command(), "pg_dump --format=custom --file=FILE")
    if file.exists():
        raise PeykError(f"{file} is there already; choose another name or move it away")
    async with opened_database():
        part = file.with_name(file.name + ".part")
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
        source, target = sqlite3.connect(path), sqlite3.connect(part)
        try:
            source.backup(target, pages=1000)
        finally:
            source.close()
            target.close()
        part.replace(file)
    print_line(f"{file.stat().st_size} bytes written to {file}")


@command
async def restore(file: Annotated[Path, typer.Argument(help="A file that `peyk backup` wrote.")]) -> None:
    """Put a backup in the place of the database. Refused while the bot runs; the old one is kept beside it."""
    path = _file_of(settings_for_command(), "pg_restore --clean --if-exists --dbname=DATABASE_URL FILE")
    _check_backup(file)
    with only_one(path):
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as fresh:
            shutil.copyfile(file, fresh.name)
        if path.exists():
            _fold_log(path)
            path.replace(path.with_name(path.name + ".before-restore"))
        for leftover in ("-wal", "-shm"):
            path.with_name(path.name + leftover).unlink(missing_ok=True)
        os.replace(fresh.name, path)
    async with opened_database():
        print_line(f"{path} restored from {file}")


def _file_of(settings: Settings, instead: str) -> Path:
    """Return the SQLite file of the desk. Raises PeykError that names PostgreSQL's own program."""
    path = Database(settings.database_url).path
    if path is None:
        raise PeykError(f"DATABASE_URL: on PostgreSQL its own programs do this: {instead}")
    return path


def _check_backup(file: Path) -> None:
    """Raise PeykError unless `file` is a whole database of Peyk."""
    if not file.is_file():
        raise PeykError(f"{file} is not there")
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        whole = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise PeykError(f"{file} is no backup of Peyk ({error})") from None
    finally:
        connection.close()
    if not whole or version is None:
        raise PeykError(f"{file} is damaged")
    if version[0] > HEAD:
        raise PeykError(f"{file} was written by a newer Peyk (schema {version[0]})")


def _fold_log(path: Path) -> None:
    """Write what stands in the write-ahead log into the database file, so that the file alone is whole."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError as error:
        sys.stderr.write(f"peyk: the old database is kept as it is ({error})\n")
    finally:
        connection.close()
