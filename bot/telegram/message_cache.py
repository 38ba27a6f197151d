"""The content of messages with buttons, as far as this run knows it: a doubled press edits nothing twice."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from bot.render.message import Keyboard, Message

_MESSAGES_KEPT = 4_000


class MessageCache:
    """A fingerprint of what each message shows; whichever changed longest ago is forgotten.

    Edits of one message run one after the other: of two hands that draw the same, the second sends nothing.
    """

    def __init__(self) -> None:
        self._shown: OrderedDict[tuple[int, int], int] = OrderedDict()
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def edit(
        self, chat_id: int, message_id: int, content: Message | Keyboard, edit: Callable[[], Awaitable[object]]
    ) -> None:
        """Call `edit`, which makes a message show `content`, unless it does; raise what `edit` raises."""
        lock = self._locks.setdefault((chat_id, message_id), asyncio.Lock())
        async with lock:
            if self._shown.get((chat_id, message_id)) != hash(content):
                await edit()
                self.record(chat_id, message_id, content)

    def record(self, chat_id: int, message_id: int, content: Message | Keyboard) -> None:
        """Record what a message shows from now on, or only its buttons."""
        self._shown.pop((chat_id, message_id), None)
        self._shown[chat_id, message_id] = hash(content)
        if len(self._shown) > _MESSAGES_KEPT:
            self._shown.popitem(last=False)
