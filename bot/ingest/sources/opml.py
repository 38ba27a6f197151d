"""Lists of feeds in OPML, in and out (pure): http://opml.org/spec2.opml"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import groupby
from xml.etree import ElementTree

from bot.bounds import MOST_RULES
from bot.errors import SourceError
from bot.ingest.markup.charset import decode, is_unreadable
from bot.ingest.markup.text import cut, has_letters
from bot.ingest.sources.opml_properties import (
    NAMESPACE,
    OpmlProperties,
    OpmlRule,
    attributes_of,
    attributes_of_rule,
    parts_of,
    properties_of,
    rule_of,
    with_part,
)
from bot.newsroom.limits import CATEGORY_LIMIT
from persian.foreign_text import one_line
from storage.records import SourceKind

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
# FreshRSS reads pages and other data by expressions of its own.
_READ_BY_RULES = ("html+", "xml+", "json+")
_FEED_SCHEME = re.compile(r"feed(:(?://)?(?=https?:)|(?=://))", re.IGNORECASE)
_OWN_PREFIX = re.compile(rf"xmlns:([\w.-]{{1,40}})\s{{0,20}}=\s{{0,20}}[\"']{NAMESPACE}[\"']", re.IGNORECASE)
_RULES_FOLDER = "rules for all sources"
_TITLE_CHARS = 200
_DEEPEST = 100
_NO_ADDRESS = "the outline has no xmlUrl"
_OPML = re.compile(rf"<(?:{_NAME}|(?:\w+:)?opml\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """A feed of a list, or another source of Peyk's own.

    `category` is the name of the nearest folder that has one, "" where none has. `properties` are None in a list of
    another program.
    """

    url: str
    title: str
    category: str
    properties: OpmlProperties | None = None


@dataclass(frozen=True, slots=True)
class FeedList:
    """The contents of a list: its feeds in order, and what of it cannot be read, each as (piece, reason).

    `rules` are those for all sources.
    """

    feeds: tuple[OpmlFeed, ...]
    refused: tuple[tuple[str, str], ...]
    rules: tuple[OpmlRule, ...] = ()


def read_opml(body: bytes) -> FeedList:
    """Read a list of feeds, damaged or not. Raises SourceError for what is no list at all.

    Names of elements and attributes may be in any case; bare ampersands and quotes within values are taken as they
    are. Entities that a file declares for itself are not known. Peyk's own attributes are those in its namespace.
    """
    text = decode(body)
    if is_unreadable(text) or not _OPML.search(text):
        raise SourceError("it has neither opml nor outline elements")
    reader = _ListReader({match[1].lower() for match in _OWN_PREFIX.finditer(text)})
    for tag in _TAG.finditer(text):
        reader.read_tag(tag)
    return FeedList(tuple(reader.feeds), tuple(reader.refused), tuple(reader.rules))


@dataclass(slots=True)
class _OpenOutline:
    """An outline that has not ended: the category within it, and whether it is the feed that came last.

    `lacks` is what is told of it, should it end without an outline of its own: as a feed it has no address.
    """

    category: str
    is_feed: bool = False
    lacks: str = ""


class _ListReader:
    """Reads the tags of a list one after the other; `prefixes` are those of Peyk's namespace."""

    def __init__(self, prefixes: set[str]) -> None:
        self.feeds: list[OpmlFeed] = []
        self.rules: list[OpmlRule] = []
        self.refused: list[tuple[str, str]] = []
        self._prefixes = prefixes
        self._open: list[_OpenOutline] = []

    def read_tag(self, tag: re.Match[str]) -> None:
        """Read a tag."""
        if tag["end"] and self._open:
            ended = self._open.pop()
            if ended.lacks:
                self.refused.append((ended.lacks, _NO_ADDRESS))
        elif tag["broken"]:
            self.refused.append((one_line(tag["broken"]), "the outline is broken"))
        if tag["outline"]:
            self._outline(tag, self._known(_attributes(tag["attributes"])))

    def _outline(self, tag: re.Match[str], outline: Mapping[str, str]) -> None:
        around = self._open[-1] if self._open else _OpenOutline("")
        around.lacks = ""
        name, address = _name(outline), _address(outline)
        piece = address or name or one_line(tag[0])
        opened = _OpenOutline(around.category)
        try:
            if address:
                self._feed(address, name, around.category, outline)
                opened.is_feed = True
            else:
                opened.category = _category(name) or around.category
                if not self._is_inner(outline, within_feed=around.is_feed):
                    opened.lacks = piece if _lacks_address(outline, is_empty=bool(tag["empty"])) else ""
        except SourceError as error:
            self.refused.append((piece, str(error)))
        if not tag["empty"] and len(self._open) < _DEEPEST:
            self._open.append(opened)

    def _is_inner(self, outline: Mapping[str, str], *, within_feed: bool) -> bool:
        """Read an outline that is no feed where it is a part of the feed around it, or a rule for all sources.

        Return whether it is. Raises SourceError.
        """
        if within_feed and (properties := self.feeds[-1].properties) is not None:
            self.feeds[-1] = replace(self.feeds[-1], properties=with_part(properties, outline))
            return True
        if (rule := rule_of(outline)) is not None:
            self._rule_of_all(rule)
        return rule is not None

    def _feed(self, address: str, name: str, category: str, outline: Mapping[str, str]) -> None:
        """Read the outline of a feed within that category, else in the first that it names itself.

        Raises SourceError.
        """
        if outline.get("type", "").lower().startswith(_READ_BY_RULES):
            raise SourceError("only the program that wrote the list can read it; add the page as a listing")
        own = category or _category(outline.get("category", "").partition(",")[0].rpartition("/")[2])
        title = "" if name == address else cut(name, _TITLE_CHARS)
        self.feeds.append(OpmlFeed(_web_address(address), title, own, properties_of(outline)))

    def _rule_of_all(self, rule: OpmlRule) -> None:
        if len(self.rules) >= MOST_RULES:
            raise SourceError(f"there are {MOST_RULES} rules for all sources already")
        self.rules.append(rule)

    def _known(self, outline: Mapping[str, str]) -> dict[str, str]:
        """Return the attributes with the prefix `peyk` for those of Peyk's namespace, and for no others."""
        known = {}
        for name, value in outline.items():
            prefix, _, local = name.rpartition(":")
            if prefix in self._prefixes:
                known[f"peyk:{local}"] = value
            elif prefix != "peyk":
                known[name] = value
        return known


