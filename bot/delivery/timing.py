"""When a chat gets a headline: its schedule, its quiet hours and its time zone (pure)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from persian.digits import to_ascii

_CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
_EVERY = re.compile(r"every\s+(\d{1,4})\s*(m|h)")
_AT = re.compile(rf"at\s+({_CLOCK}(?:\s*,\s*{_CLOCK})*)")
_QUIET = re.compile(rf"(?:(?:از|from|من)\s+)?{_CLOCK}(?:\s*-\s*|\s+(?:تا|to|إلى|الى)\s+){_CLOCK}", re.IGNORECASE)
_DAY_MINUTES = 24 * 60
_MINUTE_MS = 60_000
_FIRST, _AGAIN = 0, 1  # of a time that clocks show twice: datetime's fold


@dataclass(frozen=True, slots=True)
class Schedule:
    """`every` minutes (0: not on an interval), or `at` minutes of the day; neither means instant."""

    every: int = 0
    at: tuple[int, ...] = ()

    def __str__(self) -> str:
        """Return the form that `parse_schedule` reads and storage keeps."""
        if self.every:
            whole = self.every % 60 == 0
            return f"every {self.every // 60}h" if whole else f"every {self.every}m"
        if self.at:
            return "at " + ",".join(f"{minute // 60:02}:{minute % 60:02}" for minute in self.at)
        return "instant"


@dataclass(frozen=True, slots=True)
class DueTime:
    """When to send (ms), and whether headlines due then may share one digest."""

    at: int
    fold: bool


def parse_schedule(text: str) -> Schedule | None:
    """Read `instant`, `every 30m`, `every 2h` (1 minute to 24 hours) or `at 08:00,20:00`; None on others.

    Digits may be of any script, the comma that of Persian and Arabic keyboards.
    """
    words = to_ascii(text).replace("،", ",").strip().lower()
    if words == "instant":
        return Schedule()
    if found := _EVERY.fullmatch(words):
        minutes = int(found[1]) * (60 if found[2] == "h" else 1)
        return Schedule(every=minutes) if 1 <= minutes <= _DAY_MINUTES else None
    if found := _AT.fullmatch(words):
        return Schedule(at=tuple(sorted({_minute(*clock) for clock in re.findall(_CLOCK, found[1])})))
    return None


def parse_quiet(text: str) -> tuple[int, int] | None:
    """Read quiet hours as minutes of the day, begin and end; None on others.

    Read are `23:00-07:00`, which is stored, and what the panel says: «از ۲۳:۰۰ تا ۰۷:۰۰», "23:00 to 07:00".
    """
    found = _QUIET.fullmatch(to_ascii(text).strip())
    if not found:
        return None
    begin, end = _minute(found[1], found[2]), _minute(found[3], found[4])
    return (begin, end) if begin != end else None


def next_due(schedule: Schedule, quiet: tuple[int, int] | None, zone: ZoneInfo, now: int) -> DueTime:
    """Return when a headline of `now` (ms) goes to a chat in `zone`.

    An interval counts from local midnight. Quiet hours put everything off until they end, in one digest. Where
    clocks are put back, a time that they show twice counts once; one that they skip comes as much later.
    """
    slot, fold = now, False
    if schedule.every:
        slot, fold = _next_interval(now, zone, schedule.every), True
    elif schedule.at:
        slot, fold = _next_clock(now, zone, schedule.at, shown=(_FIRST,)), True
    if quiet is not None and _within(_local(slot, zone), quiet):
        slot, fold = _next_clock(slot, zone, (quiet[1],), shown=(_FIRST, _AGAIN)), True
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
        for minute in minutes:
            for time in shown:
                at = _ms((midnight + timedelta(days=day, minutes=minute)).replace(fold=time))
                if at > now:
                    return at
    raise AssertionError("a clock time returns every day")


def _local(ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def _within(local: datetime, quiet: tuple[int, int]) -> bool:
    minute = local.hour * 60 + local.minute
    begin, end = quiet
    return begin <= minute < end if begin < end else minute >= begin or minute < end


def _minute(hour: str, minute: str) -> int:
    return int(hour) * 60 + int(minute)
