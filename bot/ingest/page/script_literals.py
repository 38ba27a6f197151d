"""The value that a script's object literal stands for, without running anything (pure).

Nuxt 2 hands its state to a page as a call, `(function(a,b){return {data:[{title:a}]}}("...",1))`: what is said more
than once is a parameter. Names that are not known and what is called are None.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

# A text that nothing ends goes on to the end.
_TOKEN = re.compile(
    r"\"((?:[^\"\\]|\\.)*+)\"?|'((?:[^'\\]|\\.)*+)'?|([A-Za-z_$][\w$]*+)|(-?\d[\d.]*+)|(\S)", re.DOTALL
)
_CALL = re.compile(r"\(?function\s?\(([\w$,\s]*+)\)\s?\{")
_RETURN = re.compile(r"\breturn\s?(?=[{\[])")
_CALLED = re.compile(r"\s*+;?\s*+\}?\s*+\)?\s*+\(")
_MOST_TOKENS = 400_000
_KEYWORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_OPENING, _CLOSING = "{[", "}]"


class _Literal(NamedTuple):
    """A value, and the place behind it."""

    value: Any
    end: int


def literal_of(script: str) -> Any:
    """Return the value of the object or list that a script begins with, or returns from a function that it calls.

    None where it begins with anything else, or is not whole.
    """
    call = _CALL.match(script)
    if call is None:
        literal = _read(script, 0, {})
        return literal.value if literal is not None else None
    begin = _RETURN.search(script, call.end())
    literal = _read(script, begin.end(), {}) if begin is not None else None
    called = _CALLED.match(script, literal.end) if literal is not None else None
    if begin is None or called is None:
        return literal.value if literal is not None else None
    handed = _read(script, called.end(), {}, closing=")")
    parameters = [name.strip() for name in call[1].split(",")]
    names = dict(zip(parameters, handed.value if handed is not None else (), strict=False))
    whole = _read(script, begin.end(), names)
    return whole.value if whole is not None else None


def _read(script: str, place: int, names: Mapping[str, Any], *, closing: str = "") -> _Literal | None:
    """Read the object or list at a place, or the values up to `closing`; None where its end is missing."""
    builder = _Builder(names, is_open=closing != "")
    for count, token in enumerate(_TOKEN.finditer(script, place)):
        if count >= _MOST_TOKENS:
            return None
        text, quoted, name, number, sign = token.groups()
        if sign is None:
            builder.add(text, quoted, name, number)
        elif sign == closing and builder.is_outermost:
            return _Literal(builder.values, token.end())
        elif builder.add_sign(sign):
            return _Literal(builder.values[0], token.end()) if builder.values else None
    return None


class _Builder:
    """Objects and lists that are being read. Of several tokens of one value, the first counts."""

    def __init__(self, names: Mapping[str, Any], *, is_open: bool) -> None:
        self.values: list[Any] = []
        self._names = names
        self._stack: list[list[Any] | dict[str, Any]] = [self.values]
        self._keys: list[str | None] = [None]
        self._word = ""  # what may become the name of a value
        self._filled = False
        self._called = 0
        self._least = 1 if is_open else 2

    @property
    def is_outermost(self) -> bool:
        """Return whether no object, list or call is open."""
        return len(self._stack) == 1 and not self._called

    def add(self, text: str | None, quoted: str | None, name: str | None, number: str | None) -> None:
        """Read a text, a name or a number."""
        if self._called:
            return
        written = text if text is not None else quoted
        string = _text_of(written, is_json=text is not None) if written is not None else None
        self._word = next((part for part in (string, name, number) if part is not None), "")
        if isinstance(self._stack[-1], dict) and self._keys[-1] is None:
            return
        if string is not None:
            self._put(string)
        elif name is not None:
            self._put(_KEYWORDS.get(name, self._names.get(name)))
        else:
            self._put(None)

    def add_sign(self, sign: str) -> bool:
        """Read a sign; return whether the outermost object or list has ended with it."""
        if sign == "(" or self._called:
            self._called += (sign == "(") - (sign == ")")
        elif sign in _OPENING:
            inner: list[Any] | dict[str, Any] = {} if sign == "{" else []
            self._put(inner)
            self._stack.append(inner)
            self._keys.append(None)
            self._filled = False
        elif sign in _CLOSING and len(self._stack) > 1:
            self._stack.pop()
            self._keys.pop()
            self._filled = True
            return len(self._stack) < self._least
        elif sign == ":" and self._keys[-1] is None:
            self._keys[-1] = self._word
            self._filled = False
        elif sign == ",":
            self._keys[-1] = None
            self._filled = False
        return False

    def _put(self, value: Any) -> None:
        holder, key = self._stack[-1], self._keys[-1]
        if not self._filled and isinstance(holder, list):
            holder.append(value)
        elif not self._filled and isinstance(holder, dict) and key is not None:
            holder[key] = value
        self._filled = True


def _text_of(literal: str, *, is_json: bool) -> str:
    if "\\" not in literal:
        return literal
    plain = literal if is_json else literal.replace("\\'", "'").replace('"', '\\"')
    try:
        text = json.loads(f'"{plain}"', strict=False)
    except ValueError:
        return literal
    return str(text).encode("utf-8", "ignore").decode()
