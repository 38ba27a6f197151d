"""A bounded log in memory whose entries are numbered."""

from collections import deque
from itertools import islice
from typing import Any

_KEPT = 50_000


class NumberedLog:
    """Entries with `seq` 1, 2, 3...; the newest 50,000 are kept. With `on` False, `add` does nothing."""

    def __init__(self) -> None:
        self.on = True
        self.last = 0
        self._entries: deque[dict[str, Any]] = deque(maxlen=_KEPT)

    def add(self, entry: dict[str, Any]) -> None:
        """Number an entry and append it."""
        if self.on:
            self.last += 1
            self._entries.append({"seq": self.last, **entry})

    def after(self, seq: int) -> list[dict[str, Any]]:
        """Return the entries with a number above `seq`, oldest first."""
        count = min(max(self.last - seq, 0), len(self._entries))
        return list(islice(self._entries, len(self._entries) - count, None))
