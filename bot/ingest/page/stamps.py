"""The machine-readable dates of a page, and what several of them tell together (pure).

Some systems write the time of their own zone as if it were UTC, or the date of a change as that of the publication.
Another stamp of the page tells then what is right.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from selectolax.lexbor import LexborNode

from bot.ingest.markup.dom import ancestors, attribute
from bot.ingest.markup.excluded_markup import is_beside
from bot.ingest.page.document import PageDocument

_MOST_TIMES = 3
_ISO = re.compile(r"((?:19|20)\d\d-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d{1,9})?)? ?(Z|[+-]\d\d:?\d\d)?")
_NO_OFFSET = frozenset(("", "Z", "+00:00", "+0000", "-00:00", "-0000"))
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "article:published:time",
    "datepublished",
    "pubdate",
)
_CREATED = ("dcterms.created",)
_LESSER = (
    "date",
    "dc.date",
    "dc.date.issued",
    "dc.date.created",
    "dcterms.date",
    "dcterms.issued",
    "publish_date",
    "publishdate",
    "publish-date",
    "publication_date",
    "published_date",
    "date_published",
    "published_time",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "article:published",
    "article.published",
    "og:published_time",
    "datecreated",
)
"""Names of <meta> elements that tell the time of a day which another place names; alone they count last."""
_CHANGED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")

Stamp = tuple[str, str]
"""The name of a place on a page, and the date that is written there."""


def own_stamps(page: PageDocument) -> Iterator[Stamp]:
    """Yield the stamps of the publication in a page's metadata, the most exact first."""
    yield from ((name, text) for name in _PUBLISHED if (text := page.meta(name)))
    yield "JSON-LD datePublished", page.data.published
    nodes = page.tree.css("[itemprop=datePublished], time[pubdate]")[:_MOST_TIMES]
    for node in [node for node in nodes if not _is_of_another(node)][:1]:
        yield "datePublished", attribute(node, "datetime") or attribute(node, "content")
    # A system may create a page long before it is published.
    yield from ((name, text) for name in _CREATED if (text := page.meta(name)))


def _is_of_another(node: LexborNode) -> bool:
    """Return whether an element stands beside the article, or in a link to another page or to a comment."""
    return is_beside(node) or any(parent.tag == "a" for parent in ancestors(node))


def lesser_stamps(page: PageDocument) -> Iterator[Stamp]:
    """Yield the stamps that may be of something else than the publication."""
    yield from ((name, text) for name in _LESSER if (text := page.meta(name)))
    for node in page.tree.css("time[datetime]")[:_MOST_TIMES]:
        yield "time[datetime]", attribute(node, "datetime")


def changed_stamps(page: PageDocument) -> Iterator[str]:
    """Yield the stamps of the last change of a page."""
    yield from filter(None, (page.data.changed, *map(page.meta, _CHANGED)))


def with_offset(stamp: str, others: Sequence[str]) -> str:
    """Return the one of other stamps that names the same minute with its offset from UTC, "" for none.

    A stamp that has an offset of its own needs none, and neither does one in UTC of which another one names the
    instant with an offset.
    """
    clock = _ISO.fullmatch(stamp)
    if clock is None or not _is_without_offset(clock):
        return ""
    named = [match for other in others if (match := _ISO.fullmatch(other.strip()))]
    zoned = [match for match in named if not _is_without_offset(match)]
    if clock[3] and any(_minute(match) == _minute(clock) for match in zoned):
        return ""
    return next((match[0] for match in zoned if match.group(1, 2) == clock.group(1, 2)), "")


def _is_without_offset(stamp: re.Match[str]) -> bool:
    return (stamp[3] or "") in _NO_OFFSET


def _minute(stamp: re.Match[str]) -> datetime | None:
    """Return the minute in UTC that a stamp names, None for one that does not exist."""
    try:
        return datetime.fromisoformat(f"{stamp[1]}T{stamp[2]}{stamp[3]}").astimezone(UTC)
    except ValueError:
        return None
