"""How fast Telegram may be spoken to: one budget for all, one for each chat, answers before the rest.

Every budget is a GCRA (generic cell rate algorithm) with burst 1: a bucket of 30 would let 60 messages into one
second. Facts of the Bot API FAQ: about 30 messages a second in all, one a second in a chat, 20 a minute in a
group or channel, edits included. Times are seconds of the injected clock.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

CHAT_SECONDS = 1.05
"""Between two messages to one chat: a second, and a margin for the way there."""
GROUP_WINDOW_SECONDS = 61.0
GROUP_MESSAGES = 20
"""Messages that a group or channel may get within one window."""

_FLOOD_MARGIN_SECONDS = 0.25
_SLOWDOWN = 0.7
_SLOWEST = 0.05
_RECOVERY_PER_SECOND = 0.02
_CHATS_KEPT = 20_000


@dataclass(slots=True)
class _ChatBudget:
    next_at: float = 0.0
    blocked_until: float = 0.0
    sent: deque[float] = field(default_factory=deque)

    def idle(self, now: float) -> bool:
        newest = self.sent[-1] if self.sent else 0.0
        return max(self.next_at, self.blocked_until, newest + GROUP_WINDOW_SECONDS) <= now


class Limiter:
    """The budgets of one bot. `rate` is messages per second in all."""

    def __init__(
        self,
        rate: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rate = rate
        self._clock = clock
        self._sleep = sleep
        self._next_at = 0.0
        self._chats: dict[int, _ChatBudget] = {}
        self._queues: dict[int, asyncio.Lock] = {}
        self._answers_waiting = 0
        self._factor = 1.0
        self._factor_at = clock()
        self._last_flood: tuple[float, int] | None = None

    def restore(self, sends: Iterable[tuple[int, float]]) -> None:
        """Take over what an earlier run sent: pairs of (chat id, seconds ago). A restart makes no burst."""
        now = self._clock()
        for chat_id, ago in sorted(sends, key=lambda send: -send[1]):
            self._note(chat_id, now - ago)
        self._next_at = max(self._next_at, now)

    def chat_ready_at(self, chat_id: int) -> float:
        """Return when the chat may get its next message, by the injected clock."""
        budget = self._chats.get(chat_id)
        if budget is None:
            return 0.0
        ready = max(budget.next_at, budget.blocked_until)
        if len(budget.sent) >= GROUP_MESSAGES:
            ready = max(ready, budget.sent[-GROUP_MESSAGES] + GROUP_WINDOW_SECONDS)
        return ready

    def busy_chats(self) -> list[int]:
        """Return the chats that may not be written to now."""
        now = self._clock()
        if len(self._chats) > _CHATS_KEPT:
            self._chats = {chat: budget for chat, budget in self._chats.items() if not budget.idle(now)}
        return [chat for chat in self._chats if self.chat_ready_at(chat) > now]

    def soonest(self) -> float:
        """Return seconds until the first chat that may not be written to now comes free."""
        now = self._clock()
        waits = [at - now for at in map(self.chat_ready_at, self._chats) if at > now]
        return min(waits, default=1.0)

    def bulk_slots(self, most: int) -> int:
        """Return how many bulk messages may start now, at most `most`; each takes its place with `take`."""
        if self._answers_waiting:
            return 0
        now = self._clock()
        if self._next_at > now:
            return 0
        # At high rates a turn of the loop is longer than one interval: what it missed may be caught up.
        missed = min(now - self._next_at, 0.05) * self._current_rate(now)
        return min(most, 1 + int(missed))

    def bulk_wait(self) -> float:
        """Return seconds until a bulk message may start."""
        return max(0.0, self._next_at - self._clock(), 0.001 if self._answers_waiting else 0.0)

    def take(self, chat_id: int) -> None:
        """Count one message to the chat that starts now."""
        now = self._clock()
        interval = 1.0 / self._current_rate(now)
        self._next_at = max(self._next_at, now - 0.05) + interval
        self._note(chat_id, now)

    async def turn(self, chat_id: int) -> None:
        """Wait until an answer to the chat may start, and count it. Answers to one chat keep their order."""
        queue = self._queues.setdefault(chat_id, asyncio.Lock())
        self._answers_waiting += 1
        try:
            async with queue:
                while (wait := self._answer_wait(chat_id)) > 0:
                    if self.chat_ready_at(chat_id) > self._clock():
                        # Its own chat holds it up, not the common budget: bulk need not stand back for it.
                        self._answers_waiting -= 1
                        try:
                            await self._sleep(wait)
                        finally:
                            self._answers_waiting += 1
                    else:
                        await self._sleep(wait)
                self.take(chat_id)
        finally:
            self._answers_waiting -= 1
            if not queue.locked():
                self._queues.pop(chat_id, None)

    def flood(self, chat_id: int, retry_after: float) -> None:
        """Telegram told this chat to wait. Only this chat waits; two chats within a second slow bulk down."""
        now = self._clock()
        budget = self._chats.setdefault(chat_id, _ChatBudget())
        budget.blocked_until = max(budget.blocked_until, now + retry_after + _FLOOD_MARGIN_SECONDS)
        last, self._last_flood = self._last_flood, (now, chat_id)
        if last is not None and now - last[0] <= 1.0 and last[1] != chat_id:
            self._factor = max(_SLOWEST, self._current_factor(now) * _SLOWDOWN)
            self._factor_at = now

    def _answer_wait(self, chat_id: int) -> float:
        return max(self._next_at, self.chat_ready_at(chat_id)) - self._clock()

    def _note(self, chat_id: int, at: float) -> None:
        budget = self._chats.setdefault(chat_id, _ChatBudget())
        budget.next_at = max(budget.next_at, at + CHAT_SECONDS)
        if chat_id < 0:
            budget.sent.append(at)
            while budget.sent and budget.sent[0] <= at - GROUP_WINDOW_SECONDS:
                budget.sent.popleft()

    def _current_factor(self, now: float) -> float:
        return min(1.0, self._factor + (now - self._factor_at) * _RECOVERY_PER_SECOND)

    def _current_rate(self, now: float) -> float:
        return self._rate * self._current_factor(now)
