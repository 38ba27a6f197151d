"""Visits to pages, on both databases: every source has its turn, whatever the others bring."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

import pytest
from sqlalchemy import update

from bot.errors import SourceError
from bot.ingest.candidate import Candidate
from bot.ingest.incoming import Reading, Story
from bot.ingest.page_reader import PageRead, PageReader
from bot.ingest.page_visits import MAX_IN_FLIGHT, PageVisits
from storage import article_identity, articles, new_articles, page_visits, proposals, sources
from storage.engine.database import Database
from storage.engine.group_commit import GroupCommit
from storage.new_articles import NewArticle
from storage.records import Article, ArticleState, ChangePolicy, Content, PageVisit, SourceKind, SourceState
from storage.schema import source as source_table

NOW = 1_766_576_760_000
_ARTICLE = NewArticle(Content("خبر"), 1, ArticleState.PUBLISHED, NOW, "fa", "", "", "", None)


async def _owing(database: Database, source_url: str, hosts: list[str], *, published_at: int) -> int:
    """Add a source whose articles on these hosts have pages that are due, and return its id."""
    async with database.write() as tx:
        kind = SourceKind.FEED
        source = await sources.add(tx, source_url, kind=kind, category_id=1, review=False, now=NOW)
        new = [
            replace(_ARTICLE, url=f"https://{host}/{number}", origin=host, source_id=source.id)
            for number, host in enumerate(hosts)
        ]
        ids = await new_articles.insert(tx, new, now=NOW)
        visits = [PageVisit(id_, host, NOW, published_at + id_) for id_, host in zip(ids, hosts, strict=True)]
        await page_visits.put(tx, visits)
    return source.id


async def _due(database: Database, *, per_host: int = 5, per_source: int = 60) -> list[page_visits.DueVisit]:
    async with database.read() as connection:
        return await page_visits.due(connection, now=NOW, limit=50, per_host=per_host, per_source=per_source)


@pytest.mark.parametrize(
    "hosts",
    [[f"a{number}.evil.example" for number in range(70)], ["good.example"] * 70],
    ids=["many hosts", "the other's host"],
)
async def test_a_source_with_many_new_pages_keeps_no_other_waiting(database: Database, hosts: list[str]) -> None:
    good = await _owing(database, "https://good.example/rss", ["good.example"] * 3, published_at=NOW - 10_000)
    hostile = await _owing(database, "https://evil.example/rss", hosts, published_at=NOW)
    due = await _due(database)
    assert {due_visit.source_id for due_visit in due[:2]} == {good, hostile}
    assert sum(due_visit.source_id == good for due_visit in due) == 3
    assert sum(due_visit.source_id == hostile for due_visit in await _due(database, per_source=7)) <= 7


async def test_the_newest_of_each_host_come_first(database: Database) -> None:
    source = await _owing(database, "https://a.example/rss", ["a.example"] * 3 + ["b.example"], published_at=NOW)
    due = await _due(database, per_host=2)
    assert [due_visit.visit.host for due_visit in due] == ["b.example", "a.example", "a.example"]
    assert {due_visit.source_id for due_visit in due} == {source}
    published = [due_visit.visit.published_at for due_visit in due[1:]]
    assert published == sorted(published, reverse=True)


class _Reader:
    """Stands in for PageReader: pages of evil hosts do not answer, others fail at once; `asked` are their hosts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def try_acquire(self, host: str) -> bool:
        return True

    async def read(self, url: str, *_: object) -> None:
        host = url.split("/")[2]
        self.asked.append(host)
        if host.endswith("evil.example"):
            await asyncio.Event().wait()
        raise SourceError("no page")


@asynccontextmanager
async def _visits(database: Database, reader: _Reader) -> AsyncIterator[PageVisits]:
    commits = GroupCommit(database)
    visits = PageVisits(database, commits, cast(PageReader, reader), lambda: NOW, wake=lambda: None)
    yield visits
    await visits.stop()


async def test_pages_that_do_not_answer_hold_no_other_sources_visits_up(database: Database) -> None:
    hosts = [f"a{number}.evil.example" for number in range(3 * MAX_IN_FLIGHT)]
    await _owing(database, "https://evil.example/rss", hosts, published_at=NOW)
    reader = _Reader()
    async with _visits(database, reader) as visits:
        for _ in range(5):
            await visits.start_due()
            await asyncio.sleep(0.01)
        held = len(reader.asked)
        assert 0 < held <= MAX_IN_FLIGHT // 5
    reader = _Reader()
    await _owing(database, "https://good.example/rss", ["good.example"], published_at=NOW - 10_000_000)
    async with database.write() as tx:
        due = await page_visits.due(tx, now=NOW + 10**9, limit=999, per_host=5, per_source=999)
        await page_visits.put(tx, [replace(due_visit.visit, due_at=NOW) for due_visit in due])
    async with _visits(database, reader) as visits:
        await visits.start_due()
        async with asyncio.timeout(30):
            while "good.example" not in reader.asked:
                await asyncio.sleep(0.01)


