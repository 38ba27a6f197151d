"""Counters of the bot's calls and messages: a benchmark reads these, never the log."""

from collections import Counter
from typing import Any


class Counts:
    """Messages that the bot sent, edited and deleted, and its calls, since `began` (seconds, monotonic)."""

    def __init__(self, began: float) -> None:
        self.began = began
        self.sent = 0
        self.edited = 0
        self.deleted = 0
        self.refused: Counter[int] = Counter()
        self.by_method: Counter[str] = Counter()
        self._seconds: Counter[int] = Counter()

    def send(self, now: float) -> None:
        """Count a message of the bot's at `now`."""
        self.sent += 1
        self._seconds[int(now - self.began)] += 1

    def json(self) -> dict[str, Any]:
        """All counts; `per_second` holds the messages sent in each second up to the last that had any."""
        last = max(self._seconds, default=-1)
        return {
            "sent": self.sent,
            "edited": self.edited,
            "deleted": self.deleted,
            "refused": {str(code): count for code, count in self.refused.items()},
            "by_method": dict(self.by_method),
            "per_second": [self._seconds[second] for second in range(last + 1)],
        }
