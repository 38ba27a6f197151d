"""The publication date of an article, from its page (pure). Instants are milliseconds UTC."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from bot.ingest.markup.boilerplate import is_clock
from bot.ingest.markup.dates import has_clock, is_date_word, read_date
from bot.ingest.markup.dom import attribute, node_text
from bot.ingest.markup.metadata_labels import labelled_dates
from bot.ingest.markup.relative_dates import read_relative_date
from bot.ingest.page.document import PageDocument
from bot.ingest.page.headings import elements_around
from bot.ingest.page.site_profiles import SiteProfile
from bot.ingest.page.stamps import Stamp, changed_stamps, lesser_stamps, own_stamps, with_offset
from bot.newsroom.paragraphs import ends_sentence
from persian.digits import to_ascii
from persian.direction import is_in_arabic_script
from persian.foreign_text import one_line
from persian.jalali import parse_datetime
from persian.normalise import match_key, tokens

_ABOVE_CHARS = 120
_BESIDE_CHARS = 200
_MOST_TIMES = 3
_MOST_PLACES = 3
_MOST_HINTS = 200
_MINUTE = 60_000
_TWO_DAYS = 2 * 24 * 60 * _MINUTE
_TODAY = "امروز"
_FIRST = "-01"
_UTC = ZoneInfo("UTC")
_UNIX = re.compile(r"\d{10}(?:\d{3})?")
_TIME = re.compile(r"\d{1,2}:\d\d|\dT\d{4}")
# A second time behind the first is an offset that has lost its "+".
_MIDNIGHT = re.compile(r"(?<!:\d\d)[T\s]00:?00(?::?00(?:\.0+)?)?\s*(?:Z|[A-Z]{3}|[+-]\d\d:?\d\d)?$")
# Month first or day first: htmldate would guess.
_SLASHED = re.compile(r"\s*\d{1,2}/\d{1,2}/\d{2,4}")
_GREGORIAN = re.compile(
    r"(?<![\d.])\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)"
    r"|(?<!\d)\d{1,2}\.?\s+[^\W\d_]{3,10}\.?,?\s+(?:19|20)\d\d(?!\d)|\b[^\W\d_]{3,10}\.?\s+\d{1,2},\s+(?:19|20)\d\d(?!\d)"
)
# The date of a change, up to that of publication.
_CHANGED = re.compile(
    r"(?:ب(?:ه[\s\u200c]?)?روز[\s\u200c]?رسانی|ویرایش|آخرین تغییر|اصلاح|updated|modified)"
    r"(?:.{0,60}?(?=انتشار|درج|مخابره|published)|.{0,45})",
    re.IGNORECASE,
)
_DAY_PATH = re.compile(r"/(?:19|20)\d\d(?:([/-])\d\d?\1\d\d?|[/-]?\d{4})(?=[/-]|$)")
_WRITTEN_DAY = re.compile(r"^((?:19|20)\d\d)-?(\d\d)-?(\d\d)")
# Times that a Jalali date is not read with: of half a day, or in words.
_OTHER_CLOCK = re.compile(
    r"\d\s?(?:[بق] ?\.? ?ظ|بعد ?از ?ظهر|قبل ?از ?ظهر|[ap]\.?m\b)|ساعت\s?\d{1,2}\s?و\s?\d{1,2}", re.IGNORECASE
)
_JALALI_PATH = re.compile(r"/(1[34]\d\d)(?:/(\d\d?)/(\d\d?)(?=/|$)|(\d\d)(\d\d)\d{4,8}(?=[/?#]|$))")
_LINES_BEHIND, _LINES_ABOVE = 8, 3
_SITE_HEADERS = "body > header, body > div > header, body > #header, body > .header, [role=banner]"
_MOST_HEADERS = 5
_LONGEST_LINE = 160
_PARTS = re.compile(r"[|•·:]|\s[-–—]\s")


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

    A visible Jalali date of the site's system or behind its label comes first, then the metadata, then one in a
    line beside the title, then what htmldate finds, then the address and what is counted back from now
    («۲ روز پیش»). Where the first is a day, an instant on that day takes its place. A date elsewhere, as today's in
    the header, a comment's or one that the text tells of, is never taken.
    """
    chosen: PublicationDate | None = None
    for date in _dates(page, profile, title, zone, now=now):
        chosen = chosen or date
        if not chosen.is_day:
            break
        if not date.is_day and _day(date.at, zone) == _day(chosen.at, zone):
            chosen = date
            break
    return replace(chosen, at=min(_instant(page, chosen, zone), now)) if chosen is not None else None


