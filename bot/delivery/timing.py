"""The time at which a chat gets a headline, by its schedule, quiet hours and time zone (pure)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from persian.schedule import QuietHours, Schedule

_MINUTE_MS = 60_000
_FIRST, _AGAIN = 0, 1  # of a time that clocks show twice: datetime's fold


@dataclass(frozen=True, slots=True)
class DueTime:
    """The time of a send (ms), and whether headlines due then may share one digest."""

    at: int
    fold: bool


def next_due(schedule: Schedule, quiet: QuietHours | None, zone: ZoneInfo, now: int) -> DueTime:
    """Return when a headline of `now` (ms) goes to a chat in `zone`.

    An interval counts from local midnight. Quiet hours put everything off until they end, in one digest. Where
    clocks are put back, a time that they show twice counts once; one that they skip comes as much later.
    """
    slot, fold = now, False
    if schedule.every:
        slot, fold = _next_interval(now, zone, schedule.every), True
    elif schedule.at:
        slot, fold = _next_clock(now, zone, schedule.at, shown=(_FIRST,)), True
    if quiet is not None and _minute_of_day(_local(slot, zone)) in quiet:
        slot, fold = _next_clock(slot, zone, (quiet.end,), shown=(_FIRST, _AGAIN)), True
    return DueTime(slot, fold)


def _next_interval(now: int, zone: ZoneInfo, minutes: int) -> int:
    midnight = _midnight(_local(now, zone))
    begun, length = _ms(midnight), minutes * _MINUTE_MS
    following = begun + ((now - begun) // length + 1) * length
    return min(following, _ms(midnight + timedelta(days=1)))


def _next_clock(now: int, zone: ZoneInfo, minutes: tuple[int, ...], *, shown: tuple[int, ...]) -> int:
    """Return when clocks show one of the minutes next; `shown` tells which time counts where they do so twice."""
    midnight = _midnight(_local(now, zone))
    for day in (0, 1, 2):
        times = [midnight + timedelta(days=day, minutes=minute) for minute in minutes]
        # A time that is skipped may come later than the one behind it.
        following = [at for time in times for fold in shown if (at := _ms(time.replace(fold=fold))) > now]
        if following:
            return min(following)
    raise AssertionError("a clock time returns every day")


def _local(ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def _minute_of_day(local: datetime) -> int:
    return local.hour * 60 + local.minute
