"""The schedule of a source: when it is fetched next, what is usual for it, and when it is ill (pure).

Instants are milliseconds since the epoch, UTC; spans are seconds. Randomness comes in as `rng`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from random import Random

_HOUR = 3600
_DAY = 24 * _HOUR

_JITTER = 0.05
# The golden ratio: its multiples fall evenly over a circle, however many there are.
_GOLDEN = (math.sqrt(5) - 1) / 2
_LONGEST_FRESH = _HOUR // 4
_LONGEST_SKIPPED = _DAY
_SPREAD = 300

_SLOWEST = 4
_SLOWED_UP_TO = _HOUR
_QUIET = 3 * _DAY
_QUIET_HABITS = 5

_LONGEST_RETRY_AFTER = _DAY
_BACKOFF_CAP = _HOUR
_LONG_BACKOFF_CAP = 6 * _HOUR
_LONG_FAILING = 7 * _DAY
_MOST_DOUBLINGS = 20

_ILL_FAILING = _HOUR
_ILL_FAILURES = 3
_ILL_SILENT = 2 * _DAY
_ILL_HABITS = 10

_MEMORY = 14 * _DAY
_LONGEST_HABIT = 365 * _DAY
_NOWRUZ = ((3, 19), (4, 4))


@dataclass(frozen=True, slots=True)
class Hints:
    """A site's hints about when to fetch it again.

    `max_age` is of the answer's Cache-Control, `ttl` of the feed, both in seconds. `skip_hours` (GMT) and
    `skip_days` (Monday 0, GMT) are when the feed asks to be left alone.
    """

    max_age: int | None = None
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The rhythm in which a source brings new items.

    `brought_at` (ms) is the time of the last new item, None before the first. `habit` is the usual time between new
    items in seconds, None while it is not known.
    """

    created_at: int
    brought_at: int | None = None
    habit: int | None = None

    def silent_for(self, now: int) -> float:
        """Return for how many seconds it has brought nothing new."""
        return max(0.0, (now - _or(self.brought_at, self.created_at)) / 1000)


class Health(StrEnum):
    """The state of a source: it does what the newsroom expects, fails, or brings nothing."""

    WELL = "well"
    FAILING = "failing"
    SILENT = "silent"


def phase_of(source_id: int) -> float:
    """Return the moment of a source within its interval, as a part of that: those of all sources lie evenly."""
    return source_id * _GOLDEN % 1


def next_fetch(
    rhythm: Rhythm, hints: Hints, *, now: int, interval: float, phase: float, rng: Random, adaptive: bool = True
) -> int:
    """Return when to fetch a source again whose fetch went well: at most `interval` seconds from now.

    A source is due at its `phase` of each interval. One that was fetched at another moment waits for half of the
    interval at least, so sources that were added or restarted together are spread over the interval within two
    fetches. The wait is longer only

    - for a source that is silent (`adaptive` False never slows one): see `_slowed`;
    - where the site asks for it: `max_age` counts up to 15 minutes. `ttl` does as well, and only while the source
      has been silent for as long: publishing software writes a `ttl` of an hour into the feeds of sites that
      publish every few minutes. Skipped hours and days are respected for up to a day.
    """
    slowed = _slowed(rhythm, now, interval) if adaptive else interval
    wait = slowed * (1 - rng.uniform(0, _JITTER)) if slowed > interval else _until_phase(now, interval, phase)
    fresh = min(max(0, hints.max_age or 0), _LONGEST_FRESH)
    ttl = min(max(0, hints.ttl or 0), _LONGEST_FRESH)
    if rhythm.brought_at is not None and rhythm.silent_for(now) < (hints.ttl or 0):
        ttl = 0
    due = now + round(max(wait, fresh, ttl) * 1000)
    return _after_skipped(due, hints, latest=max(due, now + _LONGEST_SKIPPED * 1000), rng=rng)


def next_try(
    *, now: int, interval: float, failures: int, failing_since: int, rng: Random, retry_after: int | None = None
) -> int:
    """Return when to fetch a source again whose fetch failed, for the time `failures` in a row (this one included).

    The wait is drawn between `interval` and twice as much after each failure, up to an hour, or six for a source
    that has failed for more than a week; it is no longer than the source has failed so far, so a short fault costs
    little. The site's `retry_after` (seconds, at most a day counts) wins where it
    is longer than the interval; jitter only adds to it.
    """
    if retry_after is not None and retry_after > interval:
        wait = min(retry_after, _LONGEST_RETRY_AFTER)
        return now + int(wait * (1 + rng.uniform(0, _JITTER)) * 1000)
    long = now - failing_since > _LONG_FAILING * 1000
    cap = max(interval, _LONG_BACKOFF_CAP if long else _BACKOFF_CAP)
    failing = max(0.0, (now - failing_since) / 1000)
    most = min(cap, interval * 2.0 ** min(max(0, failures - 1), _MOST_DOUBLINGS), max(interval, failing))
    return now + int(rng.uniform(interval, most) * 1000)


