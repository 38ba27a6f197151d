"""Bodies of articles within their limits, so that showing one is always short work (pure)."""

from collections.abc import Iterable
from dataclasses import replace

from bot.newsroom.limits import BODY_LIMIT, BODY_LINES, BODY_TAGS
from bot.render.html import strip_tags
from storage.records import Block, BlockKind


def bounded(body: Iterable[Block]) -> tuple[Block, ...]:
    """Return a body within its limits, with all of its text up to BODY_LIMIT characters.

    A block with too many tags loses its formatting. What is beyond the last line becomes one plain paragraph.
    """
    kept: list[Block] = []
    beyond: list[str] = []
    size = lines = tags = 0
    for block in body:
        part, left = _parted(_cut(block, BODY_LIMIT - size), 0 if beyond else BODY_LINES - lines)
        size += _size(block)
        if left is not None:
            beyond.append(_in_one_line(left))
        if part is not None:
            lines += _lines(part)
            own = _tags(part)
            fits = tags + own <= BODY_TAGS
            tags += own if fits else 0
            kept.append(part if fits else _without_formatting(part))
        if size >= BODY_LIMIT:
            break
    text = _beginning(" ".join(filter(None, beyond)), BODY_LIMIT - sum(map(_size, kept)))
    return (*kept, Block(BlockKind.PARAGRAPH, text)) if text else tuple(kept)


def _tags(block: Block) -> int:
    return sum(text.count("</") for text in (block.html, *block.items))


def _parted(block: Block, room: int) -> tuple[Block | None, Block | None]:
    """Return what of a block has its place in `room` lines, and what has not: a list's last points, or rows."""
    if _lines(block) <= room:
        return block, None
    room -= room % max(1, block.columns)
    if room <= 0 or not block.items:
        return None, block
    return replace(block, items=block.items[:room]), replace(block, items=block.items[room:])


def _lines(block: Block) -> int:
    return max(1, len(block.items)) + block.html.count("\n")


def _size(block: Block) -> int:
    return len(block.html) + sum(map(len, block.items)) + len(block.url)


def _cut(block: Block, room: int) -> Block:
    """Return a block that has at most `room` characters, without its formatting where it had more."""
    if _size(block) <= room:
        return block
    plain = _without_formatting(block)
    room -= len(plain.url)
    html = _beginning(plain.html, room)
    room -= len(html)
    items: list[str] = []
    for item in plain.items:
        if room <= 0:
            break
        items.append(_beginning(item, room))
        room -= len(item)
    if block.columns:
        del items[len(items) - len(items) % block.columns :]
    return replace(plain, html=html, items=tuple(items))


def _beginning(escaped: str, length: int) -> str:
    """Return the beginning of escaped text, without half of an entity at its end."""
    if len(escaped) <= length:
        return escaped
    text = escaped[: max(0, length)]
    head, mark, entity = text.rpartition("&")
    return head if mark and ";" not in entity else text


def _in_one_line(block: Block) -> str:
    plain = _without_formatting(block)
    return " ".join(text for part in (plain.html, *plain.items) if (text := " ".join(part.split())))


def _without_formatting(block: Block) -> Block:
    return replace(
        block,
        html=strip_tags(block.html, escaped=True),
        items=tuple(strip_tags(item, escaped=True) for item in block.items),
    )
