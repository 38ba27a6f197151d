"""The headline in a heading, without what its site puts beside it in one element (pure).

Such are a kicker (روتیتر), a subtitle, the name of a section, a badge or a control.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.ingest.markup.dom import node_text
from bot.ingest.markup.excluded_markup import is_hidden_or_junk
from persian.foreign_text import one_line
from persian.normalise import match_key

LEAST_HEADING = 12
"""Characters from which on a text is surely more than a label."""

_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:kicker|ro[uo]?-?ti?ti?r|ru-?ti?ti?r|(?:sur|super|up|upper|pre|over|top|sub|under)-?title"
    r"|sub-?head(?:line|ing)?|zir-?titr|over-?line|eye-?brow|top-?line|roof-?line|dachzeile|strap-?line|standfirst|deck"
    r"|badge|label|cat(?:egory)?|section|topic|flag|icon|counter|views?|date|time)(?=$|[\s_-])",
    re.IGNORECASE,
)
# What joins two parts of a headline, where one of them is left out.
_JOINT = re.compile(r"^[:：–—|｜]\s?|\s?[–—|｜]$|\s[:：]$")
_TORN = re.compile(r"[:：] ?[(（]")
_SIGNS = re.compile(r"[:：–—|｜]")
_LOOSE_SIGN = " :"
_NO_NAMES: Mapping[str, str] = {}
_BESIDE_TAGS = frozenset(("button", "time"))
_LONGEST_NAMES = 300
_MOST_PARTS = 12
_MOST_HEADINGS = 20
_AROUND_TITLE = 3


def heading_text(node: LexborNode, named: Mapping[str, str] = _NO_NAMES) -> str:
    """Return the headline in an element, in one line.

    What class names tell to be something else is left out where enough is left, and no sign that joins it with the
    headline. Where none tell, the part that is among `named`, the titles that the page's metadata gives by their
    keys, is the headline.
    """
    whole = node_text(node)
    if not _has_elements(node):
        return whole
    headline = _without(node, _is_beside, whole)
    if (key := match_key(headline)) in named:
        return _as_written(headline, named[key])
    headline = _without(node, _is_secondary, headline)
    # The names of classes may be those of another part.
    if named and len(headline) * 2 < len(whole):
        headline = whole
    return next((part for part in _parts(node) if match_key(part) in named), headline)


def _without(node: LexborNode, left_out: Callable[[LexborNode], bool], whole: str) -> str:
    """Return the text of a heading without what is left out, `whole` where too little or two ends are left."""
    headline = _JOINT.sub("", node_text(node, left_out))
    is_torn = _TORN.search(headline) is not None and _TORN.search(whole) is None
    return headline if len(headline) >= LEAST_HEADING and not is_torn else whole


def _as_written(heading: str, title: str) -> str:
    """Return the title where it has the signs that only the style of a heading shows, as behind a kicker."""
    is_signed = len(_SIGNS.findall(title)) > len(_SIGNS.findall(heading))
    return title if is_signed or (_LOOSE_SIGN in heading and _LOOSE_SIGN not in title) else heading


def _has_elements(node: LexborNode) -> bool:
    child = node.child
    while child is not None and child.tag == "-text":
        child = child.next
    return child is not None


def elements_around(tree: LexborHTMLParser, title: str) -> Iterator[LexborNode]:
    """Yield the elements around the heading that is the title, from the inmost, as far as they may be about it."""
    key = match_key(title)
    headings = (node for node in tree.css("h1, h2")[:_MOST_HEADINGS] if match_key(node_text(node)) == key)
    around = next(headings, None)
    for _ in range(_AROUND_TITLE):
        around = around.parent if around is not None else None
        if around is None or around.tag in ("body", "main"):
            return
        yield around


def _parts(node: LexborNode) -> Iterator[str]:
    """Yield what a heading says without its first and without its last part, then each part alone."""
    children = [child for child in node.iter(include_text=True) if _said(child)][:_MOST_PARTS]
    if len(children) == 1 and children[0].tag != "-text":
        yield from _parts(children[0])
    elif len(children) > 1:
        parts = [_said(child) for child in children]
        yield from (" ".join(parts[1:]), " ".join(parts[:-1]), *parts)


def _said(node: LexborNode) -> str:
    return one_line(node.text_content or "") if node.tag == "-text" else node_text(node)


def _is_secondary(node: LexborNode) -> bool:
    return node.tag == "small" or _is_beside(node)


def _is_beside(node: LexborNode) -> bool:
    if node.tag in _BESIDE_TAGS or is_hidden_or_junk(node):
        return True
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return names != " " and _BESIDE.search(names[:_LONGEST_NAMES]) is not None
