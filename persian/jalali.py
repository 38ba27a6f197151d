"""Jalali dates, in and out (pure).

Instants are milliseconds UTC; `zone` is the zone in which a wall clock is read or shown.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import jdatetime

from persian.digits import to_ascii
from persian.months import JALALI_MONTHS
from persian.normalise import match_key

_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?!\d)")
_NUMERIC = re.compile(r"(?<![\d/])(1[34]\d\d)\s*[/\-.]\s*(\d{1,2})\s*[/\-.]\s*(\d{1,2})(?![\d/])")
_REVERSED = re.compile(r"(?<![\d/])(\d{1,2})\s*/\s*(\d{1,2})\s*/\s*(1[34]\d\d)(?![\d/])")
_NAMED = re.compile(r"(?<!\d)(\d{1,2})\s+([^\W\d_]+)(?:[\s\u200c]*ماه)?(?:\s*+[،,])?\s++(1[34]\d\d)(?!\d)")
_CLOCK_BEFORE = 30
_CLOCK_BEHIND = 45


def parse_date(text: str) -> tuple[int, int, int] | None:
    """Return (year, month, day) of the first Jalali date in `text`, None where there is none that exists.

    Digits may be of any script; months are numbers or names in any spelling. Gregorian dates are never read.
    """
    first = next(_dates(to_ascii(text)), None)
    return first[0] if first is not None and _exists(*first[0]) else None


def parse_clock(text: str) -> tuple[int, int, int] | None:
    """Return (hour, minute, second) of the first 24-hour time such as 15:16 in `text`."""
    match = _CLOCK.search(to_ascii(text))
    return (int(match[1]), int(match[2]), int(match[3] or 0)) if match else None


def parse_datetime(text: str, zone: ZoneInfo, *, last: bool = False) -> int | None:
    """Return the instant (ms) of the first Jalali date in `text`, or the last, and the time that stands with it.

    The time is the first one behind the date, else the last one before it, either close by; else it is midnight.
    Behind another date, times are that one's.
    """
    plain = to_ascii(text)
    dates = list(_dates(plain))
    if not dates or not _exists(*(chosen := dates[-1 if last else 0])[0]):
        return None
    date, begin, end = chosen
    next_date = next((other_begin for other, other_begin, _ in dates if other_begin >= end and other != date), None)
    before = _CLOCK.findall(plain[max(0, begin - _CLOCK_BEFORE) : begin])
    behind = _CLOCK.findall(plain[end : end + _CLOCK_BEHIND][: next_date - end if next_date is not None else None])
    hour, minute, second = next(iter((*behind, *reversed(before))), ("0", "0", "0"))
    return to_ms(*date, hour=int(hour), minute=int(minute), second=int(second or 0), zone=zone)


def to_ms(
    year: int, month: int, day: int, *, hour: int = 0, minute: int = 0, second: int = 0, zone: ZoneInfo
) -> int:
    """Return the instant (ms) of a Jalali wall clock. Raises ValueError where the date does not exist."""
    date = jdatetime.date(year, month, day).togregorian()
    moment = datetime(date.year, date.month, date.day, hour, minute, second, tzinfo=zone)
    return int(moment.timestamp() * 1000)


@lru_cache(maxsize=4096)
def from_gregorian(day: date) -> tuple[int, int, int]:
    """Return (year, month, day) of a Gregorian date."""
    jalali = jdatetime.date.fromgregorian(date=day)
    return jalali.year, jalali.month, jalali.day


def format_ascii(ms: int, zone: ZoneInfo) -> str:
    """Return for example `1404/10/03 15:16`."""
    local = datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone)
    year, month, day = from_gregorian(local.date())
    return f"{year:04}/{month:02}/{day:02} {local:%H:%M}"


def _dates(plain: str) -> Iterator[tuple[tuple[int, int, int], int, int]]:
    """Yield ((year, month, day), begin, end) of what is written like a Jalali date, in the order of the text."""
    written = [
        ((int(match[1]), int(match[2]), int(match[3])), match.start(), match.end())
        for match in _NUMERIC.finditer(plain)
    ]
    written += [
        ((int(match[3]), int(match[2]), int(match[1])), match.start(), match.end())
        for match in _REVERSED.finditer(plain)
    ]
    for match in _NAMED.finditer(plain):
        if month := JALALI_MONTHS.get(match_key(match[2])):
            written.append(((int(match[3]), month, int(match[1])), match.start(), match.end()))
    yield from sorted(written, key=lambda found_date: found_date[1])


def _exists(year: int, month: int, day: int) -> bool:
    try:
        jdatetime.date(year, month, day)
    except ValueError:
        return False
    return True
