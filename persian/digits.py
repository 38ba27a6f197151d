"""Persian, Arabic and Latin digits (pure)."""

import re

_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC = "٠١٢٣٤٥٦٧٨٩"
_LATIN = "0123456789"
_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC, _LATIN * 2)
_TO_PERSIAN = str.maketrans(_LATIN + _ARABIC, _PERSIAN * 2)
_LONGEST_INT = 18
_SEPARATORS = re.compile("[٬,،]")
_GROUPED = re.compile("[0-9]{1,3}(?:[٬,،][0-9]{3})+")
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def to_ascii(text: str) -> str:
    """Return `text` with Persian and Arabic digits as 0-9."""
    return text.translate(_TO_ASCII)


def to_persian(text: str) -> str:
    """Return `text` with Latin and Arabic digits as ۰-۹."""
    return text.translate(_TO_PERSIAN)


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
