"""The address of an entry's article among all that its feed names (pure)."""

import re
from collections.abc import Iterator
from typing import Any

from bot.ingest.feed.raw_fields import text_field
from bot.ingest.identity.addresses import comparable, host_of
from bot.ingest.markup.sanitise import absolute_url
from persian.direction import is_rtl, runs_rtl

_PAGES = ("text/html", "application/xhtml+xml", "text/plain", "")
_NO_ARTICLES = (
    "application/json",
    "application/feed+json",
    "application/rss",
    "application/atom",
    "text/xml",
    "application/xml",
)
_GUID_ADDRESS = re.compile(r"https?://|/(?=[^/\s]+\S*$)", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\.{0,2}/[^\s/]\S*|//[\w-]+\.[^\s/]+/\S+|\?\w+=\S+|[\w.%-]++/[^\s:]+|[\w%-]{3,200}+\.(?:html?|php|aspx?)(?:\?\S*)?"
)
# FeedBurner and its like count the readers who pass; where they lead is not to be read from them.
_COUNTER = re.compile(
    r"https?://(?:[^/?#]++/~r/[^/?#]++/~\d/|(?:[\w.-]+\.)?feedsportal\.com/|feeds\.feedblitz\.com/~/)",
    re.IGNORECASE,
)
_ORIGINAL = ("feedburner_origlink", "pheedo_origlink")


def article_link(raw: Any, url: str, *, site: str, language: str, title: str) -> str:
    """Return the absolute address of an entry's article, "" for none.

    An alternate that is a web page counts before other documents, one in the feed's language before others, any
    before the canonical link; a feed without a language has that of its title. Links to the entry itself, to its
    files and to lists of data are none. A guid that is an address stands in for a missing link, for one to the
    site's front page, and for one by way of a counter of readers; a permalink may be relative to `site`, the feed's
    page.
    """
    for name in _ORIGINAL:
        if original := absolute_url(text_field(raw, name), url):
            return original
    alternates = sorted(_alternates(raw, url, language, title))
    guid = text_field(raw, "id").strip()
    if alternates:
        return _own_address(guid, alternates[0][-1])
    if raw.get("guidislink") and _RELATIVE.fullmatch(guid):
        return absolute_url(guid, site or url)
    return absolute_url(guid, url) if _GUID_ADDRESS.match(guid) else ""


def counts_readers(address: str) -> bool:
    """Return whether an address leads to an article by way of a counter of readers."""
    return _COUNTER.match(address) is not None


def _own_address(guid: str, link: str) -> str:
    """Return the address of an entry whose link is `link`: where that is no article's, its guid may be one."""
    if not _GUID_ADDRESS.match(guid):
        return link
    if counts_readers(link):
        return absolute_url(guid, link) if comparable(guid) and not counts_readers(guid) else link
    if comparable(link):
        return link
    named = absolute_url(guid, link)
    return named if comparable(named) and host_of(named) == host_of(link) else link


def _alternates(raw: Any, url: str, language: str, title: str) -> Iterator[tuple[bool, bool, int, int, str]]:
    """Yield the alternates with what they are sorted by: relation, kind of document, language, place."""
    for place, link in enumerate(raw.get("links", ())):
        relation = text_field(link, "rel").lower().rpartition("/")[2].split(" ")[0]
        kind = text_field(link, "type").lower().partition(";")[0].strip()
        if relation not in ("alternate", "", "canonical") or kind.startswith(_NO_ARTICLES):
            continue
        if kind.endswith("+json") or not (address := absolute_url(text_field(link, "href"), url)):
            continue
        foreignness = _foreignness(text_field(link, "hreflang").lower(), language, title)
        yield relation == "canonical", kind not in _PAGES, foreignness, place, address


def _foreignness(of_link: str, language: str, title: str) -> int:
    """Return 0 for the language of the feed or title, 1 where none is told, 2 for another."""
    if not of_link:
        return 1
    same = of_link[:2] == language if language else runs_rtl(of_link) == is_rtl(title)
    return 0 if same else 2
