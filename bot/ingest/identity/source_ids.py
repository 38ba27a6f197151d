"""The number that a site itself gives an article, read from its address or guid (pure).

Forms: Nastooh `/news/6983317/...` and `/photo/...`, SepehrFeed and Nour News `/fa/news/1399497/...` and
`/fa/tiny/news-1399497`, a date between (`/news/1405/03/29/3620901/`), `/بخش-سیاسی-3/1234567-slug`, Drupal
`/node/12`, WordPress `?p=1981009`.

The digits before a slug (`/news/48391-slug`) are the number on some sites and words on others ("90210 turns
thirty"): they count only where a whole fetch shows that its site numbers articles so (`series_in_slugs`). A year is
none.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

from bot.ingest.identity.addresses import PAGE_ENDINGS, comparable
from bot.ingest.identity.telegram_posts import post_address
from storage.records import SiteNumber

_KINDS = re.compile(
    "news|newsdetail|detail|khabar|خبر|photo|picture|gallery|album|video|film|clip|audio|sound|podcast|media|multimedia|"
    "article|story|a|note|report|interview|content|view|doc|post|graphic|infographic|cartoon|live|newspaper|node|"
    "archives"
)
_OTHER_WORDS = {"n": "news", "print": "news", "stories": "story", "galleries": "gallery", "details": "detail"}
_WORDPRESS_POST = "archives"  # `/?p=12` and the permalink `/archives/12` are one post
_QUERY_KINDS = {"newsid": "news", "news_id": "news", "nid": "news"}
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?", re.IGNORECASE)
_SHORT_LINK = re.compile(r"([a-z]{1,12})-([0-9]{4,15})", re.IGNORECASE)
# News without the word for it: `/amp/6983317/slug` beside `/news/6983317/slug`.
_AMP_NUMBER = re.compile(r"https?://[^/?#]+/(?:fa/)?amp/([0-9]{5,15})(?=[/?#]|$)", re.IGNORECASE)
_SECTION = re.compile(r"بخش-.+-[0-9]+")
_NUMBER = re.compile(rf"([0-9]{{1,15}})(?:\.(?:{PAGE_ENDINGS}|shtml)|(?P<slug>[-_].*))?", re.IGNORECASE | re.DOTALL)
_YEAR = re.compile(r"1[34]\d\d|19\d\d|20\d\d")
_MONTH = re.compile(r"(?:1[34]|19|20)\d\d(?:0[1-9]|1[0-2])")
_DAY = re.compile(r"(?:1[34]|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_PART_OF_DATE = re.compile(r"[0-9]{1,2}")
_LONGEST_DATE = 3
"""Segments of a date."""
_LEAST_DIGITS = 5
"""The fewest digits of a number that stands behind a date or before a slug's hyphen."""
_SURELY_NUMBER = 7
_LONG_NUMBER = re.compile(r"(?:^|[-_])[a-z]?([0-9]{5,15})(?=$|[-_.])")
_ID = re.compile(r"(?=.*[0-9])[a-z0-9]{10,16}")
# fmt: off
_LISTS = frozenset((
    "page", "pages", "tag", "tags", "category", "categories", "cat", "author", "authors", "user", "users", "search",
    "topic", "topics", "archive", "label", "service",
))
_ACTS = frozenset((
    "ads", "adv", "redirect", "print", "save", "send", "share", "embed", "iframe", "login", "register", "polls",
    "calendar",
))
# fmt: on
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|mp[34]|m4[av]|webm|ogg|wav|pdf|docx?|xlsx?|pptx?|zip|rar|apk|css|js)$",
    re.IGNORECASE,
)
_QUERY_IDS = frozenset(["id", "newsid", "news_id", "nid", "aid", "articleid", "article_id", "storyid", "itemid"])
_NUMBERED_ALWAYS = frozenset({"node"})
_LEAST_IN_SLUGS = 3
_MOSTLY = 0.75

Series = tuple[str, str, str]
"""Host, kind and language of the articles that a site numbers together."""


def may_be_month(number: SiteNumber) -> bool:
    """Return whether a number may be a year and a month, such as 202611 or 140509."""
    return _MONTH.fullmatch(number.number) is not None


def site_number(*addresses: str) -> SiteNumber | None:
    """Return the news number in the first of `addresses` that has one; None where none has."""
    return next(
        (reading.number for address in addresses if (reading := _read(address)) and not reading.in_slug), None
    )


