"""The reading of a feed's items (pure): RSS 2.0 and 1.0, in JSON too, Atom, JSON Feed, news sitemaps.

Runs in the parser's own process (bot.ingest.parsing.parser): hostile XML can take long.
"""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.errors import SourceError
from bot.ingest.feed.json_feed import is_json_feed, parse_json_feed
from bot.ingest.feed.rss_json import rss_in_json
from bot.ingest.feed.sitemap import is_sitemap, parse_news_sitemap
from bot.ingest.feed.xml_feed import parse_xml_feed
from bot.ingest.items import Feed
from bot.ingest.markup.charset import decode, is_unreadable
from bot.ingest.raw_document import RawDocument
from persian.normalise import match_key

_LEAST_NAMED = 3
"""The fewest items whose titles tell that a feed writes its site's name behind each."""
_NAME_BEHIND = re.compile(r"(.*\S)\s+(?:\||::|»|[-–—])\s+(.+)", re.DOTALL)
_PARTS = re.compile(r" ?(?:\||::|»|«| [-–—] ) ?")
"""The signs between the name of a site and its motto or the word RSS, in the title of a feed."""


def parse_feed(document: RawDocument, zone: ZoneInfo) -> Feed:
    """Read a feed of any known kind. Dates without a zone are in `zone`, links are seen from `url`.

    Raises SourceError where `body` is no feed, or where most of its letters are lost. A feed with damaged entries
    gives those that can be read; one that ends within an entry gives those before it, for half of one would come
    again as another when it is whole.
    """
    text = decode(document.body, document.content_type).lstrip().lstrip("\ufeff")
    if not text:
        raise SourceError("the feed is empty")
    if is_unreadable(text):
        raise SourceError("the feed's letters cannot be read: they are in no charset that it names")
    text = rss_in_json(text) or text
    if is_json_feed(text):
        return _unsigned(parse_json_feed(text, document.url, zone))
    if is_sitemap(text):
        return parse_news_sitemap(text, document.url, zone)
    return _unsigned(parse_xml_feed(text, document.url, zone))


def _unsigned(feed: Feed) -> Feed:
    """Return a feed in which the site is the author of nothing and does not stand behind every title."""
    site = _name_parts(feed.title)
    return _without_name(_by_people(feed, site), site)


def _without_name(feed: Feed, site: set[str]) -> Feed:
    """Return a feed without its site's name at the end of each title; where one has it not, the name is news."""
    if len(feed.items) < _LEAST_NAMED:
        return feed
    alone = []
    for item in feed.items:
        named = _NAME_BEHIND.fullmatch(item.title)
        if named is None or match_key(named[2]) not in site:
            return feed
        alone.append(replace(item, title=named[1]))
    return replace(feed, items=tuple(alone))


def _by_people(feed: Feed, site: set[str]) -> Feed:
    """Return a feed in which the site itself is the author of nothing."""
    items = (
        replace(item, byline="") if item.byline and not site.isdisjoint(_name_parts(item.byline)) else item
        for item in feed.items
    )
    return replace(feed, items=tuple(items))


def _name_parts(name: str) -> set[str]:
    return {match_key(part) for part in _PARTS.split(name)} - {""}
