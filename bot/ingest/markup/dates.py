"""Dates as feeds and pages write them (pure). Instants are milliseconds UTC."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import jdatetime

from bot.ingest.markup.date_words import (
    AFTERNOON,
    DATE_WORDS,
    GREGORIAN_MONTHS,
    JALALI_MONTHS,
    MORNING,
    NIGHT,
    ORDINALS,
    REGIONS,
    ZONES,
)
from bot.time_zones import time_zone
from persian.digits import to_ascii
from persian.normalise import match_key

_LONGEST = 200
_EARLIEST = datetime(1971, 1, 2, tzinfo=UTC)
_LATEST_YEAR = 2100
_FIRST_LUNAR_YEAR = 1440
"""The first year that no date of our time has in the Jalali calendar: it is of the lunar calendar."""
_MARKS = re.compile("[\u064b-\u0652\u0654\u0655\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# .NET writes Unix time as /Date(1795842000000+0330)/.
_UNIX = re.compile(r"(?:/Date\()?(\d{10})(?:\d{3}|\d{6})?(?:\.\d{1,6})?(?:(?:[+-]\d{4})?\)/)?")
_LUNAR = re.compile(r"قمری|(?<!\w)ه(?:\u200d|ـ)?\.? ?ق(?!\w)|(?<!\w)هـ(?!\w)")
_PERSIAN_DIGIT = re.compile("[۰-۹]")

_LETTER = r"[^\W\d_]"
# Months of the Levant have two words: "تشرين الثاني".
_SECOND_WORD = rf"ال(?:ثان|اول|أول){_LETTER}?(?!{_LETTER})|(?:یه\u200cکه\u200cم|یەکەم|دووه\u200cم|دووەم)ی?"
_WORD = rf"{_LETTER}{{2,}}(?:(?:\u200c{_LETTER}+){{1,3}}| (?:{_SECOND_WORD}))?"
_GAP = r"[\s\-/.,،]{1,3}"
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?([-/.])\s?(\d\d?)\s?\2\s?(\d\d?)(?!\d)")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?=T|\s|$)")
_STAMP = re.compile(r"((?:13|14|19|20)\d\d)(\d\d)(\d\d)[ _-]?(\d\d)(\d\d)(\d\d)?")
_WEEK_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:-W(\d\d)-|W(\d\d))([1-7])(?!\d)")
_DAY_OF_YEAR = re.compile(r"((?:19|20)\d\d)(?:-(\d{3})(?=T|\s|$)|(\d{3})(?=T\d))")
_JALALI_COMPACT = re.compile(r"(1[34]\d\d)(\d\d)(\d\d)")
_EAST_ASIAN = re.compile(r"(?<!\d)(\d{4})\s?[年년]\s?(\d\d?)\s?[月월]\s?(\d\d?)\s?[日일]")
_DAY_NAMED = re.compile(
    rf"(?<![\d:])(\d\d?)(?:st|nd|rd|th|ی|ê)?{_GAP}(?:(?:de|of){_GAP})?({_WORD})(?:\s?/\s?{_WORD})?"
    rf"(?:{_GAP}ماه)?{_GAP}(?:(?:de|سال){_GAP})?'?(\d{{4}}|\d\d)(?![\d:])"
)
_YEAR_NAMED = re.compile(rf"(?<!\d)(\d{{4}}){_GAP}(?:د{_GAP})?({_WORD}){_GAP}(\d\d?)(?![\d:])")
_MONTH_NAMED = re.compile(rf"(?<!{_LETTER})({_WORD}){_GAP}(\d\d?)(?:st|nd|rd|th)?{_GAP}(\d{{4}})(?![\d:])")
_ASCTIME = re.compile(rf"(?<!{_LETTER})({_WORD})\s{{1,3}}(\d\d?)\s(\d\d?:\d\d[^\n]{{0,25}}?)\s(\d{{4}})(?!\d)")
_NUMBERED = re.compile(r"(?<!\d)(\d\d?)\s?([-/.])\s?(\d\d?)\s?\2\s?(\d{4})(?!\d)")
_WHOLE_YEAR = re.compile(r"(?<![\d+-])(?:1[34]|19|20)\d\d(?!\d)")
_SHORT_NUMBERED = re.compile(r"(?<![\d/.:])(\d\d?)\s?([/.])\s?(\d\d?)\s?\2\s?(\d\d?)(?![\d/.:])")
_ORDINAL = re.compile(
    rf"(?<!{_LETTER})(?:(?:(?:بیست|سی)[\s\u200c]{{0,2}}و[\s\u200c]{{0,2}})?{_LETTER}{{2,7}}م|سی[\s\u200c]?ام|اول)(?=\s)"
)

_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:\b|[a-z]{0,6}day\b)", re.IGNORECASE)

_HALF = "|".join(re.escape(half) for half in sorted((*MORNING, *AFTERNOON, *NIGHT), key=len, reverse=True))
_CLOCK = re.compile(
    rf"(?:(?<!\w)({_HALF})\s*)?(?<![\d.])(\d\d?):(\d\d|\d(?=:\d))(?::(\d\d?)(?:[.,](\d{{1,3}})\d{{0,6}})?)?(?!\d)(?:\s*({_HALF})(?!\w))?",
    re.IGNORECASE,
)
_COMPACT_CLOCK = re.compile(r"T()(\d\d)(\d\d)(\d\d)?(?:[.,](\d{1,3})\d{0,6})?(?!\d)()")
_HOUR_CLOCK = re.compile(r"T()(\d\d)()()()()(?=Z|[+-]\d\d|$)")
_SPOKEN_CLOCK = re.compile(
    rf"(?:ساعت|الساعة)()\s?(\d\d?)(?:\s?و\s?(\d\d?)\s?(?:دقیقه|دقيقة)(?:\s?و\s?(\d\d?)\s?(?:ثانیه|ثانية))?)?()"
    rf"(?:\s?({_HALF}))?(?!\w)",
    re.IGNORECASE,
)
_FRENCH_CLOCK = re.compile(r"(?<![\w.])()(\d\d?)h(\d\d)()()()(?!\d)")
_DOTTED_CLOCK = re.compile(r"\W{1,3}()(\d\d)\.(\d\d)(?:\.(\d\d))?()()(?![\d.])")
_DOTTED_HALF_CLOCK = re.compile(r"(?<![\d.])()(\d\d?)\.(\d\d)()()\s?([ap]\.?m)\b", re.IGNORECASE)
_CLOCK_BEHIND = 45
_CLOCK_BEFORE = 30
# All that stands behind a day whose clock stands in front of it.
_ZONE_ALONE = re.compile(r"\W{0,3}(?:[+-]\d\d:?[0-5]\d|[A-Z]{3,4}|Z)\W{0,3}")
_OFFSET = re.compile(r"\W{0,3}?(?:UTC|GMT|UT)?\s?([+\-\u2212])(\d\d?)(?::?([0-5]\d))?(?!\d)", re.IGNORECASE)
# A form has read the "+" of an offset as a space.
_LOST_PLUS = re.compile(r" (\d\d):?([0-5]\d)$")
_ZONE_NAME = re.compile(r"\W{0,3}([A-Za-z]+(?:/[A-Za-z_]+){1,2}|[A-Za-z]{1,5})\b")
_MOST_OFFSET = timedelta(hours=15)
_LONGEST_MONTH = 31
_DAWN = 5
"""The hour with which the night ends."""


class _Day(NamedTuple):
    """A day, and the part of the text in which its time stands, if there is one."""

    year: int
    month: int
    day: int
    is_jalali: bool
    clock: str


def read_date(text: str, zone: ZoneInfo) -> int | None:
    """Return the instant of a date as RFC 822, ISO 8601, asctime, Unix, people and Jalali calendars write it.

    Names of months may be of several languages, digits Persian, Arabic or Latin, zones offsets or names; a date
    without a zone is in `zone`, one without a time at midnight. Day and month in numbers, the year behind them, are
    read where they can mean but one day of the Gregorian calendar, alone or by their weekday, or have dots between
    them; else a weekday says nothing. Of two digits in Persian, the year comes first and is Jalali. None where
    there is no date, and for one that stands for none: the year 1, the beginning of Unix time, a year beyond this
    century, the lunar calendar.
    """
    plain = _MARKS.sub("", to_ascii(text[:_LONGEST])).replace("\xa0", " ").replace("\u202f", " ").strip()
    try:
        if unix := _UNIX.fullmatch(plain):
            moment = datetime.fromtimestamp(int(unix[1]), UTC)
        elif (day := _day(plain) or _rare_day(plain, year_first=bool(_PERSIAN_DIGIT.search(text)))) is not None:
            if day.is_jalali and (day.year >= _FIRST_LUNAR_YEAR or _LUNAR.search(plain)):
                return None
            moment = _moment(day, zone)
        else:
            return None
        usable = moment >= _EARLIEST and moment.year <= _LATEST_YEAR
        return int(moment.timestamp() * 1000) if usable else None
    except (ValueError, OverflowError, OSError):
        return None


def has_clock(text: str) -> bool:
    """Return whether a text with a date tells its time, too."""
    plain = to_ascii(text[:_LONGEST])
    return any(pattern.search(plain) for pattern in (_CLOCK, _SPOKEN_CLOCK, _FRENCH_CLOCK, _DOTTED_HALF_CLOCK))


def is_date_word(word: str) -> bool:
    """Return whether a word, spelt as `persian.normalise.tokens` spells it, stands in dates: a month, a weekday."""
    key = _month_key(word)
    return word in DATE_WORDS or key in JALALI_MONTHS or key in GREGORIAN_MONTHS or key in ORDINALS


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


def _rare_day(plain: str, *, year_first: bool) -> _Day | None:
    """Return the day of a text in a rare form: without marks, by its week, with a year of two digits, in words."""
    if match := _STAMP.fullmatch(plain):
        clock = f"{match[4]}:{match[5]}:{match[6] or 0}"
        return _made(match, int(match[1]), int(match[2]), int(match[3]))._replace(clock=clock)
    if match := _EAST_ASIAN.search(plain) or _JALALI_COMPACT.fullmatch(plain):
        return _made(match, int(match[1]), int(match[2]), int(match[3]))
    if match := _WEEK_DAY.search(plain):
        day = date.fromisocalendar(int(match[1]), int(match[2] or match[3]), int(match[4]))
        return _made(match, day.year, day.month, day.day)
    if match := _DAY_OF_YEAR.match(plain):
        return _day_of_year(match)
    # "17 ... 2026 14.05.00" has its year: these are its clock, of a month that is not known.
    if not _WHOLE_YEAR.search(plain) and (match := _SHORT_NUMBERED.search(plain)):
        return _short_numbered(match, year_first=year_first)
    spelled = _ORDINAL.sub(lambda word: str(ORDINALS.get(match_key(word[0]), word[0])), plain)
    return _day(spelled) if spelled != plain else None


def _day_of_year(match: re.Match[str]) -> _Day | None:
    """Return the day that is counted from the beginning of a year, None where the year has not so many."""
    year, number = int(match[1]), int(match[2] or match[3])
    day = date(year, 1, 1) + timedelta(days=number - 1)
    return _made(match, year, day.month, day.day) if day.year == year else None


def _short_numbered(match: re.Match[str], *, year_first: bool) -> _Day | None:
    """Return the day of numbers of which the year has two digits, None where it may be one of several."""
    first, second, third = int(match[1]), int(match[3]), int(match[4])
    if year_first or first > _LONGEST_MONTH:
        return _made(match, first + _jalali_century(first), second, third)
    if len(match[4]) < len("26"):
        return None
    return _ordered(_made(match, third + _gregorian_century(third), second, first), match)


def _jalali_century(year: int) -> int:
    return 1400 if year < 50 else 1300


def _gregorian_century(year: int) -> int:
    # Two digits of the Gregorian year are read as email.utils reads them.
    return 2000 if year < 69 else 1900


def _made(match: re.Match[str], year: int, month: int, day: int) -> _Day:
    """Return a day, and the text around it to look for its time in: behind it, else before it."""
    behind = match.string[match.end() : match.end() + _CLOCK_BEHIND]
    if not _clock(behind):
        zone = behind.strip() if _ZONE_ALONE.fullmatch(behind) else ""
        behind = f"{match.string[max(0, match.start() - _CLOCK_BEFORE) : match.start()].rstrip()} {zone}"
    return _Day(year, month, day, 1300 <= year < 1500, behind)


def _clock(text: str) -> re.Match[str] | None:
    """Return the time that a text holds: the half of the day, hour, minute, second, thousandths, the half again."""
    usual = _CLOCK.search(text) or _COMPACT_CLOCK.match(text) or _HOUR_CLOCK.match(text)
    dotted = usual or _DOTTED_HALF_CLOCK.search(text) or _DOTTED_CLOCK.match(text)
    return dotted or _SPOKEN_CLOCK.search(text) or _FRENCH_CLOCK.search(text)


@lru_cache(maxsize=512)
def _month_key(name: str) -> str:
    key = match_key(name).removesuffix("ماه")
    # In Kurdish the month may bear the ending that joins it to its year.
    return key if key in JALALI_MONTHS or key in GREGORIAN_MONTHS else key.removesuffix("ی").removesuffix("a")


def _named(match: re.Match[str], year: str, month: str, day: int) -> _Day | None:
    """Return a day whose month has a name, None where it is none of the year's calendar."""
    key = _month_key(month)
    is_jalali = key in JALALI_MONTHS and (len(year) == 2 or year < "1500")
    number = (JALALI_MONTHS if is_jalali else GREGORIAN_MONTHS).get(key)
    if number is None or (not is_jalali and len(year) == 4 and year < "1500"):
        return None
    whole = int(year)
    if len(year) == 2:
        whole += _jalali_century(whole) if is_jalali else _gregorian_century(whole)
    return _made(match, whole, number, day)._replace(is_jalali=is_jalali)


