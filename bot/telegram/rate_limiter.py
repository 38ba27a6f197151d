"""The rate limits for calls to Telegram: one for all chats, one for each chat; answers come before the rest.

Every budget is a GCRA (generic cell rate algorithm) with burst 1: a bucket of 30 would let 60 messages into one
second. Facts of the Bot API FAQ: about 30 messages a second in all, one a second in a chat, 20 a minute in a
group or channel, edits included. Times are seconds of the injected clock.
"""

import asyncio
import math
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

CHAT_SECONDS = 1.05
"""Seconds between two messages to one chat: one, and a margin for network latency."""
GROUP_WINDOW_SECONDS = 61.0
GROUP_MESSAGES = 20
"""Messages that a group or channel may get within one window."""

_FLOOD_MARGIN_SECONDS = 0.25
_SLOWDOWN = 0.7
_SLOWEST = 0.05
_RECOVERY_PER_SECOND = 0.02
# What a turn of the loop missed may be caught up, so that the rate holds although timers are late.
_CATCH_UP_SECONDS = 0.05
_HIGH_RATE = 100.0
_LONG_SECOND = 1.04
"""Within so many seconds at high rates one second's own may start: the network bunches what left apart."""


@dataclass(slots=True)
class _ChatBudget:
    next_at: float = 0.0
    sent: deque[float] = field(default_factory=deque)


_UNUSED = _ChatBudget()


