"""Locks of the processes that use the database; the system releases them however a process ends."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import structlog

from bot.errors import ConfigError
from storage.engine import instance_lock
from storage.engine.database import Database
from storage.engine.private_files import make_folder, tighten
from storage.errors import UnavailableError

_LOOK_SECONDS = 1.0
_TRIES = 5  # `peyk doctor` is alone for a moment, too

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def app_lock(database: Database) -> "AsyncIterator[asyncio.Future[None]]":
    """Lock the database for a running app: exclusively on SQLite, shared on PostgreSQL.

    Raises ConfigError where that cannot be: another app runs, or the database is being replaced. The future that is
    yielded ends with ConfigError where a restart of PostgreSQL ended the lock and it cannot be acquired again.
    """
    loop = asyncio.get_running_loop()
    if database.path is not None:
        with file_lock(database.path):
            yield loop.create_future()
        return
    is_locked = asyncio.Event()
    holding = asyncio.create_task(_hold_app_lock(database, is_locked))
    waiting = asyncio.create_task(is_locked.wait())
    try:
        await asyncio.wait([waiting, holding], return_when=asyncio.FIRST_COMPLETED)
        if holding.done():
            await holding  # raises
        yield holding
    finally:
        waiting.cancel()
        holding.cancel()
        await asyncio.gather(holding, waiting, return_exceptions=True)


async def _hold_app_lock(database: Database, is_locked: asyncio.Event) -> None:
    """Hold the lock until cancelled; acquire it again after the server has ended its session.

    Sets `is_locked` once it has the lock. Raises ConfigError where an app is alone on the database, and
    UnavailableError where the server cannot be reached at first.
    """
    tries = 1
    while tries > 0:
        try:
            async with database.session() as connection:
                if await instance_lock.try_lock(connection, alone=False):
                    is_locked.set()
                    tries = _TRIES
                    while not connection.is_lost:  # noqa: ASYNC110 - of its loss a session tells nobody
                        await asyncio.sleep(_LOOK_SECONDS)
                else:
                    tries -= 1
        except UnavailableError as error:
            if not is_locked.is_set():
                raise
            _log.info("instance_lock_waits", reason=str(error))
        if tries > 0:
            await asyncio.sleep(_LOOK_SECONDS)
    raise ConfigError(f"DATABASE_URL: {database.name} is being copied; start Peyk when the copy is complete")


@asynccontextmanager
async def maintenance_lock(database: Database) -> AsyncIterator[None]:
    """Prevent every app from starting until the block ends. Raises ConfigError where one runs."""
    if database.path is not None:
        with file_lock(database.path):
            yield
        return
    async with instance_lock.instance_lock(database, alone=True) as had:
        if not had:
            raise ConfigError(f"DATABASE_URL: another Peyk runs on {database.name}")
        yield


@contextmanager
def file_lock(database: Path) -> Iterator[None]:
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
