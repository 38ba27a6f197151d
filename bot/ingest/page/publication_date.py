"""The publication date of an article, from its page (pure). Instants are milliseconds UTC."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.ingest.markup.dates import read_date
from bot.ingest.markup.dom import node_text
from bot.ingest.page.document import PageDocument
from bot.ingest.page.metadata_labels import labelled_dates
from bot.ingest.page.site_profiles import SiteProfile
from persian.digits import to_ascii
from persian.direction import is_rtl
from persian.foreign_text import one_line
from persian.jalali import parse_clock, parse_datetime

_BEHIND_CHARS = 400
_ABOVE_CHARS = 120
_BESIDE_CHARS = 200
_MOST_TIMES = 3
_TODAY = "امروز"
_TIME = re.compile(r"\d{1,2}:\d\d|\dT\d{4}")
_MIDNIGHT = re.compile(r"[T\s]00:?00(?::?00(?:\.0+)?)?\s*(?:Z|[A-Z]{3}|[+-]\d\d:?\d\d)?$")
# Month first or day first: htmldate would guess.
_SLASHED = re.compile(r"\s*\d{1,2}/\d{1,2}/\d{2,4}")
_GREGORIAN = re.compile(
    r"(?<![\d.])\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)"
    r"|(?<!\d)\d{1,2}\.?\s+[^\W\d_]{3,10}\.?,?\s+(?:19|20)\d\d(?!\d)|\b[^\W\d_]{3,10}\.?\s+\d{1,2},\s+(?:19|20)\d\d(?!\d)"
)
# The date of a change, up to that of publication.
_CHANGED = re.compile(
    r"(?:به[\s\u200c]?روز[\s\u200c]?رسانی|ویرایش|آخرین تغییر|اصلاح|updated|modified)"
    r"(?:.{0,60}?(?=انتشار|درج|مخابره|published)|.{0,45})",
    re.IGNORECASE,
)
_DAY_PATH = re.compile(r"/(?:19|20)\d\d[/-]?\d\d?[/-]?\d\d?(?=[/-]|$)")
_WRITTEN_DAY = re.compile(r"^((?:19|20)\d\d)-?(\d\d)-?(\d\d)")
_STAMPS = ("article:published_time", "og:article:published_time", "datepublished", "pubdate", "dcterms.created")


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """An instant, or where `is_day` the first moment of a day of which the time is not known.

    `words` are those that were read, and `place` is where they stand on the page.
    """

    at: int
    is_day: bool
    words: str = ""
    place: str = ""


def find_date(
    page: PageDocument, profile: SiteProfile, title: str, zone: ZoneInfo, *, now: int
) -> PublicationDate | None:
    """Return the date of an article, at most `now`; None where its page has none that can be trusted.

    A visible Jalali date of the site's system or behind its label comes first, then the metadata, then one near
    the title, then what htmldate finds. Where the first is a day, an instant on that day takes its place. A Jalali
    date elsewhere, as today's in the header or a comment's, is never taken.
    """
    chosen: PublicationDate | None = None
    for date in _dates(page, profile, title, zone, now=now):
        chosen = chosen or date
        if not chosen.is_day:
            break
        if not date.is_day and _day(date.at, zone) == _day(chosen.at, zone):
            chosen = date
            break
    return replace(chosen, at=min(chosen.at, now)) if chosen is not None else None


def _dates(
    page: PageDocument, profile: SiteProfile, title: str, zone: ZoneInfo, *, now: int
) -> Iterator[PublicationDate]:
    """Yield the dates of a page, from the most to the least trustworthy."""
    visible = [(sel, node_text(node)) for sel in profile.date for node in page.tree.css(sel)[:_MOST_TIMES]]
    for place, text in (*visible, *(("label of the date", text) for text in labelled_dates(page.text))):
        if (at := parse_datetime(text, zone)) is not None:
            yield PublicationDate(at, parse_clock(text) is None, text, place)
    stamps = [date for place, stamp in _stamps(page) if (date := _stamped(stamp, zone, place)) is not None]
    yield from stamps
    if (date := _near_title(page.text, title, zone)) is not None or (
        not stamps and (date := _guessed(page, title, zone, now)) is not None
    ):
        yield date
    for node in page.tree.css("time[datetime]")[:_MOST_TIMES]:
        if (date := _stamped(node.attributes.get("datetime") or "", zone, "time[datetime]")) is not None:
            yield date


def _stamps(page: PageDocument) -> Iterator[tuple[str, str]]:
    """Yield the stamps that are the article's own, those of its metadata, each behind its place."""
    yield from ((name, text) for name in _STAMPS if (text := page.meta(name)))
    yield "JSON-LD datePublished", page.data.published
    for node in page.tree.css("[itemprop=datePublished], time[pubdate]")[:1]:
        yield "datePublished", node.attributes.get("datetime") or node.attributes.get("content") or ""


