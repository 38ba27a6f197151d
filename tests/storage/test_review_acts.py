"""Several decide side by side: one decision, one publication, and nothing that nobody saw."""

import asyncio

import pytest

from bot.errors import ConflictError, UserError
from bot.newsroom import review_steps
from bot.newsroom.articles import Newsroom, store_draft
from bot.newsroom.reviews import Reviews
from storage import articles, cards, fanouts, notices, reviews, staff
from storage.engine.database import Database
from storage.records import Article, ArticleRevision, ArticleState, CardKind, Content, Provenance, ReviewState, Role
from tests.newsroom_people import employ

NOW = 1_766_576_760_000
AUTHOR, FIRST, SECOND = 1, 2, 3


def _nothing() -> None:
    pass


def _acts(database: Database, *, required: bool = False) -> Reviews:
    return Reviews(database, lambda: NOW, _nothing, review_required=required)


async def _handed_in(database: Database) -> int:
    async with database.write() as tx:
        await staff.put(tx, AUTHOR, Role.AUTHOR, now=NOW)
        for editor in (FIRST, SECOND):
            await staff.put(tx, editor, Role.EDITOR, now=NOW, name=f"سردبیر {editor}")
    newsroom = Newsroom(database, lambda: NOW, _nothing)
    made = await newsroom.draft(Content("خبر"), 1, Provenance(author_id=AUTHOR))
    await _acts(database).submit(made.id, actor_id=AUTHOR)
    return made.id


async def _brought(database: Database, count: int) -> list[int]:
    article_ids = []
    async with database.write() as tx:
        for editor in (FIRST, SECOND):
            await staff.put(tx, editor, Role.EDITOR, now=NOW)
        for n in range(count):
            provenance = Provenance(url=f"https://example.org/{n}", origin="example.org")
            made = await store_draft(tx, Content(f"خبر {n}"), 1, provenance, now=NOW, state=ArticleState.REVIEW)
            await review_steps.bring_to_gate(tx, [made], now=NOW)
            article_ids.append(made)
    return article_ids


async def test_of_two_decisions_one_counts_and_the_other_is_told_whose(database: Database) -> None:
    article_id, acts = await _handed_in(database), _acts(database)
    results = await asyncio.gather(
        acts.approve(article_id, revision=1, actor_id=FIRST),
        acts.approve(article_id, revision=1, actor_id=SECOND),
        return_exceptions=True,
    )
    (refused,) = [result for result in results if isinstance(result, ConflictError)]
    assert refused.key == "review-was-approved"
    async with database.read() as connection:
        (review,) = (await reviews.last(connection, [article_id])).values()
        assert review.state is ReviewState.APPROVED
        assert refused.text_args["name"] == f"سردبیر {review.decided_by}"
        assert await fanouts.is_open(connection, article_id)
    async with database.write() as tx:
        (told,) = await notices.claim(tx, now=NOW, lease_until=NOW + 1, limit=5)
    assert (told.user_id, told.key) == (AUTHOR, "review-approved-notice")


async def test_an_edit_beside_an_approval_is_never_published_unseen(database: Database) -> None:
    article_id = await _handed_in(database)
    newsroom = Newsroom(database, lambda: NOW, _nothing)
    approved, edited = await asyncio.gather(
        _acts(database).approve(article_id, revision=1, actor_id=FIRST),
        newsroom.edit(article_id, Content("خبر دیگر"), expected=1, editor_id=AUTHOR),
        return_exceptions=True,
    )
    if isinstance(approved, ConflictError):
        assert approved.key == "review-text-changed"
        assert isinstance(edited, Article)
        assert edited.state is ArticleState.REVIEW
    else:
        assert isinstance(edited, UserError), "authors do not change what is published"
        assert edited.key == "not-allowed"