async def test_a_host_of_many_sources_that_does_not_answer_holds_few_visits(database: Database) -> None:
    for number in range(20):
        await _owing(database, f"https://evil.example/{number}", ["evil.example"] * 5, published_at=NOW)
    await _owing(database, "https://good.example/rss", ["good.example"], published_at=NOW - 10_000_000)
    reader = _Reader()
    async with _visits(database, reader) as visits, asyncio.timeout(30):
        while "good.example" not in reader.asked:
            await visits.start_due()
            await asyncio.sleep(0.01)
    assert reader.asked.count("evil.example") <= MAX_IN_FLIGHT // 10


async def test_visits_that_are_stopped_begin_nothing_more(database: Database) -> None:
    await _owing(database, "https://good.example/rss", ["good.example"], published_at=NOW)
    reader = _Reader()
    async with _visits(database, reader) as visits:
        before = asyncio.all_tasks()
        look = asyncio.create_task(visits.start_due())
        await asyncio.sleep(0)
        await visits.stop()
        await look
        await visits.start_due()
        assert asyncio.all_tasks() <= before, "nothing is left that could ask"
    assert reader.asked == []


class _Page:
    """Stands in for PageReader: every page says `text`, and calls itself a page of `site`."""

    def __init__(self, text: str, site: str, led_to: str = "") -> None:
        self._text, self._site, self._led_to = text, site, led_to

    async def read(self, url: str, known: Candidate, *_: object) -> PageRead:
        changed = replace(known, content=replace(known.content, lead=self._text))
        addresses = (f"https://{self._site}/a/next-story",)
        reading = Reading(changed, ("", ""), Story(b"", ()), addresses, None, "", "")
        return PageRead(reading, "", "", "", self._led_to or url)

    async def again(self, url: str, known: Candidate, *_: object, visit: PageVisit) -> PageRead:
        return await self.read(url, known)


async def _pay(database: Database, visit: PageVisit, led_to: str = "") -> None:
    """Pay a visit to a page that says something else, and perhaps leads to another address."""
    async with database.read() as connection:
        article = await articles.get(connection, visit.article_id)
    assert article is not None
    reader = cast(PageReader, _Page("متن دوم.", "good.example", led_to))
    visits = PageVisits(database, GroupCommit(database), reader, lambda: NOW, wake=lambda: None)
    await visits.pay(visit, article)


async def _visited(
    database: Database, *, visits: int = 0, removed: bool = False, led_to: str = "", **source: object
) -> Article:
    """Return a published article after a visit to its page, which says something else."""
    source_id = await _owing(database, "https://good.example/rss", ["good.example"], published_at=NOW)
    async with database.write() as tx:
        if source:
            await tx.execute(update(source_table).where(source_table.c.id == source_id).values(**source))
        (due,) = await page_visits.due(tx, now=NOW, limit=9, per_host=5, per_source=9)
        if removed:
            await sources.remove(tx, source_id)
    await _pay(database, replace(due.visit, visits=visits), led_to)
    async with database.read() as connection:
        article = await articles.get(connection, due.visit.article_id)
        assert article is not None
        asked = await proposals.get(connection, article.id)
    assert (asked is None) == (article.content.lead == "متن دوم.")
    return article


@pytest.mark.parametrize(
    ("visits", "how", "revision"),
    [
        (0, {}, 2),
        (1, {}, 2),
        (0, {"changes": ChangePolicy.ASK}, 2),
        (1, {"changes": ChangePolicy.ASK}, 1),
        (0, {"review": True}, 1),
        (1, {"review": True}, 1),
        (0, {"removed": True}, 1),
        (1, {"removed": True}, 1),
    ],
)
async def test_what_a_page_says_is_subject_to_its_sources_terms(
    database: Database, visits: int, how: dict[str, Any], revision: int
) -> None:
    assert (await _visited(database, visits=visits, **how)).revision == revision


@pytest.mark.parametrize(
    ("led_to", "revision"),
    [
        ("https://www.good.example/a/moved", 2),
        ("https://evil.example/a/1", 1),
        ("https://good.example.evil.example/a/1", 1),
        ("https://xn--good-example.test/a/1", 1),
    ],
)
async def test_a_page_that_leads_to_another_site_later_changes_nothing_without_a_yes(
    database: Database, led_to: str, revision: int
) -> None:
    assert (await _visited(database, visits=1, led_to=led_to)).revision == revision


async def test_pages_of_a_paused_source_are_left_alone(database: Database) -> None:
    source_id = await _owing(database, "https://good.example/rss", ["good.example"], published_at=NOW)
    async with database.write() as tx:
        await sources.set_state(tx, source_id, SourceState.PAUSED, now=NOW)
    assert await _due(database) == []


async def test_a_page_that_leads_to_another_site_does_not_take_an_address_there(database: Database) -> None:
    await _owing(database, "https://evil.example/rss", ["evil.example"], published_at=NOW)
    (due,) = await _due(database)
    await _pay(database, due.visit)
    async with database.read() as connection:
        assert await article_identity.addresses_of(connection, due.visit.article_id) == []
