"""The app as its own process and the sandbox that it speaks to, over real HTTP: what tests of the whole use."""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg

from sandbox import server
from sandbox.client import SandboxClient, text_of
from tests import launch, wall_clock

_STOP_SECONDS = 20
_COMMAND_SECONDS = 60


class Telegram:
    """A sandbox and its people: `owner` runs the newsroom, `reader` reads."""

    def __init__(self, running: server.RunningServer, people: SandboxClient) -> None:
        self.running = running
        self.people = people
        self.owner = 0
        self.reader = 0
        self.apps: list[PeykApp] = []

    async def ask(
        self, user_id: int, words: str, *, chat_id: int | None = None, button: str = "", **more: Any
    ) -> dict[str, Any]:
        """Write as a person and return the bot's next message in that chat, or the next with such a button.

        Name a button wherever the app may have something else to say in the meantime. The question that follows
        a person's first full text is passed over.
        """
        where = {} if chat_id is None else {"chat_id": chat_id}
        ids = await self.people.say(user_id, words, **where, **more)
        return await self.people.wait_for(
            chat_id or user_id,
            lambda message: (
                message.get("receiver_user", {}).get("id", user_id) == user_id
                and (any(button in words for words in buttons_of(message)) if button else not asks(message))
            ),
            after=max(ids),
        )

    async def now(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return what a message says once every app has handled what came.

        A press is answered before its handler ends where that takes long.
        """
        for app in self.apps:
            if app.is_running:
                await app.heard()
        held = await self.people.messages(message["chat"]["id"])
        return next(other for other in held if other["message_id"] == message["message_id"])

    async def finished(self, card: dict[str, Any]) -> dict[str, Any]:
        """Return what a card of work says once the work has ended: it has no button to look again any more."""
        async with asyncio.timeout(60):
            shown = await self.now(card)
            while any("تازه‌سازی" in label for label in buttons_of(shown)):
                await asyncio.sleep(0.05)
                shown = await self.now(card)
        return shown

    def texts_by_bot(self, chat_id: int) -> list[str]:
        """Return the texts of the bot's messages in a chat as people see them, those of rich ones too."""
        room = self.running.state.chats.get(chat_id)
        posts = [post for post in room.posts.values() if post.by_bot] if room else []
        # The bot itself gets a rich message back as blocks, without a text.
        return [text_of(post.json if post.rich is None else {"rich_message": post.rich}) for post in posts]

    async def pause(self) -> dict[str, Any]:
        """Stop every push as the owner, and return the answer."""
        asked = await self.ask(self.owner, "/pause", button="بله")
        await self.people.press(self.owner, asked, "بله")
        return await self.now(asked)

    async def publish(self, title: str, category: str = "سیاسی", text: str = "لید خبر در یک سطر.") -> int:
        """Post and publish as the owner, and return the article's number."""
        preview = await self.ask(self.owner, f"/post {category}\n{title}\n\n{text}", button="انتشار")
        await self.people.press(self.owner, preview, "انتشار")
        return int(buttons_of(preview)["📣 انتشار"].split(":")[1])

    async def correct(self, article_id: int, part: str, text: str, note: str) -> dict[str, Any]:
        """Go through a correction as the owner up to its card, and return that."""
        parts = await self.ask(self.owner, f"/correct {article_id}", button=part)
        await self.people.press(self.owner, parts, part)
        asked = await self.people.wait_for(self.owner, lambda _: True, after=parts["message_id"])
        assert "تازه را" in text_of(asked)
        assert "اصلاح شد:" in text_of(await self.ask(self.owner, text))
        return await self.ask(self.owner, note, button="بله")

    async def person(self, name: str, **more: Any) -> int:
        """Add a person who has pressed start and been welcomed, and return their id."""
        user_id = await self.people.person(name, **more)
        await self.ask(user_id, "/start")
        return user_id

    async def colleague(self, name: str, role: str) -> int:
        """Add a person whom the owner invites into the newsroom, and return their id."""
        user_id = await self.person(name)
        invitation = await self.ask(self.owner, f"/invite {role}")
        await self.ask(user_id, f"/start {text_of(invitation).rsplit('start=', 1)[1].strip()}")
        return user_id

    async def channel(self, title: str = "کانال", *, by: int | None = None) -> int:
        """Make a channel, by the owner unless told otherwise, with the bot as its administrator."""
        by = by or self.owner
        chat_id = await self.people.chat("channel", title, by)
        await self.people.add_bot(chat_id, by)
        return chat_id


def asks(message: dict[str, Any]) -> bool:
    """Return whether a message asks if a full text can be seen."""
    return any(data.startswith("seen:") for data in buttons_of(message).values())


def says(*words: str) -> Callable[[dict[str, Any]], bool]:
    """Return a condition for `SandboxClient.wait_for`: the message's text has all these words."""
    return lambda message: all(word in text_of(message) for word in words)


def bare(text: str) -> str:
    """Return what is written of a text, without the marks of direction in it."""
    return re.sub("[\u200e\u200f\u2066-\u2069]", "", text)


def buttons_of(message: dict[str, Any]) -> dict[str, str]:
    """Return the words on a message's buttons, each with its callback data or address."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {button["text"]: button.get("callback_data") or button["url"] for row in rows for button in row}


class PeykApp:
    """One app's folder, settings and process; `way` is how it is started."""

    def __init__(self, folder: Path, telegram: Telegram, way: Callable[..., launch.Process] = launch.anew) -> None:
        self.folder = folder
        self._launch = way
        self._telegram = telegram
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "BOT_TOKEN": telegram.running.token,
            "TELEGRAM_API_URL": telegram.running.url,
            "OWNER_IDS": str(telegram.owner),
            "ALLOW_PRIVATE_HOSTS": "127.0.0.1",
            "FETCH_INTERVAL": "1",
            "BROADCAST_INTERVAL": "0.5",
            **wall_clock.environment(),
        }
        self.url = f"sqlite:///{folder / 'data/peyk.db'}"
        self._process: launch.Process | None = None
        telegram.apps.append(self)

    @property
    def is_running(self) -> bool:
        """True while its process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        """Everything that the app has logged."""
        return (self.folder / "log").read_text()

    def start(self, *options: str, **settings: str) -> None:
        """Start the app as `peyk run` with these options; `settings` are variables on top of the usual ones."""
        self._process = self._launch(
            ["run", *options], self.folder, self.environment | settings, self.folder / "log"
        )

    async def running(self, telegram: Telegram, **settings: str) -> None:
        """Start the app and wait until it has handled all that waited for it."""
        asked = len(await telegram.people.get("requests"))
        self.start(**settings)
        async with asyncio.timeout(60):
            while not any(
                entry["method"] == "deleteWebhook" for entry in (await telegram.people.get("requests"))[asked:]
            ):
                assert self._process is not None, "started above"
                assert self._process.poll() is None, self.log
                await asyncio.sleep(0.05)
        await self.heard()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what the app's database answers."""
        connection = sqlite3.connect(f"file:{self.folder / 'data/peyk.db'}?mode=ro", uri=True)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def change(self, statement: str) -> None:
        """Change the database: what a long wait would have done. Where the app runs, only what it leaves alone."""
        connection = sqlite3.connect(self.folder / "data/peyk.db")
        with connection:
            connection.execute(statement)
        connection.close()

    async def heard(self) -> None:
        """Wait until every update that Telegram has for the app is handled."""
        async with asyncio.timeout(30):
            while self._telegram.running.state.pending or self.rows("SELECT 1 FROM inbox WHERE done_at IS NULL"):
                await asyncio.sleep(0.05)

    def hours_pass(self, hours: float) -> None:
        """Have chats that refuse messages wait no more, and refuse since that much earlier."""
        earlier = int(hours * 3_600_000)
        self.change(f"UPDATE chat SET refused_at = refused_at - {earlier}, wait_until = 0 WHERE refused_at > 0")

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        assert self._process is not None, "started before"
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(_STOP_SECONDS)

    async def stop(self, *, within: float = _STOP_SECONDS) -> int:
        """Ask the process to end, wait `within` so many seconds for it, and return its exit status."""
        assert self._process is not None, "started before"
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self._process.wait, within)

    async def ended(self) -> int:
        """Wait until the process ends by itself and return its exit status."""
        assert self._process is not None, "started before"
        return await asyncio.to_thread(self._process.wait, _STOP_SECONDS)

    async def cli(self, *arguments: str, stdin: bytes = b"", **settings: str) -> subprocess.CompletedProcess[str]:
        """Run `peyk` with these arguments in the app's folder."""
        environment = self.environment | settings
        return await asyncio.to_thread(
            launch.finished, arguments, self.folder, environment, stdin, within=_COMMAND_SECONDS
        )

    def abandon(self) -> None:
        """Make sure that nothing is left running."""
        if self.is_running:
            self.kill()


class PeykAppOnPostgres(PeykApp):
    """An app whose DATABASE_URL is of a new PostgreSQL database."""

    def __init__(self, folder: Path, telegram: Telegram, url: str) -> None:
        super().__init__(folder, telegram, launch.forked)
        self.url = self.environment["DATABASE_URL"] = url

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what the app's database answers."""

        async def ask() -> list[tuple[Any, ...]]:
            connection = await asyncpg.connect(self.url)
            try:
                return [tuple(row) for row in await connection.fetch(query)]
            finally:
                await connection.close()

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(ask())).result()

    def says(self, event: str) -> Callable[[], Awaitable[bool]]:
        """Return the condition that the app has logged `event`."""

        async def said() -> bool:
            return event in self.log

        return said
