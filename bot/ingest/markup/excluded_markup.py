"""Markup of a page that is no part of the article (pure)."""

import re
from functools import lru_cache

from selectolax.lexbor import LexborNode

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
    "toc|lwptoc|irpp?|vjs-no-js"
)
_JUNK = re.compile(rf"(?:^|[\s_-])(?:{_JUNK_WORDS})(?=$|[\s_-])", re.IGNORECASE)
# Class words of frameworks that hold one of the words above and mean something else.
_INNOCENT = re.compile(
    r"\b(?:has-ads?|no-ads?|(?:has|with|no)-toc|tag-[\w-]+|category-[\w-]+|with-sidebar|no-sidebar|has-sidebar|comments?-(?:open|closed)|"
    r"post-content|entry-content|widget-area-none|tgme_\w+|elementor-widget[\w-]*)\b",
    re.IGNORECASE,
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:left|right|top|text-indent)\s*:\s*-\d{3}", re.IGNORECASE
)
_LONGEST_NAME = 500
_MENU_LINKS = 4
_MOST_LINKS = 300
_LINKED = 0.8
_BESIDE = ("aside", "nav", "footer")
_LISTS = ("ul", "ol")
_LEAST_PARTS = 2


def is_dropped(node: LexborNode) -> bool:
    """Return whether an element and all in it is no text of the article: scripts, ads, share bars, related news."""
    return is_never_text(node) or is_hidden_or_junk(node) or _is_labelled_junk(node) or _is_table_of_contents(node)


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
    if not attributes:
        return False
    if _is_hidden(node, attributes):
        return True
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return names != " " and _is_junk(names[:_LONGEST_NAME])


def _is_hidden(node: LexborNode, attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes or (attributes.get("aria-hidden") == "true" and node.tag != "img"):
        return True
    style = attributes.get("style")
    return bool(style and _HIDING.search(style)) and not is_lazy(node)


def is_beside(node: LexborNode) -> bool:
    """Return whether an element stands within a sidebar, a list of related news or the like."""
    parent = node.parent
    while parent is not None and parent.tag not in ("html", "body"):
        if parent.tag in _BESIDE or is_hidden_or_junk(parent):
            return True
        parent = parent.parent
    return False


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
