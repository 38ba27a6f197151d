"""Persian, Arabic and Latin digits (pure)."""

import re
from dataclasses import dataclass
from functools import cache

_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_LATIN = "0123456789"
_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC, _LATIN * 2)
_LONGEST_INT = 18
_SEPARATORS = re.compile("[٬,،]")
_GROUPED = re.compile("[0-9]{1,3}(?:[٬,،][0-9]{3})+")
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Numerals:
    """The numerals of a language: its ten `digits` from nought, and the mark between thousands."""

    digits: str = _LATIN
    thousands: str = ","

    def write(self, text: str) -> str:
        """Return `text` with these digits; where they are the Latin ones, digits of any script stay."""
        return text if self.digits == _LATIN else text.translate(_table(self.digits))

    def grouped(self, number: int) -> str:
        """Return a whole number with its thousands apart, for example ۱۲٬۳۴۵."""
        return self.write(f"{number:,}").replace(",", self.thousands)


@cache
def _table(digits: str) -> dict[int, int]:
    return str.maketrans(_LATIN + _PERSIAN + _ARABIC, digits * 3)


def to_ascii(text: str) -> str:
    """Return `text` with Persian and Arabic digits as 0-9."""
    return text.translate(_TO_ASCII)


def parse_int(text: str) -> int | None:
    """Read a whole number of at most 18 digits in any script, None on anything else.

    A # before it, marks of direction, and separators of thousands are allowed.
    """
    digits = to_ascii(_MARKS.sub("", text)).strip().removeprefix("#")
    if _GROUPED.fullmatch(digits):
        digits = _SEPARATORS.sub("", digits)
    if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_INT:
        return int(digits)
    return None
