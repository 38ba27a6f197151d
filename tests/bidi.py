"""The lines of a message that run the wrong way: a little of Unicode's bidirectional algorithm, the strict side.

Isolates are looked into rather than skipped where a line's direction is asked for: some clients know none.
"""

import re
import unicodedata

_OPENING, _CLOSING = "\u2066\u2067\u2068", "\u2069"
_ADDRESS = re.compile(r"https?://\S+")
# A number that follows Latin letters is drawn in with them, and a slash or @ before them changes sides.
_DRAWN_IN = re.compile("[A-Za-z][^\\w\u200f]*\\d|[/@#][A-Za-z]")


def from_the_left(text: str) -> list[str]:
    """Return the lines whose first strong letter runs from left to right; lines of an address alone may."""
    return [line for line in text.split("\n") if _first(line) == "L" and not _ADDRESS.fullmatch(line)]


def loose(text: str) -> list[str]:
    """Return the lines of a right-to-left text in which something Latin disorders what is beside it."""
    return [line for line in text.split("\n") if not _ADDRESS.search(line) and _DRAWN_IN.search(outside(line))]


def outside(line: str) -> str:
    """Return what of a line stands in no isolate, with a space for each of these.

    Raises ValueError where one does not end, or ends that never began.
    """
    kept, depth = [], 0
    for letter in line:
        depth += letter in _OPENING
        if depth == 0:
            kept.append(letter)
        if letter == _CLOSING:
            depth -= 1
            kept.append(" ")
        if depth < 0:
            raise ValueError(line)
    if depth:
        raise ValueError(line)
    return "".join(kept)


def _first(line: str) -> str:
    for letter in line:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction
    return ""