def _instant(page: PageDocument, date: PublicationDate, zone: ZoneInfo) -> int:
    """Return the instant of a date, with the offset that another stamp of the page gives the same clock."""
    if date.is_day:
        return date.at
    others = (text for stamps in (own_stamps(page), lesser_stamps(page)) for _, text in stamps)
    stamp = with_offset(date.words, (*others, *changed_stamps(page)))
    agreed = read_date(stamp, zone) if stamp else None
    return agreed if agreed is not None else date.at


def _dates(
    page: PageDocument, profile: SiteProfile, title: str, zone: ZoneInfo, *, now: int
) -> Iterator[PublicationDate]:
    """Yield the dates of a page, from the most to the least trustworthy."""
    marked = [(sel, node_text(node)) for sel in profile.date for node in page.tree.css(sel)[:_MOST_TIMES]]
    yield from _jalali_dates(page, marked, zone)
    stamps = _published_first(list(_stamped_dates(own_stamps(page), zone)), page, zone)
    yield from _shown_before(stamps, page, title, zone)
    yield from stamps
    yield from _stamped_dates(_hidden_stamps(page, title), zone)
    yield from _stamped_dates([("time beside the title", _time_of_heading(page, title, zone))], zone)
    yield from _beside_title(page, title, zone, now, is_stamped=bool(stamps))
    yield from (date for place, text in marked if (date := _visible(text, zone, place)) is not None)
    yield from _stamped_dates(_lesser_stamps(page, zone, now), zone)
    for date in (_in_address(page, zone), _relative(page, title, zone, now)):
        if date is not None:
            yield date


def _jalali_dates(
    page: PageDocument, marked: Sequence[tuple[str, str]], zone: ZoneInfo
) -> Iterator[PublicationDate]:
    """Yield the Jalali dates that readers see: those that the site's system marks, then those behind a label."""
    labelled = (("label of the date", text) for text in labelled_dates(page.text))
    for place, text in (*marked, *labelled):
        if parse_datetime(text, zone) is not None and (date := _visible(text, zone, place)) is not None:
            yield date


def _stamped_dates(stamps: Iterable[tuple[str, str]], zone: ZoneInfo) -> Iterator[PublicationDate]:
    """Yield the dates of a machine's stamps, each of which comes behind its place."""
    for place, stamp in stamps:
        if (date := _stamped(stamp, zone, place)) is not None:
            yield date


def _hidden_stamps(page: PageDocument, title: str) -> Iterator[tuple[str, str]]:
    """Yield the stamp of an article that a page leaves to its scripts, behind its place."""
    hidden = page.hidden_article(title)
    if hidden is not None:
        yield "data of the page for its scripts", hidden.published


def _beside_title(
    page: PageDocument, title: str, zone: ZoneInfo, now: int, *, is_stamped: bool
) -> Iterator[PublicationDate]:
    """Yield the dates in lines beside the title; from left to right, what htmldate finds comes before them.

    It is not asked where the page has a stamp.
    """
    near = list(_near_title(page, title, zone))
    if is_in_arabic_script(title):
        trusted, clocks = near, []
    else:
        # From left to right, htmldate reads better what is Gregorian; the line may tell the time.
        trusted = [date for date in near if parse_datetime(date.words, zone) is not None]
        clocks = [date for date in near if not date.is_day]
    yield from trusted
    if not is_stamped and not trusted:
        guessed = _guessed(page, title, zone, now=now, shown=[_day(date.at, zone) for date in clocks])
        yield from (guessed, *clocks) if guessed is not None else near


def _lesser_stamps(page: PageDocument, zone: ZoneInfo, now: int) -> Iterator[Stamp]:
    """Yield the stamps that may be of something else than the publication, those of mouse-overs among them."""
    yield from lesser_stamps(page)
    # What is counted back from now has its date where the mouse rests.
    for node in page.tree.css("[title]")[:_MOST_HINTS]:
        if _counts_back(node, zone, now):
            yield "title", attribute(node, "title")
    # The microformat of Blogger's templates.
    for node in page.tree.css("abbr.published[title]")[:1]:
        yield "abbr", attribute(node, "title")


def _published_first(stamps: list[PublicationDate], page: PageDocument, zone: ZoneInfo) -> list[PublicationDate]:
    """Return the dates of stamps; where the first is that of the last change, an earlier one comes before it.

    The first stays where the page's JSON-LD names it, too.
    """
    if len(stamps) < 2 or stamps[0].is_day or read_date(page.data.published, zone) == stamps[0].at:
        return stamps
    first = stamps[0].at
    changes = (read_date(text, zone) for text in changed_stamps(page))
    if not any(at is not None and abs(at - first) < _MINUTE for at in changes):
        return stamps
    earlier = [date for date in stamps[1:] if not date.is_day and date.at <= first - _MINUTE]
    return earlier[:1] + stamps