def _numbered(match: re.Match[str]) -> _Day | None:
    """Return the day of numbers with the year behind them, None where it may be one of two."""
    return _ordered(_made(match, int(match[4]), int(match[3]), int(match[1])), match)


def _ordered(day: _Day, match: re.Match[str]) -> _Day | None:
    """Return a day whose month is written second or first, None where it may be either.

    The second group of `match` is the mark between them. Where both may be the month, the weekday tells.
    """
    if day.is_jalali or match[2] == "." or day.day == day.month or day.day > 12:
        return day
    turned = day._replace(month=day.day, day=day.month)
    if day.month > 12:
        return turned
    named = _WEEKDAY.search(match.string)
    fitting = [may_be for may_be in (day, turned) if named and _midnight(may_be).strftime("%a") == named[1].title()]
    return fitting[0] if len(fitting) == 1 else None


def _moment(day: _Day, zone: ZoneInfo) -> datetime:
    """Return the instant of a day's time. Raises ValueError where the day does not exist."""
    midnight = _midnight(day)
    match = _clock(day.clock)
    if match is None:
        return midnight.replace(tzinfo=zone)
    hour, minute, second = _hour(match), int(match[3] or 0), int(match[4] or 0)
    thousandths = int((match[5] or "0").ljust(3, "0"))
    if hour > 24 or minute > 59:
        return midnight.replace(tzinfo=zone)
    local = midnight + timedelta(hours=hour, minutes=minute, seconds=min(second, 59), milliseconds=thousandths)
    behind = day.clock[match.end() :]
    if day.clock[: match.end()].startswith("T"):
        behind = _LOST_PLUS.sub(r"+\1\2", behind)
    return local.replace(tzinfo=_zone(behind, zone))


def _midnight(day: _Day) -> datetime:
    """Return the beginning of a day in the Gregorian calendar. Raises ValueError where the day does not exist."""
    if not day.is_jalali:
        return datetime(day.year, day.month, day.day)
    gregorian = jdatetime.date(day.year, day.month, day.day).togregorian()
    return datetime(gregorian.year, gregorian.month, gregorian.day)


def _hour(clock: re.Match[str]) -> int:
    """Return the hour of a clock from 0 to 24, whatever half of the day it names; more for a wrong one."""
    hour = int(clock[2])
    half = (clock[1] or clock[6] or "").lower()
    if (half in AFTERNOON and hour < 12) or (half in NIGHT and _DAWN <= hour < 12):
        return hour + 12
    return 0 if hour == 12 and half in (*MORNING, *NIGHT) else hour


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
        return time_zone(REGIONS[match[1]]) if match[1] in REGIONS else zone
    return zone
