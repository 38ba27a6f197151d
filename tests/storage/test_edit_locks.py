"""One person edits an article at a time, as long as they go on with it."""

from storage import articles, edit_locks
from storage.engine.database import Database
from storage.records import Content

NOW = 1_766_576_760_000
LATER = NOW + 900_000


async def _article(database: Database) -> int:
    async with database.write() as tx:
        return await articles.insert(tx, Content("تیتر"), category_id=1, now=NOW, published_at=0)


async def test_an_article_stays_with_whoever_took_it_until_they_leave_it(database: Database) -> None:
    number = await _article(database)
    async with database.write() as tx:
        first = await edit_locks.acquire(tx, number, 1, now=NOW, until=LATER)
        assert (first.user_id, first.since, first.until) == (1, NOW, LATER)
        renewed = await edit_locks.acquire(tx, number, 1, now=NOW + 5, until=LATER + 5)
        assert (renewed.since, renewed.until) == (NOW, LATER + 5)
        assert (await edit_locks.acquire(tx, number, 2, now=NOW + 6, until=LATER + 6)).user_id == 1
        # What another lets go stays with whoever has it.
        await edit_locks.release(tx, number, 2)
        assert await edit_locks.holder(tx, number, now=NOW + 7) == renewed
        assert await edit_locks.holder(tx, number, now=LATER + 5) is None
        second = await edit_locks.acquire(tx, number, 2, now=LATER + 5, until=LATER + 9)
        assert (second.user_id, second.since) == (2, LATER + 5)


async def test_taking_over_tells_from_whom(database: Database) -> None:
    number = await _article(database)
    async with database.write() as tx:
        assert await edit_locks.take_over(tx, number, 1, now=NOW, until=LATER) is None
        assert await edit_locks.take_over(tx, number, 1, now=NOW, until=LATER) is None
        before = await edit_locks.take_over(tx, number, 2, now=NOW + 1, until=LATER + 1)
        assert before is not None
        assert before.user_id == 1
        assert await edit_locks.take_over(tx, number, 3, now=LATER + 1, until=LATER + 2) is None
        await edit_locks.release_all(tx, 3)
        assert await edit_locks.holder(tx, number, now=NOW) is None


async def test_what_a_revision_said_is_found_again(database: Database) -> None:
    number = await _article(database)
    async with database.write() as tx:
        await articles.revise(tx, number, articles.NewRevision(Content("تیتر تازه"), 1), expected=1, now=NOW)
        assert await articles.contents(tx, number, [1, 3]) == {1: Content("تیتر")}