def _shown_before(
    stamps: list[PublicationDate], page: PageDocument, title: str, zone: ZoneInfo
) -> list[PublicationDate]:
    """Return the day that stands beside the title, where all stamps are a later day on which the page was changed.

    Some systems name the day of the last change as that of the publication.
    """
    changed = read_date(page.data.changed, zone)
    if changed is None or not stamps or any(_TIME.search(stamp.words) for stamp in stamps):
        return []
    if not all(stamp.is_day and abs(stamp.at - changed) <= _TWO_DAYS for stamp in stamps):
        return []
    near = [date for date in _near_title(page, title, zone) if date.is_day]
    return [date for date in near[:1] if date.at < changed - _TWO_DAYS]


def _time_of_heading(page: PageDocument, title: str, zone: ZoneInfo) -> str:
    """Return the stamp of the one <time> that stands with the title in one element, "" for none."""
    for around in elements_around(page.tree, title):
        stamps = _published_stamps(around, zone)
        if stamps:
            return stamps[0] if len(stamps) == 1 else ""
    return ""


def _published_stamps(node: LexborNode, zone: ZoneInfo) -> list[str]:
    """Return the stamps of the times within an element that are not those of a change."""
    times = (inner for inner in node.css("time[datetime]") if not _CHANGED.search(_names(inner)))
    return [attribute(inner, "datetime") for inner in times if not _says_another_day(inner, zone)]


def _says_another_day(time: LexborNode, zone: ZoneInfo) -> bool:
    """Return whether a <time> shows another day than its stamp, which is that of a change then."""
    shown, stamp = (read_date(text, zone) for text in (node_text(time), attribute(time, "datetime")))
    return shown is not None and stamp is not None and abs(shown - stamp) > _TWO_DAYS


def _names(node: LexborNode) -> str:
    return f"{attribute(node, 'class')} {attribute(node, 'itemprop')}"


def _counts_back(node: LexborNode, zone: ZoneInfo, now: int) -> bool:
    return read_date(attribute(node, "title"), zone) is not None and (
        read_relative_date(node_text(node), zone, now) is not None
    )


def _stamped(text: str, zone: ZoneInfo, place: str) -> PublicationDate | None:
    """Return the date of a machine's stamp; one at midnight sharp is the day that is written in it."""
    at = read_date(text, zone) if text else None
    if at is None:
        return None
    plain = to_ascii(text).strip()
    is_day = not (_TIME.search(plain) or _UNIX.fullmatch(plain)) or _MIDNIGHT.search(plain) is not None
    day = _day_of(plain, zone) if is_day else None
    return replace(day or PublicationDate(at, is_day), words=one_line(text), place=place)


def _near_title(page: PageDocument, title: str, zone: ZoneInfo) -> Iterator[PublicationDate]:
    """Yield the dates that stand in lines of their own behind the title, then above it.

    One with a clock comes before a mere day, one of a change behind all others. What a sentence tells of is a
    date of the past.
    """
    lines = list(_lines_beside(page, title))
    for written in ([_CHANGED.sub(" ", line) for line in lines], lines):
        read = ((line, _visible(line, zone, "text beside the title")) for line in _with_clocks(written))
        dates = [date for line, date in read if date is not None and (not date.is_day or _is_bare_day(line))]
        yield from sorted(dates, key=lambda date: date.is_day)


