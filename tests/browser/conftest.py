"""The page in a real browser: one Chromium and one demo for all of its tests, new windows and people for each."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest_asyncio
from playwright.async_api import Browser, Page, Request, async_playwright, expect

from sandbox import server
from sandbox.client import SandboxClient
from sandbox.flood import Limits
from tests import launch
from tests.browser import chromium

_START_SECONDS = 60
_STOP_SECONDS = 20
_PATIENCE_MS = 30_000
Open = Callable[..., Awaitable[Page]]

expect.set_options(timeout=_PATIENCE_MS)


@dataclass(frozen=True)
class Demo:
    """A running demo: its address, its people's side, and who and what is in it."""

    url: str
    people: SandboxClient
    editor: int
    channel: int

    async def reader(self, name: str) -> int:
        """Add a person who has pressed start and been welcomed, and return their id."""
        user_id = await self.people.person(name)
        ids = await self.people.say(user_id, "/start")
        await self.people.wait_for(user_id, lambda _: True, after=ids[-1])
        return user_id


@pytest_asyncio.fixture(loop_scope="session", scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.executable(), args=list(chromium.FLAGS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session", scope="package")
async def demo() -> AsyncIterator[Demo]:
    """`peyk run` without a token, as a newcomer starts it."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": "/usr/bin:/bin", "TMPDIR": folder, "PYTHONUTF8": "1"}
        log = Path(folder) / "log"
        process = launch.forked(["run"], Path(folder), environment, log)
        try:
            url = await _address(log)
            async with SandboxClient(url) as people:
                yield await _met(url, people)
        finally:
            process.send_signal(2)
            await asyncio.to_thread(process.wait, _STOP_SECONDS)


async def _address(log: Path) -> str:
    async with asyncio.timeout(_START_SECONDS):
        while not (address := re.search(r"^ +(http://127\.0\.0\.1:\d+)/$", log.read_text(), re.MULTILINE)):
            await asyncio.sleep(0.05)
    return address[1]


async def _met(url: str, people: SandboxClient) -> Demo:
    """Wait until Peyk has met its channel."""
    state = await people.get("state")
    editor = state["people"][0]["id"]
    channel = next(chat["id"] for chat in state["chats"] if chat["type"] == "channel")
    await people.wait_for(editor, lambda message: "کانال پیک" in str(message.get("text")))
    return Demo(url, people, editor, channel)


@dataclass(frozen=True)
class Stage:
    """A sandbox whose bot is the test itself: `do` calls a method of the Bot API as the bot."""

    url: str
    people: SandboxClient
    do: Callable[..., Awaitable[Any]]


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    running = await server.start(limits=Limits(on=False))
    async with SandboxClient(running.url) as people:
        session = people._session
        assert session is not None, "entered above"

        async def do(method: str, **params: Any) -> Any:
            async with session.post(f"{running.url}/bot{running.token}/{method}", json=params) as answer:
                body = await answer.json()
                assert body["ok"], body
                return body["result"]

        yield Stage(running.url, people, do)
    await running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser) -> AsyncIterator[Open]:
    """Open the page at an address, as a person and in a language. Whatever goes wrong in it fails the test."""
    wrong: list[str] = []

    def asked(request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            wrong.append(f"a request leaves the machine: {request.url}")

    async with AsyncExitStack() as stack:

        async def open_page(url: str, *, person: str = "", language: str = "fa", **look: Any) -> Page:
            look.setdefault("viewport", {"width": 1440, "height": 900})
            context = await browser.new_context(reduced_motion="reduce", **look)
            stack.push_async_callback(context.close)
            context.set_default_timeout(_PATIENCE_MS)
            await context.add_init_script(f"localStorage.setItem('language', '{language}')")
            page = await context.new_page()
            page.on("request", asked)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
            await page.goto(url)
            await page.wait_for_selector("body[data-ready]")
            if person:
                await page.locator("#people button", has_text=person).click()
            return page

        yield open_page
    assert wrong == []
