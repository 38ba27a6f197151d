"""The text that trafilatura finds on a page, as blocks (pure)."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from bot.ingest.markup.block_writer import MAX_BLOCKS
from bot.ingest.markup.sanitise import escape
from persian.foreign_text import one_line
from storage.records import Block, BlockKind

_KINDS = {"head": BlockKind.HEADING, "quote": BlockKind.QUOTE}
_LISTS = ("list", "table")
_POINTS = ("item", "row")


def extracted_blocks(tree: Any) -> tuple[Block, ...]:
    """Return the blocks that trafilatura finds in an lxml tree, plain text each, () where it finds none."""
    import trafilatura  # loads slowly, and pages of known sites need none of it
    from trafilatura.utils import line_processing, trim

    try:
        extracted = trafilatura.bare_extraction(tree, include_comments=False, include_formatting=True)
    finally:
        # They remember whole texts, a thousand each, which no other page has.
        trim.cache_clear()
        line_processing.cache_clear()
    body = getattr(extracted, "body", None)
    return tuple(islice(_blocks(body), MAX_BLOCKS)) if body is not None else ()


def _blocks(body: Any) -> Iterator[Block]:
    if body.text and (text := one_line(body.text)):
        yield Block(BlockKind.PARAGRAPH, escape(text))
    for element in body:
        if element.tag in _LISTS:
            points = tuple(escape(text) for point in element.iter(*_POINTS) if (text := _text(point)))
            if points:
                yield Block(BlockKind.LIST, items=points)
        elif text := _text(element):
            yield Block(_KINDS.get(element.tag, BlockKind.PARAGRAPH), escape(text))
        if element.tail and (text := one_line(element.tail)):
            yield Block(BlockKind.PARAGRAPH, escape(text))


def _text(element: Any) -> str:
    for line_break in element.iter("lb"):
        line_break.text = "\n"
    return one_line("".join(element.itertext()))
