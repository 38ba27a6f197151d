"""Visits that are due, on both databases: every source has its turn, whatever the others bring."""

from dataclasses import replace

import pytest

from storage import new_articles, page_visits, sources
from storage.database import Database
from storage.new_articles import NewArticle
from storage.records import ArticleState, Content, PageVisit, SourceKind

NOW = 1_766_576_760_000
_ARTICLE = NewArticle(Content("خبر"), 1, ArticleState.PUBLISHED, NOW, "fa", "", "", "", None)


async def _owing(database: Database, source_url: str, hosts: list[str], *, published_at: int) -> int:
    """Add a source whose articles on these hosts have pages that are due, and return its id."""
    async with database.write() as tx:
        kind = SourceKind.FEED
        source = await sources.add(tx, source_url, kind=kind, category_id=1, review=False, now=NOW)
        new = [replace(_ARTICLE, origin=host, source_id=source.id) for host in hosts]
        ids = await new_articles.insert(tx, new, now=NOW)
        visits = [PageVisit(id_, host, NOW, published_at + id_) for id_, host in zip(ids, hosts, strict=True)]
        await page_visits.put(tx, visits)
    return source.id


async def _due(database: Database, *, per_host: int = 5, per_source: int = 60) -> list[page_visits.Due]:
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
    assert {one.source_id for one in due[:2]} == {good, hostile}
    assert sum(one.source_id == good for one in due) == 3
    assert sum(one.source_id == hostile for one in await _due(database, per_source=7)) <= 7


async def test_the_newest_of_each_host_come_first(database: Database) -> None:
    source = await _owing(database, "https://a.example/rss", ["a.example"] * 3 + ["b.example"], published_at=NOW)
    due = await _due(database, per_host=2)
    assert [one.visit.host for one in due] == ["b.example", "a.example", "a.example"]
    assert {one.source_id for one in due} == {source}
    published = [one.visit.published_at for one in due[1:]]
    assert published == sorted(published, reverse=True)
