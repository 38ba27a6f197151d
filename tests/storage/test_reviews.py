"""Reviews: one open at a time, ended once, and read oldest first."""

from storage import articles, reviews
from storage.engine.database import Database
from storage.records import ArticleState, Content, ReviewState

NOW = 1_766_576_760_000


async def _articles(database: Database, count: int) -> list[int]:
    async with database.write() as tx:
        return [
            await articles.insert(
                tx, Content(f"خبر {n}"), category_id=1, now=NOW, published_at=0, state=ArticleState.REVIEW
            )
            for n in range(count)
        ]


async def test_one_review_is_open_at_a_time_and_the_first_decision_ends_it(database: Database) -> None:
    (article_id,) = await _articles(database, 1)
    async with database.write() as tx:
        assert await reviews.begin(tx, article_id, submitted_by=7, now=NOW)
        assert not await reviews.begin(tx, article_id, submitted_by=8, now=NOW)
        ended = await reviews.end(tx, article_id, ReviewState.REJECTED, by=9, now=NOW + 1, reason="چرا")
        assert ended is not None
        assert (ended.submitted_by, ended.decided_by, ended.decided_at, ended.reason) == (7, 9, NOW + 1, "چرا")
        assert await reviews.end(tx, article_id, ReviewState.APPROVED, by=8, now=NOW + 2) is None
        assert (await reviews.last(tx, [article_id]))[article_id] == ended
        assert await reviews.begin(tx, article_id, submitted_by=7, now=NOW + 3)
        last = (await reviews.last(tx, [article_id, 99]))[article_id]
    assert (last.state, last.reason) == (ReviewState.OPEN, "")


async def test_people_come_before_the_gate_and_each_oldest_first(database: Database) -> None:
    made = await _articles(database, 6)
    async with database.write() as tx:
        for n, article_id in enumerate(made):
            await reviews.begin(tx, article_id, submitted_by=7 if n % 2 else None, now=NOW + n)
    async with database.read() as connection:
        ordered = [review.article_id for review in await reviews.queue(connection, limit=9)]
        assert ordered == [*made[1::2], *made[::2]]
        for size in (1, 2, 4):
            paged = []
            for offset in range(0, 6, size):
                paged += [
                    review.article_id for review in await reviews.queue(connection, limit=size, offset=offset)
                ]
            assert paged == ordered
        gate = await reviews.waiting(connection, gate=True, limit=9)
        assert await reviews.count(connection, gate=True) == 3
        later = await reviews.waiting(connection, gate=True, limit=1, from_id=gate[1].id)
    assert [review.article_id for review in later] == [made[2]]


async def test_what_waits_at_the_gate_is_no_draft(database: Database) -> None:
    draft, brought = await _articles(database, 2)
    async with database.write() as tx:
        await reviews.begin(tx, draft, submitted_by=7, now=NOW)
        await reviews.begin(tx, brought, submitted_by=None, now=NOW)
        assert [article.id for article in await articles.drafts(tx, limit=5)] == [draft]
        assert await articles.move(tx, brought, ArticleState.REVIEW, ArticleState.DROPPED, now=NOW)
        assert not await articles.move(tx, brought, ArticleState.REVIEW, ArticleState.DRAFT, now=NOW)
        await reviews.end(tx, brought, ReviewState.REJECTED, by=7, now=NOW)
        assert [article.id for article in await articles.drafts(tx, limit=5)] == [draft]
        held = await articles.lock(tx, brought)
    assert held is not None
    assert held.state is ArticleState.DROPPED
