"""What a flow needs: a desk on SQLite, a sandbox and a news site. Everything speaks real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desk import Desk, Telegram
from tests.flows.news_site import NewsSite

__all__ = ["Desk", "Telegram"]


@pytest.fixture
async def desk(tmp_path: Path, telegram: Telegram) -> AsyncIterator[Desk]:
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

    async def wait(condition: Callable[[], Any], seconds: float = 15.0) -> Any:
        async with asyncio.timeout(seconds):
            while not (found := await condition()):
                await asyncio.sleep(0.05)
            return found

    return wait
