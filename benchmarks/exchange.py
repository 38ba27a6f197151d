"""A Bot API that hands out updates and notes when each was answered: as little as there can be beside a bot."""

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.server import DEFAULT_TOKEN

Json = dict[str, Any]

_ME = {
    "id": int(DEFAULT_TOKEN.partition(":")[0]),
    "is_bot": True,
    "first_name": "Peyk",
    "username": "peyk_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
}
_MOST_AT_ONCE = 100
_UPDATE_IDS = 2_000_000_000  # of Telegram's 2^31: those of 23 days
_SAID = ("sendMessage", "sendRichMessage", "editMessageText")


class Exchange:
    """`url` is the root of the Bot API. Of each chat one update is under way at a time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.polled = asyncio.Event()
        self._waiting: deque[Json] = deque()
        self._come = asyncio.Event()
        self._handed: dict[int, float] = {}
        self._answered: dict[int, float] = {}
        self._left = 0
        self._all = asyncio.Event()
        # An app that keeps its updates knows those of an earlier run: Telegram uses no number twice in a while.
        self._update_id = int(time.time()) * 1000 % _UPDATE_IDS
        self._message_id = 0

    async def exchange(self, questions: Sequence[tuple[int, Json]], *, within: float) -> list[tuple[float, float]]:
        """Hand out updates, each (chat id, what it holds), and return when each was handed out and answered.

        Instants are those of time.perf_counter. Raises TimeoutError where an answer does not come `within` so
        many seconds.
        """
        self._handed.clear()
        self._answered.clear()
        self._left = len(questions)
        self._all.clear()
        for _, held in questions:
            self._update_id += 1
            self._waiting.append({"update_id": self._update_id, **held})
        self._come.set()
        try:
            async with asyncio.timeout(within):
                await self._all.wait()
        except TimeoutError:
            raise TimeoutError(f"{self._left} of {len(questions)} were not answered") from None
        return [(self._handed[chat_id], self._answered[chat_id]) for chat_id, _ in questions]

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Answer a call of the Bot API."""
        method = request.path.rpartition("/")[2]
        arrived = time.perf_counter()
        fields = _fields(request.content_type, await request.read())
        if method == "getUpdates":
            offset, patience = (int(fields.get(name, "0")) for name in ("offset", "timeout"))
            return _ok(await self._updates(offset, patience))
        if method == "getMe":
            return _ok(_ME)
        if method not in _SAID:
            return _ok(True)
        chat_id = int(fields["chat_id"])
        if chat_id in self._handed and chat_id not in self._answered:
            self._answered[chat_id] = arrived
            self._left -= 1
            if not self._left:
                self._all.set()
        self._message_id += 1
        chat = {"id": chat_id, "type": "private", "first_name": "x"}
        return _ok({"message_id": self._message_id, "date": int(time.time()), "chat": chat, "text": "x"})

    async def _updates(self, offset: int, patience: float) -> list[Json]:
        """Hand out what was not confirmed: a bot that has ended may still be waiting here, and gets the same."""
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()
        self.polled.set()
        if not self._waiting:
            self._come.clear()
            try:
                async with asyncio.timeout(patience):
                    await self._come.wait()
            except TimeoutError:
                return []
        updates = list(islice(self._waiting, _MOST_AT_ONCE))
        now = time.perf_counter()
        for update in updates:
            body = update.get("message") or update["callback_query"]["message"]
            self._handed[body["chat"]["id"]] = now
        return updates


@asynccontextmanager
async def exchange() -> AsyncIterator[Exchange]:
    """An exchange that listens until the block ends."""
    telegram = Exchange("")
    runner = web.ServerRunner(web.Server(telegram.answer, access_log=None), shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    telegram.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield telegram
    finally:
        await runner.cleanup()


def _fields(kind: str, body: bytes) -> dict[str, str]:
    return json.loads(body) if kind == "application/json" else dict(parse_qsl(body.decode()))


def _ok(result: Any) -> web.Response:
    body = json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode()
    return web.Response(body=body, content_type="application/json")
