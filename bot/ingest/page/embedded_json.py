"""The text of an article that a page holds as data: JSON-LD `articleBody`, the state of its scripts (pure)."""

from bot.ingest.markup.blocks import html_blocks
from bot.ingest.markup.sanitise import escape
from bot.ingest.page.document import PageDocument
from persian.foreign_text import one_line
from storage.records import Block, BlockKind

_LONGEST_BODY = 500_000


def embedded_body(page: PageDocument) -> tuple[Block, ...]:
    """Return the text of the article that the page's JSON-LD holds, () where it holds none."""
    return _blocks_of(page.data.body, page.base)


def state_body(page: PageDocument, title: str) -> tuple[Block, ...]:
    """Return the text of the article in the state of a page's scripts, () where the page shows a text itself."""
    article = page.hidden_article(title)
    return _blocks_of(article.body, page.base) if article is not None else ()


def _blocks_of(text: str, base: str) -> tuple[Block, ...]:
    text = text[:_LONGEST_BODY]
    if "</" in text or "<br" in text:
        return html_blocks(text, base)
    lines = (one_line(line) for line in text.splitlines())
    return tuple(Block(BlockKind.PARAGRAPH, escape(line)) for line in lines if line)