async def test_a_page_of_the_gate_goes_out_whole_or_not_at_all(database: Database) -> None:
    made, acts = await _brought(database, 5), _acts(database)
    await acts.drop(made[2], actor_id=FIRST)
    with pytest.raises(ConflictError):
        await acts.approve_all([ArticleRevision(article_id, 1) for article_id in made], actor_id=FIRST)
    async with database.read() as connection:
        assert {article.state for article in await articles.get_many(connection, [*made[:2], *made[3:]])} == {
            ArticleState.REVIEW
        }
    left = [ArticleRevision(article_id, 1) for article_id in made if article_id != made[2]]
    results = await asyncio.gather(
        acts.approve_all(left, actor_id=FIRST),
        *(acts.approve(article_id, revision=1, actor_id=SECOND) for article_id, _ in reversed(left)),
        return_exceptions=True,
    )
    assert all(isinstance(result, ConflictError) or not isinstance(result, BaseException) for result in results)
    async with database.read() as connection:
        states = [
            article.state for article in await articles.get_many(connection, [article_id for article_id, _ in left])
        ]
        assert states == [ArticleState.PUBLISHED] * 4
        assert await reviews.count(connection, gate=True) == 0


async def test_a_rejection_said_twice_is_one_and_an_old_one_touches_no_new_review(database: Database) -> None:
    article_id, acts = await _handed_in(database), _acts(database)
    first = await acts.get_open(article_id)
    for _ in range(2):
        rejected = await acts.reject(article_id, first.id, "چرا", actor_id=FIRST)
        assert rejected.state is ArticleState.DRAFT
    with pytest.raises(ConflictError, match="review-was-rejected"):
        await acts.reject(article_id, first.id, "چرا", actor_id=SECOND)
    await acts.submit(article_id, actor_id=AUTHOR)
    with pytest.raises(ConflictError):
        await acts.reject(article_id, first.id, "دیگر", actor_id=SECOND)
    assert (await acts.get_open(article_id)).id > first.id
    async with database.write() as tx:
        assert len(await notices.claim(tx, now=NOW, lease_until=NOW + 1, limit=5)) == 1


async def test_the_gates_card_is_sent_anew_only_where_it_would_not_be_noticed(database: Database) -> None:
    async def arrive(number: int, at: int) -> bool:
        """Bring one more item and tell whether the card is a new message, then show it."""
        async with database.write() as tx:
            made = await store_draft(tx, Content("خبر"), 1, Provenance(), now=at, state=ArticleState.REVIEW)
            await review_steps.bring_to_gate(tx, [made], now=at)
            (card,) = await cards.claim(tx, now=at, lease_until=at + 1, limit=5)
            assert card.kind is CardKind.GATE
            await cards.mark_shown(tx, card, card.message_id or number, now=at)
        return card.message_id is None

    async with database.write() as tx:
        await staff.put(tx, FIRST, Role.EDITOR, now=NOW)
    minute = 60_000
    assert await arrive(1, NOW)
    assert not await arrive(2, NOW + minute)
    assert not await arrive(3, NOW + 29 * minute), "changed in place ever since it was sent"
    assert await arrive(4, NOW + 31 * minute)
    acts = _acts(database)
    for article_id in await _waiting(database):
        await acts.drop(article_id, actor_id=FIRST)
    async with database.write() as tx:
        for card in await cards.claim(tx, now=NOW + 32 * minute, lease_until=NOW + 33 * minute, limit=5):
            await cards.mark_shown(tx, card, card.message_id, now=NOW + 32 * minute)
    assert await arrive(5, NOW + 33 * minute), "the queue was empty"


async def _waiting(database: Database) -> list[int]:
    async with database.read() as connection:
        return [review.article_id for review in await reviews.queue(connection, limit=50)]


async def test_where_it_is_required_the_first_pair_of_eyes_publishes_by_no_way(database: Database) -> None:
    article_id, acts = await _handed_in(database), _acts(database, required=True)
    await employ(database, AUTHOR)
    newsroom = Newsroom(database, lambda: NOW, _nothing, review_required=True)
    await newsroom.edit(article_id, Content("ویراسته"), expected=1, editor_id=FIRST)
    for actor in (AUTHOR, FIRST):
        with pytest.raises(ConflictError, match="review-second-pair"):
            await acts.approve(article_id, revision=2, actor_id=actor)
        with pytest.raises(ConflictError, match="review-second-pair"):
            await newsroom.publish(article_id, actor_id=actor)
    assert (await newsroom.publish(article_id, actor_id=SECOND)).state is ArticleState.PUBLISHED
    (brought,) = await _brought(database, 1)
    assert (await acts.approve(brought, revision=1, actor_id=FIRST)).state is ArticleState.PUBLISHED
