"""Fixtures of a flow: a desk on SQLite, a sandbox and a news site. Everything speaks real HTTP."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests import launch
from tests.desk import Desk, Telegram, buttons_of
from tests.flows.news_site import NewsSite

__all__ = ["Desk", "Telegram", "buttons_of"]


@pytest.fixture
async def desk(tmp_path: Path, telegram: Telegram, ready_database: Path) -> AsyncIterator[Desk]:
    """A desk that starts fast: its program is loaded and its database is there."""
    (tmp_path / "data").mkdir()
    shutil.copy(ready_database, tmp_path / "data")
    desk = Desk(tmp_path, telegram, launch.forked)
    yield desk
    desk.abandon()


@pytest.fixture
async def empty_desk(tmp_path: Path, telegram: Telegram) -> AsyncIterator[Desk]:
    """A desk that starts fast and has no database yet."""
    desk = Desk(tmp_path, telegram, launch.forked)
    yield desk
    desk.abandon()


@pytest.fixture
async def new_desk(tmp_path: Path, telegram: Telegram) -> AsyncIterator[Desk]:
    """A desk as people have it before its first start, and started as they do."""
    desk = Desk(tmp_path, telegram)
    yield desk
    desk.abandon()


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    site = NewsSite()
    await site.start()
    yield site
    await site.stop()


@pytest.fixture
def until() -> Callable[..., Any]:
    """Wait until an async condition gives something true, and return it."""

    async def wait(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
        async with asyncio.timeout(seconds):
            while not (found := await condition()):
                await asyncio.sleep(0.05)
            return found

    return wait
