"""The rules for comments: the text, the name of the reader, and the rate (pure)."""

import re
import unicodedata
from collections.abc import Sequence

from bot.errors import UserError
from persian.digits import to_ascii

TEXT_LIMIT = 1_000
"""Characters that a comment may have."""
NAME_LIMIT = 40
"""The longest name, in characters; the rest is cut."""
MOST_WAITING = 3
"""Comments of one reader that may wait at once under one article."""

MINUTE_MS = 60_000
LIMITS = ((3, 10 * MINUTE_MS), (10, 60 * MINUTE_MS))
"""Limits for one reader, each a number of comments and a time (ms)."""
LONGEST_MS = max(length for _, length in LIMITS)

# Half-spaces belong to Persian words, and joiners to emoji; all other invisible characters only deceive.
_JOINERS = "\u200c\u200d"
_HIDDEN = ("Cc", "Cf", "Co", "Cs")
_BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_MOST_ACCENTS = 3

_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029\v\f]")
# Telegram knows domains in Persian script too: a full stop without its space would make one of two sentences.
_NO_SPACE = re.compile(r"(?<=[\u0600-\u06ff])\.(?=[\u0600-\u06ff])")
_LINKS = (
    re.compile(r"[A-Za-z][\w+-]{0,30}://\S*"),
    re.compile(r"(?<!\S)\S*@[A-Za-z0-9_]\S*"),
    re.compile(r"[^\W_][\w-]{0,63}+(?:\.[\w-]{1,63}+){0,9}\.[A-Za-z]{2,}\S*"),
    re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"),
    re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]+"),
)
# A telephone number begins with 0 or +; a bank card's has more digits than a sum that people write without commas.
_NUMBERS = (re.compile(r"(?<!\d)[+0]\d(?:[\s().-]{0,2}\d){8,}"), re.compile(r"(?<!\d)\d(?:[ -]?\d){12,}"))
_UNFIT_FOR_NAMES = re.compile(r"[@/\\#:<>]+")


def checked_text(text: str, links: Sequence[str] = ()) -> str:
    """Return a comment without characters that deceive. `links` are what Telegram found to press in it.

    Raises UserError where it has no letters, is too long, or holds something to press or to call.
    """
    lines = [" ".join(line.split()) for line in visible_text(text).strip().split("\n")]
    clean = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not any(letter.isalpha() for letter in clean):
        raise UserError("comment-no-letters")
    if len(clean) > TEXT_LIMIT:
        raise UserError("comment-too-long", most=TEXT_LIMIT, length=len(clean))
    clean = _NO_SPACE.sub(". ", clean)
    if part := next((link for link in links if link in clean), "") or _link_in(clean):
        raise UserError("comment-has-link", part=part[:60])
    return clean


def checked_name(name: str) -> str:
    """Return a name as others may see it, "" where nothing of it is fit to be seen."""
    parted = re.sub(r"\.(?=\S)", ". ", _UNFIT_FOR_NAMES.sub(" ", visible_text(name)))
    clean = " ".join(parted.split())[:NAME_LIMIT].strip()
    seen = any(letter.isalnum() or unicodedata.category(letter) == "So" for letter in clean)
    # Nobody is called by a telephone number.
    return clean if seen and not _link_in(clean) else ""


def check_pace(moments: Sequence[int], now: int, *, key: str = "comment-too-many") -> None:
    """Raise UserError `key`, with the minutes to wait, where somebody wrote too often.

    `moments` are when they wrote in the last LONGEST_MS, the first time first.
    """
    free_at = max((moments[-most] + length for most, length in LIMITS if len(moments) >= most), default=now)
    if free_at > now:
        raise UserError(key, minutes=-(-(free_at - now) // MINUTE_MS))


def visible_text(text: str) -> str:
    """Return the text without control characters, marks of direction, blanks that are letters, piles of accents."""
    kept, accents = [], 0
    for letter in _LINE_ENDS.sub("\n", text).replace("\t", " "):
        kind = unicodedata.category(letter)
        accents = accents + 1 if kind in ("Mn", "Me") else 0
        hidden = (kind in _HIDDEN and letter != "\n") or letter in _BLANKS or accents > _MOST_ACCENTS
        if letter in _JOINERS or not hidden:
            kept.append(letter)
    return "".join(kept)


def _link_in(text: str) -> str:
    """Return what of a text people could press or call, "" where there is nothing."""
    for pattern in _LINKS:
        if match := pattern.search(text):
            return match[0]
    digits = to_ascii(text)
    for pattern in _NUMBERS:
        if match := pattern.search(digits):
            return text[match.start() : match.end()]
    return ""
