"""The comparison of a message that was read in a chat with the one that was rendered for it (pure).

Only letters count: Telegram trims spaces and marks, and gives a rich message back as blocks.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from bot.render.html import strip_tags

_INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Zs"}
_OF_FORM = {"type", "label", "url"}  # what a block says besides its text


def rendered(payloads: Iterable[str]) -> set[str]:
    """Return the letters of rendered messages (JSON text)."""
    return {_letters(strip_tags(body["rich_html"] or body["html"])) for body in map(json.loads, payloads)}


def read(message: dict[str, Any]) -> str:
    """Return the letters of a Message object."""
    rich = message.get("rich_message", {}).get("blocks", [])
    return _letters("".join(_texts(rich)) or message.get("text") or message.get("caption") or "")


def _texts(part: Any) -> Iterator[str]:
    """Yield every text within blocks or RichText, in the order in which it is read."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for inner in part:
            yield from _texts(inner)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name not in _OF_FORM:
                yield from _texts(value)


def _letters(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter) not in _INVISIBLE)
