"""The lead and body of an item, from its entry's description and content (pure)."""

import html
import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from bot.errors import SourceError
from bot.ingest.markup.blocks import PlacedBlock, placed_blocks
from bot.ingest.markup.boilerplate import is_address
from bot.ingest.markup.dom import node_text, parse_html
from bot.ingest.markup.excluded_markup import is_dropped, is_never_text
from bot.ingest.markup.own_blocks import own_blocks
from bot.ingest.markup.sanitise import escape, text_of
from bot.ingest.markup.text import cut, has_letters, torn_beginning
from bot.newsroom.limits import LEAD_LIMIT
from persian.foreign_text import one_line
from persian.normalise import match_key
from storage.records import Block, BlockKind

_TITLE_CHARS = 100
_TEXT_CHARS = 4000
# What programs write for a text that is not there.
_NO_TEXT = frozenset(("null", "(null)", "undefined", "none", "nan", "n/a", "na", "-"))
_MARKUP_CHARS = 1_000_000
# WordPress puts this under every summary and content, in the language of the site's own settings.
_APPEARED_FIRST = re.compile(
    r"(?:^|\s)(?:The post\s.{1,400}?\s(?:appeared first on|first appeared on)\s.{1,150}?$|"
    r"نوشته\s.{1,400}?\sاولین\s?بار\sدر\s.{1,150}?پدیدار شد\.?$)",
    re.DOTALL,
)
_SENTENCE_END = re.compile(r"[.!?؟](?=\s)")
_SHORTEST_SENTENCE = 20
# A picture or a line break may stand beside a text that was escaped.
_TAG = re.compile(r"</?(?!(?:img|br|hr)\b)[a-zA-Z!]", re.IGNORECASE)
_BLOCK = "p|div|b|strong|em|i|a|ul|ol|li|span|h[1-6]|blockquote|table|td|figure|section"
_LT, _GT = "&(?:amp;){0,2}lt;", "&(?:amp;){0,2}gt;"
_ESCAPED_TAGS = re.compile(rf"{_LT}/(?:{_BLOCK})\s*{_GT}|{_LT}(?:br|hr)\s*/?{_GT}|{_LT}img\s", re.IGNORECASE)
_TIMES_ESCAPED = 3
# Drupal writes an article's title, author and date in front of its text.
_ABOUT_TEXT = re.compile(r"field--name-(?:title|uid|created)\b")
# In plain text it parts paragraphs; a single line end may be a mail client's.
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
# Entities of typography; those of markup are left to those who write about it.
_ESCAPED_ENTITIES = re.compile(
    r"&amp;(?=(?:amp|nbsp|zwnj|zwj|laquo|raquo|[lr][ds]quo|[nm]dash|hellip|bull|middot|quot|apos|#\d{2,5}|#x[\da-f]{2,4});)",
    re.IGNORECASE,
)


def blocks_of(markup: str, base: str) -> tuple[Block, ...]:
    """Return the blocks of what a feed says of an article, as HTML, plain text or HTML escaped too often.

    Controls, pointers to other news and what stands behind the mark of the end are left out, as of a page.
    """
    placed = _read(markup, base)
    blocks = own_blocks(placed) or tuple(
        placed_block.block for placed_block in placed if not is_address(text_of(placed_block.block.html))
    )
    return tuple(made for block in blocks if (made := _without_credit(block)) is not None)


def whole_blocks_of(markup: str, base: str) -> tuple[Block, ...]:
    """Return the blocks of what another system hands in for publication: of its text nothing is left out."""
    return tuple(placed_block.block for placed_block in _read(markup, base))


def _read(markup: str, base: str) -> tuple[PlacedBlock, ...]:
    markup = _unescaped(markup[:_MARKUP_CHARS].strip())
    if not markup or markup.lower() in _NO_TEXT:
        return ()
    try:
        return _placed(markup, base)
    except SourceError:
        return ()


def _placed(markup: str, base: str) -> tuple[PlacedBlock, ...]:
    """Return the blocks of a piece of HTML or plain text with their places. Raises SourceError."""
    if "<" in markup:
        body = parse_html(markup).body
        is_left_out = _is_about_text if _ABOUT_TEXT.search(markup) else is_dropped
        # A class name that mostly means an ad or a share bar may be that of all there is.
        for dropped in (is_left_out, is_never_text):
            if body is not None and (placed := placed_blocks(body, base, dropped)):
                return placed
        # Text may be in nothing but what no page's body is read from: a form, a frame.
        lines = [cut(node_text(body), _TEXT_CHARS)]
    else:
        lines = [one_line(line) for line in _BLANK_LINE.split(html.unescape(markup))]
    return tuple(PlacedBlock(Block(BlockKind.PARAGRAPH, escape(line)), 0) for line in lines if line)


