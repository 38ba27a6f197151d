"""The state that a page hands to its scripts: Next.js, Nuxt, Arc XP and others keep the article in it (pure).

Next.js writes JSON into `#__NEXT_DATA__`, newer versions the rows of React's stream into `__next_f`, in pieces.
Nuxt 3 writes a list into `#__NUXT_DATA__` in which objects name their
values by their places (https://github.com/Rich-Harris/devalue). SvelteKit and Angular write the answers of their
servers into scripts of JSON. Nuxt 2 and others assign an object, or a call that
returns one, to a property of `window`; React Query pushes objects onto a list there.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from bot.ingest.markup.lenient_json import json_of
from bot.ingest.page.script_literals import literal_of

_MOST_CHARS = 3_000_000
_MOST_SCRIPTS = 200
_MOST_NAMED = 20
_MOST_PAIRS = 5_000
_MOST_ROWS = 2_000
_MOST_VALUES = 50_000
_DEEPEST = 8
_DEEPEST_ROW = 40
_NAMED = (
    'script#__NEXT_DATA__, script#__NUXT_DATA__, script[type="application/json"], script[type="text/x-json"],'
    " script#ng-state"
)
_ASSIGNED = re.compile(
    r"(?:window|globalThis|self)(?:\.|\[['\"])__[A-Za-z]\w{2,40}(?:['\"]\])?"
    r"(?:\s?=\s?+(?!(?:window|globalThis|self)[^;]{0,80}?\|\|\s?\[\])|\.push\(\s?)"
    r"|\bFusion\.globalContent\s?=\s?"
)
# The pattern is slow to find nothing, and few scripts have these.
_HOLDERS = ("window", "globalThis", "self")
_SIGNS = ("Fusion.globalContent", *(f"{name}{sign}__" for name in _HOLDERS for sign in (".", "['", '["')))
_PARSED = re.compile(r"JSON\.parse\(\s?(?:\"((?:[^\"\\]|\\.)*+)\"|'((?:[^'\\]|\\.)*+)')", re.DOTALL)
_PUSHED = re.compile(r"__next_f\.push\(\[1,\s?\"((?:[^\"\\]|\\.)*+)\"\]\)", re.DOTALL)
_PAIR = re.compile(r"[\"']?\b([A-Za-z_]\w{1,30})[\"']?\s?:\s?\"((?:[^\"\\]|\\.)*+)\"", re.DOTALL)
_ROW = re.compile(r"([0-9a-f]{1,8}):(?:T([0-9a-f]{1,8}),)?")
# Angular's own names of the signs that end a script.
_QUOTE = re.compile("&([qasgl]);")
_QUOTED = {"q": '"', "a": "&", "s": "'", "g": ">", "l": "<"}
_TITLES = frozenset(("title", "headline"))
_DECODER = json.JSONDecoder(strict=False)


def client_states(tree: LexborHTMLParser) -> list[str]:
    """Return the scripts of a page that hold a state, as written: `state_of` reads them."""
    named = [script.text() for script in tree.css(_NAMED)[:_MOST_NAMED]]
    plain = [script.text() for script in tree.css("script:not([src])")[:_MOST_SCRIPTS]]
    pushed = [text for text in plain if "__next_f" in text and _PUSHED.search(text)]
    assigned = [text for text in plain if _assigns(text)]
    return named + assigned + (["\n".join(pushed)] if pushed else [])


def _assigns(script: str) -> bool:
    """Return whether a script assigns a state to a property of `window`."""
    is_likely = any(sign in script for sign in _SIGNS)
    return is_likely and _ASSIGNED.search(script[:_MOST_CHARS]) is not None


def state_of(script: str) -> Any:
    """Return the value of a state, None where it is broken. Of JavaScript only the named texts are read."""
    script = script[:_MOST_CHARS]
    if _PUSHED.search(script):
        stream = "".join(_string(part[1]) for part in _PUSHED.finditer(script))
        return _rows(stream) or list(_objects(stream))
    if match := _ASSIGNED.search(script):
        assigned = script[match.end() :]
        return _beginning(assigned) or literal_of(assigned) or list(_objects(assigned))
    value = json_of(_QUOTE.sub(lambda name: _QUOTED[name[1]], script) if "&q;" in script else script)
    return _resolved(value) if isinstance(value, list) else value


def nested_state(text: str) -> Any:
    """Return the value of a text within a state that is JSON itself, None for any other text."""
    return _beginning(text[:_MOST_CHARS]) if text[:2] in ('{"', "[{") else None


def _beginning(script: str) -> Any:
    """Return the value that a script begins with, None where that is no JSON."""
    if literal := _PARSED.match(script):
        script = _string(literal[1] if literal[1] is not None else literal[2].replace("\\'", "'"))
    try:
        return _DECODER.raw_decode(script)[0]
    except (ValueError, RecursionError):
        return None


def _rows(stream: str) -> list[Any]:
    """Return the values of the rows of React's stream; a text that has a row of its own stands where it is named.

    A row is `id:value` in a line, or `id:Tlength,text` where the length is that of the text's bytes, in hex digits.
    """
    values: list[Any] = []
    texts: dict[str, str] = {}
    place = 0
    while len(values) + len(texts) < _MOST_ROWS and (row := _ROW.match(stream, place)):
        if row[2]:
            text = stream[row.end() : row.end() + int(row[2], 16)].encode()[: int(row[2], 16)]
            texts[f"${row[1]}"] = text.decode(errors="ignore")
            place = row.end() + len(texts[f"${row[1]}"])
            continue
        end = stream.find("\n", row.end())
        end = len(stream) if end < 0 else end
        if (value := _beginning(stream[row.end() : end])) is not None:
            values.append(value)
        place = end + 1
    left = _MOST_VALUES

    def named(value: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if depth > _DEEPEST_ROW or left < 0:
            return None
        if isinstance(value, str):
            return texts.get(value, value)
        if isinstance(value, list):
            return [named(inner, depth + 1) for inner in value]
        if isinstance(value, dict):
            return {name: named(inner, depth + 1) for name, inner in value.items()}
        return value

    return [named(value, 0) for value in values]


def _objects(script: str) -> Iterator[dict[str, str]]:
    """Yield each named text of a script, beside the title that stands before it."""
    title = ""
    for at, pair in enumerate(_PAIR.finditer(script)):
        if at >= _MOST_PAIRS:
            return
        text = _string(pair[2])
        if pair[1] in _TITLES:
            title = text
        else:
            yield {"title": title, pair[1]: text}


def _string(literal: str) -> str:
    try:
        text = json.loads(f'"{literal}"', strict=False)
    except ValueError:
        return literal
    return text.encode("utf-8", "ignore").decode() if isinstance(text, str) else literal


def _resolved(values: list[Any]) -> list[Any]:
    """Return the objects of a list whose objects name their values by their places in it."""
    left = _MOST_PAIRS

    def value_at(place: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if left < 0 or not _is_place(place, len(values)):
            return None
        value = values[place]
        if depth >= _DEEPEST or not isinstance(value, list | dict):
            return value if isinstance(value, str) else None
        if isinstance(value, list):
            return [value_at(inner, depth + 1) for inner in value if isinstance(inner, int)]
        return {name: value_at(inner, depth + 1) for name, inner in value.items()}

    return [
        value_at(place, 0)
        for place, value in enumerate(values)
        if isinstance(value, dict) and _TITLES & value.keys()
    ]


def _is_place(value: Any, count: int) -> bool:
    """Return whether a value is the place of one of so many values."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count
