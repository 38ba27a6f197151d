"""Provenance of an article, as `peyk articles show` prints it: its items, addresses, story and page."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot.ingest.identity.decision import Reason
from bot.ingest.page.visit_policy import NEVER
from bot.newsroom.stories import first_tellings, source_names
from persian.jalali import format_ascii
from storage import article_identity, page_visits, source_items, sources, stories
from storage.engine.connection import Connection
from storage.records import Article, PageVisit
from storage.source_items import Sighting

_MOST_TELLINGS = 20
_REASONS = {
    Reason.GUID: "same guid",
    Reason.NUMBER: "same number of the site",
    Reason.ADDRESS: "same address",
    Reason.MOVED: "same title and date, the address has changed",
    Reason.TITLE: "same title and date",
    Reason.CONTRADICTED: "new: shares a sign with another article, but its other signs differ",
    Reason.NEW: "new",
}


async def provenance(connection: Connection, article: Article, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Return labelled facts about where an article came from and how its source is followed."""
    sightings = await source_items.sightings(connection, article.id)
    urls = await sources.urls(connection, {sighting.item.source_id for sighting in sightings})
    known = await article_identity.addresses_of(connection, article.id)
    shown = {sighting.item.address for sighting in sightings}
    return [
        *(fact for sighting in sightings for fact in _item(sighting, urls, zone)),
        *(("further address", address) for address in known if address not in shown),
        *await _story(connection, article),
        *_page(await page_visits.get(connection, article.id), zone),
    ]


def _item(sighting: Sighting, urls: dict[int, str], zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    item = sighting.item
    yield "brought by", f"source {item.source_id} {urls.get(item.source_id, '')}".rstrip()
    if item.guid:
        yield "guid", item.guid
    if item.address:
        yield "address", item.address
    yield "known as", _in_words(item.reason)
    yield "seen", format_ascii(sighting.seen_at, zone)


def _in_words(reason: str) -> str:
    return _REASONS[Reason(reason)] if reason in list(Reason) else reason


async def _story(connection: Connection, article: Article) -> list[tuple[str, str]]:
    facts = []
    firsts = await first_tellings(connection, [article])
    if article.id in firsts:
        first = firsts[article.id]
        facts.append(("story", f"told first by {_named(first.article.id, first.source)}"))
    retellings = await stories.retellings(connection, article.id, limit=_MOST_TELLINGS)
    names = await source_names(connection, retellings)
    return facts + [
        ("told elsewhere", f"{_named(other.id, names[other.id])}: {other.state}") for other in retellings
    ]


def _named(article_id: int, source: str) -> str:
    return f"{article_id} ({source})" if source else str(article_id)


def _page(visit: PageVisit | None, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    if visit is None:
        return
    times = "once" if visit.visits == 1 else f"{visit.visits} times"
    following = "never again" if visit.due_at >= NEVER else f"next {format_ascii(visit.due_at, zone)}"
    failed = f", failed {visit.failures} since" if visit.failures else ""
    yield "page", f"read {times}{failed}, {following}"
    if visit.doubt:
        yield "page not believed", visit.doubt
