"""Photos by their address: what Telegram made of them is remembered, so that each is fetched once.

Nothing of this is needed after a restart: the next message that carries the photo finds it out again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.clock import Clock
from bot.render.message import SAME_MEDIA, Message

REFUSED_MS = 3600 * 1000
"""The time (ms) for which an address that Telegram could not use is not tried."""
WAIT_SECONDS = 5.0
"""The time that a message waits for another message to try the same address."""

_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class _Known:
    """The result for an address: a file id, or the time (ms) until which it is not tried."""

    file_id: str = ""
    until: int = 0


class Photos:
    """The results for photos by their address; the one that was used longest ago is forgotten first."""

    def __init__(self, clock: Clock, *, wait: float = WAIT_SECONDS) -> None:
        self._clock = clock
        self._wait = wait
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._tried: dict[str, asyncio.Event] = {}

    def settled(self, message: Message) -> Message:
        """Return the message with what Telegram made of its photo; as a text, with the same words, of nothing."""
        if not by_address(message):
            return message
        known = self._known.get(message.media)
        if known is None or (not known.file_id and known.until <= self._clock()):
            return message
        return replace(message, media=known.file_id)

    def settled_edit(self, message: Message) -> Message:
        """Return what to put under a photo that is there: it stays where Telegram cannot use the new one."""
        settled = self.settled(message)
        return settled if settled.media or not message.media else replace(settled, media=SAME_MEDIA)

    @asynccontextmanager
    async def first(self, message: Message) -> AsyncIterator[Message]:
        """Return the message `settled`; while nothing is known of an address, one send tries it and others wait.

        Where that takes long they go as texts: what Telegram fetches slowly must not have them all in doubt.
        """
        address = message.media
        if by_address(message):
            await self._others(address)
        settled = self.settled(message)
        tries = by_address(settled) and address not in self._tried
        if tries:
            self._tried[address] = asyncio.Event()
        try:
            yield settled
        finally:
            if tries:
                self._tried.pop(address).set()

    def record_file_id(self, message: Message, sent: dict[str, Any]) -> None:
        """Record the file id of the message's photo from the raw message `sent`."""
        if by_address(message) and sent.get("photo"):
            self._store(message.media, _Known(str(sent["photo"][-1]["file_id"])))

    def refused(self, message: Message) -> None:
        """Record that Telegram cannot use the photo's address, unless it once did."""
        if by_address(message):
            self._record_refusal(message.media)

    async def _others(self, address: str) -> None:
        try:
            async with asyncio.timeout(self._wait):
                while (tried := self._tried.get(address)) is not None:
                    await tried.wait()
        except TimeoutError:
            self._record_refusal(address)

    def _record_refusal(self, address: str) -> None:
        known = self._known.get(address)
        if known is None or not known.file_id:
            self._store(address, _Known(until=self._clock() + REFUSED_MS))

    def _store(self, address: str, known: _Known) -> None:
        self._known[address] = known
        self._known.move_to_end(address)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)


def by_address(message: Message) -> bool:
    """Return whether Telegram has to fetch what the message carries."""
    return "://" in message.media
