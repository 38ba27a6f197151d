"""The text of an XML feed, mended where it is no XML, and cut into its entries (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from html.entities import html5

from bot.errors import SourceError
from bot.ingest.feed.misread import without_misread

_ASIDE = r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
_BEGINNING = re.compile(r"<\?xml\b|<(?:[\w-]+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_ROOT = re.compile(r"<((?:[\w-]+:)?(?:rss|feed|rdf))\b[^<>]*>", re.IGNORECASE)
_SECURE_SPACE = re.compile(r"(\sxmlns(?::[\w.-]+)?\s*=\s*[\"'])\s*https?://", re.IGNORECASE)
_OWN_SPACE = re.compile(r"\sxmlns\s*=\s*(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_FAR = 20_000
_OPENING = re.compile(r"<(?!(?:br|img|hr|wbr|p|li|input)\b)[A-Za-z]")
_MOST_OPEN = 50_000
# The parser looks through what it has of these for each one more.
_REPEATED = re.compile(
    r"<(?:[\w-]+:)?(?:category|subject|keywords|tag|link|enclosure|content|thumbnail|author|contributor|person)\b",
    re.IGNORECASE,
)
_MOST_REPEATED = 1_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENDS = r"</(?:title|description|link|guid|category|content:encoded|dc:creator|author|pubDate)\s*>"
# A CDATA section that lacks its end, or the last sign of it, would run on to that of the next one.
_TORN_CDATA = re.compile(rf"\]\](?=\s*{_ENDS})")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_SECTIONS = re.compile(rf"<!\[CDATA\[|\]\]>|{_ENDS}")
_STRAY = re.compile(
    rf"({_ASIDE})|&(?!(?:lt|gt|amp|quot|apos|#\d{{1,7}}|#x[\da-fA-F]{{1,6}});)(?:([a-zA-Z][a-zA-Z\d]{{1,30}});)?"
    r"|<(?!/?[A-Za-z_:]|[!?])|\]\]>",
    re.DOTALL,
)
_REFERENCE = re.compile(r"&#(?:(\d{1,7})|x([\da-fA-F]{1,6}));(?:&#(?:(\d{1,7})|x([\da-fA-F]{1,6}));)?")
_ENTRY = re.compile(rf"{_ASIDE}|<(/?)((?:[\w.-]+:)?(?:item|entry))(?=[\s>/])[^<>]*>", re.DOTALL | re.IGNORECASE)
_END = re.compile(r"</(?:[\w-]+:)?(?:channel|rss|feed|rdf)\s*>", re.IGNORECASE)
_CHANNEL = re.compile(r"<((?:[\w-]+:)?channel)\b", re.IGNORECASE)
_NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "georss": "http://www.georss.org/georss",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """A feed in parts: `head` goes before its `entries`, `tail` behind; `root` is what opens around an entry alone.

    Whatever stands between entries belongs to the tail. `is_torn` tells of a feed that breaks off: nothing ends it.
    """

    head: str
    entries: tuple[str, ...]
    tail: str
    root: str
    is_torn: bool = False

    def holding(self, entries: Sequence[str]) -> str:
        """Return the text of the feed with these entries only."""
        return f"{self.head}{''.join(entries)}{self.tail}{_missing_ends(self.head, self.tail)}"

    def alone(self, entry: str) -> str:
        """Return the text of a feed that has nothing but one entry."""
        return f"{self.root}{entry}{_missing_ends(self.root, '')}"


def xml_document(text: str) -> XmlDocument:
    """Mend the text of a feed and cut it. An entry that has absurdly many links or categories is left out.

    Raises SourceError for one that leaves absurdly many elements open, or has as many links or categories outside
    its entries: parsers take ages over these.
    """
    if len(_OPENING.findall(text)) - text.count("</") - text.count("/>") > _MOST_OPEN:
        raise SourceError("the feed leaves too many elements open")
    text = _usual_spaces(_declared(_mended(_from_beginning(text))))
    opening = _ROOT.search(text) or _CHANNEL.search(text)
    if opening is None:
        return XmlDocument(text, (), "", "")
    entries, around = _cut(text)
    if sum(len(_REPEATED.findall(part)) for part in around) > _MOST_REPEATED + len(entries):
        raise SourceError("the feed has too many links or categories of its own")
    entries = [entry for entry in entries if len(_REPEATED.findall(entry)) <= _MOST_REPEATED]
    end = re.search(rf"</{re.escape(opening[1])}\s*>", around[-1])
    if end and len(around) > 1:
        around[-1] = around[-1][: end.end()]
    root = opening[0] + _channel_around(opening[1], around[0])
    without = without_misread(text)
    is_torn = _END.search(around[-1]) is None
    return XmlDocument(around[0], tuple(map(without, entries)), "".join(around[1:]), root, is_torn)


def _from_beginning(text: str) -> str:
    """Return the text of a feed without what stands in front of its first tag."""
    begin = _BEGINNING.search(text[:_FAR])
    return text[begin.start() :] if begin else text


def _channel_around(root: str, head: str) -> str:
    """Return the tag that opens a channel within an element `root` around the entries; RDF has them beside it."""
    return "<channel>" if _CHANNEL.search(head) and not root.lower().endswith("rdf") else ""


def _usual_spaces(text: str) -> str:
    """Return the text of a feed whose root names its namespaces as usual: by http, and none for RSS itself."""
    opening = _ROOT.search(text)
    if opening is None or "xmlns" not in opening[0]:
        return text
    root = _SECURE_SPACE.sub(r"\1http://", opening[0])
    if opening[1].lower() == "rss":
        root = _OWN_SPACE.sub("", root)
    return f"{text[: opening.start()]}{root}{text[opening.end() :]}"


def _mended(text: str) -> str:
    """Return `text` with what no XML may hold escaped, or gone: a bare & or <, HTML's entities, controls."""
    text = _TORN_CDATA.sub(_CDATA_END, _CONTROL.sub("", text))
    if text.count(_CDATA) > text.count(_CDATA_END):
        text = _with_ended_sections(text)
    ended = text.rfind("-->") + 1
    if text.find("<!--", ended) >= 0:  # nothing ends it: it would hide the rest of the feed
        text = text[:ended] + text[ended:].replace("<!--", "")
    text = _STRAY.sub(_escaped, text)
    return _REFERENCE.sub(_allowed, text) if "&#" in text else text


