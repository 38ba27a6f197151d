"""The interface through which the page reads the state of the program behind the bot.

Whoever starts both the sandbox and the bot provides the implementation.
"""

from typing import Any, Protocol

Json = dict[str, Any]


class BotInspector(Protocol):
    """Reports about one bot. The page shows `fa` or `en` of each text {fa, en}."""

    async def tour(self) -> Json:
        """Return {steps: [{title, text, acts}]}: a tour; `tour.js` of the page lists the acts."""

    async def outbox(self) -> Json:
        """Return {states: [{state, count}], deliveries: [{id, state, chat, title, reason, attempts}]}.

        Every `state` is {id, name, tone}, the tone one of good, wait, doubt and bad; the deliveries are the newest.
        """

    async def explanation(self, chat_id: int, message_id: int) -> Json:
        """Return {facts: [{label, value}], steps: [{at, what}]}: why a message is in a chat.

        A value is a text or a number; `at` is ms UTC.
        """
