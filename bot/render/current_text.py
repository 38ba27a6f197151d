"""The text that an article has now, in messages from which a person copies it (pure)."""

from collections.abc import Sequence

from bot.render.article import block_html
from bot.render.html import TEXT_LIMIT, escape, strip_tags
from bot.render.pagination import split_html
from storage.records import Block, BlockKind


def copied_by_tap(text: str) -> str:
    """Return plain text as HTML that a tap copies; nothing but the text stands in it."""
    return f"<pre>{escape(text)}</pre>" if "\n" in text else f"<code>{escape(text)}</code>"


def is_formatted(body: Sequence[Block]) -> bool:
    """Return whether a body has formatting that a copy by a tap would lose."""
    return any(
        block.kind is BlockKind.QUOTE or block.headed or "<" in "".join((block.html, *block.items))
        for block in body
    )


def body_to_copy(body: Sequence[Block]) -> list[str]:
    """Return a body as messages of HTML: copied by a tap, or where it is formatted, as ordinary text.

    Copied and sent, it reads back as the same blocks: a list has its bullets or numbers, a table its strokes.
    """
    htmls = [block_html(block) for block in body if block.kind is not BlockKind.IMAGE]
    markup = "\n\n".join(html for html in htmls if html)
    if not markup:
        return []
    if is_formatted(body):
        return split_html(markup, TEXT_LIMIT)
    plain = strip_tags(markup, escaped=True)
    tag = "pre" if "\n" in plain else "code"
    return split_html(f"<{tag}>{plain}</{tag}>", TEXT_LIMIT)
