"""Where an article begins and ends on a page of no known form (pure)."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.ingest.dom import node_text, parse_html
from bot.ingest.labels import ends_article, labelled_number
from bot.ingest.text import has_letters, one_line

_LABEL_TAGS = "h2, h3, h4, h5, h6, p, div, span, strong, b, legend, a"
_LABEL_CHARS = 40
_CATEGORY_CHARS = 40


def before_end(markup: str) -> str:
    """Return a page without all that comes from the heading of its comments or of other news on.

    Only headings behind the page's own title count. Without one, the page comes back as it is.
    """
    tree = parse_html(markup)
    heading = _end_heading(tree)
    if heading is None:
        return markup
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
    return tree.html or markup


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


def _end_heading(tree: LexborHTMLParser) -> LexborNode | None:
    title_seen = False
    for node in tree.css(f"h1, {_LABEL_TAGS}"):
        if node.tag == "h1":
            title_seen = True
        elif title_seen:
            text = node_text(node)
            if 0 < len(text) <= _LABEL_CHARS and ends_article(text):
                return node
    return None
