"""A rate limit for the commands of one person, in memory: a refusal costs no query."""

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto

_BURST = 60
"""A paste of the longest article comes in fifty messages at once."""
_PER_SECOND = 1.0
_PEOPLE_KEPT = 50_000


class RateDecision(Enum):
    """The decision about one command: allowed, refused for the first time (EMPTIED), or refused again (EMPTY)."""

    ALLOWED = auto()
    EMPTIED = auto()
    EMPTY = auto()


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float
    warned: bool = False


class UserRateLimits:
    """One bucket a person: `burst` commands at once, then `rate` a second. The longest idle one is dropped."""

    def __init__(self, burst: float = _BURST, rate: float = _PER_SECOND) -> None:
        self._burst = burst
        self._rate = rate
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    def consume(self, user_id: int, now: float) -> RateDecision:
        """Consume one token at `now` (seconds since the epoch). Calls may come late and out of order.

        EMPTIED is returned once until the bucket is full again; the caller tells the person then.
        """
        bucket = self._buckets.pop(user_id, None) or _Bucket(self._burst, now)
        self._buckets[user_id] = bucket
        bucket.level = min(self._burst, bucket.level + max(0.0, now - bucket.at) * self._rate)
        bucket.at = max(bucket.at, now)
        if len(self._buckets) > _PEOPLE_KEPT:
            self._buckets.popitem(last=False)
        if bucket.level >= self._burst:
            bucket.warned = False
        if bucket.level >= 1:
            bucket.level -= 1
            return RateDecision.ALLOWED
        was_warned, bucket.warned = bucket.warned, True
        return RateDecision.EMPTY if was_warned else RateDecision.EMPTIED
