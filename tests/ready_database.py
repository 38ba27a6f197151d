"""An SQLite database as the first start makes it, to be copied: the migrations cost more than most tests."""

import asyncio
from pathlib import Path

from storage.bootstrap import opened
from tests import run_folder


def ready_database() -> Path:
    """Return the database of this run."""
    return run_folder.made("peyk.db", lambda path: asyncio.run(_make(path)))


async def _make(path: Path) -> None:
    async with opened(f"sqlite:///{path}"):
        pass