def slug_number(*addresses: str) -> SiteNumber | None:
    """Return the digits before the slug of the first of `addresses` that may be its number; None where none may."""
    return next((reading.number for address in addresses if (reading := _read(address)) and reading.in_slug), None)


def series_in_slugs(addresses: Iterable[str]) -> frozenset[Series]:
    """Return the series of articles whose numbers stand before their slugs, as the addresses of one fetch show.

    Nearly all addresses of a series bear a number of their own then.
    """
    forms = {form for address in addresses if (form := comparable(address))}
    numbers_of: defaultdict[Series, dict[str, str]] = defaultdict(dict)
    for form in forms:
        if (read := _read(form)) is not None and read.in_slug:
            numbers_of[series_of(read.number)][read.number.number] = read.before
    return frozenset(
        series
        for series, numbers in numbers_of.items()
        if len(numbers) >= _LEAST_IN_SLUGS
        and len(numbers) >= sum(form.startswith(tuple(set(numbers.values()))) for form in forms) * _MOSTLY
    )


def series_of(number: SiteNumber) -> Series:
    """Return the series of a number: a site numbers the articles of one kind and language."""
    return number.host, number.kind, number.language


def number_of(*addresses: str) -> str:
    """Return the digits of the news number in the first of `addresses` that has one; "" where none has."""
    number = site_number(*addresses)
    return number.number if number else ""


def bears_date(address: str) -> bool:
    """Return whether an address names its article by a date and a slug (`/2026/11/28/slug`)."""
    segments = [unquote(segment) for segment in urlsplit(comparable(address)).path.split("/")]
    lengths = {at: _date_length(segments[at : at + _LONGEST_DATE]) for at in range(len(segments))}
    return any(length > 1 and len(segments) > at + length for at, length in lengths.items())


def names_article(address: str) -> bool:
    """Return whether an address looks like that of one article rather than of a list: by a number, a date or an id.

    The number may stand anywhere behind a section, within a slug or in the query. A file, an advertisement and
    what is to be done with an article (print, save, send) are none.
    """
    parts = urlsplit(comparable(address))
    segments = [unquote(segment).lower() for segment in parts.path.split("/") if segment]
    if _FILE.search(parts.path) or not _ACTS.isdisjoint(segments):
        return False
    if _bears_sign(address):
        return True
    for at, segment in enumerate(segments):
        if segment in _LISTS:
            return False
        if _bears_number(segment) or (at and _is_id(segment, behind=segments[at - 1])):
            return True
    return _queries_id(parts.query)


def _bears_sign(address: str) -> bool:
    """Return whether an address bears what surely is an article's: its number, its date or the id of a post."""
    has_number = number_of(address) != "" or slug_number(address) is not None
    return has_number or bears_date(address) or post_address(address) != ""


def _queries_id(query: str) -> bool:
    """Return whether a query has the number of an article."""
    return any(name in _QUERY_IDS and value[0].isdecimal() for name, value in parse_qs(query).items())


def _bears_number(segment: str) -> bool:
    """Return whether a segment of a path has a long number that is no day."""
    number = _LONG_NUMBER.search(segment)
    return number is not None and not _DAY.fullmatch(number[1])


def _is_id(segment: str, *, behind: str) -> bool:
    """Return whether a segment is an id of letters and digits behind a word for a kind of article."""
    return _kind_of(behind) != "" and _ID.fullmatch(segment) is not None


@dataclass(frozen=True, slots=True)
class _Found:
    """A number in a comparable address. `before` is the address up to it; `in_slug`: it may be a slug's own."""

    number: SiteNumber
    before: str
    in_slug: bool


@lru_cache(maxsize=1024)  # an item's addresses are read by several of those above
def _read(address: str) -> _Found | None:
    form = comparable(address)
    if not form:
        return None
    parts = urlsplit(form)
    raw = [segment for segment in parts.path.split("/") if segment]
    segments = [unquote(segment) for segment in raw]
    language = _language_before(segments)
    segments = segments[1:] if language else segments
    kind, number, at = _number_in(segments, parts.query)
    if not number and (amp := _AMP_NUMBER.match(address.strip())):
        kind, number, at = "news", amp[1], 0
    if not int(number or "0"):
        return None
    before = "".join(f"/{segment}" for segment in raw[: at + bool(language)])
    in_slug = at < len(segments) and _is_in_slug(segments[at], number)
    site_number = SiteNumber(parts.netloc, kind, language, str(int(number)))
    return _Found(site_number, f"https://{parts.netloc}{before}/", in_slug)


