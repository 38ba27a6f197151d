"""The text of an article that a page holds as data: JSON-LD `articleBody`, the state of its scripts (pure)."""

import re
from html import unescape

from bot.ingest.markup.blocks import html_blocks
from bot.ingest.markup.sanitise import escape
from bot.ingest.page.alignment import key_of
from bot.ingest.page.document import PageDocument
from persian.foreign_text import one_line
from storage.records import Block, BlockKind

_LONGEST_BODY = 500_000
_SENTENCE = re.compile(r"[^.!?؟\n]++[.!?؟\n]*+")
_LONG_SENTENCE = 30
_ESCAPED_TAG = re.compile(r"\s*&lt;[a-z][a-z\d]{0,10}[\s&]", re.IGNORECASE)


def embedded_body(page: PageDocument) -> tuple[Block, ...]:
    """Return the text of the article that the page's JSON-LD holds, () where it holds none."""
    return _blocks_of(page.data.body, page.base)


def state_body(page: PageDocument, title: str) -> tuple[Block, ...]:
    """Return the text of the article in the state of a page's scripts, () where the page shows a text itself."""
    article = page.hidden_article(title)
    return _blocks_of(article.body, page.base) if article is not None else ()


def _blocks_of(text: str, base: str) -> tuple[Block, ...]:
    text = text[:_LONGEST_BODY]
    if _ESCAPED_TAG.match(text):
        text = unescape(text)
    if "</" in text or "<br" in text:
        return html_blocks(text, base)
    lines = (one_line(unescape(line)) for line in _without_repetition(text).splitlines())
    return tuple(Block(BlockKind.PARAGRAPH, escape(line)) for line in lines if line)


def _without_repetition(text: str) -> str:
    """Return a text without its repetition: some sites write the whole of it twice."""
    known: set[str] = set()
    opening, repeated_from = "", -1
    for sentence in _SENTENCE.finditer(text):
        key = key_of(sentence[0])
        if len(key) < _LONG_SENTENCE:
            continue
        if key not in known:
            repeated_from = -1
        elif key == opening:
            repeated_from = sentence.start()
        opening = opening or key
        known.add(key)
    return text[:repeated_from].rstrip() if repeated_from > 0 else text
