"""Markup of a page that is no part of the article (pure)."""

import re
from functools import lru_cache
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.ingest.markup.pictures import is_lazy

# fmt: off
_DROPPED_TAGS = frozenset((
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas", "form",
    "button", "input", "select", "textarea", "option", "nav", "aside", "head", "title", "meta", "link",
    "audio", "source", "track", "map", "dialog", "menu", "footer",
))
# fmt: on
_AMP_CONTENT = frozenset(("amp-img", "amp-anim", "amp-video", "amp-carousel", "amp-base-carousel", "amp-list"))
_JUNK_WORDS = (
    "related|relateds|share|shares|sharing|sharethis|addtoany|socials?|ads?|adv|advert|advertisement|advertising|sponsor|"
    "sponsored|promo|banner|comments?|comment-list|respond|newsletter|subscribe|breadcrumbs?|tags?|tag-list|tagcloud|"
    "toolbar|tools|printer|print|short-?link|sidebar|widget|widgets|popular|most-viewed|latest|recommended|suggested|"
    "yarpp|jp-relatedposts|ratings?|pagination|pager|cookie|popup|modal|screen-reader-text|visually-hidden|sr-only|"
    "author-box|byline|post-meta|entry-meta|entry-footer|read-?more|see-?also|akhbar-mortabet|report-?news|copy-?link|polls?|survey|"
    "toc|lwptoc|irpp?"
)
_JUNK = re.compile(rf"(?:^|[\s_-])(?:{_JUNK_WORDS})(?=$|[\s_-])", re.IGNORECASE)
# Class words of frameworks that hold one of the words above and mean something else. One with a colon says how an
# element looks somewhere, as in print (Tailwind).
_INNOCENT = re.compile(
    r"(?<!\S)[^\s:]*+:\S*+"
    r"|\b(?:(?:has|no|with|without)[_-][\w-]+|tag-[\w-]+|category-[\w-]+|comments?-(?:open|closed)|"
    r"post-content|entry-content|widget-area-none|tgme_\w+|elementor-widget[\w-]*|hs_cos_wrapper\w*|toc-backref|"
    r"(?:content-sidebar|sidebar-content)-wrap|w[_-]sidebar|sidebar-(?:en|dis)abled[\w-]*|(?:col|offset)-print-[\w-]+)\b",
    re.IGNORECASE,
)
_OF_READERS = re.compile(r"(?:^|[\s_-])(?:comments?|respond|replies)(?=$|[\s_-])", re.IGNORECASE)
_FOR_SCREEN_READERS = re.compile(r"screen-reader|visually-hidden|sr-only", re.IGNORECASE)
_WITHIN_LINES = frozenset(("a", "span", "b", "strong", "i", "em", "u", "mark", "abbr", "cite", "font"))
_JOINS = frozenset(",،;؛(«“„‘’'\"-–")
_CONTINUES = frozenset(",،;؛)»”’'‘")
_LEAST_SENTENCE = 40
_MOST_BESIDE = 6
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:left|right|top|text-indent)\s*:\s*-\d{3}", re.IGNORECASE
)
_LONGEST_NAME = 500
_MENU_LINKS = 4
_MOST_LINKS = 300
_LINKED = 0.8
_BESIDE = ("aside", "nav", "footer")
_LONG_PARAGRAPH = 80
_MOST_PARAGRAPHS = 3_000
_LEAST_TEXT = 300
_LISTS = ("ul", "ol")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_WORD = re.compile(r"[^\W_]+")
_LEAST_WORDS_OF_HEADING = 4
_OPENING_CHARS = 300
_OPENING_NODES = 60
_LEAST_PARTS = 2
_MOST_MEASURED = 5


def is_dropped(node: LexborNode) -> bool:
    """Return whether an element and all in it is no text of the article: scripts, ads, share bars, related news.

    Words within a sentence are text, whatever the names of their element.
    """
    if is_never_text(node):
        return True
    attributes = node.attributes
    if attributes and (
        _is_hidden(node, attributes) or (_bears_junk_name(node, attributes) and not _is_within_sentence(node))
    ):
        return True
    return _is_labelled_junk(node) or _is_table_of_contents(node)


def is_outside_article(node: LexborNode) -> bool:
    """Return whether an element of a whole page is dropped, or is a list of links such as a menu."""
    return is_dropped(node) or (node.tag in ("ul", "ol", "dl") and _is_link_list(node))


def is_never_text(node: LexborNode) -> bool:
    """Return whether an element holds no text of an article by its tag alone."""
    tag = node.tag or ""
    return tag in _DROPPED_TAGS or (tag.startswith("amp-") and tag not in _AMP_CONTENT)


def is_hidden_or_junk(node: LexborNode) -> bool:
    """Return whether an element is hidden, or its class or id says that it is an ad, a share bar or the like."""
    attributes = node.attributes
    return bool(attributes) and (_is_hidden(node, attributes) or _bears_junk_name(node, attributes))


def is_junk_by_name(node: LexborNode) -> bool:
    """Return whether nothing but its class or id says that an element is no text, and not that readers wrote it."""
    attributes = node.attributes
    if is_never_text(node) or _is_hidden(node, attributes) or _OF_READERS.search(_names(attributes)):
        return False
    return _bears_junk_name(node, attributes)


def _bears_junk_name(node: LexborNode, attributes: dict[str, str | None]) -> bool:
    """Return whether the class or the id of an element says that it is an ad, a share bar or the like."""
    if not _is_junk(_names(attributes)):
        return False
    return _is_junk((attributes.get("class") or "")[:_LONGEST_NAME]) or not _is_named_after_heading(
        node, attributes
    )