def _language_before(segments: Sequence[str]) -> str:
    """Return the language that a path begins with, "" where it names none."""
    has_language = len(segments) > 1 and _LANGUAGE.fullmatch(segments[0]) is not None
    return segments[0].lower() if has_language else ""


def _is_in_slug(segment: str, digits: str) -> bool:
    """Return whether a slug follows the digits, so that they may be its own; as many as numbers have are none."""
    return len(digits) < _SURELY_NUMBER and segment.startswith((f"{digits}-", f"{digits}_"))


def _number_in(segments: list[str], query: str) -> tuple[str, str, int]:
    """Return (kind, digits, place of their segment) of a path's number, else of the query's, behind all of it."""
    return _in_path(segments) or (*_in_query(query, at_root=not segments), len(segments))


def _in_path(segments: list[str]) -> tuple[str, str, int] | None:
    """Return (kind, digits, place of their segment) of the first kind's word that a number follows."""
    for at, segment in enumerate(segments):
        in_section = _SECTION.fullmatch(segment) is not None
        kind = "news" if in_section else _kind_of(segment)
        place = at + 1 + _date_length(segments[at + 1 : at + 1 + _LONGEST_DATE])
        if kind and (digits := _number_at(segments, place, dated=place > at + 1, kind=kind)):
            return "/".join((*segments[:at], kind)), digits, len(segments) if in_section else place
        short = _SHORT_LINK.fullmatch(segment) if at and segments[at - 1] == "tiny" else None
        if short and (kind := _kind_of(short[1])):
            return "/".join((*segments[: at - 1], kind)), short[2], at
    return None


def _kind_of(word: str) -> str:
    """Return the kind that a word of a path stands for, its plural as its singular; "" for any other word."""
    word = word.lower()
    word = _OTHER_WORDS.get(word, word)
    return next((kind for kind in (word, word.removesuffix("s")) if _KINDS.fullmatch(kind)), "")


def _date_length(segments: list[str]) -> int:
    """Return how many of the segments behind a kind's word are a date in front of others."""
    if len(segments) < 2 or not _YEAR.fullmatch(segments[0]):
        return 0
    parts = 1
    while parts < min(_LONGEST_DATE, len(segments)) and _PART_OF_DATE.fullmatch(segments[parts]):
        parts += 1
    return parts


def _number_at(segments: list[str], place: int, *, dated: bool, kind: str) -> str:
    """Return the digits that the segment at `place` begins with; "" for a date and for the words of a slug."""
    match = _NUMBER.fullmatch(segments[place]) if place < len(segments) else None
    if match is None or _is_date(match[1], kind):
        return ""
    if dated or match["slug"]:
        round_count = match["slug"] and match[1].endswith("000")  # «10000-steps» counts steps
        return match[1] if len(match[1]) >= _LEAST_DIGITS and not round_count else ""
    behind = segments[place + 1 : place + 2]
    return "" if _begins_date(match[1], behind) or _is_sections(match[1], behind) else match[1]


def _is_date(digits: str, kind: str) -> bool:
    """Return whether digits behind a kind's word are a day, or a year where articles have other numbers."""
    is_year = _YEAR.fullmatch(digits) is not None and kind not in _NUMBERED_ALWAYS
    return is_year or _DAY.fullmatch(digits) is not None


def _begins_date(digits: str, behind: Sequence[str]) -> bool:
    if not behind or not _PART_OF_DATE.fullmatch(behind[0]):
        return False
    # `/news/28/11/2026/` and `/news/98/11/28/`, or `/news/202611/28/`.
    return len(digits) <= 2 or _MONTH.fullmatch(digits) is not None


def _is_sections(digits: str, behind: Sequence[str]) -> bool:
    """Return whether digits number a section, and not less of them behind it an article: `/news/12/1001`."""
    match = _NUMBER.fullmatch(behind[0]) if behind else None
    return match is not None and len(match[1]) >= len(digits)


def _in_query(query: str, *, at_root: bool) -> tuple[str, str]:
    """Return (kind, digits) of a parameter that names an article, ("", "") where there is none."""
    parameters = parse_qs(query)
    names = {"p": _WORDPRESS_POST, **_QUERY_KINDS} if at_root else _QUERY_KINDS
    for name, kind in names.items():
        value = parameters.get(name, [""])[0]
        if value.isascii() and value.isdecimal() and len(value) <= 15:
            return kind, value
    return "", ""
