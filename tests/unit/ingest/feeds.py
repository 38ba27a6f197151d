"""Small feeds to read, made of the parts that a test is about."""

from zoneinfo import ZoneInfo

from bot.ingest.feed.feed import parse_feed
from bot.ingest.items import Feed, FeedItem
from bot.ingest.markup.sanitise import text_of
from bot.ingest.raw_document import RawDocument
from storage.records import BlockKind

TEHRAN = ZoneInfo("Asia/Tehran")
URL = "https://paper.example/feed/rss.xml"
_NAMESPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


def rss(items: str, channel: str = "") -> str:
    """An RSS feed around the XML of some items."""
    head = f"<title>روزنامهٔ نمونه</title><link>https://paper.example/</link>{channel}"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {_NAMESPACES}><channel>{head}{items}</channel></rss>'


def atom(entries: str, head: str = "") -> str:
    """An Atom feed around the XML of some entries."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>نمونه</title>{head}{entries}</feed>'


def read(text: str | bytes) -> Feed:
    """Read a feed as from the address `URL`."""
    return parse_feed(RawDocument(text.encode() if isinstance(text, str) else text, "", URL), TEHRAN)


def item(inner: str, title: str = "پل تازهٔ رود باز شد") -> FeedItem:
    """Read the one item of an RSS feed."""
    (read_item,) = read(rss(f"<item><title>{title}</title>{inner}</item>")).items
    return read_item


def entry(inner: str, head: str = "") -> FeedItem:
    """Read the one entry of an Atom feed."""
    (read_item,) = read(atom(f"<entry>{inner}</entry>", head)).items
    return read_item


def texts(read_item: FeedItem) -> list[str]:
    """The texts of an item's body, block by block, those of a list's points joined by a comma."""
    return [
        ", ".join(map(text_of, block.items)) or text_of(block.html)
        for block in read_item.body
        if block.kind is not BlockKind.IMAGE
    ]
