"""Pages that list articles, as opposed to those that are one (pure)."""

from collections.abc import Sequence

from bot.ingest.markup.own_blocks import linked_share
from bot.ingest.markup.sanitise import text_of
from bot.ingest.page.alignment import key_of
from bot.ingest.page.document import PageDocument
from storage.records import Block, BlockKind

_LEAST_TEASERS = 3
_LEAST_HEADLINE = 12
_LONGEST_HEADLINE = 200
_LINKED = 0.8


def lists_articles(page: PageDocument, text: Sequence[Block]) -> bool:
    """Return whether most paragraphs of the `text` taken for a page's article stand below linked headlines.

    Such are the teasers of a front page. The headlines of a live blog lead nowhere, those of a box of related news
    have hardly any text below them.
    """
    taken = {key for block in text if block.kind is not BlockKind.IMAGE and (key := key_of(text_of(block.html)))}
    if len(taken) < _LEAST_TEASERS:
        return False
    teasers = _teasers(page, taken)
    return teasers >= _LEAST_TEASERS and teasers * 2 > len(taken)


def _teasers(page: PageDocument, paragraphs: set[str]) -> int:
    """Return how many of the paragraphs, by their keys, stand right below a linked headline."""
    teasers, below_headline = 0, False
    for placed in page.blocks():
        block = placed.block
        if block.kind is BlockKind.IMAGE:
            continue
        if _is_headline(block):
            below_headline = True
        elif block.html:
            teasers += below_headline and key_of(text_of(block.html)) in paragraphs
            below_headline = False
    return teasers


def _is_headline(block: Block) -> bool:
    text = text_of(block.html)
    return _LEAST_HEADLINE <= len(text) <= _LONGEST_HEADLINE and linked_share(block) > _LINKED