def _stamped(text: str, zone: ZoneInfo, place: str) -> PublicationDate | None:
    """Return the date of a machine's stamp; one at midnight sharp is the day that is written in it."""
    at = read_date(text, zone) if text else None
    if at is None:
        return None
    plain = to_ascii(text).strip()
    is_day = _TIME.search(plain) is None or _MIDNIGHT.search(plain) is not None
    day = _day_of(plain, zone) if is_day else None
    return replace(day or PublicationDate(at, is_day), words=one_line(text), place=place)


def _near_title(text: str, title: str, zone: ZoneInfo) -> PublicationDate | None:
    """Return a date with a clock behind the title, else right above it; a change's where there is no other."""
    at = text.find(title[:60])
    if at < 0:
        return None
    end = text.rfind(title[:60], at, at + _BEHIND_CHARS) + len(title)
    behind, above = text[end : end + _BEHIND_CHARS], text[max(0, at - _ABOVE_CHARS) : at]
    beside = ((behind, False), (above if _TODAY not in above else "", True))
    for near, last in (*((_CHANGED.sub(" ", text), last) for text, last in beside), *beside):
        if parse_clock(near) is not None and (instant := parse_datetime(near, zone, last=last)) is not None:
            return PublicationDate(instant, is_day=False, words=one_line(near), place="text beside the title")
    return None


def _guessed(page: PageDocument, title: str, zone: ZoneInfo, now: int) -> PublicationDate | None:
    """Return the day that htmldate finds on a page, or one beside the title where that one is not there."""
    from htmldate import find_date as guess  # loads slowly, and few pages need it

    if page.lxml_tree is None or any(_SLASHED.match(stamp) for _, stamp in _stamps(page)):
        return None

    latest = f"{datetime.fromtimestamp(now / 1000, UTC).astimezone(zone):%Y-%m-%d}"
    # What is Gregorian in the text of a page that is written from right to left is hardly its date.
    day = guess(
        page.lxml_tree,
        url=page.url or None,
        original_date=True,
        extensive_search=not is_rtl(title),
        max_date=latest,
    )
    if not _DAY_PATH.search(page.url):
        written = (f"<html><body><time>{text}</time></body></html>" for text in _beside(page.text, title))
        near = [guess(markup, extensive_search=False, max_date=latest) for markup in written]
        day = next((nearby for nearby in near if nearby), day) if day not in near else day
    guessed = _day_of(day or "", zone)
    return replace(guessed, words=day or "", place="found by htmldate") if guessed is not None else None


def _beside(text: str, title: str) -> list[str]:
    """Return what is written like a day of the Gregorian calendar close behind the title, then close above it."""
    at = text.find(title[:60])
    if at < 0:
        return []
    end = at + len(title)
    behind = _GREGORIAN.findall(text[end : end + _BESIDE_CHARS])
    return behind[:2] + _GREGORIAN.findall(text[max(0, at - _ABOVE_CHARS // 2) : at])[-1:]


def _day_of(text: str, zone: ZoneInfo) -> PublicationDate | None:
    """Return the day that a text begins with in ISO form, from its first moment in `zone`."""
    written = _WRITTEN_DAY.match(text)
    if written is None:
        return None
    try:
        first = datetime(int(written[1]), int(written[2]), int(written[3]), tzinfo=zone)
    except ValueError:
        return None
    return PublicationDate(int(first.timestamp() * 1000), is_day=True)


def _day(at: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC).astimezone(zone):%Y-%m-%d}"
