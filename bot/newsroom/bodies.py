"""Bodies of articles within their limits, so that showing one is always short work (pure)."""

from collections.abc import Iterable
from dataclasses import replace

from bot.newsroom.limits import BODY_LIMIT, BODY_LINES, BODY_TAGS
from bot.render.html import strip_tags
from storage.records import Block


def bounded(body: Iterable[Block]) -> tuple[Block, ...]:
    """Return a body up to the block with which it is too long; a block with too many tags loses its formatting."""
    kept: list[Block] = []
    size = lines = tags = 0
    for block in body:
        texts = (block.html, *block.items)
        size += sum(map(len, texts)) + len(block.url)
        lines += max(1, len(block.items))
        if size > BODY_LIMIT or lines > BODY_LINES:
            break
        own = sum(text.count("</") for text in texts)
        if tags + own > BODY_TAGS:
            kept.append(_without_formatting(block))
        else:
            tags += own
            kept.append(block)
    return tuple(kept)


def _without_formatting(block: Block) -> Block:
    return replace(
        block,
        html=strip_tags(block.html, escaped=True),
        items=tuple(strip_tags(item, escaped=True) for item in block.items),
    )