def _is_named_after_heading(node: LexborNode, attributes: dict[str, str | None]) -> bool:
    """Return whether the id of an element is made of the words of a heading, so that links may lead there."""
    if node.tag in _HEADINGS:
        return True
    words = [word for word in _WORD.findall((attributes.get("id") or "").casefold()) if not word.isdigit()]
    if len(words) < _LEAST_WORDS_OF_HEADING:
        return False
    texts = (inner.text_content for inner in islice(node.traverse(include_text=True), _OPENING_NODES))
    opening = "".join(filter(None, texts))[:_OPENING_CHARS].casefold()
    return "".join(words[:_LEAST_WORDS_OF_HEADING]) in "".join(_WORD.findall(opening))


def _names(attributes: dict[str, str | None]) -> str:
    """Return the class and the id of an element, "" for neither."""
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return names[:_LONGEST_NAME] if names != " " else ""


def _is_hidden(node: LexborNode, attributes: dict[str, str | None]) -> bool:
    # A paragraph that is hidden from screen readers alone is a text that others see.
    if "hidden" in attributes or (attributes.get("aria-hidden") == "true" and node.tag not in ("img", "p")):
        return True
    style = attributes.get("style")
    return bool(style and _HIDING.search(style)) and not is_lazy(node)


def _is_within_sentence(node: LexborNode) -> bool:
    """Return whether an element stands within a line whose sentence goes on before or behind it."""
    if node.tag not in _WITHIN_LINES or _FOR_SCREEN_READERS.search(_names(node.attributes)):
        return False
    before, behind = _said_beside(node, behind=False), _said_beside(node, behind=True)
    if behind[:1].islower() or behind[:1] in _CONTINUES:
        return True
    if before:
        goes_on = before[-1].isalnum() or before[-1] in _JOINS
        return goes_on and (behind != "" or len(before) >= _LEAST_SENTENCE)
    is_of_paragraph = node.parent is not None and node.parent.tag == "p"
    return node.tag == "a" and is_of_paragraph and len(behind) >= _LEAST_SENTENCE


def _said_beside(node: LexborNode, *, behind: bool) -> str:
    """Return what stands right before an element in its line, or right behind it; "" for nothing.

    The line goes on around an element of words that holds the given one.
    """
    for _ in range(_MOST_BESIDE):
        beside = node.next if behind else node.prev
        if beside is None and node.parent is not None and node.parent.tag in _WITHIN_LINES:
            node = node.parent
            continue
        if beside is None or (beside.tag != "-text" and beside.tag not in _WITHIN_LINES):
            break
        if text := (beside.text_content or "" if beside.tag == "-text" else beside.text()).strip():
            return text
        node = beside
    return ""


def is_beside(node: LexborNode) -> bool:
    """Return whether an element stands within a sidebar, a list of related news or the like."""
    parent, measured = node.parent, 0
    while parent is not None and parent.tag not in ("html", "body"):
        if parent.tag in _BESIDE:
            return True
        if is_hidden_or_junk(parent):
            measured += 1
            if measured > _MOST_MEASURED or not _holds_article(parent):
                return True
        parent = parent.parent
    return False


def _holds_article(node: LexborNode) -> bool:
    """Return whether an element that its name calls junk holds a headline and some paragraphs."""
    if node.css_first("h1") is None or not is_junk_by_name(node):
        return False
    return letters_in_paragraphs(node) >= _LEAST_TEXT


def letters_in_paragraphs(node: LexborNode | LexborHTMLParser) -> int:
    """Return how many characters stand in the long paragraphs within an element or a page."""
    texts = (paragraph.text(strip=True) for paragraph in node.css("p")[:_MOST_PARAGRAPHS])
    return sum(len(text) for text in texts if len(text) >= _LONG_PARAGRAPH)


def _is_link_list(node: LexborNode) -> bool:
    if node.parent is not None and node.parent.tag in ("ul", "ol", "li"):
        return False  # the outer list was looked at
    links = node.css("a")
    if len(links) < _MENU_LINKS or len(links) > _MOST_LINKS:
        return len(links) > _MOST_LINKS
    linked = sum(len(link.text(strip=True)) for link in links)
    return linked > len(node.text(strip=True)) * _LINKED > 0


def _is_labelled_junk(node: LexborNode) -> bool:
    """Return whether a section names what it is for readers who hear it: its authors, other news."""
    if node.tag != "section":
        return False
    label = node.attributes.get("aria-labelledby")
    return label is not None and _is_junk(label[:_LONGEST_NAME])


def _is_table_of_contents(node: LexborNode) -> bool:
    """Return whether an element is a list of links to parts of its own page."""
    if node.tag not in _LISTS:
        return False
    links = node.css("a")[: _MOST_LINKS + 1]
    if not _LEAST_PARTS <= len(links) <= _MOST_LINKS or not all(map(_leads_within, links)):
        return False
    linked = sum(len(link.text(strip=True)) for link in links)
    return linked > len(node.text(strip=True)) * _LINKED > 0


def _leads_within(link: LexborNode) -> bool:
    address = link.attributes.get("href") or ""
    return len(address) > 1 and address.startswith("#")


@lru_cache(maxsize=4096)
def _is_junk(names: str) -> bool:
    return _JUNK.search(_INNOCENT.sub(" ", names)) is not None
