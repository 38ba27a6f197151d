"""Comments: decided once, paged by an index, counted no further than is told; and who may write none."""

from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy

from bot.errors import ConflictError, NotFoundError, UserError
from bot.newsroom.comment_rules import MINUTE_MS, MOST_WAITING
from bot.newsroom.comments import Comments
from storage import articles, audit, cards, comments, key_value, notices, staff
from storage.bootstrap import opened
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import ArticleState, CommentState, Content, Role
from tests.storage.conftest import Addresses

NOW = 1_766_576_760_000
MODERATORS = (101, 102)


@pytest.fixture
async def article_id(database: Database) -> int:
    async with database.write() as tx:
        made = await articles.insert(tx, Content("تیتر"), category_id=1, now=NOW, published_at=NOW)
        await articles.release(tx, made, published_at=NOW, now=NOW)
        for user_id in MODERATORS:
            await staff.put(tx, user_id, Role.MODERATOR, now=NOW)
        await staff.put(tx, 103, Role.AUTHOR, now=NOW)
    return made


async def _fill(
    database: Database, article_id: int, count: int, *, user_id: int = 1, approve: bool = True
) -> list[int]:
    made = []
    async with database.write() as tx:
        for number in range(count):
            comment_id = await comments.add(tx, article_id, user_id, "نام", text=f"نظر {number}", now=NOW + number)
            if approve:
                assert await comments.decide(tx, comment_id, CommentState.APPROVED, by=101, now=NOW)
            made.append(comment_id)
    return made


async def test_a_comment_is_decided_once_and_taken_back_by_its_author_alone(
    database: Database, article_id: int
) -> None:
    (comment_id,) = await _fill(database, article_id, 1)
    async with database.write() as tx:
        assert not await comments.decide(tx, comment_id, CommentState.REJECTED, by=102, now=NOW)
        assert not await comments.delete_own(tx, comment_id, 2)
        assert await comments.delete_own(tx, comment_id, 1)
        assert not await comments.delete_own(tx, comment_id, 1)
        assert not await comments.take_down(tx, comment_id, by=101, now=NOW)
        comment = await comments.get(tx, comment_id)
        assert comment is not None
        assert (comment.state, comment.text, comment.decided_by) == (CommentState.DELETED, "", 101)
        assert await comments.page(tx, article_id, limit=5) == []
        assert await comments.with_text(tx, 1, article_id, "") is None


async def test_the_list_is_walked_both_ways_and_counted_no_further_than_asked(
    database: Database, article_id: int
) -> None:
    made = await _fill(database, article_id, 12)
    await _fill(database, article_id, 1, approve=False)
    async with database.read() as connection:

        async def ids(**where: int) -> list[int]:
            return [comment.id for comment in await comments.page(connection, article_id, limit=5, **where)]

        assert await ids() == made[:5]
        assert await ids(after=made[4]) == made[5:10]
        assert await ids(before=made[10]) == made[5:10]
        assert await ids(before=comments.BEHIND_ALL) == made[-5:]
        assert await ids(before=made[2]) == made[:2]
        assert await comments.count(connection, article_id, most=1000) == 12
        assert await comments.count(connection, article_id, most=10) == 10
        assert await comments.count(connection, article_id + 1, most=10) == 0
        assert await comments.count_waiting(connection, most=10) == 1


