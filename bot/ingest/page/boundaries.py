"""The parts of a page that stand outside of its article and look like a part of it (pure)."""

import re

from selectolax.lexbor import LexborHTMLParser

_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?(?:[_-]?(?:list|container|items?|area|box|section|wrapper|body))?|respond)(?=$|[\s])",
    re.IGNORECASE,
)


def drop_comments(tree: LexborHTMLParser) -> int:
    """Remove from a tree the readers' comments, whose dates and numbers are not the article's; return how many."""
    dropped = 0
    for node in tree.css('[class*="comment" i], [id*="comment" i], [id="respond"]'):
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if (
            node.tag not in ("html", "body")
            and _COMMENTS.search(names)
            and node.css_first("h1, [itemprop=articleBody]") is None
        ):
            node.decompose()
            dropped += 1
    return dropped
