"""The state that a page hands to its scripts: Next.js, Nuxt and others keep the article in it (pure).

Next.js writes JSON into `#__NEXT_DATA__`, newer versions in pieces into `__next_f`.
Nuxt 3 writes a list into `#__NUXT_DATA__` in which objects name their
values by their places (https://github.com/Rich-Harris/devalue). Nuxt 2 and others assign an object, or a call that
returns one, to a property of `window`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from bot.ingest.page.lenient_json import json_of

_MOST_CHARS = 3_000_000
_MOST_SCRIPTS = 200
_MOST_PAIRS = 5_000
_DEEPEST = 8
_ASSIGNED = re.compile(
    r"(?:window|globalThis|self)\s?(?:\.|\[['\"])__(?:NUXT|INITIAL_STATE|PRELOADED_STATE|APOLLO_STATE|DATA|STATE)__"
    r"(?:['\"]\])?\s?=\s?"
)
_PUSHED = re.compile(r"__next_f\.push\(\[1,\s?\"((?:[^\"\\]|\\.)*+)\"\]\)", re.DOTALL)
_PAIR = re.compile(r"[\"']?\b([A-Za-z_]\w{1,30})[\"']?\s?:\s?\"((?:[^\"\\]|\\.)*+)\"", re.DOTALL)
_TITLES = frozenset(("title", "headline"))


def client_states(tree: LexborHTMLParser) -> list[str]:
    """Return the scripts of a page that hold a state, as written: `state_of` reads them."""
    named = [script.text() for script in tree.css("script#__NEXT_DATA__, script#__NUXT_DATA__")[:2]]
    plain = [script.text() for script in tree.css("script:not([src])")[:_MOST_SCRIPTS]]
    pushed = [text for text in plain if _PUSHED.search(text)]
    assigned = [text for text in plain if _ASSIGNED.search(text[:_MOST_CHARS])]
    return named + assigned + (["\n".join(pushed)] if pushed else [])


def state_of(script: str) -> Any:
    """Return the value of a state, None where it is broken. Of JavaScript only the named texts are read."""
    script = script[:_MOST_CHARS]
    if _PUSHED.search(script):
        return list(_objects("".join(_string(part[1]) for part in _PUSHED.finditer(script))))
    if match := _ASSIGNED.search(script):
        assigned = script[match.end() :]
        return json_of(assigned) or list(_objects(assigned))
    value = json_of(script)
    return _resolved(value) if isinstance(value, list) else value


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
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(values) or left < 0:
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
