"""JSON as pages write it, mended where it breaks the rules of RFC 8259 (pure).

Templates leave quotes within texts unescaped, commas behind the last value, JavaScript's comments, HTML's comment
marks and raw line breaks. Browsers and search engines read such data all the same.
"""

import json
import re
from typing import Any

_MOST_CHARS = 1_000_000
_MOST_MENDED = 200_000
_MARKS = re.compile(r"<!--[^<>{}]{0,300}?-->|<!--|-->|<!\[CDATA\[|\]\]>")
_COMMENT_LINE = re.compile(r"^[ \t]*+//[^\n]*+$", re.MULTILINE)
_COMMA = re.compile(r",(?=\s*+[}\]])")
_SPACE = frozenset(" \t\r\n")
_ESCAPES = frozenset('"\\/bfnrtu')


def json_of(text: str) -> Any:
    """Return the value of a script's JSON, None where it is broken beyond mending.

    Comment marks around it are passed over. A text of more than 200,000 characters is not mended.
    """
    if len(text) > _MOST_CHARS:
        return None
    text = text.strip().strip("\ufeff").rstrip(";").rstrip()
    for mended in (_as_it_is, _without_marks, _mended):
        try:
            return json.loads(mended(text), strict=False)
        except (ValueError, RecursionError):
            if len(text) > _MOST_MENDED:
                return None
    return None


def _as_it_is(text: str) -> str:
    return text


def _without_marks(text: str) -> str:
    return _COMMENT_LINE.sub("", _MARKS.sub("", text)).strip().rstrip(";")


def _mended(text: str) -> str:
    """Return JSON with the quotes within its texts escaped and without commas behind last values."""
    return _COMMA.sub("", _with_quotes_escaped(_without_marks(text)))


def _with_quotes_escaped(text: str) -> str:
    """Return `text` with each quote escaped that does not stand where a text of JSON may begin or end.

    A text begins behind `{`, `[`, `,` and `:`, and ends where such a sign, or what closes the object, follows.
    """
    following = _following(text)
    kept: list[str] = []
    inside = escaped = False
    for at, letter in enumerate(text):
        if not inside:
            inside = letter == '"'
        elif escaped:
            escaped = False
        elif letter == "\\":
            escaped = at + 1 < len(text) and text[at + 1] in _ESCAPES
            letter = "\\" if escaped else "\\\\"
        elif letter == '"':
            inside = not _ends_text(text, at, following)
            letter = '\\"' if inside else letter
        kept.append(letter)
    return "".join(kept)


def _ends_text(text: str, at: int, following: list[int]) -> bool:
    """Return whether the quote at `at` ends a text: behind a comma there is a name or a value, not words."""
    place = following[at]
    if place >= len(text) or text[place] in "}]:":
        return True
    if text[place] != ",":
        return False
    after = following[place]
    return (
        after >= len(text) or text[after] in '"{[}]-0123456789' or text.startswith(("true", "false", "null"), after)
    )


def _following(text: str) -> list[int]:
    """Return for each place the next one, behind it, that is no space."""
    following = [len(text)] * len(text)
    for at in range(len(text) - 2, -1, -1):
        following[at] = following[at + 1] if text[at + 1] in _SPACE else at + 1
    return following
