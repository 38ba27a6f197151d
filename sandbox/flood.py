"""Flood limits: per chat, per group or channel, and in total (Bot API FAQ, "My bot is hitting limits")."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass

from sandbox.errors import ApiError


@dataclass
class Limits:
    """`chat` messages a second in one chat with bursts of `chat_burst`; `group` a minute; `total` a second."""

    on: bool = True
    chat: float = 1.0
    chat_burst: int = 3
    group: int = 20
    total: int = 30
    total_paid: int = 1000


class FloodLimiter:
    """A limiter that counts accepted messages; refused ones do not count."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._chat: dict[int, float] = {}
        self._group: defaultdict[int, deque[float]] = defaultdict(deque)
        self._total: deque[float] = deque()

    def check(self, chat_id: int, now: float, *, paid: bool = False) -> None:
        """Count a message to the chat at `now` (seconds). Raises ApiError 429 with retry_after."""
        limits = self.limits
        if not limits.on:
            return
        while self._total and self._total[0] <= now - 1:
            self._total.popleft()
        if len(self._total) >= (limits.total_paid if paid else limits.total) + 2:
            raise _too_many(1)
        # A token bucket as the time at which it will be full again.
        full_at = max(self._chat.get(chat_id, 0.0), now)
        if full_at - now > (limits.chat_burst - 1) / limits.chat + 0.02:
            raise _too_many(full_at - now - (limits.chat_burst - 1) / limits.chat)
        if chat_id < 0:
            self._check_group(chat_id, now)
        self._chat[chat_id] = full_at + 1 / limits.chat
        self._total.append(now)

    def _check_group(self, chat_id: int, now: float) -> None:
        """Count a message to a group or channel within its minute."""
        window = self._group[chat_id]
        while window and window[0] <= now - 60:
            window.popleft()
        if len(window) >= self.limits.group:
            raise _too_many(window[0] + 60 - now)
        window.append(now)


def _too_many(seconds: float) -> ApiError:
    wait = max(1, math.ceil(seconds))
    return ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
