"""Fixtures of a flow: an app on SQLite, a sandbox and a news site. Everything speaks real HTTP."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests import launch
from tests.peyk_app import PeykApp, Telegram, buttons_of

__all__ = ["PeykApp", "Telegram", "buttons_of"]


@pytest.fixture
async def app(tmp_path: Path, telegram: Telegram, ready_database: Path) -> AsyncIterator[PeykApp]:
    """An app that starts fast: its program is loaded and its database is there."""
    (tmp_path / "data").mkdir()
    shutil.copy(ready_database, tmp_path / "data")
    app = PeykApp(tmp_path, telegram, launch.forked)
    yield app
    app.abandon()


@pytest.fixture
async def empty_app(tmp_path: Path, telegram: Telegram) -> AsyncIterator[PeykApp]:
    """An app that starts fast and has no database yet."""
    app = PeykApp(tmp_path, telegram, launch.forked)
    yield app
    app.abandon()


@pytest.fixture
async def new_app(tmp_path: Path, telegram: Telegram) -> AsyncIterator[PeykApp]:
    """An app as people have it before its first start, and started as they do."""
    app = PeykApp(tmp_path, telegram)
    yield app
    app.abandon()


@pytest.fixture
def until() -> Callable[..., Any]:
    """Wait until an async condition gives something true, and return it."""

    async def wait(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
        async with asyncio.timeout(seconds):
            while not (outcome := await condition()):
                await asyncio.sleep(0.05)
            return outcome

    return wait
