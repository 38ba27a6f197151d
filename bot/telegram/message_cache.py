"""The content of messages with buttons, as far as this run knows it: a doubled press edits nothing twice."""

from collections import OrderedDict

from bot.render.message import Keyboard, Message

_MESSAGES_KEPT = 20_000


class MessageCache:
    """A fingerprint of what each message shows; whichever changed longest ago is forgotten."""

    def __init__(self) -> None:
        self._shown: OrderedDict[tuple[int, int], int] = OrderedDict()

    def shows(self, chat_id: int, message_id: int, content: Message | Keyboard) -> bool:
        """Tell whether a message is known to show just this."""
        return self._shown.get((chat_id, message_id)) == hash(content)

    def record(self, chat_id: int, message_id: int, content: Message | Keyboard) -> None:
        """Record what a message shows from now on, or only its buttons."""
        self._shown.pop((chat_id, message_id), None)
        self._shown[chat_id, message_id] = hash(content)
        if len(self._shown) > _MESSAGES_KEPT:
            self._shown.popitem(last=False)
