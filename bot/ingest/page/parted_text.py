"""The rest of a text that a page keeps in several elements of one class, as with ads between them (pure)."""

from collections import Counter
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from bot.ingest.markup.blocks import placed_blocks
from bot.ingest.markup.dom import ancestors, attribute
from bot.ingest.markup.excluded_markup import is_beside, letters_in_paragraphs
from bot.ingest.markup.own_blocks import letters
from bot.ingest.markup.sanitise import text_of
from bot.ingest.page.alignment import key_of
from bot.ingest.page.document import PageDocument
from storage.records import Block

_LEAST_PART = 300
_HEADINGS = "h1, h2, h3"
_TELLING = 40
_MOST_PARAGRAPHS = 1_000
_MOST_ELEMENTS = 5_000
_MOST_ALIKE = 100
_MOST_PARTS = 20


def rest_of_text(page: PageDocument, found: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks of those elements that are alike the one with the text found.

    () where the page has hardly more paragraphs than were found. Another article, with a headline of its own, is no
    part of this one, and neither is a copy of what was found.
    """
    if letters(found) * 3 >= page.paragraph_letters * 2:
        return ()
    holder = _holder_of(page, found)
    if holder is None:
        return ()
    alike = [node for node in _alike(page, holder)[:_MOST_ALIKE] if letters_in_paragraphs(node) >= _LEAST_PART]
    own = (node for node in alike[:_MOST_PARTS] if not is_beside(node) and _are_of_one_article(holder, node))
    parts = (_paragraphs(node, page.base) for node in own)
    known = _keys(found)
    return tuple(block for part in parts if known.isdisjoint(_keys(part)) for block in part)


def _keys(blocks: Sequence[Block]) -> set[str]:
    """Return the keys of paragraphs, by which a copy of them is known."""
    keys = (key_of(text_of(block.html)) for block in blocks)
    return {key for key in keys if len(key) >= _TELLING}


def _paragraphs(part: LexborNode, base: str) -> list[Block]:
    """Return the blocks that stand side by side in an element, without those of the boxes between them."""
    placed = placed_blocks(part, base)
    sizes: Counter[int] = Counter()
    for placed_block in placed:
        sizes[placed_block.holder] += len(placed_block.block.html)
    main = sizes.most_common(1)[0][0] if sizes else 0
    return [placed_block.block for placed_block in placed if placed_block.holder == main]


def _holder_of(page: PageDocument, found: Sequence[Block]) -> LexborNode | None:
    """Return the element right above most of the paragraphs found, None for one that bears no class."""
    keys = _keys(found)
    sizes: Counter[int] = Counter()
    holders: dict[int, LexborNode] = {}
    for paragraph in page.tree.css("p")[:_MOST_PARAGRAPHS]:
        key = key_of(paragraph.text())
        if key in keys and paragraph.parent is not None:
            sizes[paragraph.parent.mem_id] += len(key)
            holders[paragraph.parent.mem_id] = paragraph.parent
    if not sizes:
        return None
    holder = holders[sizes.most_common(1)[0][0]]
    return holder if attribute(holder, "class") and holder.tag != "body" else None


def _alike(page: PageDocument, holder: LexborNode) -> list[LexborNode]:
    """Return the other elements of the same name and the same classes."""
    names = attribute(holder, "class")
    nodes = page.tree.css(f"{holder.tag}[class]")[:_MOST_ELEMENTS]
    return [node for node in nodes if attribute(node, "class") == names and node.mem_id != holder.mem_id]


def _are_of_one_article(first: LexborNode, second: LexborNode) -> bool:
    """Return whether no headline of its own stands with the second element, and one article holds both if any."""
    known = {node.mem_id for node in ancestors(first)}
    outer, branch = None, second
    for outer in ancestors(second):
        if outer.mem_id in known:
            break
        branch = outer
    if outer is None or outer.mem_id not in known or len(outer.css("h1")) > 1:
        return False
    if len(branch.css(_HEADINGS)) > len(second.css(_HEADINGS)):
        return False
    articles = [
        next((node.mem_id for node in ancestors(part) if node.tag == "article"), 0) for part in (first, second)
    ]
    return articles[0] == articles[1]
