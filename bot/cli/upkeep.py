"""peyk migrate, backup and restore."""

import shutil
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.cli.context import (
    STANDARD,
    command,
    complain,
    hint,
    opened_database,
    print_line,
    progress_reports,
    settings_for_command,
    wakes_nobody,
)
from bot.clock import now_ms
from bot.config import Settings
from bot.errors import PeykError
from bot.instance_lock import file_lock, maintenance_lock
from bot.newsroom.pausing import Pausing
from storage import articles, backups, chats
from storage.backups import BackupError
from storage.bootstrap import opened
from storage.database_copy import DifferentError, NotEmptyError, copy
from storage.engine.database import Database
from storage.engine.migrate import HEAD
from storage.errors import UnusableError

_VERIFY = Path("verify")


@command
async def migrate(
    to: Annotated[
        str,
        typer.Option(
            help="Copy everything into this empty database: `sqlite:///PATH` or `postgresql://...`. `-` "
            "reads the address from standard input, which keeps its password out of the list of "
            "processes. Peyk must not run."
        ),
    ] = "",
) -> None:
    """Migrate the database to the newest schema, as every start does. With --to, move to another database."""
    async with opened_database() as (_, database), AsyncExitStack() as stack:
        if not to:
            print_line(f"{database.name} has schema {HEAD}")
            return
        await stack.enter_async_context(maintenance_lock(database))
        try:
            target = await stack.enter_async_context(opened(_address(to), incomplete=True))
        except UnusableError as error:
            raise PeykError(f"--to: the database cannot be used ({error})") from None
        await stack.enter_async_context(maintenance_lock(target))
        try:
            with progress_reports() as progress:
                await copy(database, target, progress)
        except NotEmptyError as error:
            raise PeykError(f"--to: {target.name} is in use ({error}); give an empty database") from None
        except DifferentError as error:
            raise PeykError(
                f"--to: {error}: one of the two was written since the copy began; give an empty database"
            ) from None
        print_line(f"everything is in {target.name}: start Peyk with DATABASE_URL set to it")


@command
async def backup(
    file: Annotated[
        Path,
        typer.Argument(
            help="The file to write. It must not exist. `-` writes to standard output. Or the word `verify`."
        ),
    ],
    tried: Annotated[
        Path | None,
        typer.Argument(metavar="BACKUP", help="After `verify`: the backup to try."),
    ] = None,
) -> None:
    """Write a consistent copy of a SQLite database, also while the bot runs; fail where either is damaged.

    `peyk backup verify BACKUP` rehearses the restore of a backup in a temporary folder and says what it holds.
    """
    if tried is not None or file == _VERIFY:
        if tried is None or file != _VERIFY:
            raise typer.BadParameter("peyk backup FILE, or peyk backup verify BACKUP, is expected")
        print_line(await _rehearse(tried))
        return
    path = _file_of(settings_for_command(), "pg_dump --format=custom --file=FILE")
    async with opened_database():
        if file == STANDARD:
            _write_out(path)
            return
        _back_up(path, file)
    print_line(f"{file.stat().st_size} bytes written to {file}")


def _back_up(path: Path, file: Path) -> None:
    """Copy the database at `path` to a file. Raises PeykError."""
    try:
        backups.back_up(path, file)
    except BackupError as error:
        raise PeykError(str(error)) from None


def _write_out(path: Path) -> None:
    """Write a copy of the database at `path` to standard output. Raises PeykError."""
    if sys.stdout.isatty():
        raise PeykError("a backup is no text: name a file, or hand it to another program (peyk backup - | ...)")
    with tempfile.TemporaryDirectory(prefix=".peyk-backup-", dir=path.parent) as folder:
        copied = Path(folder) / path.name
        _back_up(path, copied)
        with copied.open("rb") as opened_copy:
            shutil.copyfileobj(opened_copy, sys.stdout.buffer)
        sys.stdout.flush()
        hint(f"{copied.stat().st_size} bytes written to standard output")


@command
async def restore(file: Annotated[Path, typer.Argument(help="A file that `peyk backup` wrote.")]) -> None:
    """Replace the database with a backup. Refused while the bot runs; the old one is kept beside it."""
    path = _file_of(settings_for_command(), "pg_restore --clean --if-exists --dbname=NAME FILE")
    try:
        with file_lock(path):
            kept = backups.restore(file, path)
    except BackupError as error:
        raise PeykError(str(error)) from None
    async with opened_database() as (_, database):
        await Pausing(database, now_ms, wakes_nobody).pause_restored()
    print_line(f"{path} restored from {file}" + (f"; the old one is {kept}" if kept else ""))
    complain(
        "pushes are paused: what was sent after the backup would be sent again; "
        "look at `peyk outbox`, then run `peyk resume`"
    )


async def _rehearse(file: Path) -> str:
    """Restore a backup in a temporary folder, open it, and return what it holds. Raises PeykError."""
    with tempfile.TemporaryDirectory(prefix="peyk-verify-") as folder:
        path = Path(folder) / "peyk.db"
        try:
            backups.restore(file, path)
        except BackupError as error:
            raise PeykError(str(error)) from None
        async with opened(f"sqlite:///{path}") as database, database.read() as connection:
            published = await articles.count_published(connection)
            chats_known = sum(count for *_, count in await chats.count_by_kind(connection))
    return f"{file} can be restored: {published} published articles, {chats_known} chats"


def _file_of(settings: Settings, instead: str) -> Path:
    """Return the SQLite file of the app. Raises PeykError that names PostgreSQL's own program."""
    path = Database(settings.database_url).path
    if path is None:
        advice = f"{instead}, with PGHOST, PGUSER, PGDATABASE and a password in ~/.pgpass"
        raise PeykError(f"DATABASE_URL: on PostgreSQL its own programs do this: {advice}")
    return path


def _address(to: str) -> str:
    """Return the address that `--to` gives or has read; warn where others can read its password."""
    if to == "-":
        return sys.stdin.readline().strip()
    try:
        shown = bool(make_url(to).password) or "password=" in to
    except (ArgumentError, ValueError):
        return to
    if shown:
        complain(
            "--to: lists of processes show this password to everybody on this machine; change it, "
            "and give the address as --to - on standard input"
        )
    return to