def _with_clocks(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines; a mere day that is followed or preceded by a mere time of day has that behind it."""
    for at, line in enumerate(lines):
        near = [other for other in (*lines[at + 1 : at + 2], *lines[max(0, at - 1) : at]) if is_clock(other)]
        yield f"{line} {near[0]}" if near and not has_clock(line) and _is_bare_day(line) else line


def _lines_beside(page: PageDocument, title: str) -> Iterator[str]:
    """Yield the short lines close behind the title, then those right above it; not what names today."""
    lines, key = page.lines, match_key(title)
    places = [at for at, line in enumerate(lines) if key in match_key(line) and len(line) <= len(title) * 2]
    if not key or not places:
        return
    first = places[0]
    last = max(at for at in places if at <= first + _LINES_BEHIND)
    yield from filter(_may_hold_date, lines[last + 1 : last + 1 + _LINES_BEHIND])
    above = [line for line in reversed(lines[max(0, first - _LINES_ABOVE) : first]) if _may_hold_date(line)]
    header = _header_of_site(page) if above else ""
    yield from (line for line in above if line not in header)


def _header_of_site(page: PageDocument) -> str:
    """Return the text of the headers of a page that are not its article's: they have the date of today."""
    nodes = page.tree.css(_SITE_HEADERS)[:_MOST_HEADERS]
    return " ".join(node_text(node) for node in nodes if node.css_first("h1, h2, [itemprop]") is None)


def _may_hold_date(line: str) -> bool:
    """Return whether a line is neither text nor about today."""
    return len(line) <= _LONGEST_LINE and not ends_sentence(line) and _TODAY not in line


def _is_bare_day(line: str) -> bool:
    """Return whether a part of a line is a day and nothing else: «سالگرد ۱۵ خرداد ۱۳۴۲» is a headline."""
    parts = (tokens(part) for part in _PARTS.split(line))
    return any(words and all(word.isdecimal() or is_date_word(word) for word in words) for words in parts)


def _visible(text: str, zone: ZoneInfo, place: str) -> PublicationDate | None:
    """Return the date that people read in a text; None where there is none."""
    at = None if _OTHER_CLOCK.search(text) else parse_datetime(text, zone)
    if at is None and (at := read_date(text, zone)) is None:
        return None
    return PublicationDate(at, is_day=not has_clock(text), words=one_line(text), place=place)


def _relative(page: PageDocument, title: str, zone: ZoneInfo, now: int) -> PublicationDate | None:
    """Return the date that a line beside the title counts back from `now`."""
    for line in _lines_beside(page, title):
        if (relative := read_relative_date(line, zone, now)) is not None:
            return PublicationDate(relative.instant(zone), relative.clock is None, line, "text beside the title")
    return None


def _in_address(page: PageDocument, zone: ZoneInfo) -> PublicationDate | None:
    """Return the Jalali day that a page's address names, as a path or as the beginning of a long news number."""
    match = _JALALI_PATH.search(page.url)
    at = read_date("/".join(filter(None, match.groups())), zone) if match is not None else None
    return PublicationDate(at, is_day=True, words=match[0], place="address") if match and at is not None else None


def _guessed(
    page: PageDocument, title: str, zone: ZoneInfo, *, now: int, shown: Sequence[str]
) -> PublicationDate | None:
    """Return the day that htmldate finds on a page, or one beside the title where that one is not there.

    `shown` are days that lines beside the title name with a clock.
    """
    if page.lxml_tree is None or any(_SLASHED.match(stamp) for _, stamp in own_stamps(page)):
        return None
    day = _guessed_day(page, title, shown, latest=_day(now, zone))
    guessed = _day_of(day, zone)
    return replace(guessed, words=day, place="found by htmldate") if guessed is not None else None


def _guessed_day(page: PageDocument, title: str, shown: Sequence[str], *, latest: str) -> str:
    """Return that day as it is written in ISO form, "" for none; `latest` is written so, too."""
    from htmldate import find_date as guess  # loads slowly, and few pages need it

    # What is Gregorian in the text of a page that is written from right to left is hardly its date.
    day = guess(
        page.lxml_tree,
        url=page.url or None,
        original_date=True,
        extensive_search=not is_in_arabic_script(title),
        max_date=latest,
    )
    if not _DAY_PATH.search(page.url) and day not in shown:
        written = (f"<html><body><time>{text}</time></body></html>" for text in _beside(page.text, title))
        near = [guess(markup, extensive_search=False, max_date=latest) for markup in written]
        day = day if day in near else next(filter(None, near), day)
    return day if day and (not day.endswith(_FIRST) or _is_written(day, page)) else ""


def _is_written(day: str, page: PageDocument) -> bool:
    """Return whether a page names a day in ISO form, and not only its month or year, as that of a copyright.

    htmldate makes their first day of these.
    """
    if any(day.replace("-", sign) in page.markup for sign in ("-", "/", "")) or _DAY_PATH.search(page.url):
        return True
    return any(read_date(text, _UTC) == read_date(day, _UTC) for text in _GREGORIAN.findall(page.text))


def _beside(text: str, title: str) -> list[str]:
    """Return what is written like a day of the Gregorian calendar close behind the title, then close above it.

    Of the places at which the title stands, the first that has any counts.
    """
    place = text.find(title[:60])
    for _ in range(_MOST_PLACES):
        if place < 0:
            break
        end = place + len(title)
        behind = _GREGORIAN.findall(text[end : end + _BESIDE_CHARS])
        if near := behind[:2] + _GREGORIAN.findall(text[max(0, place - _ABOVE_CHARS // 2) : place])[-1:]:
            return near
        place = text.find(title[:60], end)
    return []


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
