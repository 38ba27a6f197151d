"""The schedule and the quiet hours of a chat, as they are stored and as people write them (pure).

Minutes are minutes of the day, 0 to 1439.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from persian.digits import to_ascii
from persian.moment import parse_clock, parse_span
from persian.normalise import normalise

_DAY_MINUTES = 24 * 60
_MOST_TIMES = 12
"""More times than these in a person's words are no schedule."""
_MOST_STORED_TIMES = 24
"""More times than these in the form of storage are none either: each new headline looks through all of them."""

_CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
_STORED_EVERY = re.compile(r"every\s+(\d{1,4})\s*(m|h)")
_STORED_AT = re.compile(rf"at\s+({_CLOCK}(?:\s*,\s*{_CLOCK})*)")
_STORED_QUIET = re.compile(rf"{_CLOCK}\s*-\s*{_CLOCK}")
_FROM = re.compile(r"(?:(بین|between|بين)|از|from|من) ", re.IGNORECASE)
_AND = re.compile(r" (?:و|and)(?! ?(?:نیم|نصف|ربع)) ?", re.IGNORECASE)
_TO = re.compile(r" ?[-–—] ?| (?:تا|الی|to|till|until|إلى|الى|حتى) ", re.IGNORECASE)
_MOST_WRITTEN = 60
_LONGEST_WITHOUT_MINUTES = 12 * 60