_LOOKS: dict[str, tuple[str, Callable[[Connection], Awaitable[object]]]] = {
    "first": ("ix_comment_article", lambda tx: comments.page(tx, 1, limit=5)),
    "behind": ("ix_comment_article", lambda tx: comments.page(tx, 1, limit=5, after=3)),
    "before": ("ix_comment_article", lambda tx: comments.page(tx, 1, limit=5, before=3)),
    "count": ("ix_comment_article", lambda tx: comments.count(tx, 1, most=1000)),
    "own": ("ix_comment_own", lambda tx: comments.of_reader(tx, 1, 1, CommentState.WAITING, limit=3)),
    "same": ("ix_comment_own", lambda tx: comments.with_text(tx, 1, 1, "x")),
    "moments": ("ix_comment_user", lambda tx: comments.times_written(tx, 1, since=0)),
    "waiting": ("ix_comment_waiting", lambda tx: comments.waiting(tx, limit=5)),
    "waiting behind": ("ix_comment_waiting", lambda tx: comments.waiting(tx, limit=5, after=1)),
    "waiting before": ("ix_comment_waiting", lambda tx: comments.waiting(tx, limit=5, before=9)),
    "count waiting": ("ix_comment_waiting", lambda tx: comments.count_waiting(tx, most=11)),
    "silencing": ("ix_comment_", lambda tx: comments.reject_all_of(tx, 1, by=2, now=NOW)),
}


@pytest.mark.parametrize("look", _LOOKS)
async def test_every_look_at_comments_walks_its_index(addresses: Addresses, look: str) -> None:
    # Of SQLite, whose plans do not depend on what is in the tables.
    index, act = _LOOKS[look]
    statements: list[str] = []

    def listen(core: sqlalchemy.Connection, to: Callable[[str], None] | None) -> None:
        core.connection.driver_connection.set_trace_callback(to)  # type: ignore[union-attr]  # sqlite3's own

    async with addresses("sqlite") as url, opened(url) as database, database.write() as tx:
        await tx.run(listen, statements.append)
        await act(tx)
        await tx.run(listen, None)
        begin, statement = statements
        assert begin.startswith("BEGIN")
        plan = await tx.run(lambda core: core.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}"))
        steps = [row.detail for row in plan if "comment" in row.detail]
    assert steps
    assert all(index in step for step in steps), steps


async def test_a_silenced_person_may_not_write_until_it_is_lifted(database: Database, article_id: int) -> None:
    await _fill(database, article_id, 1)
    waiting = await _fill(database, article_id, 2, approve=False)
    others = await _fill(database, article_id, 1, user_id=2, approve=False)
    async with database.write() as tx:
        assert await comments.reject_all_of(tx, 1, by=101, now=NOW) == waiting
        assert [comment.id for comment in await comments.waiting(tx, limit=5)] == others
        assert await comments.silence(tx, 1, "نام", by=101, now=NOW)
        assert not await comments.silence(tx, 1, "نام", by=102, now=NOW)
        assert [(person.user_id, person.by) for person in await comments.silenced_people(tx, limit=5)] == [(1, 101)]
        assert await comments.silenced_people(tx, limit=5, offset=1) == []
        assert await comments.is_silenced(tx, 1)
        assert not await comments.is_silenced(tx, 2)
        assert await comments.lift(tx, 1)
        assert not await comments.lift(tx, 1)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


async def test_the_same_words_are_one_comment_and_too_many_are_refused(database: Database, article_id: int) -> None:
    clock = Clock()
    acts = Comments(database, clock)
    first = await acts.write(1, "نام", article_id, "نظر")
    assert await acts.write(1, "نام دیگر", article_id, "نظر") == first
    assert (await acts.write(2, "نام", article_id, "نظر")).id != first.id
    for number in range(2):
        await acts.write(1, "نام", article_id, f"نظر {number}")
    with pytest.raises(UserError) as refused:
        await acts.write(1, "نام", article_id, "چهارم")
    assert refused.value.key == "comment-too-many"
    clock.now += 11 * MINUTE_MS
    with pytest.raises(UserError) as refused:
        await acts.write(1, "نام", article_id, "چهارم")
    assert (refused.value.key, refused.value.text_args) == ("comment-some-wait", {"most": MOST_WAITING})
    await acts.decide(first.id, approve=False, actor_id=101)
    assert (await acts.write(1, "نام", article_id, "نظر")).state is CommentState.REJECTED
    await acts.write(1, "نام", article_id, "چهارم")
    await acts.withdraw(first.id + 2, 1)
    with pytest.raises(ConflictError):
        await acts.decide(first.id + 2, approve=True, actor_id=101)


