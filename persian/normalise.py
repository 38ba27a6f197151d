"""One spelling for the many in which Persian is written (pure).

Half-spaces and bidi marks are borders between words; marks and tatweel vanish; letters and digits that are
written in several ways become one. Both sides of a comparison go through the same function.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ې": "ی",
        "ك": "ک",
        "ڪ": "ک",
        "ۀ": "ه",
        "ة": "ه",
        "ە": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "آ": "ا",
        "ؤ": "و",
        "ء": None,
        "ـ": None,
    }
    | dict(zip("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2, strict=True))
)
_KEPT_BELOW = 0x3000


class _WithoutMarks(dict[int, int | None]):
    """A table for `str.translate` that drops combining marks.

    It keeps the letters below the ideographs that it has met: whatever is written, it stays small.
    """

    def __missing__(self, code: int) -> int | None:
        left = None if unicodedata.combining(chr(code)) else code
        if code < _KEPT_BELOW:
            self[code] = left
        return left


MARK = "~"
"""The character that `folded` puts in the place of a mark, a tatweel or any other that vanishes."""


class _Folds(dict[int, int]):
    """A table for `str.translate` that leaves one letter of each, and none of a sign that stands for several."""

    def __missing__(self, code: int) -> int:
        left = normalise(f"{_LETTER}{chr(code)}{_LETTER}")[1:-1]
        fold = ord((left or MARK) if len(left) < 2 else _SEVERAL)
        if code < _KEPT_BELOW:
            self[code] = fold
        return fold


class _Shapes(dict[int, int]):
    """A table for `str.translate` that leaves `_LETTER` of letters and marks, and a space of borders."""

    def __missing__(self, code: int) -> int:
        letter = chr(code)
        composed = unicodedata.normalize("NFKC", letter)
        belongs = unicodedata.combining(letter) != 0 or any(part.isalnum() for part in composed)
        shape = ord(_LETTER if belongs else " ")
        if code < _KEPT_BELOW:
            self[code] = shape
        return shape


_LETTER = "x"
_REMEMBERED_CHARS = 40
_RUN = re.compile(f"{_LETTER}+")
_SEVERAL = "?"
_FOLDS = _Folds()
_SHAPES = _Shapes()
_WITHOUT_MARKS = _WithoutMarks()
_BORDERS = re.compile(r"(?:[^\w]|_)+")


def normalise(text: str) -> str:
    """Return the words of `text` in their one spelling, with single spaces between them."""
    return " ".join(tokens(text))


def tokens(text: str) -> list[str]:
    """Return the normalised words of `text`; each holds letters and digits only."""
    # What stands between white space is spelt by itself: words come again and again, and are remembered.
    return [
        word
        for run in text.split()
        for word in (_remembered_words_of(run) if len(run) <= _REMEMBERED_CHARS else _words_of(run))
    ]


def folded(text: str) -> str:
    """Return a text of the same length that has every letter as `normalise` has it, and a space of every border.

    It is faster than `places`, and a little coarser: a sign that stands for several letters is none of them.
    """
    return text.translate(_FOLDS)


def places(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (word, begin, end) for each normalised word of `text`: where it stands in the text as it is written.

    Of a sign that stands for several words each has the sign's place.
    """
    for run in _RUN.finditer(text.translate(_SHAPES)):
        begin, end = run.span()
        for word in tokens(text[begin:end]):
            yield word, begin, end


def match_key(text: str) -> str:
    """Return a form that is equal for every spelling of one name, whatever its spaces and half-spaces."""
    return "".join(tokens(text))


def _words_of(run: str) -> tuple[str, ...]:
    """Return the normalised words of a run of letters and signs without white space."""
    folded = unicodedata.normalize("NFKC", run).casefold().translate(_LETTERS)
    bare = unicodedata.normalize("NFD", folded).translate(_WITHOUT_MARKS)
    words = _BORDERS.sub(" ", unicodedata.normalize("NFC", bare).translate(_LETTERS)).split()
    # Most runs are one word as it stands: remembered, it is the same string once, not twice.
    return (run,) if words == [run] else tuple(words)


_remembered_words_of = lru_cache(maxsize=8192)(_words_of)