_AT_ONCE = {"بی درنگ", "بیدرنگ", "فوری", "همان دم", "now", "at once", "فورا", "حالا", "فور النشر"}
_EVERY = re.compile(r"(?:هر|every|[كک]ل)\b ?(.*)", re.IGNORECASE | re.DOTALL)
_UNITS = ("ساعت", "ساعه", "دقیقه", "hour", "minute")  # of which there is one where none is counted
_DAILY = re.compile(
    r"(?:(?:هر(?= (?:صبح|ظهر|عصر|شب)\b)|every(?= (?:morning|afternoon|evening|night)\b)|"
    r"هر ?روز|روزانه|daily|every day|گزیده|at|در|ساعت|[كک]ل [يی]وم|[يی]وم[يی]اً?|الساعة|في)\b ?)+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r" ?[،,;؛] ?| (?:و|and) (?!نیم|نصف|ربع)| و(?=[0-9٠-٩۰-۹])")


@dataclass(frozen=True, slots=True)
class Schedule:
    """The times at which a chat gets news: every so many minutes, at minutes of the day, or (neither) at once.

    Raises ValueError where both are given, an interval is longer than a day, or `at` is no minutes in their order.
    """

    every: int = 0
    at: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.every <= _DAY_MINUTES or (self.every and self.at):
            raise ValueError(f"no interval: {self.every} minutes, with {self.at}")
        if list(self.at) != sorted({minute for minute in self.at if 0 <= minute < _DAY_MINUTES}):
            raise ValueError(f"no minutes of the day in their order: {self.at}")

    def __str__(self) -> str:
        """Return the form that storage keeps, which `parse_schedule` reads."""
        if self.every:
            whole = self.every % 60 == 0
            return f"every {self.every // 60}h" if whole else f"every {self.every}m"
        if self.at:
            return "at " + ",".join(map(clock_text, self.at))
        return "instant"


INSTANT = Schedule()
"""The schedule of a chat that gets news as soon as it is published."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours in which a chat gets no push: from `begin`, included, to `end`, perhaps past midnight.

    Raises ValueError where these are no two minutes of the day.
    """

    begin: int
    end: int

    def __post_init__(self) -> None:
        if self.begin == self.end or not all(0 <= minute < _DAY_MINUTES for minute in (self.begin, self.end)):
            raise ValueError(f"no quiet hours: {self.begin} to {self.end}")

    def __contains__(self, minute: int) -> bool:
        """Return whether a minute of the day lies in these hours."""
        if self.begin < self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end

    def __str__(self) -> str:
        """Return the form that storage keeps, which `parse_quiet_hours` reads."""
        return f"{clock_text(self.begin)}-{clock_text(self.end)}"


def clock_text(minute: int) -> str:
    """Return a minute of the day as clocks show it, for example `08:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def parse_schedule(text: str) -> Schedule | None:
    """Read `instant`, `every 30m`, `every 2h` (1 minute to 24 hours) or `at 08:00,20:00`; None for others.

    Digits may be of any script, the comma that of Persian and Arabic keyboards.
    """
    words = to_ascii(text).replace("،", ",").strip().lower()
    if words == "instant":
        return INSTANT
    if match := _STORED_EVERY.fullmatch(words):
        return _interval(int(match[1]) * (60 if match[2] == "h" else 1))
    if match := _STORED_AT.fullmatch(words):
        return Schedule(at=tuple(sorted({_minute(*clock) for clock in re.findall(_CLOCK, match[1])})))
    return None


def read_schedule(text: str) -> Schedule | None:
    """Return the schedule that a person means by `text`, None where it means none for certain.

    Read are the forms of `parse_schedule`, and words: `بی‌درنگ`, `هر ۳۰ دقیقه`, `هر ساعت`, `۸ و ۲۰:۳۰`,
    `هر روز ساعت ۸ شب`, `8, 20:30`, `كل ساعة`, `كل يوم ٨ مساءً`.
    """
    if (stored := parse_schedule(text)) is not None:
        return stored if len(stored.at) <= _MOST_STORED_TIMES else None
    text = " ".join(text.split())
    if normalise(text) in _AT_ONCE:
        return INSTANT
    if daily := _DAILY.match(text):
        return _at_times(text[daily.end() :])
    if every := _EVERY.match(text):
        return _interval(parse_span(f"1 {every[1]}" if normalise(every[1]) in _UNITS else every[1]))
    return _at_times(text)


def _at_times(text: str) -> Schedule | None:
    """Return the schedule of the times of a day that a text names, None where it says anything else."""
    clocks = [parse_clock(part) for part in _BETWEEN.split(text.strip())]
    times = sorted({clock.hour * 60 + clock.minute for clock in clocks if clock is not None})
    return Schedule(at=tuple(times)) if None not in clocks and len(clocks) <= _MOST_TIMES else None


def parse_quiet_hours(text: str) -> QuietHours | None:
    """Read the form that storage keeps, `23:00-07:00`; None for others. Digits may be of any script."""
    match = _STORED_QUIET.fullmatch(to_ascii(text).strip())
    return _hours(_minute(match[1], match[2]), _minute(match[3], match[4])) if match else None


def read_quiet_hours(text: str) -> QuietHours | None:
    """Return the quiet hours that a person means by `text`, None where it means none for certain.

    Read are `23:00-07:00`, «از ۲۳:۰۰ تا ۰۷:۰۰», «از ۱۱ شب تا ۷ صبح», «۲۳ تا ۷», `11 pm to 7 am` and the like. Bare
    hours that would be more than half a day, such as «۱۱ تا ۷», are none: one of them may be meant in the evening.
    """
    if (stored := parse_quiet_hours(text)) is not None:
        return stored
    parts = _bounds_of(" ".join(text.split()) if len(text) <= _MOST_WRITTEN else "")
    clocks = [clock for part in parts if (clock := parse_clock(part)) is not None]
    if len(parts) != 2 or len(clocks) != 2:
        return None
    begin, end = (clock.hour * 60 + clock.minute for clock in clocks)
    if _are_bare(parts) and (end - begin) % _DAY_MINUTES > _LONGEST_WITHOUT_MINUTES:
        return None
    return _hours(begin, end)


def _are_bare(bounds: Sequence[str]) -> bool:
    """Return whether hours are written without minutes and without the part of the day."""
    return all(re.fullmatch(r"\D{0,5}\d{1,2}", to_ascii(bound)) for bound in bounds)


def _bounds_of(written: str) -> list[str]:
    """Return the two times between which hours are written; another number of parts where they are none."""
    beginning = _FROM.match(written)
    hours = written[beginning.end() :] if beginning else written
    parts = _TO.split(hours)
    is_between = beginning is not None and beginning[1] is not None
    return _AND.split(hours) if len(parts) == 1 and is_between else parts


def _hours(begin: int, end: int) -> QuietHours | None:
    return QuietHours(begin, end) if begin != end else None


def _interval(minutes: int | None) -> Schedule | None:
    return Schedule(every=minutes) if minutes is not None and 1 <= minutes <= _DAY_MINUTES else None


def _minute(hour: str, minute: str) -> int:
    return int(hour) * 60 + int(minute)
