"""Where an article begins and ends on a page of no known form (pure)."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.ingest.markup.dom import node_text, parse_html
from bot.ingest.markup.text import has_letters, one_line
from bot.ingest.page.boilerplate import ends_article
from bot.ingest.page.metadata_labels import labelled_number
from persian.normalise import match_key

_LABEL_TAGS = "h2, h3, h4, h5, h6, p, div, span, strong, b, legend, a"
_LABEL_CHARS = 40
_CATEGORY_CHARS = 40
_LEAST_LEFT = 100
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?(?:[_-]?(?:list|container|items?|area|box|section|wrapper|body))?|respond)(?=$|[\s])",
    re.IGNORECASE,
)


def drop_comments(tree: LexborHTMLParser) -> None:
    """Take out of a tree the readers' comments, whose dates and numbers are not the article's."""
    for node in tree.css('[class*="comment" i], [id*="comment" i], [id="respond"]'):
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if (
            node.tag not in ("html", "body")
            and _COMMENTS.search(names)
            and node.css_first("h1, [itemprop=articleBody]") is None
        ):
            node.decompose()


def before_end(whole: LexborHTMLParser, title: str) -> LexborHTMLParser:
    """Return a page without all that comes from the heading of its comments or of other news on.

    Only headings behind the page's own title count. Where little is left, or there is none, it comes back whole.
    """
    tree = parse_html(whole.html or "")
    heading = _end_heading(tree, title)
    if heading is None:
        return whole
    node: LexborNode | None = heading
    while node is not None and node.tag != "body":
        parent = node.parent
        following = node.next
        while following is not None:
            after = following.next
            following.decompose()
            following = after
        node = parent
    heading.decompose()
    # Where the first word of comments is a mere link above the text, the cut took the text itself.
    left = node_text(tree.body)
    return tree if len(left[left.find(title) + len(title) :]) >= _LEAST_LEFT else whole


def above_number(tree: LexborHTMLParser) -> str:
    """Return the short line right above the label of the news number, where agencies write the section."""
    if tree.body is None:
        return ""
    previous = ""
    for raw in tree.body.text(separator="\n").splitlines():
        line = one_line(raw)
        if labelled_number(line) is not None:
            return previous if len(previous) <= _CATEGORY_CHARS else ""
        if has_letters(line):
            previous = line
    return ""


def _end_heading(tree: LexborHTMLParser, title: str) -> LexborNode | None:
    headline = match_key(title)
    begun = False
    for node in tree.css(f"h1, {_LABEL_TAGS}"):
        text = node_text(node)
        if not begun:
            begun = len(text) <= len(title) * 2 and headline == match_key(text)
        elif 0 < len(text) <= _LABEL_CHARS and ends_article(text):
            return node
    return None
