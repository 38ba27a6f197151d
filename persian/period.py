"""Days as a reader writes them in a search: «از ۱ آذر تا ۵ دی ۱۴۰۴», «۷ روز اخیر», `from 2026-01-01` (pure).

Jalali and Gregorian dates, digits of any script, names of months in any spelling. Whether such words mean a span
or are ordinary words is for whoever reads them to decide; a reading tells how sure it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import jdatetime

from persian.digits import to_ascii
from persian.months import GREGORIAN_MONTHS, JALALI_MONTHS
from persian.normalise import match_key

_FROM = {"از", "from", "since", "من", "منذ"}
_TO = {"تا", "to", "until", "till", "الی", "حتی"}
_RELATIVE = {"امروز": 0, "today": 0, "دیروز": 1, "yesterday": 1, "پریروز": 2, "الیوم": 0, "امس": 1}
_UNITS = {"روز": 1, "day": 1, "days": 1, "هفته": 7, "week": 7, "weeks": 7, "ماه": 30, "month": 30, "months": 30}
_UNITS |= {"یوم": 1, "یوما": 1, "ایام": 1, "اسبوع": 7, "اسابیع": 7, "شهر": 30, "اشهر": 30}
_RECENT = {"اخیر", "گذشته"}
_AGO = {"پیش", "قبل", "ago"}
_LAST = {"last", "past", "اخر"}
_MOST_BACK = 36_500
_MONTH_WORD = "ماه"

_YEAR_FIRST = re.compile(r"(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_YEAR_AND_MONTH = re.compile(r"(\d{4})[/\-](\d{1,2})")
_DAY = re.compile(r"\d{1,2}")
_YEAR = re.compile(r"1[34]\d\d|19\d\d|20\d\d")
LONGEST = 12
"""Words that a period has at most."""

_AROUND = "،,؛;.()[]\u200c\u200e\u200f\u2066\u2067\u2068\u2069"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included (Gregorian); None is an open end."""

    first: date | None = None
    last: date | None = None

    def within(self, other: "Period") -> "Period":
        """Return the days that are in both; where there are none, `first` lies behind `last`."""
        firsts = [day for day in (self.first, other.first) if day]
        lasts = [day for day in (self.last, other.last) if day]
        return Period(max(firsts, default=None), min(lasts, default=None))

    @property
    def backwards(self) -> bool:
        """Return whether it ends before it begins."""
        return self.first is not None and self.last is not None and self.first > self.last

    def instants(self, zone: ZoneInfo) -> tuple[int | None, int | None]:
        """Return its begin and its end (ms, the end excluded) by the clocks of `zone`."""
        end = self.last + timedelta(1) if self.last else None
        return _midnight(self.first, zone), _midnight(end, zone)


@dataclass(frozen=True, slots=True)
class PeriodMatch:
    """The period at the beginning of some words, or None where they have its form and name no such days.

    `used` counts the words that it takes. `certain` tells that a whole date with its year is among them: nobody
    writes so by chance.
    """

    period: Period | None
    used: int
    certain: bool


def day_of(now: int, zone: ZoneInfo) -> date:
    """Return the date of an instant (ms) in `zone`."""
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(zone).date()


def read_period(words: Sequence[str], today: date) -> PeriodMatch | None:
    """Read the period that `words`, as typed, begin with; None where they begin with none.

    A date without a year is the last such day up to `today`; beside one with a year it goes by that one.
    """
    plain = [to_ascii(word).strip(_AROUND) for word in words[:LONGEST]]
    keys = [match_key(word) for word in plain]
    if not keys:
        return None
    return _recent(keys, today) or _range(plain, keys, today)


def _range(plain: Sequence[str], keys: Sequence[str], today: date) -> PeriodMatch | None:
    """Read a period from a date, up to a date or both, else that of a single date."""
    begin = None
    at = 0
    if keys[0] in _FROM:
        begin = _date(plain, keys, 1, today) or _bare_day(plain, keys, today)
        if begin is None:
            return None
        at = 1 + begin.used
    end = _date(plain, keys, at + 1, today) if at < len(keys) and keys[at] in _TO else None
    if end is not None:
        at += 1 + end.used
    elif begin is None:
        return _single(_date(plain, keys, 0, today), today)
    is_certain = any(bound.certain for bound in (begin, end) if bound is not None)
    return PeriodMatch(_between(begin, end, today), at, is_certain)