@dataclass(slots=True)
class _AnswerQueue:
    """The queue of answers in one chat."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    length: int = 0


class SharedBudget(Protocol):
    """The budgets of a bot that several processes share."""

    async def admit(self, chat_id: int, wait: Callable[[Sequence[float]], float]) -> float:
        """Wait for a place among the sends of all processes, and return 0.

        `wait` returns how many seconds the chat must wait, given how many seconds ago other processes wrote to it.
        Where these are more than 0, return them instead, without a place.
        """


class Limiter:
    """The budgets of one bot. `rate` is messages per second in all; it may be set at any time.

    What this process sends also takes its place in the budget that it has `shared` with others, if any.
    """

    def __init__(
        self,
        rate: float,
        *,
        shared: SharedBudget | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.rate = rate
        self._shared = shared
        self._clock = clock
        self._sleep = sleep
        self._next_at = 0.0
        # When what counts into the second that is passing started.
        self._passing: deque[float] = deque()
        self._chats: dict[int, _ChatBudget] = {}
        # Chats in the order in which they were written to: the first are the first to be forgotten.
        self._memory: deque[tuple[float, int]] = deque()
        self._lines: dict[int, _AnswerQueue] = {}
        self._answers_waiting = 0
        self._people = 0
        self._factor = 1.0
        self._factor_at = -math.inf
        self._last_flood: tuple[float, int] | None = None

    def restore(self, sends: Iterable[tuple[int, float]]) -> None:
        """Count the sends of an earlier run: pairs of (chat id, seconds ago).

        A restart makes no burst.
        """
        now = self._clock()
        for chat_id, ago in sorted(sends, key=lambda send: -send[1]):
            self._record_in_chat(chat_id, now - ago)
        self._next_at = max(self._next_at, now)

    def chat_ready_at(self, chat_id: int, others: Sequence[float] = ()) -> float:
        """Return when the chat may get its next message, and when `others` wrote to it, by the injected clock."""
        budget = self._chats.get(chat_id, _UNUSED)
        ready_at = max([budget.next_at, *(at + CHAT_SECONDS for at in others)])
        if chat_id < 0 and len(budget.sent) + len(others) >= GROUP_MESSAGES:
            sent = sorted((*budget.sent, *others)) if others else budget.sent
            return max(ready_at, sent[-GROUP_MESSAGES] + GROUP_WINDOW_SECONDS)
        return ready_at

    def is_ready(self, chat_id: int) -> bool:
        """Return whether the chat may be written to now."""
        return self.chat_ready_at(chat_id) <= self._clock()

    def seconds_until(self, chat_id: int, others: Sequence[float] = ()) -> float:
        """Return seconds until the chat may be written to, 0 where it may now.

        `others` tell how many seconds ago other processes wrote to it.
        """
        now = self._clock()
        return max(0.0, self.chat_ready_at(chat_id, [now - ago for ago in others]) - now)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Slow bulk sends down a little while the block runs, in which a person is being answered."""
        self._people += 1
        try:
            yield
        finally:
            self._people -= 1

    @property
    def is_answering(self) -> bool:
        """Return whether anybody is being answered now."""
        return self._people > 0

    def bulk_slots(self, most: int) -> int:
        """Return how many bulk messages may start now, at most `most`; `record_send` counts each."""
        if self._answers_waiting:
            return 0
        now = self._clock()
        if self._common_wait(now) > 0:
            return 0
        missed = min(now - self._next_at, _CATCH_UP_SECONDS) * self._current_rate(now)
        return min(most, 1 + int(missed), self._room(now))

    def bulk_wait(self) -> float:
        """Return seconds until a bulk message may start."""
        return max(self._common_wait(self._clock()), 0.001 if self._answers_waiting else 0.0)

    def record_send(self, chat_id: int) -> None:
        """Record that a message to the chat starts now."""
        now = self._clock()
        interval = 1.0 / self._current_rate(now)
        self._next_at = max(self._next_at, now - _CATCH_UP_SECONDS) + interval
        self._passing.append(now)
        self._record_in_chat(chat_id, now)
        self._forget(now)

    async def acquire(self, chat_id: int) -> None:
        """Wait until an answer to the chat may start, and count it. Answers to one chat keep their order."""
        line = self._lines.setdefault(chat_id, _AnswerQueue())
        line.length += 1
        try:
            async with line.turn:
                while (wait := self.seconds_until(chat_id) or await self._admitted(chat_id)) > 0:
                    # Its own chat holds it up, not the common budget: bulk need not stand back for it.
                    await self._sleep(wait)
                await self._wait_for_budget(chat_id)
        finally:
            line.length -= 1
            if line.length == 0:
                del self._lines[chat_id]

    async def free(self, chat_id: int) -> None:
        """Wait until a message to the chat might start, without counting one here; a shared budget counts it."""
        while (wait := max(self.seconds_until(chat_id), self._common_wait(self._clock()))) > 0 or (
            wait := await self._admitted(chat_id)
        ) > 0:
            await self._sleep(wait)

    def flood(self, chat_id: int, retry_after: float) -> None:
        """Record a flood wait of this chat. Only this chat waits; two chats within a second slow bulk down."""
        now = self._clock()
        budget = self._chats.setdefault(chat_id, _ChatBudget())
        budget.next_at = max(budget.next_at, now + retry_after + _FLOOD_MARGIN_SECONDS)
        self._memory.append((budget.next_at, chat_id))
        last, self._last_flood = self._last_flood, (now, chat_id)
        # What was under way when it was slowed down is refused as well: that tells nothing new.
        is_due = now - self._factor_at > 1.0
        if last is not None and now - last[0] <= 1.0 and last[1] != chat_id and is_due:
            self._factor = max(_SLOWEST, self._current_factor(now) * _SLOWDOWN)
            self._factor_at = now

    async def _admitted(self, chat_id: int) -> float:
        """Wait for a place in the shared budget and return 0, or how many seconds the chat must wait for one."""
        if self._shared is None:
            return 0.0
        return await self._shared.admit(chat_id, partial(self.seconds_until, chat_id))

    async def _wait_for_budget(self, chat_id: int) -> None:
        self._answers_waiting += 1
        try:
            while (wait := self._common_wait(self._clock())) > 0:
                await self._sleep(wait)
            self.record_send(chat_id)
        finally:
            self._answers_waiting -= 1

    def _record_in_chat(self, chat_id: int, at: float) -> None:
        budget = self._chats.setdefault(chat_id, _ChatBudget())
        budget.next_at = max(budget.next_at, at + CHAT_SECONDS)
        if chat_id < 0:
            budget.sent.append(at)
            while budget.sent and budget.sent[0] <= at - GROUP_WINDOW_SECONDS:
                budget.sent.popleft()
        self._memory.append((at + (GROUP_WINDOW_SECONDS if chat_id < 0 else CHAT_SECONDS), chat_id))

    def _forget(self, now: float) -> None:
        while self._memory and self._memory[0][0] <= now:
            _, chat_id = self._memory.popleft()
            budget = self._chats.get(chat_id)
            if budget is not None and budget.next_at <= now and not _recent(budget, now):
                del self._chats[chat_id]

    def _current_factor(self, now: float) -> float:
        return min(1.0, self._factor + (now - self._factor_at) * _RECOVERY_PER_SECOND)

    def _current_rate(self, now: float) -> float:
        return self.rate * self._current_factor(now)

    def _room(self, now: float) -> int:
        """Return how many may start before the second that is passing is full."""
        while self._passing and self._passing[0] <= now - _LONG_SECOND:
            self._passing.popleft()
        if self.rate <= _HIGH_RATE:
            return sys.maxsize  # the interval alone keeps it
        return max(1, int(self._current_rate(now))) - len(self._passing)

    def _common_wait(self, now: float) -> float:
        """Return seconds until the budget of all chats lets one start, 0 where it does now."""
        wait = max(0.0, self._next_at - now)
        over = -self._room(now)
        return wait if over < 0 else max(wait, self._passing[over] + _LONG_SECOND - now)


def _recent(budget: _ChatBudget, now: float) -> bool:
    return bool(budget.sent) and budget.sent[-1] + GROUP_WINDOW_SECONDS > now
