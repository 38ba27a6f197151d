"""A point in time as an editor writes it: a date, a day's name, a clock, so much from now (pure).

Words are Persian, English and Arabic, all in the spelling of `persian.normalise`: «الجمعة» is «الجمعه» here.

Instants are milliseconds UTC; `zone` is the zone in which days and clocks are meant.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import jdatetime

from persian import number_words
from persian.months import JALALI_MONTHS
from persian.normalise import normalise

_MARKS = re.compile("([:/.+،,-])")
_MOST_WRITTEN = 100
_HALF_YEAR = timedelta(days=183)

_ENGLISH_COUNTED = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_ARABIC_COUNTED = ("ثلاث", "اربع", "خمس", "ست", "سبع", "ثمانی", "تسع", "عشر")
_COUNTS = {word: number for names in (number_words.UNITS, _ENGLISH_COUNTED) for number, word in enumerate(names, 1)}
_COUNTS |= {word: number for number, word in enumerate(_ARABIC_COUNTED, 3)} | {"یه": 1}
_MINUTES = {"m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1, "دقیقه": 1}
_MINUTES |= {"h": 60, "hr": 60, "hour": 60, "hours": 60, "ساعت": 60}
_MINUTES |= {"d": 1440, "day": 1440, "days": 1440, "روز": 1440, "هفته": 10_080, "week": 10_080, "weeks": 10_080}
_MINUTES |= {"دقایق": 1, "ساعه": 60, "ساعات": 60, "یوم": 1440, "یوما": 1440, "ایام": 1440, "اسبوع": 10_080}
_MINUTES |= {"اسابیع": 10_080}
_DAY_MINUTES = 1440
_HALF, _QUARTER = ("نیم", "نصف"), ("ربع",)


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_AMOUNT = rf"(\d{{1,4}}|{_any(_COUNTS)}|نیم|نصف|ربع) ?({_any(_MINUTES)})( ?و ?(?:نیم|نصف|ربع))?"
_SPAN = rf"{_AMOUNT}(?: ?و ?| )?(?:{_AMOUNT})?"
_WHOLE_SPAN = re.compile(_SPAN)
_QUARTERS = re.compile(r"(?<!\w)(?:(یک|یه|دو|سه|[123]) ?)?ربع(?= ?(?:دیگر|دیگه|بعد))")
_IN_OTHER_WORDS = (
    (re.compile(r"\ban hour and a half\b"), "90 minutes"),
    (re.compile(r"\bhalf (?:an )?hour\b"), "30 minutes"),
    (re.compile(r"\b(?:a )?quarter of an hour\b"), "15 minutes"),
    (re.compile(r"\ban? (?=hour|minute|day|week)"), "1 "),
    (re.compile(r"\bساعتین\b"), "2 ساعه"),
    (re.compile(r"\bدقیقتین\b"), "2 دقیقه"),
    (re.compile(r"\bیومین\b"), "2 یوم"),
    (re.compile(r"^(بعد|قبل) (?=(?:ساعه|دقیقه|یوم|اسبوع)(?: ?و|$))"), r"\1 1 "),
)
"""Spans of one or two, and parts of an hour, that have no number."""
_FROM_NOW = re.compile(rf"(?:\+ ?{_SPAN}|in {_SPAN}|{_SPAN} ?(?:دیگر|دیگه|بعد|later)|بعد {_SPAN})")
_AGO = re.compile(rf"(?:{_SPAN} ?(?:پیش|قبل|ago)|قبل {_SPAN})")

# Spaces may be missing anywhere, as half-spaces often are; the longer name stands before the one that it holds.
_DAYS_AHEAD = {"پس ?فردا": 2, "فردا": 1, "امروز": 0, "امشب": 0, "tomorrow": 1, "today": 0, "tonight": 0}
_DAYS_AHEAD |= {r"بعد ?غدا?\b": 2, r"\b(?:غدا|الغد)": 1, "الیوم": 0, "اللیله": 0}
_DAYS_AHEAD |= {"پریروز": -2, "دیروز": -1, "دیشب": -1, "yesterday": -1, r"(?:اول|قبل) امس\b": -2, r"\bامس\b": -1}
_COUNT = rf"(\d{{1,3}}|{_any(_COUNTS)})"
_DAYS_ON = re.compile(
    rf"{_COUNT} ?(روز|هفته) ?(?:دیگر|دیگه|بعد)\b|\bin {_COUNT} (day|week)s?\b|بعد {_COUNT} ?(یوم|ایام|اسبوع|اسابیع)"
)
_NIGHTS = ("امشب", "دیشب", "tonight", "اللیله")
_WEEKDAYS = {
    r"(?:یک|(?<!ساعت )\b1) ?شنبه|sunday|sun\b|الاحد": 6,
    r"(?:دو|(?<!ساعت )\b2) ?شنبه|monday|mon\b|الاثنین": 0,
    r"(?:سه|(?<!ساعت )\b3) ?شنبه|tuesday|tue\b|الثلاثا": 1,
    r"(?:چهار|چار|(?<!ساعت )\b4) ?شنبه|wednesday|wed\b|الاربعا": 2,
    r"(?:پنج|(?<!ساعت )\b5) ?شنبه|thursday|thu\b|الخمیس": 3,
    r"الجمعه|جمعه|ادینه|friday|fri\b": 4,
    r"شنبه|saturday|sat\b|السبت": 5,
}
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{4})([/.-])(\d{1,2})\2(\d{1,2})(?!\d)(?![/.-])")
_REVERSED = re.compile(r"(?<![\d/.-])(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)(?![/.-])")
_NAMED = re.compile(rf"(?<![\d:.])(\d{{1,2}}) ?({_any(JALALI_MONTHS)})(?: ?ماه)?(?: ?(1[34]\d\d)(?![\d:]))?")

_PARTS = {
    "بعد ?از ?ظهر|عصر|عصرا|مسا|مساا|pm|p\\.m|afternoon|evening": "afternoon",
    "نیمه ?شب|شب|لیلا|night": "night",
    "بامداد|فجرا": "dawn",
    "صبح|صباحا?|am|a\\.m|morning": "morning",
    "(?:ال)?ظهر|ظهرا|noon": "noon",
}
_CLOCK = re.compile(
    r"(?:راس ?)?(?:(?:ال)?ساع[ته] ?)?(?<!\d)(\d{1,2})(?:[:.](\d{2}))?(?![\d:.])"
    r"(?: ?و ?(?:ال)?(نیم|نصف|ربع|\d{1,2}(?: ?دقیقه)?)(?!\d))?"
)
_ARABIC_HOURS = (
    *("الواحده", "الثانیه", "الثالثه", "الرابعه", "الخامسه", "السادسه"),
    *("السابعه", "الثامنه", "التاسعه", "العاشره", "الحادیه عشره", "الثانیه عشره"),
)
_HOUR_WORDS = {
    name: number
    for names in (number_words.UNITS, _ENGLISH_COUNTED, _ARABIC_HOURS)
    for number, name in enumerate(names, 1)
}
_HOUR_WORD = re.compile(rf"(?<![^\W\d])(?:{_any(_HOUR_WORDS)})(?![^\W\d])")
_SHORT_OF = re.compile(
    r"(?:(?:(?:1|یه) ?)?ربع|(?<!\d)(\d{1,2}) ?دقیقه) ?(?:مانده ?)?به ?(?:ساعت ?)?(\d{1,2})(?!\d)"
    r"|(?:a )?(?:quarter|(\d{1,2}) minutes?) to (\d{1,2})(?!\d)"
)
_PAST = re.compile(r"(half|quarter) past (\d{1,2})(?!\d)")
_USUAL = {"morning": 8, "afternoon": 17, "night": 21}
"""The hour of a part of the day that is named beside a day and without an hour."""
_EVE = re.compile(rf"(?<!\d )(?<!\d)(?<!نیم )(?<!ربع )(?<!دقیقه )\bشب (?:{'|'.join(_WEEKDAYS)})")
_MIDNIGHT = re.compile(r"نیمه ?شب|نصف ?شب|midnight|منتصف اللیل")
_FILLERS = re.compile(r"(?:در|روز|مورخ|تاریخ|اینده|بعد|این|یوم|فی|عند|القادم|المقبل|at\b|on\b|next\b|[،,.-])")


@dataclass(frozen=True, slots=True)
class _Day:
    """A day that was named; `again` gives the next one where its hour is over already (None: it is over then)."""

    day: date
    again: Callable[[], date] | None = None


def parse_moment(text: str, zone: ZoneInfo, now: int) -> int | None:
    """Return the instant that `text` means at `now`, None where it means none for certain.

    Read are `1404/10/05 08:30`, `5 دی 8:30`, `2026-01-05 08:30`, `فردا ۸:۳۰`, `شنبه ۹`, `ساعت ۸ شب`, `+2h`,
    `نیم ساعت دیگر`, `هشت و نیم`, `ربع به ۹` and the like, in any spelling. A clock without a day, and a weekday,
    mean the next that comes; a date without a year means the nearest. What else is named may lie in the past, and
    `دیروز ۸` and `۲ ساعت پیش` always do. A day without an hour is none; with a part of the day (`فردا صبح`, `امشب`)
    it is that part's usual hour. `شب جمعه` means none: it is Thursday's night to some and Friday's to others.
    """
    written = _folded(text) if len(text) <= _MOST_WRITTEN else ""
    local = datetime.fromtimestamp(now / 1000, UTC).astimezone(zone)
    try:
        if match := _FROM_NOW.fullmatch(written):
            return now + _span(match.groups()) * 60_000
        if match := _AGO.fullmatch(written):
            return now - _span(match.groups()) * 60_000
        named, rest = _day(written, local)
        clock = _clock(rest, with_day=named is not None)
        if clock is None:
            return None
        return _instant(named, clock, local)
    except (ValueError, OverflowError):
        return None


def parse_clock(text: str) -> time | None:
    """Return the time of day that `text` means (`۸:۳۰`, `ساعت ۸ شب`, `۹ و نیم`), None where that is not certain."""
    try:
        return _clock(_folded(text), with_day=False) if len(text) <= _MOST_WRITTEN else None
    except ValueError:
        return None


def parse_span(text: str) -> int | None:
    """Return the minutes of `۳۰ دقیقه`, `دو ساعت و نیم`, `2h` and the like, None of others."""
    match = _WHOLE_SPAN.fullmatch(_folded(text)) if len(text) <= _MOST_WRITTEN else None
    try:
        return _span(match.groups()) if match else None
    except ValueError:
        return None


def _folded(text: str) -> str:
    """Return `text` in one spelling, with single spaces, and with the marks of dates and clocks."""
    plain = re.sub(r"(?<=\d)[Tt](?=\d)", " ", unicodedata.normalize("NFKC", text))
    pieces = _MARKS.split(plain)
    # A mark stands at every odd place; what is between has no spaces at its ends once it is normalised.
    pieces[::2] = [normalise(piece) for piece in pieces[::2]]
    written = number_words.in_figures("".join(pieces).strip(".،, "))
    for pattern, figures in _IN_OTHER_WORDS:
        written = pattern.sub(figures, written)
    return _QUARTERS.sub(_minutes_of_quarters, written)


def _minutes_of_quarters(match: re.Match[str]) -> str:
    many = match[1] or "1"
    return f"{15 * (int(many) if many.isdigit() else _COUNTS[many])} دقیقه"


def _span(groups: tuple[str | None, ...]) -> int:
    """Return the minutes of a matched span: one or two of amount, unit and a half or a quarter more."""
    written = [group for group in zip(groups[::3], groups[1::3], groups[2::3], strict=True) if group[0]]
    total = 0
    for amount, unit, and_part in written:
        assert amount is not None
        assert unit is not None
        length = _MINUTES[unit]
        total += _minutes(amount, length)
        if and_part:
            total += length // (4 if and_part.endswith(_QUARTER) else 2)
    return total


def _minutes(amount: str, length: int) -> int:
    """Return the minutes of an amount of a unit of that length. Raises ValueError for a half of any but an hour."""
    if amount not in (*_HALF, *_QUARTER):
        return (int(amount) if amount.isdigit() else _COUNTS[amount]) * length
    if length != 60:
        raise ValueError(amount)
    return 30 if amount in _HALF else 15


def _day(written: str, local: datetime) -> tuple[_Day | None, str]:
    """Return the day that is named, if any, and what stands beside it. Raises ValueError for one that is none."""
    today = local.date()
    if match := _NUMERIC.search(written):
        day = _date(int(match[1]), int(match[3]), int(match[4]))
    elif match := _REVERSED.search(written):
        day = _date(int(match[4]), int(match[3]), int(match[1]))
    elif match := _NAMED.search(written):
        month, number = JALALI_MONTHS[match[2]], int(match[1])
        day = _date(int(match[3]), month, number) if match[3] else _nearest(month, number, today)
    elif match := _DAYS_ON.search(written):
        day = today + timedelta(days=_days_on(match))
    elif (ahead := _first(_DAYS_AHEAD, written)) is not None:
        match, days = ahead
        day = today + timedelta(days=days)
    else:
        return _day_of_week(written, today)
    # Tonight tells the part of the day as well.
    kept = " شب " if match[0] in _NIGHTS else " "
    weekday, rest = _weekday(f"{written[: match.start()]}{kept}{written[match.end() :]}")
    if weekday not in (None, day.weekday()):
        raise ValueError(weekday)
    return _Day(day), rest


def _day_of_week(written: str, today: date) -> tuple[_Day | None, str]:
    """Return the next day of the week that is named, if any, and what is beside it.

    Raises ValueError for an eve.
    """
    weekday, rest = _weekday(written)
    if weekday is None:
        return None, written
    if _EVE.search(_in_figures(written)):
        raise ValueError(written)
    coming = today + timedelta(days=(weekday - today.weekday()) % 7)
    return _Day(coming, lambda: coming + timedelta(days=7)), rest


def _days_on(match: re.Match[str]) -> int:
    count, unit = (group for group in match.groups() if group)
    return (int(count) if count.isdigit() else _COUNTS[count]) * _MINUTES[unit] // _DAY_MINUTES


def _weekday(written: str) -> tuple[int | None, str]:
    """Return the day of the week that is named, if any, and what stands beside it."""
    named = _first(_WEEKDAYS, written)
    if named is None:
        return None, written
    match, number = named
    return number, f"{written[: match.start()]} {written[match.end() :]}"


def _first(names: dict[str, int], written: str) -> tuple[re.Match[str], int] | None:
    for pattern, number in names.items():
        if match := re.search(pattern, written):
            return match, number
    return None


def _date(year: int, month: int, day: int) -> date:
    if 1300 <= year < 1500:
        gregorian: date = jdatetime.date(year, month, day).togregorian()
        return gregorian
    if 1900 <= year < 2200:
        return date(year, month, day)
    raise ValueError(year)


def _nearest(month: int, day: int, today: date) -> date:
    """Return the Jalali day of this year, or of the next where that of this year is long over."""
    year = jdatetime.date.fromgregorian(date=today).year
    try:
        day_this_year = _date(year, month, day)
    except ValueError:  # the thirtieth of Esfand, in most years
        return _date(year + 1, month, day)
    return day_this_year if today - day_this_year < _HALF_YEAR else _date(year + 1, month, day)


def _clock(written: str, *, with_day: bool) -> time | None:
    """Return the time of day; None where there is none, it is not for certain, or more is said than a time."""
    part, rest = _part_of_day(_in_figures(written))
    clock = _CLOCK.search(rest)
    beside = rest if clock is None else f"{rest[: clock.start()]} {rest[clock.end() :]}"
    if _FILLERS.sub("", beside).strip():
        return None
    if clock is None:
        if part in _USUAL and with_day:
            return time(_USUAL[part])
        return time(12) if part == "noon" else None
    minute = _minute_of(clock)
    return None if minute is None else time(_hour(int(clock[1]), part, with_day=with_day), minute)


def _part_of_day(written: str) -> tuple[str, str]:
    """Return the part of the day that a text names, "" for none, and the text without it."""
    for pattern, name in _PARTS.items():
        if match := re.search(rf"(?<![^\W\d])(?:{pattern})(?![^\W\d])", written):
            return name, f"{written[: match.start()]} {written[match.end() :]}"
    return "", written


def _minute_of(clock: re.Match[str]) -> int | None:
    """Return the minute of a clock, None where it is told twice."""
    if not clock[3]:
        return int(clock[2] or 0)
    if clock[2]:
        return None
    return {"نیم": 30, "نصف": 30, "ربع": 15}.get(clock[3]) or int(clock[3].split()[0].removesuffix("دقیقه"))


def _in_figures(written: str) -> str:
    """Return a clock with its hour in figures, and with minutes in place of "a quarter to" and "half past"."""
    figures = _HOUR_WORD.sub(lambda word: str(_HOUR_WORDS[word[0]]), written)
    if not any(map(str.isdigit, figures)):
        figures = _MIDNIGHT.sub("12 شب", figures)
    figures = _PAST.sub(lambda match: f"{match[2]}:{30 if match[1] == 'half' else 15}", figures)
    return _SHORT_OF.sub(_short_of, figures)


def _short_of(match: re.Match[str]) -> str:
    minutes, hour = int(match[1] or match[3] or 15), int(match[2] or match[4])
    if not 0 < minutes < 60:
        raise ValueError(minutes)
    return f"{hour - 1 if hour != 1 else 12}:{60 - minutes:02}"


_MORNING_HOURS = {hour: hour for hour in range(12)} | {12: 0}
_HOURS_OF_PART = {
    "": {hour: hour for hour in range(24)},
    "morning": _MORNING_HOURS,
    "dawn": _MORNING_HOURS,
    "noon": {11: 11, 12: 12, 13: 13, 14: 14, 1: 13, 2: 14, 3: 15},
    "afternoon": {12: 12} | {hour: hour + 12 for hour in range(1, 12)} | {hour: hour for hour in range(13, 24)},
    "night": {hour: hour + 12 for hour in range(6, 12)} | {hour: hour for hour in range(18, 24)},
}
"""The hour of 24 by the hour that is said with a part of the day."""


def _hour(hour: int, part: str, *, with_day: bool) -> int:
    """Return an hour of 24. Raises ValueError where the part of the day does not go with it.

    An hour of the night behind midnight belongs to a day of which people do not agree: none is taken with a day.
    """
    if part == "night" and (hour == 12 or hour < 6):
        if with_day:
            raise ValueError(hour)
        return hour % 12
    if hour not in _HOURS_OF_PART[part]:
        raise ValueError(hour)
    return _HOURS_OF_PART[part][hour]


def _instant(named: _Day | None, clock: time, local: datetime) -> int:
    day = named or _Day(local.date(), lambda: local.date() + timedelta(days=1))
    moment = datetime.combine(day.day, clock, local.tzinfo)
    if moment <= local and day.again is not None:
        moment = datetime.combine(day.again(), clock, local.tzinfo)
    return int(moment.timestamp() * 1000)
