"""One running bot for each SQLite database: a lock that the system lets go however the process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import ConfigError


@contextmanager
def only_one(database: Path) -> Iterator[None]:
    """Hold the lock file beside `database`. Raises ConfigError where another process holds it."""
    database.parent.mkdir(parents=True, exist_ok=True)
    path = database.with_name(database.name + ".lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigError(f"DATABASE_URL: another Peyk runs on {database} (lock {path.name})") from None
        yield
    finally:
        os.close(descriptor)
