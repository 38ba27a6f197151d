"""Where a page keeps the text of its article, and what of it is the article's own (pure)."""

import trafilatura
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.ingest.markup.blocks import html_blocks, to_blocks
from bot.ingest.markup.dom import node_text, parse_html
from bot.ingest.markup.excluded_markup import is_dropped
from bot.ingest.markup.sanitise import text_of
from bot.ingest.page.boilerplate import ends_article, is_tool, points_elsewhere
from bot.ingest.page.site_profiles import Selectors
from storage.records import Block, BlockKind

LEAST_TEXT = 40
"""Characters from which on something may be the text of an article."""

_MOST_PARAGRAPHS = 3000
_TEASER_CHARS = 160


def find_body(tree: LexborHTMLParser, selectors: Selectors, markup: str, address: str) -> tuple[Block, ...]:
    """Return the text of a page; `markup` is the page up to the end of its article, `tree` the whole.

    The selectors of a known form come first, then the element that holds most paragraphs, unless trafilatura,
    which knows more layouts and less of sub-headings, finds much more than it.
    """
    for selector in selectors:
        for node in tree.css(selector):
            blocks = own_blocks(to_blocks(node, address))
            if letters(blocks) >= LEAST_TEXT:
                return blocks
    densest = _densest(parse_html(markup))
    held = own_blocks(to_blocks(densest, address)) if densest is not None else ()
    found = _extracted(markup, address)
    return held if held and letters(held) * 4 >= letters(found) * 3 else found


def letters(blocks: tuple[Block, ...]) -> int:
    """Return how many characters of text blocks hold."""
    return sum(len(text_of(block.html)) + sum(len(text_of(item)) for item in block.items) for block in blocks)


def own_blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks up to the article's end, without the page's controls and pointers to other news."""
    kept: list[Block] = []
    pointing = False
    for block in blocks:
        text = text_of(block.html)
        if ends_article(text):
            break
        if points_elsewhere(text):
            # Behind «بیشتر بخوانید» alone stand the headlines that it points to.
            pointing = len(text) < LEAST_TEXT
            continue
        pointing = pointing and _is_teaser(block)
        if not pointing and not (text and is_tool(text)):
            kept.append(block)
    return tuple(kept)


def _is_teaser(block: Block) -> bool:
    linked = all(item.startswith("<a ") for item in block.items or (block.html,))
    return (
        block.kind in (BlockKind.LIST, BlockKind.PARAGRAPH) and linked and len(text_of(block.html)) < _TEASER_CHARS
    )


def _densest(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the element whose own paragraphs hold most text; paragraphs in what is no article do not count."""
    held: dict[int, tuple[int, LexborNode]] = {}
    for paragraph in tree.css("p")[:_MOST_PARAGRAPHS]:
        parent = paragraph.parent
        size = len(node_text(paragraph))
        if parent is not None and size >= LEAST_TEXT and not _in_dropped(paragraph):
            before = held.get(parent.mem_id, (0, parent))[0]
            held[parent.mem_id] = (before + size, parent)
    return max(held.values(), key=lambda one: one[0])[1] if held else None


def _in_dropped(node: LexborNode) -> bool:
    current: LexborNode | None = node
    while current is not None and current.tag not in ("body", "html"):
        if is_dropped(current):
            return True
        current = current.parent
    return False


def _extracted(markup: str, address: str) -> tuple[Block, ...]:
    found = trafilatura.extract(
        markup,
        output_format="html",
        include_comments=False,
        include_formatting=True,
        include_links=True,
        include_images=False,
        favor_recall=True,
    )
    return own_blocks(html_blocks(found, address)) if found else ()