@dataclass(frozen=True, slots=True)
class _Date:
    """A date as written: a day, or with `day` None a whole month. `year` None was left out; `fixed` is relative."""

    used: int
    month: int = 0
    day: int | None = None
    year: int | None = None
    jalali: bool = True
    fixed: date | None = None

    @property
    def certain(self) -> bool:
        return self.year is not None

    def days(self, year: int) -> tuple[date, date] | None:
        """Return its first and last day in a year; None where the calendar has none such."""
        if self.fixed is not None:
            return self.fixed, self.fixed
        try:
            first = self._start(year, self.month, self.day or 1)
            if self.day is not None:
                return first, first
            following = self._start(year + self.month // 12, self.month % 12 + 1, 1)
        except ValueError:
            return None
        return first, following - timedelta(1)

    def _start(self, year: int, month: int, day: int) -> date:
        if not self.jalali:
            return date(year, month, day)
        gregorian: date = jdatetime.date(year, month, day).togregorian()
        return gregorian

    def latest(self, today: date) -> int:
        """Return the year of the last one that has begun by `today`."""
        year = int(jdatetime.date.fromgregorian(date=today).year) if self.jalali else today.year
        days = self.days(year)
        return year - 1 if days is not None and days[0] > today else year


def _single(day: _Date | None, today: date) -> PeriodMatch | None:
    """Return the period of one date."""
    return PeriodMatch(_between(day, day, today), day.used, certain=False) if day is not None else None


def _between(begin: _Date | None, end: _Date | None, today: date) -> Period | None:
    """Return the days from one date to the other; a year that was left out is the other's.

    None where one of the dates does not exist.
    """
    first = last = None
    if begin is not None:
        days = begin.days(begin.year or _year_of(end, begin) or begin.latest(today))
        if days is None:
            return None
        first = days[0]
    if end is not None:
        days = _days_of_end(end, _year_of(begin, end), first, today)
        if days is None:
            return None
        last = days[1]
    return Period(first, last)


def _year_of(other: _Date | None, bound: _Date) -> int | None:
    """Return the year of the other bound of a period, None where it has none of the same calendar."""
    return other.year if other is not None and other.jalali == bound.jalali else None


def _days_of_end(
    end: _Date, year_of_begin: int | None, first: date | None, today: date
) -> tuple[date, date] | None:
    """Return the days that the end of a period means: in the year of its beginning, or in the next one."""
    year = end.year or year_of_begin or end.latest(today)
    days = end.days(year)
    is_before_begin = days is not None and first is not None and days[1] < first
    if is_before_begin and end.year is None and year_of_begin:
        return end.days(year + 1)
    return days


def _recent(keys: Sequence[str], today: date) -> PeriodMatch | None:
    """Read «۷ روز اخیر» and `last 7 days`."""
    match keys:
        case [number, unit, recent, *_] if recent in _RECENT and (back := _length(number, unit)):
            pass
        case [last, number, unit, *_] if last in _LAST and (back := _length(number, unit)):
            pass
        case _:
            return None
    return PeriodMatch(Period(today - timedelta(back - 1), today), 3, certain=False)


def _length(number: str, unit: str) -> int:
    """Return so many days, weeks or months in days; 0 for what is none."""
    if not (number.isascii() and number.isdigit() and len(number) <= 4):
        return 0
    days = int(number) * _UNITS.get(unit, 0)
    return days if days <= _MOST_BACK else 0


def _date(plain: Sequence[str], keys: Sequence[str], at: int, today: date) -> _Date | None:
    """Read one date that begins with the word at `at`."""
    if at >= len(plain):
        return None
    word, rest = plain[at], keys[at : at + 3]
    if keys[at] in _RELATIVE:
        return _Date(1, fixed=today - timedelta(_RELATIVE[keys[at]]))
    if len(rest) == 3 and rest[2] in _AGO and (back := _length(rest[0], rest[1])):
        return _Date(3, fixed=today - timedelta(back))
    if match := _YEAR_FIRST.fullmatch(word):
        return _numeric(int(match[1]), int(match[3]), int(match[4]))
    if match := _DAY_FIRST.fullmatch(word):
        return _numeric(int(match[3]), int(match[2]), int(match[1]))
    return _whole_month(word) or _named_date(plain, keys, at)


def _whole_month(word: str) -> _Date | None:
    """Read a year and a month in figures, such as `1404/09`."""
    match = _YEAR_AND_MONTH.fullmatch(word)
    if match is None or not _YEAR.fullmatch(match[1]) or not 1 <= int(match[2]) <= 12:
        return None
    return _Date(1, int(match[2]), None, int(match[1]), jalali=match[1][0] == "1" and match[1][1] != "9")


def _numeric(year: int, month: int, day: int) -> _Date:
    return _Date(1, month, day, year, jalali=year < 1700)


def _named_date(plain: Sequence[str], keys: Sequence[str], at: int) -> _Date | None:
    """Read «۱ آذر ۱۴۰۴», «آذر ۱۴۰۴», «۱ آذر» and `January 1, 2026`."""
    day = _number_at(plain, at, _DAY)
    place = at + (day is not None)
    month_name = _month(keys, place)
    if month_name is None:
        return None
    month, jalali, used = month_name
    place += used
    if day is None and not jalali:
        day = _number_at(plain, place, _DAY)
        place += day is not None
    year = _number_at(plain, place, _YEAR)
    place += year is not None
    if day is None and year is None:
        return None
    return _Date(place - at, month, day, year, jalali)


def _number_at(plain: Sequence[str], place: int, form: re.Pattern[str]) -> int | None:
    """Return the number of that form at a place of a text, None where there is none."""
    return int(plain[place]) if place < len(plain) and form.fullmatch(plain[place]) else None


def _month(keys: Sequence[str], at: int) -> tuple[int, bool, int] | None:
    """Return the number of the month that is named, whether it is a Jalali one, and how many words name it."""
    if at >= len(keys):
        return None
    word = keys[at]
    name = word if word in JALALI_MONTHS else word.removesuffix(_MONTH_WORD)
    used = 1 + (at + 1 < len(keys) and keys[at + 1] == _MONTH_WORD)
    if name in JALALI_MONTHS:
        return JALALI_MONTHS[name], True, used
    return (GREGORIAN_MONTHS[word], False, 1) if word in GREGORIAN_MONTHS else None


def _bare_day(plain: Sequence[str], keys: Sequence[str], today: date) -> _Date | None:
    """Read the first day of «از ۱ تا ۱۵ آذر ۱۴۰۴»: month and year are those of the last one."""
    if len(plain) < 4 or not _DAY.fullmatch(plain[1]) or keys[2] not in _TO:
        return None
    end = _date(plain, keys, 3, today)
    if end is None or end.day is None:
        return None
    return _Date(1, end.month, int(plain[1]), end.year, end.jalali)


def _midnight(day: date | None, zone: ZoneInfo) -> int | None:
    if day is None:
        return None
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
