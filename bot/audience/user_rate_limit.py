"""How often one person may ask something, before it costs the database anything."""

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto

_BURST = 60
"""A paste of the longest article comes in fifty messages at once."""
_PER_SECOND = 1.0
_PEOPLE_KEPT = 50_000


class RateDecision(Enum):
    """What came of taking one: there was one, the bucket has just run out, or it has not filled again since."""

    ALLOWED = auto()
    EMPTIED = auto()
    EMPTY = auto()


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float
    told: bool = False


class UserRateLimits:
    """One bucket a person: `burst` commands at once, then `rate` a second. Whoever is idle longest is forgotten."""

    def __init__(self, burst: float = _BURST, rate: float = _PER_SECOND) -> None:
        self._burst = burst
        self._rate = rate
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    def consume(self, user_id: int, now: float) -> RateDecision:
        """Take one of `now` (seconds since the epoch), which may come late and out of order.

        EMPTIED comes once until the bucket is full again: that is the time to say so.
        """
        bucket = self._buckets.pop(user_id, None) or _Bucket(self._burst, now)
        self._buckets[user_id] = bucket
        bucket.level = min(self._burst, bucket.level + max(0.0, now - bucket.at) * self._rate)
        bucket.at = max(bucket.at, now)
        if len(self._buckets) > _PEOPLE_KEPT:
            self._buckets.popitem(last=False)
        if bucket.level >= self._burst:
            bucket.told = False
        if bucket.level >= 1:
            bucket.level -= 1
            return RateDecision.ALLOWED
        told, bucket.told = bucket.told, True
        return RateDecision.EMPTY if told else RateDecision.EMPTIED
