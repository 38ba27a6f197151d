"""Locks of the processes that use the database; the system releases them however a process ends."""

import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot.errors import ConfigError
from storage.engine import instance_lock
from storage.engine.database import Database
from storage.engine.private_files import make_folder, tighten


@asynccontextmanager
async def at_work(database: Database) -> AsyncIterator[None]:
    """Be a running app: the only one on SQLite, one of any number on PostgreSQL.

    Raises ConfigError where that cannot be: another app runs, or the database is being replaced.
    """
    if database.path is not None:
        with only_one(database.path):
            yield
        return
    async with instance_lock.instance_lock(database, alone=False) as had:
        if not had:
            raise ConfigError(
                f"DATABASE_URL: {database.name} is being copied; start Peyk when the copy is complete"
            )
        yield


@asynccontextmanager
async def at_rest(database: Database) -> AsyncIterator[None]:
    """Keep every app from starting. Raises ConfigError where one runs."""
    if database.path is not None:
        with only_one(database.path):
            yield
        return
    async with instance_lock.instance_lock(database, alone=True) as had:
        if not had:
            raise ConfigError(f"DATABASE_URL: another Peyk runs on {database.name}")
        yield


@contextmanager
def only_one(database: Path) -> Iterator[None]:
    """Hold the lock file beside a SQLite `database`. Raises ConfigError where another process holds it."""
    make_folder(database.parent)
    path = database.with_name(database.name + ".lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    tighten(path)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigError(f"DATABASE_URL: another Peyk runs on {database} (lock {path.name})") from None
        yield
    finally:
        os.close(descriptor)