async def test_moderators_get_a_card_each_for_a_few_and_one_notice_for_many(
    database: Database, article_id: int
) -> None:
    clock = Clock()
    acts = Comments(database, clock)

    async def owed() -> tuple[list[int], list[tuple[int, str]]]:
        async with database.write() as tx:
            shown = await cards.claim(tx, now=clock.now, lease_until=clock.now + 1, limit=100)
            told = await notices.claim(tx, now=clock.now, lease_until=clock.now + 1, limit=100)
            for card in shown:
                await cards.mark_shown(tx, card, 5, now=clock.now)
            for notice in told:
                await notices.delete(tx, notice.id)
        return sorted({card.chat_id for card in shown}), [(notice.user_id, notice.key) for notice in told]

    made = [(await acts.write(1000 + number, "نام", article_id, "نظر")).id for number in range(10)]
    assert await owed() == ([*MODERATORS], [])
    made += [(await acts.write(2000 + number, "نام", article_id, "نظر")).id for number in range(5)]
    assert await owed() == ([], [(user_id, "comments-many") for user_id in MODERATORS])
    for comment_id in made[:9]:
        await acts.decide(comment_id, approve=True, actor_id=101)
    assert len((await owed())[1]) == 9
    # Six wait: a card each again; eleven: nobody is told twice of one flood.
    made += [(await acts.write(3000 + number, "نام", article_id, "نظر")).id for number in range(5)]
    assert await owed() == ([*MODERATORS], [])
    for comment_id in made[9:]:
        await acts.decide(comment_id, approve=False, actor_id=101)
    await owed()
    for number in range(11):
        await acts.write(4000 + number, "نام", article_id, "نظر")
    assert (await owed())[1] == [(user_id, "comments-many") for user_id in MODERATORS]


async def test_silencing_rejects_all_tells_nothing_and_is_written_down(database: Database, article_id: int) -> None:
    acts = Comments(database, lambda: NOW)
    first, second = [await acts.write(1, "نام", article_id, words) for words in ("یک", "دو")]
    done = await acts.silence(first.id, actor_id=102)
    assert (done.state, done.decided_by) == (CommentState.REJECTED, 102)
    with pytest.raises(ConflictError) as stale:
        await acts.decide(second.id, approve=True, actor_id=101)
    assert stale.value.key == "comment-decided"
    with pytest.raises(ConflictError):
        await acts.silence(second.id, actor_id=101)
    with pytest.raises(UserError) as refused:
        await acts.open_to(1, article_id)
    assert refused.value.key == "comment-silenced"
    await acts.lift_silence(1, actor_id=101)
    assert (await acts.open_to(1, article_id)).id == article_id
    async with database.write() as tx:
        assert await notices.claim(tx, now=NOW, lease_until=NOW + 1, limit=5) == []
        acted = [entry.action for entry in await audit.page(tx, limit=5)]
    assert acted == ["lift_silence", "silence_reader"]


async def test_only_what_readers_have_is_commented_on(database: Database, article_id: int) -> None:
    acts = Comments(database, lambda: NOW)
    waiting = await acts.write(1, "نام", article_id, "نظر")
    async with database.write() as tx:
        draft = await articles.insert(tx, Content("x"), category_id=1, now=NOW, published_at=NOW)
        timed = await articles.insert(
            tx, Content("x"), category_id=1, now=NOW, published_at=NOW, state=ArticleState.SCHEDULED
        )
        await articles.retract(tx, article_id, now=NOW)
    for unknown in (draft, timed, 999_999):
        with pytest.raises(NotFoundError) as hidden:
            await acts.write(1, "نام", unknown, "نظر")
        assert hidden.value.key == "article-not-found"
    with pytest.raises(ConflictError) as gone:
        await acts.decide(waiting.id, approve=True, actor_id=101)
    assert gone.value.key == "article-retracted"
    assert (await acts.decide(waiting.id, approve=False, actor_id=101)).state is CommentState.REJECTED
    async with database.read() as connection:
        assert await key_value.value(connection, "comments_told") is None
