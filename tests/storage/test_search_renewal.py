"""The renewal of the search index: a database of before finds inflected words, and no change is undone."""

import pytest
from sqlalchemy import text

from bot.jobs.search_renewal import renew_search
from persian.query import parse_query
from storage import articles, search, search_renewal
from storage.article_origin import set_date
from storage.engine.database import Database
from storage.engine.migrate import migrate
from storage.records import Content
from storage.search_texts import texts_of
from tests.storage.conftest import Addresses
from tests.storage.test_migrate import upgrade_to
from tests.storage.test_search import NOW, hits, publish

_CATEGORY = "INSERT INTO category (id, slug, name_fa, name_en) VALUES (1, 'a', 'a', 'a')"
_ARTICLE = (
    "INSERT INTO article (id, state, category_id, revision, language, published_at, ordinal, breaking, created_at, "
    "updated_at) VALUES (1, 'published', 1, 1, 'fa', 0, 7, false, 0, 0)"
)


async def _index_as_before(database: Database, ordinals: list[int]) -> None:
    """Put articles into the index without their stems, and have them await renewal."""
    async with database.write() as tx:
        for article in await articles.by_ordinals(tx, ordinals):
            words, _ = texts_of(article.content)
            assert article.ordinal is not None
            await search.replace(tx, [search.IndexEntry(article.ordinal, article.category.id, (words, ""))])
        await search_renewal.lower_border(tx, max(ordinals) + 1)


async def test_every_article_is_found_by_stems_afterwards(database: Database) -> None:
    made = [await publish(database, "هوای شهرها", at=NOW - number) for number in range(45)]
    await _index_as_before(database, made)
    later = await publish(database, "هوای دیگر", at=NOW + 1)
    query = parse_query("هوا")
    assert await hits(database, query) == [later]
    await renew_search(database)
    assert await hits(database, query) == [later, *made]
    async with database.read() as connection:
        assert await search_renewal.border(connection) is None


async def test_what_changes_meanwhile_stays_as_it_is(database: Database) -> None:
    revised, moved, retracted, same = made = [await publish(database, "هوای شهر", at=NOW - n) for n in range(4)]
    await _index_as_before(database, made)
    async with database.read() as connection:
        by_ordinal = {article.ordinal: article for article in await articles.by_ordinals(connection, made)}
    read = {article.id: (article, texts_of(article.content)) for article in by_ordinal.values()}
    async with database.write() as tx:
        new = articles.NewRevision(Content("دریاهای دور"), 1)
        assert await articles.revise(tx, by_ordinal[revised].id, new, expected=1, now=NOW)
        await set_date(tx, by_ordinal[moved].id, NOW - 1_000)
        assert await articles.retract(tx, by_ordinal[retracted].id, now=NOW)
    async with database.write() as tx:
        await search_renewal.renew(tx, read)
    async with database.read() as connection:
        again = await articles.get(connection, by_ordinal[moved].id)
    assert again is not None
    assert await hits(database, parse_query("هوا")) == [same, again.ordinal]
    assert await hits(database, parse_query("دریا")) == [revised]


@pytest.mark.parametrize("published", [True, False])
async def test_a_database_of_before_awaits_renewal_where_it_has_articles(
    kind: str, addresses: Addresses, published: bool
) -> None:
    async with addresses(kind, empty=True) as url:
        database = Database(url)
        await database.open()
        try:
            async with database.write() as tx:
                await tx.run(upgrade_to, "0010")
                if published:
                    for statement in (_CATEGORY, _ARTICLE):
                        await tx.execute(text(statement))
            await migrate(database)
            async with database.read() as connection:
                assert await search_renewal.border(connection) == (8 if published else None)
            await renew_search(database)
        finally:
            await database.close()
