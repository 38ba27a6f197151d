"""One story in several articles: who else tells it, and what becomes of one that was folded."""

from dataclasses import replace

import pytest

from bot.errors import ConflictError
from bot.newsroom.articles import Newsroom
from bot.newsroom.reviews import Reviews
from bot.newsroom.scheduling import Scheduling
from bot.newsroom.stories import first_tellings, source_names
from storage import articles, fanouts, new_articles, page_visits, sources, stories
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.new_articles import NewArticle
from storage.records import Article, ArticleState, Content, PageVisit, SourceKind
from tests.newsroom_people import employ

NOW = 1_766_576_760_000
EDITOR = 7
_FIRST = NewArticle(
    content=Content("خبر نخست"),
    category_id=1,
    state=ArticleState.PUBLISHED,
    published_at=NOW,
    language="fa",
    url="https://first.example.org/1",
    origin="first.example.org",
    source_number="",
    source_id=None,
)


@pytest.fixture(autouse=True)
async def _staff(database: Database) -> None:
    await employ(database, EDITOR)


def _nothing() -> None:
    pass


async def _brought(database: Database, *states: ArticleState) -> tuple[int, list[int]]:
    """Store a story's first article and others in these states that tell it again; return their numbers."""
    async with database.write() as tx:
        (first,) = await new_articles.insert(tx, [_FIRST], now=NOW)
        others = [
            replace(
                _FIRST,
                state=state,
                story_id=first,
                url=f"https://other{place}.example.org/{place}",
                origin=f"other{place}.example.org",
            )
            for place, state in enumerate(states)
        ]
        return first, await new_articles.insert(tx, others, now=NOW + 1)


async def _got(database: Database, article_id: int) -> Article:
    async with database.read() as connection:
        return await _in(connection, article_id)


async def _in(connection: Connection, article_id: int) -> Article:
    article = await articles.get(connection, article_id)
    assert article is not None
    return article


async def test_those_that_are_folded_or_published_are_told_beside_the_first(database: Database) -> None:
    first, others = await _brought(
        database,
        ArticleState.FOLDED,
        ArticleState.REVIEW,
        ArticleState.PUBLISHED,
        ArticleState.DROPPED,
        ArticleState.FOLDED,
    )
    shown = [others[0], others[2], others[4]]
    async with database.read() as connection:
        assert [retelling.id for retelling in await stories.retellings(connection, first, limit=9)] == shown
        assert [
            retelling.id for retelling in await stories.retellings(connection, first, limit=1, offset=1)
        ] == shown[1:2]
        assert await stories.count_elsewhere(connection, first) == 3
        published = others[2]
        beside = [first, others[0], others[4]]
        assert [article.id for article in await stories.elsewhere(connection, published, limit=9)] == beside
        assert [
            article.id for article in await stories.elsewhere(connection, published, limit=1, offset=1)
        ] == beside[1:2]
        assert await stories.count_elsewhere(connection, published) == 3


async def test_a_source_is_named_by_its_title_or_else_by_its_host(database: Database) -> None:
    async with database.write() as tx:
        named, nameless = [
            await sources.add(
                tx,
                f"https://{host}/rss",
                kind=SourceKind.FEED,
                category_id=1,
                review=False,
                now=NOW,
                options=sources.SourceOptions(title=title),
            )
            for host, title in (("a.example.org", "خبرگزاری الف"), ("b.example.org", ""))
        ]
        ids = await new_articles.insert(
            tx,
            [replace(_FIRST, source_id=source_id) for source_id in (named.id, nameless.id, None)]
            + [replace(_FIRST, origin="", url="")],
            now=NOW,
        )
        stored = await articles.get_many(tx, ids)
        names = await source_names(tx, stored)
    assert [names[article_id] for article_id in ids] == [
        "خبرگزاری الف",
        "first.example.org",
        "first.example.org",
        "",
    ]


async def test_an_article_knows_what_told_its_story_before(database: Database) -> None:
    first, (again,) = await _brought(database, ArticleState.REVIEW)
    async with database.read() as connection:
        tellings = await articles.get_many(connection, [first, again])
        told = await first_tellings(connection, tellings)
    assert set(told) == {again}
    assert (told[again].article.id, told[again].source) == (first, "first.example.org")


async def test_a_folded_article_is_published_as_any_draft_and_its_page_is_read(database: Database) -> None:
    first, (folded,) = await _brought(database, ArticleState.FOLDED)
    newsroom = Newsroom(database, lambda: NOW + 5, _nothing)
    published = await newsroom.publish(folded, actor_id=EDITOR)
    assert (published.state, published.story_id) == (ArticleState.PUBLISHED, first)
    async with database.read() as connection:
        assert await fanouts.is_open(connection, folded)
        visit = await page_visits.get(connection, folded)
        assert visit is not None
        assert (visit.due_at, visit.host, visit.visits) == (NOW + 5, "other0.example.org", 0)
        assert await stories.count_elsewhere(connection, first) == 1
    with pytest.raises(ConflictError, match="article-already-published"):
        await newsroom.publish(folded, actor_id=EDITOR)


async def test_a_page_that_was_visited_is_not_made_due_again(database: Database) -> None:
    _, (folded,) = await _brought(database, ArticleState.FOLDED)
    known = PageVisit(folded, "other0.example.org", NOW + 999, NOW, visits=2)
    async with database.write() as tx:
        await page_visits.put(tx, [known])
    await Newsroom(database, lambda: NOW + 5, _nothing).publish(folded, actor_id=EDITOR)
    async with database.read() as connection:
        assert await page_visits.get(connection, folded) == known


async def test_a_folded_article_may_be_planned_and_edited_but_is_no_draft_to_hand_in(database: Database) -> None:
    _, (planned, edited, left) = await _brought(database, *[ArticleState.FOLDED] * 3)
    planning = Scheduling(database, lambda: NOW, _nothing)
    assert (await planning.schedule(planned, NOW + 60_000, actor_id=EDITOR)).state is ArticleState.SCHEDULED
    newsroom = Newsroom(database, lambda: NOW, _nothing)
    assert (
        await newsroom.edit(edited, Content("ویراسته"), expected=1, editor_id=EDITOR)
    ).state is ArticleState.DRAFT
    with pytest.raises(ConflictError, match="article-is-folded"):
        await Reviews(database, lambda: NOW, _nothing, review_required=False).submit(left, actor_id=EDITOR)
    assert (await _got(database, left)).state is ArticleState.FOLDED
    async with database.read() as connection:
        assert {draft.id for draft in await articles.drafts(connection, limit=9)} == {planned, edited}


async def test_of_a_story_that_thousands_tell_every_page_is_read(database: Database) -> None:
    first, others = await _brought(database, *[ArticleState.FOLDED] * 2_000)
    async with database.read() as connection:
        pages = [
            [article.id for article in await stories.elsewhere(connection, first, limit=9, offset=offset)]
            for offset in (0, 1_000, 1_995, 2_000)
        ]
        assert await stories.count_elsewhere(connection, others[7]) == 2_000
    assert pages == [others[:9], others[1_000:1_009], others[1_995:], []]
