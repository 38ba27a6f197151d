"""The text of an article that a page holds as data: JSON-LD `articleBody`, the state of its scripts (pure)."""

from collections.abc import Iterator
from typing import Any

from bot.ingest.markup.blocks import html_blocks
from bot.ingest.markup.sanitise import escape
from bot.ingest.page.alignment import key_of
from bot.ingest.page.document import PageDocument
from persian.foreign_text import one_line
from storage.records import Block, BlockKind

_BODY_NAMES = frozenset(
    (
        "body",
        "content",
        "articlebody",
        "text",
        "html",
        "fulltext",
        "full_text",
        "bodyhtml",
        "body_html",
        "description",
    )
)
_PART_NAMES = ("html", "text", "content", "value", "children")
_LEAST_BODY = 200
_MOST_VALUES = 50_000
_LONGEST_BODY = 500_000
_DEEPEST = 6


def embedded_body(page: PageDocument) -> tuple[Block, ...]:
    """Return the text of the article that the page's JSON-LD holds, () where it holds none."""
    return _blocks_of(page.data.body, page.base)


def state_body(page: PageDocument, title: str) -> tuple[Block, ...]:
    """Return the longest text of an article in the state of a page's scripts, () where it has none.

    One beside the page's `title` comes before all others.
    """
    text = max(
        _bodies(page.state, key_of(title)),
        key=lambda candidate: (candidate[0], len(candidate[1])),
        default=(False, ""),
    )
    return _blocks_of(text[1], page.base)


def _blocks_of(text: str, base: str) -> tuple[Block, ...]:
    text = text[:_LONGEST_BODY]
    if "</" in text or "<br" in text:
        return html_blocks(text, base)
    lines = (one_line(line) for line in text.splitlines())
    return tuple(Block(BlockKind.PARAGRAPH, escape(line)) for line in lines if line)


def _bodies(state: Any, title: str) -> Iterator[tuple[bool, str]]:
    """Yield the long texts under names of an article's body, and whether `title` stands beside each."""
    waiting = [state]
    for value in waiting:  # grows while it is walked
        if len(waiting) > _MOST_VALUES:
            return
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            titled = any(isinstance(part, str) and key_of(part[:300]) == title for part in value.values())
            named = (_joined(part, 0) for name, part in value.items() if name.lower() in _BODY_NAMES)
            yield from ((titled, text) for text in named if len(text) >= _LEAST_BODY)


def _joined(value: Any, depth: int) -> str:
    """Return a text, or the texts of the parts that it is given in, one a line."""
    if isinstance(value, str):
        return value
    if depth >= _DEEPEST:
        return ""
    if isinstance(value, list):
        return "\n".join(text for part in value[:3000] if (text := _joined(part, depth + 1)))
    if isinstance(value, dict):
        return next((text for name in _PART_NAMES if (text := _joined(value.get(name), depth + 1))), "")
    return ""