def _name(outline: Mapping[str, str]) -> str:
    return one_line(outline.get("text") or outline.get("title") or "")


def _lacks_address(outline: Mapping[str, str], *, is_empty: bool) -> bool:
    """Return whether an outline may be meant as a feed, unless outlines within it show that it is a folder.

    Raises SourceError where it is surely meant as one, and for a list that is to be had elsewhere.
    """
    kind = outline.get("type", "").lower()
    if kind == "include" or (kind == "link" and _is_list(outline.get("url", ""))):
        raise SourceError("it names another list; import that one too")
    lacks = kind in _FEED_TYPES or bool(outline.keys() & _TELLING)
    if lacks and is_empty:
        raise SourceError(_NO_ADDRESS)
    return lacks


def _is_list(address: str) -> bool:
    return address.partition("?")[0].lower().endswith(".opml")


def _address(outline: Mapping[str, str]) -> str:
    """Return the address of a feed, or of another source of Peyk's own; "" for none.

    An outline that says that it is a feed may have its address where OPML has that of a link.
    """
    is_source = "peyk:kind" in outline or outline.get("type", "").lower() in _FEED_TYPES
    names = (*_ADDRESSES, "url") if is_source else _ADDRESSES
    return next((outline[key] for key in names if outline.get(key)), "")


def write_opml(feeds: Iterable[OpmlFeed], rules: Sequence[OpmlRule] = ()) -> bytes:
    """Return a list of feeds, with a folder for each run of one category and one for the rules for all sources."""
    root = ElementTree.Element("opml", {"version": "2.0", "xmlns:peyk": NAMESPACE})
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "Peyk"
    body = ElementTree.SubElement(root, "body")
    for category, group in groupby(feeds, key=lambda feed: feed.category):
        name = one_line(category)
        folder = ElementTree.SubElement(body, "outline", text=name, title=name)
        for feed in group:
            _write(folder, feed)
    if rules:
        folder = ElementTree.SubElement(body, "outline", text=_RULES_FOLDER, title=_RULES_FOLDER)
        _write_parts(folder, map(attributes_of_rule, rules))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _write(folder: ElementTree.Element, feed: OpmlFeed) -> None:
    name, properties = one_line(feed.title) or feed.url, feed.properties
    own = attributes_of(properties) if properties is not None else {}
    is_feed = properties is None or properties.kind is SourceKind.FEED
    # Other programs pass over what is no feed, and over what stands within one.
    where = {"type": "rss", "xmlUrl": feed.url} if is_feed else {"type": "link", "url": feed.url}
    outline = ElementTree.SubElement(folder, "outline", {"text": name, "title": name, **where, **own})
    _write_parts(outline, parts_of(properties) if properties is not None else ())


def _write_parts(outline: ElementTree.Element, parts: Iterable[dict[str, str]]) -> None:
    for part in parts:
        ElementTree.SubElement(outline, "outline", {"text": " ".join(filter(None, part.values())), **part})


def _attributes(markup: str) -> dict[str, str]:
    """Return the attributes of a tag by their names in lower case; of two of one name, the first."""
    ends: dict[str, list[int]] = {'"': [], "'": []}
    for end in _VALUE_END.finditer(markup):
        ends[end[0]].append(end.start())
    values: dict[str, str] = {}
    place = 0
    while attribute := _ATTRIBUTE.search(markup, place):
        value, place = attribute[3], attribute.end()
        if quote := attribute[2]:
            at = bisect_left(ends[quote], place)
            if at == len(ends[quote]):
                continue
            value, place = markup[place : ends[quote][at]], ends[quote][at] + 1
        plain = _ENTITY.sub(lambda entity: unescape(entity[0]), value)
        values.setdefault(attribute[1].lower(), plain.strip())
    return values


def _web_address(address: str) -> str:
    """Return an address as the web's: `feed:https://…` holds one, and `feed://…` stands for one."""
    scheme = _FEED_SCHEME.match(address)
    return ("" if scheme[1] else "http") + address[scheme.end() :] if scheme else address


def _category(name: str) -> str:
    """Return what a folder names its feeds' category, "" where nobody could read it."""
    return cut(one_line(name), CATEGORY_LIMIT) if has_letters(name) else ""
