"""The calls of a bot as Telegram saw them, and what they say of its limits."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sandbox.state import TelegramState

CHAT_BURST = 3
"""Messages that Telegram lets into one chat within a second; in the long run it is one a second."""

_REFUSED = 400
_COUNTED = ("send", "edit", "forward", "copy")
_UNCOUNTED = frozenset({"sendChatAction"})
_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class BotCall:
    """One call that counts against the limits: when (seconds), to which chat, and Telegram's status."""

    at: float
    chat_id: int
    status: int


class CallLog:
    """The calls that count against the limits, in the order in which Telegram took them."""

    def __init__(self) -> None:
        self.calls: list[BotCall] = []

    @asynccontextmanager
    async def written(self, state: TelegramState) -> AsyncIterator[None]:
        """Write the calls down until the block ends: the sandbox keeps only the newest."""
        seen = state.requests.last

        def take() -> None:
            nonlocal seen
            entries = state.requests.after(seen)
            if entries:
                assert entries[0]["seq"] == seen + 1, "looked too late: entries are gone"
                seen = entries[-1]["seq"]
            self.calls += [
                BotCall(entry["at"], int(entry["params"]["chat_id"]), entry["status"])
                for entry in entries
                if entry["method"].startswith(_COUNTED)
                and entry["method"] not in _UNCOUNTED
                and "chat_id" in entry["params"]
            ]

        async def look() -> None:
            while True:
                take()
                await asyncio.sleep(_LOOK_SECONDS)

        task = asyncio.create_task(look())
        try:
            yield
        finally:
            task.cancel()
            take()

    @property
    def refused_for_speed(self) -> list[float]:
        """The times of the calls that Telegram answered with 429."""
        return [call.at for call in self.calls if call.status == 429]

    def busiest(self, seconds: float) -> int:
        """Return the most calls within so many seconds."""
        return _most_within([call.at for call in self.calls], seconds)

    def crowded_chats(self) -> Counter[int]:
        """Return the chats that got more than CHAT_BURST messages within a second, with the most they got.

        A call that Telegram refused for what it asks has put nothing into the chat: Peyk looks for a lost send by
        forwarding one id after the other, and most of these hold no message.
        """
        by_chat: dict[int, list[float]] = {}
        for call in self.calls:
            if call.status != _REFUSED:
                by_chat.setdefault(call.chat_id, []).append(call.at)
        most = {chat_id: _most_within(times, 1.0) for chat_id, times in by_chat.items()}
        return Counter({chat_id: count for chat_id, count in most.items() if count > CHAT_BURST})

    def close_pairs(self, seconds: float = 1.0) -> int:
        """Return how often a chat got a call less than so many seconds after the one before."""
        last: dict[int, float] = {}
        pairs = 0
        for call in self.calls:
            pairs += call.at - last.get(call.chat_id, float("-inf")) < seconds
            last[call.chat_id] = call.at
        return pairs


def _most_within(times: Iterable[float], seconds: float) -> int:
    window: deque[float] = deque()
    most = 0
    for at in times:
        window.append(at)
        while window[0] <= at - seconds:
            window.popleft()
        most = max(most, len(window))
    return most
