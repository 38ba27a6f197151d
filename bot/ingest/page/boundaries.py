"""The parts of a page that look like a part of its article and are none, or the other way round (pure)."""

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.ingest.markup.dom import ancestors, attribute, node_text
from bot.ingest.markup.excluded_markup import letters_in_paragraphs
from bot.ingest.page.alignment import key_of

_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?(?:[_-]?(?:list|container|items?|area|box|section|wrapper|body))?|respond)(?=$|[\s])",
    re.IGNORECASE,
)
_MARKED_COMMENTS = "[itemprop=comment], [itemtype$='schema.org/Comment' i], [itemtype$='schema.org/UserComments' i]"
_MOST_FORMS = 50
_OFFER_CHARS = 300
_MOST_POLLS = 50
_QUESTION = re.compile("[?؟]|نظر ?سنجی")
_LONG_PARAGRAPH = 90
_LONG_ARTICLE = 300
_MOST_ARTICLES = 50
_KEPT = frozenset(("html", "body", "main", "article", "header"))
_NO_OFFER = "h1, time, article, nav, header, [itemprop], [class*=logo i], [class*=breadcrumb i]"
_OFFER = re.compile(r"خبرنامه|عضویت|ثبت[\s\u200c]?نام|newsletter|subscri|sign up|your inbox", re.IGNORECASE)


def unwrap_forms(tree: LexborHTMLParser) -> None:
    """Take away the form in which ASP.NET has a whole page: what stands in a form is no text of an article."""
    for form in tree.css("form")[:_MOST_FORMS]:
        if form.css_first("h1, [itemprop=articleBody], [name=__VIEWSTATE]") is not None:
            form.unwrap()


def drop_offers(tree: LexborHTMLParser) -> None:
    """Remove from a tree the boxes around forms that offer a newsletter or an account."""
    for form in tree.css("form")[:_MOST_FORMS]:
        box = _box_around(form)
        if box is not form and _OFFER.search(node_text(box, _is_form)):
            box.decompose()


def drop_polls(tree: LexborHTMLParser) -> None:
    """Remove from a tree the questions to readers, with what they may choose, and a poll's result."""
    for _ in range(_MOST_POLLS):
        choice = tree.css_first("input[type=radio i]")
        if choice is None:
            break
        box = _box_around(choice)
        (box if _QUESTION.search(node_text(box)) else choice).decompose()


def _box_around(node: LexborNode) -> LexborNode:
    """Return the largest element around one that holds little beside it."""
    box = node
    while (around := box.parent) is not None and around.tag not in _KEPT and _is_box(around):
        box = around
    return box


def _is_form(node: LexborNode) -> bool:
    return node.tag == "form"


def _is_box(node: LexborNode) -> bool:
    """Return whether an element holds little beside a form."""
    if len(node.text(strip=True)) > _OFFER_CHARS or node.css_first(_NO_OFFER) is not None:
        return False
    return all(len(paragraph.text(strip=True)) < _LONG_PARAGRAPH for paragraph in node.css("p"))


def drop_comments(tree: LexborHTMLParser) -> int:
    """Remove from a tree the readers' comments, whose dates and numbers are not the article's; return how many."""
    dropped = 0
    for node in tree.css(_MARKED_COMMENTS):
        node.decompose()
        dropped += 1
    for node in tree.css('[class*="comment" i], [id*="comment" i], [id="respond"]'):
        names = f"{attribute(node, 'class')} {attribute(node, 'id')}"
        if (
            node.tag not in ("html", "body")
            and _COMMENTS.search(names)
            and node.css_first("h1, [itemprop=articleBody]") is None
        ):
            node.decompose()
            dropped += 1
    return dropped


def drop_other_articles(tree: LexborHTMLParser, titles: Sequence[str]) -> set[str]:
    """Remove from a tree the articles that follow the page's own, as for endless reading; return their headlines.

    Each has a headline of its own, and the page's own has one that is in `titles`, those of the metadata. An
    article above that one stays: the other may be a card of it. The headlines are keys (see `alignment.key_of`).
    """
    headed = [
        (node, key_of(node_text(heading)))
        for node in tree.css("article")[:_MOST_ARTICLES]
        if (heading := node.css_first("h1")) is not None
    ]
    named = [key_of(title) for title in titles]
    own = [node for node, key in headed if key and any(key in title for title in named)]
    if not own or len(own) == len(headed):
        return set()
    inside = {node.mem_id for node in own}
    around = inside.union(parent.mem_id for node in own for parent in ancestors(node))
    first_own = next(at for at, (node, _) in enumerate(headed) if node.mem_id in inside)
    others = {
        node.mem_id: (node, key)
        for node, key in headed[first_own:]
        if key and node.mem_id not in around and letters_in_paragraphs(node) >= _LONG_ARTICLE
    }
    kept_within = inside | others.keys()
    apart = [
        (node, key) for node, key in others.values() if kept_within.isdisjoint(p.mem_id for p in ancestors(node))
    ]
    for node, _ in apart:
        node.decompose()
    return {key for _, key in apart}
