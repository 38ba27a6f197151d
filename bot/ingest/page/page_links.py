"""The links of a page that lead to news: its feeds, and its lists of headlines (pure)."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.ingest.identity.addresses import host_of
from bot.ingest.identity.source_ids import names_article
from bot.ingest.markup.charset import decode
from bot.ingest.markup.dom import attribute, node_text, parse_html
from bot.ingest.markup.sanitise import absolute_url
from bot.ingest.markup.text import has_letters
from bot.ingest.page.document import base_of
from bot.ingest.raw_document import RawDocument
from persian.foreign_text import one_line

_FEED_TYPES = re.compile(
    r"(?:application|text)/(?:(?:x[.-])?(?:rss|atom|rdf)(?:\+xml)?|feed\+json)|(?:application|text)/(xml|json)"
)
"""Media types of feeds; those with a group are of other data, too."""
# WordPress tells of a post's data so.
_INTERFACE = re.compile(r"/wp-json/|[?&]rest_route=|/oembed/", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"(?:^|/)(?:rss|feeds?|atom|rdf)(?:/|$|[.-][a-z]{1,5}$)|\.(?:rss|atom|rdf)$|(?:^|[/_.-])(?:rss|feed|atom)[^/]{0,20}\.xml$",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comments?|نظرات|دیدگاه", re.IGNORECASE)
_NAME_CHARS = 100
_MOST_LINKS = 3000
_MOST_FEEDS = 12
_MOST_SELECTORS = 3
_HEADLINE_WORDS = 4
_LEAST_HEADLINES = 3
_ANCESTORS = 6
_CLASS = re.compile(r"[A-Za-z][A-Za-z_-]{1,30}")
_OUTSIDE = frozenset({"nav", "footer", "form"})


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A link to what says that it is a feed, or looks like one."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class PageLinks:
    """The feeds that a page leads to, and CSS selectors of its lists of headlines, the most promising first.

    The selector "" stands for the links whose address looks like an article's.
    """

    title: str
    feeds: tuple[FeedLink, ...]
    selectors: tuple[str, ...]


def parse_page_links(document: RawDocument) -> PageLinks:
    """Read a page that was fetched from `url`. Raises SourceError for one that nests absurdly deep."""
    tree = parse_html(decode(document.body, document.content_type))
    base = base_of(tree, document.url)
    return PageLinks(
        title=one_line(node_text(tree.css_first("title")))[:_NAME_CHARS],
        feeds=_feeds(tree, base, document.url),
        selectors=_selectors(tree, base, document.url),
    )


def _feeds(tree: LexborHTMLParser, base: str, url: str) -> tuple[FeedLink, ...]:
    """Return the feeds of a page, each once: those that it declares come first, those of comments are left out."""
    feeds: dict[str, FeedLink] = {}
    for link in (*_declared(tree, base), *_linked(tree, base, host_of(url))):
        if not _COMMENTS.search(unquote(urlsplit(link.url).path)) and not _COMMENTS.search(link.title):
            feeds.setdefault(link.url, link)
    return tuple(feeds.values())[:_MOST_FEEDS]


def _declared(tree: LexborHTMLParser, base: str) -> Iterator[FeedLink]:
    for node in tree.css('link[rel~="alternate" i][href], link[rel~="feed" i][href]')[:_MOST_LINKS]:
        address = absolute_url(attribute(node, "href"), base)
        if address and _is_declared(node, address):
            yield FeedLink(address, one_line(attribute(node, "title"))[:_NAME_CHARS])


def _is_declared(link: LexborNode, address: str) -> bool:
    """Return whether a link element says that at its address there is a feed, or perhaps one."""
    kind = attribute(link, "type").partition(";")[0].strip().lower()
    relations = attribute(link, "rel").lower().split()
    match = _FEED_TYPES.fullmatch(kind)
    if match is None:
        return not kind and "feed" in relations
    return "stylesheet" not in relations and not (match[1] and _INTERFACE.search(address))


def _linked(tree: LexborHTMLParser, base: str, host: str) -> Iterator[FeedLink]:
    for node in tree.css("a[href]")[:_MOST_LINKS]:
        address = absolute_url(attribute(node, "href"), base).partition("#")[0]
        if address and host_of(address) == host and _FEED_PATH.search(urlsplit(address).path):
            yield FeedLink(address, node_text(node)[:_NAME_CHARS])


def _selectors(tree: LexborHTMLParser, base: str, url: str) -> tuple[str, ...]:
    """Return selectors of the page's lists of headlines: those with the most distinct addresses first."""
    lists: defaultdict[str, set[str]] = defaultdict(set)
    numbered: set[str] = set()
    for address, link in _headlines(tree, base, host_of(url)):
        if names_article(address):
            numbered.add(address)
        if selector := _selector_of(link):
            lists[selector].add(address)
    lists[""] = numbered
    # Links that bear a number are news by their address; a class name is only as good as its author.
    ranked = sorted(lists.items(), key=lambda item: (-len(item[1]), item[0]))
    long_enough = [selector for selector, addresses in ranked if len(addresses) >= _LEAST_HEADLINES]
    first = [""] if "" in long_enough else []
    return tuple((first + [selector for selector in long_enough if selector])[:_MOST_SELECTORS])


def _headlines(tree: LexborHTMLParser, base: str, host: str) -> Iterator[tuple[str, LexborNode]]:
    """Yield the links within a host that are headlines, each behind its address."""
    for link in tree.css("a[href]")[:_MOST_LINKS]:
        address = absolute_url(attribute(link, "href"), base).partition("#")[0]
        if address and host_of(address) == host and _is_headline(link):
            yield address, link


def _is_headline(node: LexborNode) -> bool:
    text = node_text(node)
    return has_letters(text) and len(text.split()) >= _HEADLINE_WORDS


def _selector_of(link: LexborNode) -> str:
    """Return a selector of links like this one by the classes around it; "" in a menu, or where none is named."""
    steps = [_step(link)]
    named = "." in steps[0]
    node = link.parent
    for _ in range(_ANCESTORS):
        if node is None or node.tag in ("body", "html"):
            break
        if node.tag in _OUTSIDE:
            return ""
        step = _step(node)
        if "." in step:
            steps.append(step)
            named = True
            if len(steps) > 2:
                break
        node = node.parent
    return " ".join(reversed(steps)) if named else ""


def _step(node: LexborNode) -> str:
    """Return an element by its tag and the first of its classes that no counter is in."""
    names = attribute(node, "class").split()
    steady = next((name for name in names if _CLASS.fullmatch(name)), "")
    return f"{node.tag}.{steady}" if steady else node.tag or "*"