def _is_about_text(node: LexborNode) -> bool:
    """Return whether an element is dropped, or says what the entry's own elements say already."""
    return is_dropped(node) or _ABOUT_TEXT.search(node.attributes.get("class") or "") is not None


def without_title(blocks: tuple[Block, ...], title: str) -> tuple[Block, ...]:
    """Return the text of an entry without its title, where the text begins with that and goes on."""
    if len(blocks) > 1 and blocks[0].html and says_the_same(text_of(blocks[0].html), title):
        return blocks[1:]
    return blocks


def lead_and_body(described: tuple[Block, ...], content: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """Return lead and body of an entry whose description and content are these.

    Without content the description's first paragraph is the lead and the rest the body; one that begins otherwise,
    with a list, a quote, a heading or more than a lead may have, is the body as a whole. What lead and body both
    say is kept once.
    """
    texts = [block for block in described if block.kind is not BlockKind.IMAGE]
    if not texts:
        return "", content or described
    if content:
        return _without_repeats(_text(_first_paragraph(texts)), content)
    first = texts[0]
    if _may_lead(first, is_alone=len(texts) == 1):
        return _without_repeats(_text(first), tuple(block for block in described if block is not first))
    return "", described


def _first_paragraph(texts: Sequence[Block]) -> Block:
    """Return the first paragraph of a text, or its first block where it has none."""
    return next((block for block in texts if block.kind is BlockKind.PARAGRAPH), texts[0])


def _may_lead(block: Block, *, is_alone: bool) -> bool:
    """Return whether a description may begin with a block as its lead; a heading is one only where it is alone."""
    is_text = block.kind is BlockKind.PARAGRAPH or (block.kind is BlockKind.HEADING and is_alone)
    return is_text and len(_text(block)) <= LEAD_LIMIT


def title_from(lead: str, body: tuple[Block, ...]) -> str:
    """Return a title made of the beginning of an entry's text: its first sentence where that is short enough."""
    text = lead or next((text for block in body if has_letters(text := _text(block))), "")
    end = next(
        (match.end() for match in _SENTENCE_END.finditer(text) if match.end() >= _SHORTEST_SENTENCE), len(text)
    )
    first = text[:end] if end <= _TITLE_CHARS else cut(text, _TITLE_CHARS)
    return first.removesuffix(".") if has_letters(first) else ""


def says_the_same(text: str, other: str) -> bool:
    """Return whether two texts are the same letters, whatever their spaces, marks and spellings."""
    # Spelling changes the length but a little, and is slow to undo.
    return abs(len(text) - len(other)) * 4 <= max(len(text), len(other)) and match_key(text) == match_key(other)


def _unescaped(markup: str) -> str:
    for _ in range(_TIMES_ESCAPED):
        if _TAG.search(markup) or not _ESCAPED_TAGS.search(markup):
            break
        markup = html.unescape(markup)
    for _ in range(_TIMES_ESCAPED):
        markup = _ESCAPED_ENTITIES.sub("&", markup)
    return markup.replace("<![CDATA[", "").replace("]]>", "")


def _without_credit(block: Block) -> Block | None:
    """Return a block without WordPress's line about where the post appeared; None where that is all of it."""
    if block.kind is not BlockKind.PARAGRAPH:
        return block
    text = text_of(block.html)
    match = _APPEARED_FIRST.search(f" {one_line(text)}")
    if not match:
        return block
    rest = one_line(f" {one_line(text)}"[: match.start()])
    return Block(BlockKind.PARAGRAPH, escape(rest)) if rest else None


def _text(block: Block) -> str:
    parts = block.items or (block.html,)
    return one_line(" · ".join(map(text_of, parts)))


def _without_repeats(lead: str, body: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """Remove what lead and body both say: a repeated first paragraph, or a lead torn off the body."""
    at = next((index for index, block in enumerate(body) if block.kind is BlockKind.PARAGRAPH), None)
    if not lead or at is None:
        return lead, body
    if says_the_same(text_of(body[at].html), lead):
        return lead, body[:at] + body[at + 1 :]
    beginning = match_key(torn_beginning(lead))
    if beginning and match_key(" ".join(text_of(block.html) for block in body)).startswith(beginning):
        return "", body
    return lead, body
