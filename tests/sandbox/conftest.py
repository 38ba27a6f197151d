"""A sandbox over plain HTTP: the Bot API as a bot calls it, and its people."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from sandbox import server
from sandbox.client import SandboxClient
from sandbox.flood import Limits


class Bot:
    """Calls methods and keeps no belief of its own about the answers."""

    def __init__(self, url: str, token: str, session: ClientSession) -> None:
        self.root = url
        self.url = f"{url}/bot{token}/"
        self.session = session

    async def answer(self, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
        """Return the HTTP status and the body of an answer."""
        async with self.session.post(self.url + method, json=params) as answer:
            return answer.status, await answer.json()

    async def do(self, method: str, **params: Any) -> Any:
        """Return the result; anything but success fails the test."""
        status, body = await self.answer(method, **params)
        assert status == 200, body
        assert body["ok"] is True
        return body["result"]

    async def refused(self, method: str, **params: Any) -> tuple[int, str]:
        """Return the code and words of a refusal; the status and the body must agree on the code."""
        status, body = await self.answer(method, **params)
        assert body["ok"] is False, body
        assert body["error_code"] == status
        return status, body["description"]

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """Return what waits, and confirm it."""
        updates: list[dict[str, Any]] = await self.do("getUpdates", **params)
        if updates:
            await self.do("getUpdates", offset=updates[-1]["update_id"] + 1)
        return updates


@pytest.fixture
async def running() -> AsyncIterator[server.RunningServer]:
    running = await server.start(limits=Limits(on=False))
    yield running
    await running.stop()


@pytest.fixture
async def people(running: server.RunningServer) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(running.url) as people:
        yield people


@pytest.fixture
async def bot(running: server.RunningServer) -> AsyncIterator[Bot]:
    async with ClientSession() as session:
        yield Bot(running.url, running.token, session)
