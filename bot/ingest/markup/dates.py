"""Dates as feeds and pages write them (pure). Instants are milliseconds UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import jdatetime

from bot.ingest.markup.date_words import AFTERNOON, GREGORIAN_MONTHS, JALALI_MONTHS, MORNING, ZONES
from bot.time_zones import time_zone
from persian.digits import to_ascii
from persian.normalise import match_key

_LONGEST = 200
_EARLIEST = datetime(1971, 1, 2, tzinfo=UTC)
_LATEST_YEAR = 2100
_MARKS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_UNIX = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d{1,6})?")

_LETTER = r"[^\W\d_]"
# Months of the Levant have two words: "تشرين الثاني".
_WORD = rf"{_LETTER}{{2,}}(?:\u200c{_LETTER}+| ال(?:ثان|اول|أول){_LETTER}?(?!{_LETTER}))?"
_GAP = r"[\s\-/.,،]{1,3}"
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?([-/.])\s?(\d\d?)\s?\2\s?(\d\d?)(?!\d)")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?=T|\s|$)")
_DAY_NAMED = re.compile(
    rf"(?<!\d)(\d\d?)(?:st|nd|rd|th)?{_GAP}({_WORD})(?:{_GAP}ماه)?{_GAP}'?(\d{{4}}|\d\d)(?![\d:])"
)
_YEAR_NAMED = re.compile(rf"(?<!\d)(\d{{4}}){_GAP}({_WORD}){_GAP}(\d\d?)(?![\d:])")
_MONTH_NAMED = re.compile(rf"(?<!{_LETTER})({_WORD}){_GAP}(\d\d?)(?:st|nd|rd|th)?{_GAP}(\d{{4}})(?![\d:])")
_ASCTIME = re.compile(rf"(?<!{_LETTER})({_WORD})\s{{1,3}}(\d\d?)\s(\d\d?:\d\d[^\n]{{0,25}}?)\s(\d{{4}})(?!\d)")
_NUMBERED = re.compile(r"(?<!\d)(\d\d?)\s?([-/.])\s?(\d\d?)\s?\2\s?(\d{4})(?!\d)")

_HALF = "|".join(re.escape(half) for half in sorted((*MORNING, *AFTERNOON), key=len, reverse=True))
_CLOCK = re.compile(
    rf"(?:(?<!\w)({_HALF})\s*)?(?<![\d.])(\d\d?):(\d\d)(?::(\d\d?)(?:[.,](\d{{1,3}})\d{{0,6}})?)?(?!\d)(?:\s*({_HALF})(?!\w))?",
    re.IGNORECASE,
)
_COMPACT_CLOCK = re.compile(r"T()(\d\d)(\d\d)(\d\d)?(?:[.,](\d{1,3})\d{0,6})?(?!\d)()")
_CLOCK_BEHIND = 45
_CLOCK_BEFORE = 30
_OFFSET = re.compile(r"\W{0,3}?(?:UTC|GMT|UT)?\s?([+\-\u2212])(\d\d?)(?::?([0-5]\d))?(?!\d)", re.IGNORECASE)
_ZONE_NAME = re.compile(r"\W{0,3}([A-Za-z]+(?:/[A-Za-z_]+){1,2}|[A-Za-z]{1,5})\b")
_MOST_OFFSET = timedelta(hours=15)


class _Day(NamedTuple):
    """A day, and the part of the text in which its time stands, if there is one."""

    year: int
    month: int
    day: int
    is_jalali: bool
    clock: str


def read_date(text: str, zone: ZoneInfo) -> int | None:
    """Return the instant of a date as RFC 822, ISO 8601, asctime, Unix, people and Jalali calendars write it.

    Names of months may be English, Persian or Arabic, digits those of any of these, zones offsets or names; a date
    without a zone is in `zone`, one without a time at midnight. A weekday says nothing. Day and month in numbers,
    the year behind them, are read where they can mean but one day of the Gregorian calendar, or have dots between
    them. None where there is no date, and for one that stands for none: the year 1, the beginning of Unix time,
    a year beyond this century.
    """
    plain = _MARKS.sub("", to_ascii(text[:_LONGEST])).replace("\xa0", " ").strip()
    try:
        if unix := _UNIX.fullmatch(plain):
            moment = datetime.fromtimestamp(int(unix[1]), UTC)
        elif (day := _day(plain)) is not None:
            moment = _moment(day, zone)
        else:
            return None
        usable = moment >= _EARLIEST and moment.year <= _LATEST_YEAR
        return int(moment.timestamp() * 1000) if usable else None
    except (ValueError, OverflowError, OSError):
        return None


def _day(plain: str) -> _Day | None:
    """Return the first day that a text with ASCII digits names."""
    if match := _YEAR_FIRST.search(plain):
        return _made(match, int(match[1]), int(match[3]), int(match[4]))
    if match := _COMPACT.match(plain):
        return _made(match, int(match[1]), int(match[2]), int(match[3]))
    for pattern, year, month, day in ((_DAY_NAMED, 3, 2, 1), (_MONTH_NAMED, 3, 1, 2), (_YEAR_NAMED, 1, 2, 3)):
        for match in pattern.finditer(plain):
            if named := _named(match, match[year], match[month], int(match[day])):
                return named
    for match in _ASCTIME.finditer(plain):
        if named := _named(match, match[4], match[1], int(match[2])):
            return named._replace(clock=match[3])
    return _numbered(match) if (match := _NUMBERED.search(plain)) else None


def _made(match: re.Match[str], year: int, month: int, day: int) -> _Day:
    """Return a day, and the text around it to look for its time in: behind it, else before it."""
    behind = match.string[match.end() : match.end() + _CLOCK_BEHIND]
    before = match.string[max(0, match.start() - _CLOCK_BEFORE) : match.start()]
    has_clock = _CLOCK.search(behind) or _COMPACT_CLOCK.match(behind)
    return _Day(year, month, day, 1300 <= year < 1500, behind if has_clock else before)


@lru_cache(maxsize=512)
def _month_key(name: str) -> str:
    return match_key(name).removesuffix("ماه")


def _named(match: re.Match[str], year: str, month: str, day: int) -> _Day | None:
    """Return a day whose month has a name, None where it is none of the year's calendar."""
    key = _month_key(month)
    is_jalali = key in JALALI_MONTHS and (len(year) == 2 or year < "1500")
    number = (JALALI_MONTHS if is_jalali else GREGORIAN_MONTHS).get(key)
    if number is None or (not is_jalali and len(year) == 4 and year < "1500"):
        return None
    whole = int(year)
    if len(year) == 2:
        # Two digits of the Gregorian year are read as email.utils reads them.
        whole += (1400 if whole < 50 else 1300) if is_jalali else (2000 if whole < 69 else 1900)
    return _made(match, whole, number, day)._replace(is_jalali=is_jalali)


