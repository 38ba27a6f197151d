"""Text and names that strangers wrote, made fit to stand among ours (pure)."""

import re
import unicodedata
from functools import cache
from itertools import groupby

NAME_LIMIT = 128
"""The most letters of a name: Telegram's own limit for the title of a chat."""

_BLANK = "\u200c\u200d\u200e\u200f \n"
# Marks that nobody sees: embeddings and isolates left open disturb all that follows, the rest is noise.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"
    "\ufffe\uffff\ud800-\udfff]"
)
# Of a name, the other formats of Unicode as well: marks of direction, tags, annotations.
_FORMATS = re.compile(
    "[\u061c\u070f\u180e\u200e\u200f\u2061-\u2065\u206a-\u206f\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
# Letters that look like nothing.
_FILLERS = re.compile("[\u115f\u1160\u2800\u3164\uffa0]+")
_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]+")
_CONTROLS = re.compile("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_MARKS_IN_A_ROW = 3
_LAST_WITH_MARKS = 0x20000
_PER_LETTER = 8


def clean(text: str) -> str:
    """Return `text` without unseen marks; half-spaces and direction marks within it stay."""
    return _UNSEEN.sub(_in_its_place, text)


def one_line(text: str) -> str:
    """Return `text` as one line.

    Unseen marks are gone, every run of white space is one space, and a letter has three accents at most.
    """
    line = " ".join(clean(text).split())
    return _stacked(_is_wide(line)).sub(r"\1", line).strip(_BLANK)


def foreign_name(text: str, limit: int = NAME_LIMIT) -> str:
    """Return the name of a person, chat, topic or file in one line of at most `limit` letters.

    It moves nothing that stands beside it: it holds no marks of direction, and no accents but on its own letters.
    "" where nothing of it can be seen.
    """
    seen = _FORMATS.sub("", _FILLERS.sub(" ", text[: limit * _PER_LETTER]))
    line = one_line(seen)
    name = _JOINERS.sub(r"\1", _loose(_is_wide(line)).sub(r"\1", line)).strip(_BLANK)
    return name if len(name) <= limit else name[: limit - 1].rstrip(_BLANK) + "…"


def printable(text: str) -> str:
    """Return `text`, its line ends kept, with a space for what would move a terminal's cursor or turn its lines."""
    return _CONTROLS.sub(" ", text.encode(errors="replace").decode())


def _in_its_place(unseen: re.Match[str]) -> str:
    """Return what stands for an unseen mark: nothing, and a sign of damage for half of a letter."""
    return "\ufffd" if "\ud800" <= unseen[0] <= "\udfff" else ""


def _is_wide(text: str) -> bool:
    """Return whether a text has letters beyond U+FFFF: such classes are searched range by range."""
    return len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)


@cache
def _stacked(wide: bool) -> re.Pattern[str]:
    """More accents than a letter may have, whether joiners stand between them or not."""
    mark = f"[{_marks(wide)}]"
    return re.compile(f"((?:{mark}[\u200c\u200d]?){{{_MARKS_IN_A_ROW}}})(?:[\u200c\u200d]?{mark})+")


@cache
def _loose(wide: bool) -> re.Pattern[str]:
    """Accents that would stand on a space, or on whatever is before the text."""
    return re.compile(f"( |^)[ \u200c\u200d{_marks(wide)}]+")


@cache
def _marks(wide: bool) -> str:
    """Return the combining marks that take no room of their own, as ranges of a regular expression."""
    last = _LAST_WITH_MARKS if wide else 0x10000
    codes = [code for code in range(0x300, last) if unicodedata.category(chr(code)) in ("Mn", "Me")]
    ranges: list[tuple[int, int]] = [(0xE0100, 0xE01EF)] if wide else []
    for _, run in groupby(enumerate(codes), lambda numbered: numbered[1] - numbered[0]):
        numbers = [code for _, code in run]
        ranges.append((numbers[0], numbers[-1]))
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
