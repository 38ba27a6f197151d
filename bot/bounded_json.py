"""JSON from outside, read whatever its depth and the length of its numbers (pure)."""

import json
import re

DEEPEST = 100
"""Levels of nesting that a value from outside may have; Telegram's own need about twenty."""

LONGEST_CUT = 1 << 19
"""Letters of a text in which values are cut: to look through them takes a twentieth of a second."""

_LONGEST_NUMBER = 400
_TOKEN = re.compile(rf'"(?:[^"\\]|\\.)*"?|[\[{{]|[\]}}]|-?\d{{{_LONGEST_NUMBER},}}', re.DOTALL)


def loads(body: bytes) -> object:
    """Return the value of a JSON text in UTF-8. Raises ValueError where it is none.

    Python refuses deep nesting and integers of thousands of digits, for the sake of one value, the whole text. Here
    such a value alone is cut: one nested deeper than DEEPEST ends one level below that, and a number that no type
    holds becomes infinite. Whoever checks the value refuses it for either. Where it stands in a text longer than
    LONGEST_CUT, the whole text is refused.
    """
    text = body.decode()
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError) as error:
        if len(text) > LONGEST_CUT:
            raise ValueError("a long text with a value that is too deep or too large") from error
        return json.loads(_pruned(text))


def depth(value: object) -> int:
    """Return how many objects and arrays stand around the innermost value, counted up to DEEPEST + 1."""
    level, levels = [value], 0
    while levels <= DEEPEST:
        inner: list[object] = []
        nested = False
        for item in level:
            if isinstance(item, (dict, list)):
                nested = True
                inner.extend(item.values() if isinstance(item, dict) else item)
        if not nested:
            break
        level, levels = inner, levels + 1
    return levels


def _pruned(text: str) -> str:
    kept: list[str] = []
    level, done = 0, 0
    for token in _TOKEN.finditer(text):
        letter = token[0][0]
        if letter in "[{":
            level += 1
            if level == DEEPEST + 2:
                kept.append(text[done : token.start()] + "[]")
        elif letter in "]}":
            if level == DEEPEST + 2:
                done = token.end()
            level -= 1
        elif letter != '"' and level < DEEPEST + 2:
            kept.append(text[done : token.start()] + "1e999")
            done = token.end()
    return "".join(kept) + (text[done:] if level < DEEPEST + 2 else "")
