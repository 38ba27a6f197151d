"""peyk migrate, doctor, backup and restore."""

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import typer
from telegram.error import InvalidToken, TelegramError

from bot.cli.context import command, opened_database, print_line, print_records, settings_for_command
from bot.config import Settings
from bot.delivery.transport import AiohttpRequest
from bot.errors import ConfigError, PeykError
from bot.lock import only_one
from storage import migrate as migration
from storage import sources
from storage.database import Database

# A rare fault of SQLite's write-ahead log with several writers (sqlite.org/releaselog): Peyk has one writer.
_WAL_FAULT = ((3, 7, 0), (3, 51, 2))
_LEAST_FREE_BYTES = 500_000_000


@command
async def migrate() -> None:
    """Bring the database to the newest schema; every start does so by itself."""
    async with opened_database() as (settings, _):
        print_line(f"{settings.database_url} has schema {migration.HEAD}")


@command
async def doctor() -> None:
    """Look for trouble: ok, warning or failed, what, and what to do. Exit status 1 where something failed."""
    settings = settings_for_command()
    findings = [finding async for finding in _findings(settings)]
    print_records(("state", "what", "detail"), findings)
    if any(state == "failed" for state, _, _ in findings):
        raise typer.Exit(1)


@command
async def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")]) -> None:
    """Write a consistent copy of the database, also while the bot runs."""
    if file.exists():
        raise PeykError(f"{file} is there already; choose another name or move it away")
    async with opened_database() as (_, database):
        part = file.with_name(file.name + ".part")
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
        source, target = sqlite3.connect(database.path), sqlite3.connect(part)
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
    settings = settings_for_command()
    path = Database(settings.database_url).path
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
    if version[0] > migration.HEAD:
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


async def _findings(settings: Settings) -> AsyncIterator[tuple[str, str, str]]:
    version = sqlite3.sqlite_version_info
    touched = _WAL_FAULT[0] <= version <= _WAL_FAULT[1]
    note = "; has a rare fault with several writers: run one desk for each database" if touched else ""
    yield "warning" if touched else "ok", "sqlite", f"{sqlite3.sqlite_version}{note}"
    async with opened_database() as (_, database):
        async with database.read() as connection:
            answer = (await connection.exec_driver_sql("PRAGMA quick_check")).scalar()
            failing = [one for one in await sources.all_(connection) if one.failures]
        state = "ok" if answer == "ok" else "failed"
        yield state, "database", f"{database.path}, schema {migration.HEAD}, {answer}"
        free = shutil.disk_usage(database.path.parent).free
        yield "ok" if free > _LEAST_FREE_BYTES else "warning", "disk", f"{free // 1_000_000} MB free"
        try:
            with only_one(database.path):
                yield "ok", "desk", "not running"
        except ConfigError:
            yield "ok", "desk", "running"
    for source in failing:
        yield "warning", "source", f"{source.url}: {source.failures} failures, {source.last_error}"
    if not settings.owner_ids:
        yield "warning", "owners", "OWNER_IDS is empty: nobody can use the newsroom's commands"
    yield await _telegram(settings)


async def _telegram(settings: Settings) -> tuple[str, str, str]:
    if settings.bot_token is None:
        return "warning", "telegram", "BOT_TOKEN is not set: `peyk run` starts the demo"
    request = AiohttpRequest(proxy=settings.telegram_proxy)
    await request.initialize()
    try:
        me = await request.call(f"{settings.telegram_api_url}/bot{settings.token}/getMe", {})
    except InvalidToken:
        return "failed", "telegram", "BOT_TOKEN: Telegram does not know this token"
    except TelegramError as error:
        return "failed", "telegram", f"{settings.telegram_api_url} cannot be reached ({error.message})"
    finally:
        await request.shutdown()
    return "ok", "telegram", f"@{me['username']} at {settings.telegram_api_url}"