def _numbered(match: re.Match[str]) -> _Day | None:
    """Return the day of numbers with the year behind them, None where it may be one of two."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    made = _made(match, year, second, first)
    if made.is_jalali or match[2] == "." or first == second or first > 12:
        return made
    return made._replace(month=first, day=second) if second > 12 else None


def _moment(day: _Day, zone: ZoneInfo) -> datetime:
    """Return the instant of a day's time. Raises ValueError where the day does not exist."""
    year, month, number = day.year, day.month, day.day
    if day.is_jalali:
        date = jdatetime.date(year, month, number).togregorian()
        year, month, number = date.year, date.month, date.day
    midnight = datetime(year, month, number)
    match = _CLOCK.search(day.clock) or _COMPACT_CLOCK.match(day.clock)
    if match is None:
        return midnight.replace(tzinfo=zone)
    hour, minute, second = int(match[2]), int(match[3]), int(match[4] or 0)
    thousandths = int((match[5] or "0").ljust(3, "0"))
    half = (match[1] or match[6] or "").lower()
    if half in AFTERNOON and hour < 12:
        hour += 12
    elif half in MORNING and hour == 12:
        hour = 0
    if hour > 24 or minute > 59:
        return midnight.replace(tzinfo=zone)
    local = midnight + timedelta(hours=hour, minutes=minute, seconds=min(second, 59), milliseconds=thousandths)
    return local.replace(tzinfo=_zone(day.clock[match.end() :], zone))


def _zone(text: str, zone: ZoneInfo) -> tzinfo:
    """Return the zone that a text begins with, `zone` where it names none that is known."""
    if match := _OFFSET.match(text):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        if offset <= _MOST_OFFSET:
            return timezone(offset if match[1] == "+" else -offset)
    elif match := _ZONE_NAME.match(text):
        if "/" in match[1]:
            try:
                return time_zone(match[1])
            except ValueError:
                return zone
        if (minutes := ZONES.get(match[1].upper())) is not None:
            return timezone(timedelta(minutes=minutes))
    return zone