def habit_of(previous: int | None, gap: float) -> int:
    """Return a source's usual time between new items, in seconds, after one more `gap`.

    `gap` is the time since it last brought something new. The habit is an average in which each gap weighs as
    much as it lasts and is forgotten within weeks: the gap that is met at a random moment. So nights, weekends
    and holidays count, and a burst of items does not make a source look busier than it is.
    """
    gap = min(max(0.0, gap), _LONGEST_HABIT)
    if previous is None:
        return round(gap)
    return round(previous + (1 - math.exp(-gap / _MEMORY)) * (gap - previous))


def habit_in(dates: Iterable[int], now: int) -> int | None:
    """Return the habit that the dates of a feed's items show, None where fewer than three are usable."""
    past = sorted({date for date in dates if 0 < date <= now})
    if len(past) < 3:
        return None
    habit: int | None = None
    for earlier, later in pairwise(past):
        habit = habit_of(habit, (later - earlier) / 1000)
    return habit


def health_of(rhythm: Rhythm, *, now: int, failures: int = 0, failing_since: int | None = None) -> Health:
    """Return how a source is after a fetch; `failures` 0 is a fetch that went well.

    FAILING has failed for an hour or more, and at least three times. SILENT answers and has brought nothing new
    for ten times its habit and at least two days, the holidays of Nowruz left out.
    """
    if failures:
        lasting = failing_since is not None and now - failing_since >= _ILL_FAILING * 1000
        return Health.FAILING if lasting and failures >= _ILL_FAILURES else Health.WELL
    if rhythm.habit is None:
        return Health.WELL
    silent = _working_silence(_or(rhythm.brought_at, rhythm.created_at), now)
    return Health.SILENT if silent >= max(_ILL_SILENT, _ILL_HABITS * rhythm.habit) else Health.WELL


def _until_phase(now: int, interval: float, phase: float) -> float:
    """Return the seconds until the phase, between half of the interval and the whole."""
    # In whole milliseconds: a hair before its phase, a source would be due at once.
    whole = int(interval * 1000)
    passed = (now - int(phase * whole)) % whole
    return max(whole - passed, whole / 2) / 1000


def _slowed(rhythm: Rhythm, now: int, interval: float) -> float:
    """Return the interval of a source that is silent for days and for five times its habit: up to four times as
    long, and up to an hour. Its first new item brings the full pace back."""
    usual = max(_QUIET, _QUIET_HABITS * (rhythm.habit or 0))
    factor = min(float(_SLOWEST), max(1.0, rhythm.silent_for(now) / usual))
    return max(interval, min(interval * factor, _SLOWED_UP_TO))


def _after_skipped(due: int, hints: Hints, *, latest: int, rng: Random) -> int:
    """Return `due`, or a moment early in the first hour after it that is not skipped, at most `latest`."""
    hour = datetime.fromtimestamp(due / 1000, UTC)
    if not _skipped(hour, hints):
        return due
    hour = hour.replace(minute=0, second=0, microsecond=0)
    while _skipped(hour, hints) and hour.timestamp() * 1000 < latest:
        hour += timedelta(hours=1)
    return min(latest, int((hour.timestamp() + rng.uniform(0, _SPREAD)) * 1000))


def _skipped(moment: datetime, hints: Hints) -> bool:
    return moment.hour in hints.skip_hours or moment.weekday() in hints.skip_days


def _working_silence(since: int, now: int) -> float:
    """Return the seconds from `since` to `now` that do not fall on the holidays of Nowruz."""
    silent = max(0, now - since)
    years = range(datetime.fromtimestamp(since / 1000, UTC).year, datetime.fromtimestamp(now / 1000, UTC).year + 1)
    for year in years:
        begin, end = (int(datetime(year, *day, tzinfo=UTC).timestamp() * 1000) for day in _NOWRUZ)
        silent -= max(0, min(end, now) - max(begin, since))
    return silent / 1000


def _or(instant: int | None, other: int) -> int:
    return other if instant is None else instant


def ends(status: int) -> bool:
    """Return whether a status says that a source is gone for good."""
    return status == 410
