"""One paragraph of a body put in the place of another (pure)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.errors import UserError
from bot.newsroom.bodies import bounded
from bot.newsroom.formatting import FormattedText
from bot.newsroom.limits import BODY_LIMIT, BODY_LINES
from bot.newsroom.paragraphs import blocks_of
from bot.render.difference import lines_of
from storage.records import Block, BlockKind


def paragraphs_of(body: Sequence[Block]) -> list[tuple[int, str]]:
    """Return the blocks of a body that hold text: the place of each in the body, and its plain text."""
    texts = ((at, paragraph_text(block)) for at, block in enumerate(body) if block.kind is not BlockKind.IMAGE)
    return [(at, text) for at, text in texts if text]


def paragraph_text(block: Block) -> str:
    """Return a block as plain text, a line for each point of a list."""
    return "\n".join(lines_of((block,)))


def with_paragraph(body: Sequence[Block], index: int, before: str, new: FormattedText) -> tuple[Block, ...]:
    """Return a body with `new` in the place of the block at `index`, whose plain text is `before`; "" removes it.

    In a body that changed meanwhile the block may stand elsewhere. What was a sub-heading, a quotation or a list
    stays one. Raises UserError `paragraph-gone`, and as `checked_body` does.
    """
    if not (index < len(body) and paragraph_text(body[index]) == before):
        index = next((at for at, block in enumerate(body) if paragraph_text(block) == before), -1)
    if index < 0:
        raise UserError("paragraph-gone")
    lines = [line for line in new.lines() if line.text]
    return checked_body((*body[:index], *_in_place_of(body[index], lines), *body[index + 1 :]))


def checked_body(body: Sequence[Block]) -> tuple[Block, ...]:
    """Return a body within its limits. Raises UserError where it has too much text or too many lines."""
    lines = lines_of(body)
    for key, length, most in (
        ("post-body-too-long", sum(len(line) + 1 for line in lines), BODY_LIMIT),
        ("post-too-many-lines", len(lines), BODY_LINES),
    ):
        if length > most:
            raise UserError(key, most=most, length=length)
    return bounded(body)


def _in_place_of(old: Block, lines: Sequence[FormattedText]) -> Sequence[Block]:
    if not lines:
        return ()
    if old.kind is BlockKind.HEADING and len(lines) == 1:
        return (replace(old, html=lines[0].html(but=("b",))),)
    if old.kind is BlockKind.QUOTE:
        return (replace(old, html="\n".join(line.html() for line in lines)),)
    new = blocks_of(lines)
    if old.kind is BlockKind.LIST and not any(block.kind is BlockKind.LIST for block in new):
        return (replace(old, items=tuple(line.html() for line in lines)),)
    return new
