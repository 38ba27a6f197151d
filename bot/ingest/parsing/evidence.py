"""The report of what is in foreign bytes, and where each part of it comes from (pure).

Runs in the parser's own process (bot.ingest.parsing.parser).
"""

from zoneinfo import ZoneInfo

from bot.errors import SourceError
from bot.ingest.feed.feed import parse_feed
from bot.ingest.feed.sitemap import is_sitemap, parse_sitemap
from bot.ingest.identity.source_ids import bears_date, number_of
from bot.ingest.items import Feed, FeedItem, Link, PageArticle
from bot.ingest.markup.charset import decode
from bot.ingest.markup.dates import read_date
from bot.ingest.page.article_page import parse_page
from bot.ingest.page.document import PageDocument, is_front_page
from bot.ingest.page.listing import parse_listing
from bot.ingest.page.page_evidence import extent_of, page_fields, page_omissions, page_sections
from bot.ingest.page.page_links import parse_page_links
from bot.ingest.page.publication_date import PublicationDate, find_date
from bot.ingest.page.site_profiles import profile_of
from bot.ingest.page.trust import Claim, Doubt, doubt_of
from bot.ingest.parsing.reading import MOST_ITEMS, in_order
from bot.ingest.raw_document import RawDocument
from bot.ingest.source_report import DateOrigin, FieldOrigin, ItemReport, Omission, SourceReport
from persian.jalali import parse_datetime
from storage.records import SourceKind

SAMPLES = 3
"""The newest items that a report has."""

_MOST_WORDS = 40

_EAST, _WEST = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")


def explain(  # noqa: PLR0917 - the arguments of a job have no names
    document: RawDocument, zone: ZoneInfo, now: int, kind: SourceKind | None, selector: str
) -> SourceReport:
    """Report what is in a document, read as a source of that kind, or (None) as whatever it is.

    Raises SourceError where it is none of these.
    """
    match kind:
        case SourceKind.FEED:
            return _feed(parse_feed(document, zone))
        case SourceKind.LISTING:
            return _listing(document, selector)
        case SourceKind.PAGE:
            return _page(document, zone, now)
        case None:
            return _of_any_kind(document, zone, now)


def _of_any_kind(document: RawDocument, zone: ZoneInfo, now: int) -> SourceReport:
    try:
        return _feed(parse_feed(document, zone))
    except SourceError:
        if is_sitemap(decode(document.body, document.content_type)):
            return _sitemap(document, zone)
    selectors = parse_page_links(document).selectors
    try:
        page = _page(document, zone, now)
    except SourceError:
        if not selectors:
            raise
        return _listing(document, selectors[0])
    if not selectors or _is_one_article(PageDocument(decode(document.body, document.content_type), document.url)):
        return page
    return _listing(document, selectors[0])


def _is_one_article(page: PageDocument) -> bool:
    """Return whether a page with lists of headlines says that it is an article itself."""
    if is_front_page(page.url):
        return False
    declares_article = (
        page.meta("og:type") == "article" or page.data.published or page.meta("article:published_time")
    )
    return bool(declares_article or page.number_label or number_of(page.url) or bears_date(page.url))


def _feed(feed: Feed) -> SourceReport:
    items = in_order(feed.items)
    omissions = (
        Omission("entries", feed.unread, "too damaged to be read"),
        Omission("entries", max(0, len(items) - MOST_ITEMS), f"older than the newest {MOST_ITEMS}"),
    )
    newest = tuple(_item(item) for item in reversed(items[-SAMPLES:]))
    left_out = tuple(omission for omission in omissions if omission.count)
    return SourceReport(SourceKind.FEED, "feed", feed.title, len(items), newest, left_out)


def _item(item: FeedItem) -> ItemReport:
    in_guid = item.number != "" and item.number == number_of(item.guid)
    fields = (
        FieldOrigin("title", item.title, "title of the entry"),
        FieldOrigin("lead", item.summary, "summary of the entry"),
        FieldOrigin("body", extent_of(item.body), "content of the entry"),
        FieldOrigin("number", item.number, "guid" if in_guid else "address"),
        FieldOrigin("byline", item.byline, "author of the entry"),
        FieldOrigin("photo", item.photo, "picture of the entry or in its text"),
        FieldOrigin("guid", item.guid, "id of the entry"),
    )
    return ItemReport(
        url=item.url,
        fields=tuple(field for field in fields if field.value),
        date=_date(item.published_at, item.written_date, "date of the entry", is_day=False),
        sections=tuple(FieldOrigin("section", name, "category of the entry") for name in item.categories),
    )


def _listing(document: RawDocument, selector: str) -> SourceReport:
    links = parse_listing(document, selector)
    if is_sitemap(decode(document.body, document.content_type)):
        return SourceReport(SourceKind.LISTING, "sitemap", "", len(links), _linked(links, "loc of the sitemap"))
    origin = selector or "links whose address looks like an article's"
    title = parse_page_links(document).title
    return SourceReport(SourceKind.LISTING, "listing", title, len(links), _linked(links, origin), selector=selector)


def _linked(links: tuple[Link, ...], origin: str) -> tuple[ItemReport, ...]:
    return tuple(
        ItemReport(link.url, (FieldOrigin("title", link.text, origin),) if link.text else (), None, ())
        for link in links[:SAMPLES]
    )


def _sitemap(document: RawDocument, zone: ZoneInfo) -> SourceReport:
    sitemap = parse_sitemap(document, zone)
    if not sitemap.is_index:
        return _listing(document, "")
    links = tuple(Link(address, "") for address in sitemap.addresses)
    return SourceReport(SourceKind.LISTING, "sitemap index", "", len(links), _linked(links, "loc of the index"))


def _page(document: RawDocument, zone: ZoneInfo, now: int) -> SourceReport:
    article = parse_page(document, zone, now)
    page = PageDocument(decode(document.body, document.content_type), document.url)
    profile = profile_of(page)
    date = find_date(page, profile, article.title, zone, now=now)
    item = ItemReport(
        url=article.url,
        fields=page_fields(page, profile, article),
        date=_date_of_page(date, zone) if date is not None else None,
        sections=page_sections(page, profile, article),
    )
    omissions = page_omissions(page, article)
    return SourceReport(
        SourceKind.PAGE, "page", article.title, 1, (item,), omissions, doubt=_doubt(article, document.url)
    )


def _doubt(article: PageArticle, url: str) -> str:
    """Return what a page is that stands in an article's place, "" for an article."""
    doubt = doubt_of(article, Claim("", "", None, url), final_url=url, requested_url=url)
    # Nothing was announced, so it can be no other article than that.
    return "" if doubt in (None, Doubt.OTHER_ARTICLE) else str(doubt)


def _date_of_page(date: PublicationDate, zone: ZoneInfo) -> DateOrigin | None:
    words = date.words.split()[:_MOST_WORDS]
    # The text in which a date stands goes on behind it.
    prefixes = (" ".join(words[: count + 1]) for count in range(len(words)))
    read = next((prefix for prefix in prefixes if parse_datetime(prefix, zone) == date.at), date.words)
    return _date(date.at, read, date.place, is_day=date.is_day)


def _date(at: int | None, words: str, origin: str, *, is_day: bool) -> DateOrigin | None:
    return DateOrigin(at, words, origin, _has_zone(words), is_day) if at is not None else None


def _has_zone(words: str) -> bool:
    """Return whether a date names its time zone: then it is the same instant whichever zone is assumed."""
    for read in (read_date, parse_datetime):
        east, west = read(words, _EAST), read(words, _WEST)
        if east is not None:
            return east == west
    return False
