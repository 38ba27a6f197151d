"""Articles: numbers, revisions, lists and search."""

import asyncio
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest

from persian.query import parse_query
from storage import article_rows, articles, search
from storage.engine.database import Database
from storage.records import Article, ArticleState, Block, BlockKind, Content, Provenance

NOW = 1_766_576_760_000


async def add(database: Database, title: str, *, wanted: int | None = None, at: int = NOW) -> Article:
    async with database.write() as tx:
        article_id = await articles.insert(
            tx,
            Content(title),
            category_id=1,
            now=NOW,
            published_at=at,
            provenance=Provenance(number=str(wanted or "")),
        )
        assert await articles.release(tx, article_id, published_at=at, now=NOW)
        article = await articles.get(tx, article_id)
    assert article is not None
    return article


async def titles_of(database: Database, words: str) -> list[str]:
    async with database.read() as connection:
        ordinals = await search.find(connection, parse_query(words), limit=10)
        return [article.content.title for article in await articles.by_ordinals(connection, ordinals)]


async def test_a_source_number_is_kept_and_our_own_sequence_never_follows_it(database: Database) -> None:
    assert (await add(database, "a", wanted=264802)).id == 264802
    assert (await add(database, "b")).id == 1
    assert (await add(database, "c", wanted=2)).id == 2
    assert (await add(database, "d")).id == 3
    assert (await add(database, "taken", wanted=264802)).id == 4


async def test_what_is_stored_comes_back_whole(database: Database) -> None:
    content = Content(
        "عنوان",
        "لید",
        (
            Block(BlockKind.PARAGRAPH, "بند <b>یک</b>"),
            Block(BlockKind.LIST, items=("الف", "ب"), ordered=True),
            Block(BlockKind.IMAGE, "شرح", url="https://example.org/a.jpg"),
        ),
        section="گروه سیاسی",
        tags=("برجام",),
    )
    async with database.write() as tx:
        article_id = await articles.insert(tx, content, category_id=1, now=NOW, published_at=NOW)
        article = await articles.get(tx, article_id)
    assert article is not None
    assert article.content == content
    assert article.state is ArticleState.DRAFT


async def test_a_revision_on_an_older_one_is_refused(database: Database) -> None:
    article = await add(database, "old title")
    async with database.write() as tx:
        new = Content("new title")
        assert await articles.revise(tx, article.id, articles.NewRevision(new, 7), expected=1, now=NOW) == 2
        assert (
            await articles.revise(tx, article.id, articles.NewRevision(Content("x"), 8), expected=1, now=NOW)
            is None
        )
    assert await titles_of(database, "title") == ["new title"]
    assert await titles_of(database, "old") == []


async def test_lists_go_by_the_articles_date_and_page_both_ways(database: Database) -> None:
    for number in range(5):
        await add(database, str(number), at=NOW - number * 1000)
    async with database.read() as connection:
        first = await articles.page(connection, limit=2)
        second = await articles.page(connection, limit=2, before=first[-1].ordinal)
        back = await articles.page(connection, limit=2, after=second[0].ordinal)
    assert [a.content.title for a in first] == ["0", "1"]
    assert [a.content.title for a in second] == ["2", "3"]
    assert back == first


async def test_articles_of_one_instant_keep_apart(database: Database) -> None:
    ordinals = {(await add(database, str(number))).ordinal for number in range(3)}
    assert len(ordinals) == 3


async def test_drafts_are_in_no_list_and_no_search(database: Database) -> None:
    async with database.write() as tx:
        await articles.insert(tx, Content("محرمانه"), category_id=1, now=NOW, published_at=NOW)
    async with database.read() as connection:
        assert await articles.page(connection, limit=5) == []
    assert await titles_of(database, "محرمانه") == []


SPELLINGS = ["رئیس‌جمهور", "رئیس جمهور", "رئیسجمهور", "رئيس جمهور", "رییس‌جمهور"]


@pytest.mark.parametrize("written", SPELLINGS)
@pytest.mark.parametrize("asked", SPELLINGS)
async def test_every_spelling_finds_every_spelling(database: Database, written: str, asked: str) -> None:
    await add(database, f"سفر {written} به اصفهان")
    assert len(await titles_of(database, asked)) == 1
    assert len(await titles_of(database, f"سفر {asked} اصفهان")) == 1


@pytest.mark.parametrize("written", SPELLINGS)
@pytest.mark.parametrize("asked", ["رئیس‌جمهور", "رئيس جمهور"])
async def test_a_phrase_finds_its_words_apart_and_joined(database: Database, written: str, asked: str) -> None:
    await add(database, f"سفر {written} به اصفهان")
    assert len(await titles_of(database, f"«{asked} به»")) == 1
    assert await titles_of(database, f"«{asked} اصفهان»") == []


@pytest.mark.parametrize(
    "hostile", ['"', 'a" OR "b', "NEAR(", "*", "-", "--", "^x", "words:", "(", "\x00", "AND", "ا" * 5000]
)
async def test_a_hostile_search_finds_nothing_and_breaks_nothing(database: Database, hostile: str) -> None:
    await add(database, "خبر")
    assert await titles_of(database, hostile) == []


async def test_exclusion_and_phrase(database: Database) -> None:
    await add(database, "بازار نفت ایران")
    await add(database, "نفت بازار جهان")
    assert len(await titles_of(database, "نفت بازار")) == 2
    assert await titles_of(database, '"بازار نفت"') == ["بازار نفت ایران"]
    assert await titles_of(database, "نفت -جهان") == ["بازار نفت ایران"]


async def test_while_many_long_articles_are_read_others_have_their_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = Content("عنوان", body=(Block(BlockKind.PARAGRAPH, "واژه " * 3_000),))
    async with database.write() as tx:
        made = [
            await articles.insert(tx, long, category_id=1, now=NOW, published_at=NOW, state=ArticleState.DRAFT)
            for _ in range(4)
        ]
        for article_id in made:
            await articles.release(tx, article_id, published_at=NOW, now=NOW)
        ordinals = [article.ordinal or 0 for article in await articles.get_many(tx, made)]
    told: list[str] = []
    articles_of = article_rows.articles_of

    def read(rows: Iterable[Any]) -> list[Article]:
        read_articles = articles_of(rows)
        told.extend("article" for _ in read_articles)
        return read_articles

    async def another() -> None:
        while True:
            told.append("another")
            await asyncio.sleep(0)

    monkeypatch.setattr(articles, "articles_of", read)
    turns = asyncio.create_task(another())
    async with database.read() as connection:
        assert len(await articles.get_many(connection, made)) == 4
        assert len(await articles.by_ordinals(connection, ordinals)) == 4
    turns.cancel()
    assert told.count("article") == 8
    assert ("article", "article") not in set(pairwise(told))
