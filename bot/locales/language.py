"""A language as its file describes it: digits, direction, calendar, names of months and days.

All of it is read once, when the file is loaded. The file says it in ordinary messages: `language-*`, `date-*` and
`section-*`; lists have | between their parts.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from persian import jalali
from persian.digits import Numerals

_MARKS = str.maketrans("", "", "\u2068\u2069")


def _gregorian(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day


_CALENDARS: dict[str, Callable[[date], tuple[int, int, int]]] = {
    "gregorian": _gregorian,
    "jalali": jalali.from_gregorian,
}
_DIRECTIONS = ("ltr", "rtl")
_SECTION = "section-"
_COUNTRY = re.compile("[A-Z]{2}")
_PARTS = ("weekday", "day", "month", "short", "year", "time")
"""The parts of the patterns of dates."""


class FormatText(Protocol):
    """Returns the text of a key with its variables put in. Raises KeyError for an unknown key."""

    def __call__(self, key: str, /, **args: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    `sections` are its names of categories by their slugs, `countries` the ISO 3166 codes of countries by what its
    people call them besides the names that Unicode's CLDR has.
    """

    code: str
    name: str
    is_rtl: bool
    numerals: Numerals
    sections: Mapping[str, str]
    countries: Mapping[str, str]
    _months: tuple[str, ...]
    _short_months: tuple[str, ...]
    _weekdays: tuple[str, ...]
    _patterns: Mapping[str, str]
    _calendar: Callable[[date], tuple[int, int, int]]

    def moment(self, pattern: str, local: datetime) -> str:
        """Return a wall clock by one of the file's patterns, `date-<pattern>`."""
        return self._written(pattern, local.date(), f"{local.hour:02}:{local.minute:02}")

    def day(self, pattern: str, day: date) -> str:
        """Format a day, given by its Gregorian date, by one of the file's patterns."""
        return self._written(pattern, day, "")

    def sortable(self, local: datetime) -> str:
        """Return a wall clock in ASCII digits as tables have it: `1404/10/03 15:16`, `2025-12-24 15:16`."""
        border = "-" if self._calendar is _gregorian else "/"
        year, month, day = self._calendar(local.date())
        return f"{year:04}{border}{month:02}{border}{day:02} {local:%H:%M}"

    def _written(self, pattern: str, on: date, time: str) -> str:
        year, month, day = self._calendar(on)
        weekday, month_name, short = (
            self._weekdays[on.weekday()],
            self._months[month - 1],
            self._short_months[month - 1],
        )
        return self.numerals.write(self._patterns[pattern].format(weekday, day, month_name, short, year, time))


def read(code: str, keys: list[str], say: FormatText) -> Language:
    """Return what the messages of a file say of its language; `keys` are all that it has.

    Raises KeyError where one is missing, ValueError where one says nothing that is known.
    """
    holes = {part: f"{{{place}}}" for place, part in enumerate(_PARTS)}
    patterns = {
        name: say(f"date-{name}", **holes).translate(_MARKS)
        for name in ("full", "weekday", "short", "day", "day-of-year")
    }
    return Language(
        code,
        say("language-name"),
        _one_of(_DIRECTIONS, "language-direction", say) == "rtl",
        Numerals(_digits(say), say("language-thousands")),
        {key.removeprefix(_SECTION): say(key) for key in keys if key.startswith(_SECTION)},
        _countries(say),
        _names("date-months", 12, say),
        _names("date-months-short", 12, say),
        _names("date-weekdays", 7, say),
        patterns,
        _CALENDARS[_one_of(tuple(_CALENDARS), "language-calendar", say)],
    )


def _digits(say: FormatText) -> str:
    digits = say("language-digits")
    if len(digits) != 10 or [int(digit) if digit.isdecimal() else -1 for digit in digits] != list(range(10)):
        raise ValueError("language-digits: the ten digits from nought to nine are expected")
    return digits


def _countries(say: FormatText) -> dict[str, str]:
    pairs = [entry.rpartition("=") for entry in say("language-countries").split("|")]
    if not all(name.strip() and _COUNTRY.fullmatch(country) for name, _, country in pairs):
        raise ValueError("language-countries: names and codes such as Britain=GB with | between them are expected")
    return {name.strip(): country for name, _, country in pairs}


def _names(key: str, count: int, say: FormatText) -> tuple[str, ...]:
    names = tuple(name.strip() for name in say(key).split("|"))
    if len(names) != count or not all(names):
        raise ValueError(f"{key}: {count} names with | between them are expected")
    return names


def _one_of(known: tuple[str, ...], key: str, say: FormatText) -> str:
    if (value := say(key)) not in known:
        raise ValueError(f"{key}: one of {', '.join(known)} is expected")
    return value
