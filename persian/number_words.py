"""Persian numbers in words, from thirteen on, and days of a month in words: written in figures (pure)."""

import re

from persian.months import JALALI_MONTHS

UNITS = ("یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده", "یازده", "دوازده")
"""The numbers from one to twelve."""
_TEENS = {"سیزده": 13, "چهارده": 14, "پانزده": 15, "شانزده": 16, "هفده": 17, "هجده": 18, "هیجده": 18, "نوزده": 19}
_TENS = {"بیست": 20, "سی": 30, "چهل": 40, "پنجاه": 50}
_SMALL = {word: number for number, word in enumerate(UNITS, 1)}
_ORDINALS = {f"{word}م": number for word, number in _SMALL.items()} | {"اول": 1, "سوم": 3}
_DAYS = sorted(_ORDINALS | _SMALL, key=len, reverse=True)
_ABOVE_TWELVE = re.compile(
    rf"(?<!\w)(?:({'|'.join(_TEENS)})|({'|'.join(_TENS)})(?: ?و ?({'|'.join(UNITS[:9])}))?)(?:م| ?ام)?(?!\w)"
)
_DAY_OF_MONTH = re.compile(rf"(?<!\w)({'|'.join(_DAYS)}) (?=(?:{'|'.join(JALALI_MONTHS)})(?!\w))")


def in_figures(text: str) -> str:
    """Return a normalised text with «چهل و پنج» as 45, and with «پنجم دی» as 5 دی.

    Other numbers up to twelve stay: «یک» and «سه» are parts of other words, too.
    """
    return _DAY_OF_MONTH.sub(_day, _ABOVE_TWELVE.sub(_number, text))


def _number(match: re.Match[str]) -> str:
    teen, tens, unit = match.groups()
    return str(_TEENS[teen] if teen else _TENS[tens] + _SMALL.get(unit, 0))


def _day(match: re.Match[str]) -> str:
    return f"{_ORDINALS.get(match[1]) or _SMALL[match[1]]} "