def _with_ended_sections(text: str) -> str:
    """Return `text` with the ends of CDATA sections that lack one: before the end of the element around each."""
    kept: list[str] = []
    place, is_open, around = 0, False, -1
    for match in _SECTIONS.finditer(text):
        if match[0] == _CDATA_END:
            is_open, around = False, -1
        elif match[0] != _CDATA:
            around = match.start() if is_open and around < 0 else around
        else:
            if around >= 0:
                kept += text[place:around], _CDATA_END
                place = around
            is_open, around = True, -1
    if around >= 0:
        kept += text[place:around], _CDATA_END
        place = around
    return "".join((*kept, text[place:]))


def _escaped(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    known = html5.get(f"{match[2]};", "") if match[2] else ""
    return escape(known or match[0])


def _allowed(match: re.Match[str]) -> str:
    """Return one or two numeric references without those that XML forbids; a pair of UTF-16 becomes its letter."""
    codes = list(_codes(match))
    if len(codes) == 2 and 0xD800 <= codes[0] < 0xDC00 <= codes[1] < 0xE000:
        return chr(0x10000 + (codes[0] - 0xD800) * 0x400 + codes[1] - 0xDC00)
    if all(map(_is_allowed, codes)):
        return match[0]
    return "".join(f"&#{code};" for code in codes if 32 <= code <= 0xFFFF and _is_allowed(code))


def _codes(match: re.Match[str]) -> Iterator[int]:
    """Yield the numbers of one or two references."""
    for decimal, hexadecimal in ((match[1], match[2]), (match[3], match[4])):
        if decimal:
            yield int(decimal)
        elif hexadecimal:
            yield int(hexadecimal, 16)


def _is_allowed(code: int) -> bool:
    return code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0xFFFF < code < 0x110000


def _declared(text: str) -> str:
    """Return `text` with those of the usual namespaces declared that it uses undeclared."""
    missing = "".join(
        f' xmlns:{prefix}="{uri}"'
        for prefix, uri in _NAMESPACES.items()
        if f"<{prefix}:" in text and f"xmlns:{prefix}" not in text
    )
    return (
        _ROOT.sub(lambda root: f"<{root[1]}{missing}{root[0][len(root[1]) + 1 :]}", text, count=1)
        if missing
        else text
    )


def _cut(text: str) -> tuple[list[str], list[str]]:
    """Return the entries of a feed, each with its end, and what stands before, between and behind them."""
    entries, around = [], []
    behind = 0
    for start, end, ending in _spans(text):
        around.append(text[behind:start])
        if ending is not None:
            entries.append(text[start:end] + ending)
        behind = end
    return entries, [*around, text[behind:]]


def _spans(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Yield where each entry begins and ends, and the end that it lacks; None for one that is torn off."""
    start, name = -1, ""
    for match in _ENTRY.finditer(text):
        if not match[2] or match[0].endswith("/>"):
            continue
        if start >= 0 and (not match[1] or match[2] == name):
            yield (start, match.end(), "") if match[1] else (start, match.start(), f"</{name}>")
            start = -1
        if not match[1]:
            start, name = match.start(), match[2]
    if start >= 0:
        yield _last_span(text, start, name)


def _last_span(text: str, start: int, name: str) -> tuple[int, int, str | None]:
    """Return the span of the last entry, whose end is missing."""
    end = _END.search(text, start)
    return (start, end.start(), f"</{name}>") if end is not None else (start, len(text), None)


def _missing_ends(opened: str, closed: str) -> str:
    """Return the ends of channel and root that `closed` does not have."""
    names = [match[1] for match in (_CHANNEL.search(opened), _ROOT.search(opened)) if match]
    return "".join(f"</{name}>" for name in names if f"</{name}" not in closed and f"</{name}" not in opened)
