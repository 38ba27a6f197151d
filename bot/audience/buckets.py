"""How often one person may ask something, before it costs the database anything."""

from collections import OrderedDict

_BURST = 30
_PER_SECOND = 1.0
_PEOPLE_KEPT = 50_000


class Buckets:
    """One bucket a person: `burst` commands at once, then `rate` a second. Whoever is idle longest is forgotten."""

    def __init__(self, burst: float = _BURST, rate: float = _PER_SECOND) -> None:
        self._burst = burst
        self._rate = rate
        self._levels: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def take(self, user_id: int, now: float) -> bool:
        """Take one at `now` (seconds); False where the bucket is empty."""
        level, at = self._levels.pop(user_id, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        self._levels[user_id] = (level - 1 if level >= 1 else level, now)
        if len(self._levels) > _PEOPLE_KEPT:
            self._levels.popitem(last=False)
        return level >= 1
