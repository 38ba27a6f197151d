"""Lists of feeds in OPML, in and out (pure): http://opml.org/spec2.opml"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from xml.etree import ElementTree

from bot.errors import SourceError
from bot.ingest.markup.charset import decode, is_unreadable
from bot.ingest.markup.text import cut, has_letters
from persian.foreign_text import one_line

_NAME = r"(?:\w+:)?outline\b"
# Nothing but tags stands in a list: one ends where the next begins, whatever its attributes hold.
_TAG = re.compile(
    rf"<!--.*?(?:-->|\Z)|<!DOCTYPE[^<>\[]*+(?:\[[^\[\]]*+\]\s*+)?>|(?P<end></{_NAME}\s*>)"
    rf"|(?P<outline><{_NAME})(?P<attributes>(?:(?!<{_NAME}|</).){{0,20000}}?)(?P<empty>/?)>(?=\s*(?:<|\Z))"
    rf"|(?P<broken><{_NAME}[^\n]{{0,300}})",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"(?<![\w:.-])([\w:.-]+)\s*=\s*(?:([\"'])|([^\s\"']+))")
# A quote ends a value where another attribute or nothing follows; any other is part of the value.
_VALUE_END = re.compile(r"[\"'](?=\s+[\w:.-]+\s*=|\s*[\w:.-]+\s*=\s*[\"']|\s*\Z)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});", re.IGNORECASE)
_ADDRESSES = ("xmlurl", "feedurl", "rssurl")
_TELLING = {*_ADDRESSES, "htmlurl"}
_FEED_TYPES = ("rss", "atom", "feed", "rdf", "rss1", "rss2", "pie")
_FEED_SCHEME = re.compile(r"feed(:(?://)?(?=https?:)|(?=://))", re.IGNORECASE)
_TITLE_CHARS = 200
_CATEGORY_CHARS = 60
_DEEPEST = 100
_OPML = re.compile(rf"<(?:{_NAME}|(?:\w+:)?opml\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """A feed of a list. `category` is the name of the nearest folder that has one, "" where none has."""

    url: str
    title: str
    category: str


@dataclass(frozen=True, slots=True)
class FeedList:
    """The contents of a list: its feeds in order, and what of it cannot be read, each as (piece, reason)."""

    feeds: tuple[OpmlFeed, ...]
    refused: tuple[tuple[str, str], ...]


def read_opml(body: bytes) -> FeedList:
    """Read a list of feeds, damaged or not. Raises SourceError for what is no list at all.

    Names of elements and attributes may be in any case; bare ampersands and quotes within values are taken as they
    are. Entities that a file declares for itself are not known.
    """
    text = decode(body)
    if is_unreadable(text) or not _OPML.search(text):
        raise SourceError("it has neither opml nor outline elements")
    feeds: list[OpmlFeed] = []
    refused: list[tuple[str, str]] = []
    folders: list[str] = []
    for tag in _TAG.finditer(text):
        if tag["end"] and folders:
            folders.pop()
        elif tag["broken"]:
            refused.append((one_line(tag["broken"]), "the outline is broken"))
        if not tag["outline"]:
            continue
        outline = _attributes(tag["attributes"])
        category = folders[-1] if folders else ""
        name = one_line(outline.get("text") or outline.get("title") or "")
        address = next((outline[key] for key in _ADDRESSES if outline.get(key)), "")
        if address:
            own = category or _category(outline.get("category", "").partition(",")[0].rpartition("/")[2])
            title = "" if name == address else cut(name, _TITLE_CHARS)
            feeds.append(OpmlFeed(_web_address(address), title, own))
        elif outline.get("type", "").lower() in _FEED_TYPES or outline.keys() & _TELLING:
            refused.append((name or one_line(tag[0]), "the outline has no xmlUrl"))
        if not tag["empty"] and len(folders) < _DEEPEST:
            folders.append(category if address else _category(name) or category)
    return FeedList(tuple(feeds), tuple(refused))


def write_opml(feeds: Iterable[OpmlFeed]) -> bytes:
    """Return a list of feeds, with a folder for each run of one category."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Peyk"
    body = ElementTree.SubElement(root, "body")
    for category, group in groupby(feeds, key=lambda feed: feed.category):
        folder = ElementTree.SubElement(body, "outline", text=category, title=category)
        for feed in group:
            name = one_line(feed.title) or feed.url
            ElementTree.SubElement(folder, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _attributes(markup: str) -> dict[str, str]:
    """Return the attributes of a tag by their names in lower case; of two of one name, the first."""
    ends: dict[str, list[int]] = {'"': [], "'": []}
    for end in _VALUE_END.finditer(markup):
        ends[end[0]].append(end.start())
    found: dict[str, str] = {}
    place = 0
    while attribute := _ATTRIBUTE.search(markup, place):
        value, place = attribute[3], attribute.end()
        if quote := attribute[2]:
            at = bisect_left(ends[quote], place)
            if at == len(ends[quote]):
                continue
            value, place = markup[place : ends[quote][at]], ends[quote][at] + 1
        plain = _ENTITY.sub(lambda entity: unescape(entity[0]), value)
        found.setdefault(attribute[1].lower(), plain.strip())
    return found


def _web_address(address: str) -> str:
    """Return an address as the web's: `feed:https://…` holds one, and `feed://…` stands for one."""
    scheme = _FEED_SCHEME.match(address)
    return ("" if scheme[1] else "http") + address[scheme.end() :] if scheme else address


def _category(name: str) -> str:
    """Return what a folder names its feeds' category, "" where nobody could read it."""
    return cut(one_line(name), _CATEGORY_CHARS) if has_letters(name) else ""
