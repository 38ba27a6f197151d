"""Decisions about what sources changed: nobody decides about a text that they have not seen, and nobody twice."""

import asyncio

import pytest

from bot.errors import ConflictError
from bot.newsroom.articles import Newsroom
from bot.newsroom.source_changes import Question, SourceChanges, request_decision
from storage import articles, audit, fanouts, new_articles, notices, proposals, staff
from storage.engine.database import Database
from storage.new_articles import NewArticle
from storage.records import Article, ArticleState, Block, BlockKind, Content, Media, MediaKind, Notice, Role

NOW = 1_766_576_760_000
OWNER, EDITOR, AUTHOR = 1, 2, 3
_OLD = Content("تیتر", body=(Block(BlockKind.PARAGRAPH, "متن"),), note="یادداشت")
_NEW = Content("تیتر تازه", body=(Block(BlockKind.PARAGRAPH, "متن تازه"),))


def _changes(database: Database, now: int = NOW) -> SourceChanges:
    return SourceChanges(database, lambda: now, lambda: None)


async def _published(database: Database, state: ArticleState = ArticleState.PUBLISHED) -> Article:
    async with database.write() as tx:
        for user_id, role in ((OWNER, Role.OWNER), (EDITOR, Role.EDITOR), (AUTHOR, Role.AUTHOR)):
            await staff.put(tx, user_id, role, now=NOW, name=f"نام {user_id}")
        new = NewArticle(_OLD, 1, state, NOW, "fa", "https://example.org/1", "example.org", "", None)
        (article_id,) = await new_articles.insert(tx, [new], now=NOW)
        article = await articles.get(tx, article_id)
    assert article is not None
    return article


async def _ask(
    database: Database,
    article: Article,
    content: Content | None,
    question: Question = Question.CHANGED,
    *,
    at: int = NOW,
) -> bool:
    async with database.write() as tx:
        return await request_decision(tx, article, question, now=at, content=content, category_id=2)


async def _told(database: Database) -> list[Notice]:
    async with database.write() as tx:
        return await notices.claim(tx, now=NOW + 10**6, lease_until=NOW + 10**7, limit=20)


async def _content(database: Database, article_id: int) -> Content:
    async with database.read() as connection:
        article = await articles.get(connection, article_id)
    assert article is not None
    return article.content


async def test_everybody_who_may_publish_is_asked_once_with_buttons(database: Database) -> None:
    article = await _published(database)
    assert await _ask(database, article, _NEW)
    assert not await _ask(database, article, _NEW, at=NOW + 1)
    told = await _told(database)
    assert {(notice.user_id, notice.key) for notice in told} == {
        (OWNER, "source-change-changed"),
        (EDITOR, "source-change-changed"),
    }
    assert told[0].args == {"id": article.id, "title": "تیتر", "site": "example.org"}
    assert told[0].buttons == (
        ("button-proposal-yes", f"proposal:yes:{article.id}:1:{NOW}"),
        ("button-proposal-show", f"proposal:show:{article.id}"),
        ("button-proposal-no", f"proposal:no:{article.id}:{NOW}"),
    )


@pytest.mark.parametrize(
    ("state", "keys"),
    [
        (ArticleState.PUBLISHED, ["button-view", "button-retract"]),
        (ArticleState.REVIEW, ["button-view"]),
    ],
)
async def test_a_page_that_is_gone_asks_for_a_look_and_offers_to_retract_what_readers_have(
    database: Database, state: ArticleState, keys: list[str]
) -> None:
    article = await _published(database, state)
    assert await _ask(database, article, None, Question.VANISHED)
    told = await _told(database)
    assert [key for key, _ in told[0].buttons] == keys


async def test_a_yes_is_a_correction_that_keeps_what_only_the_newsroom_has_put_there(database: Database) -> None:
    article = await _published(database)
    await _ask(database, article, _NEW)
    media = (Media(MediaKind.PHOTO, "file", ""),)
    newsroom = Newsroom(database, lambda: NOW, lambda: None)
    await newsroom.edit(article.id, Content("تیتر", media=media, note="یک"), expected=1, editor_id=EDITOR)
    with pytest.raises(ConflictError, match="article-changed-meanwhile"):
        await _changes(database).accept(article.id, revision=1, asked_at=NOW, actor_id=EDITOR)
    revised = await _changes(database).accept(article.id, revision=2, asked_at=NOW, actor_id=EDITOR)
    assert (revised.revision, revised.category.id) == (3, 2)
    assert (revised.content.title, revised.content.note, revised.content.media) == ("تیتر تازه", "یک", media)
    async with database.read() as connection:
        assert await fanouts.is_open(connection, article.id)
        last = await audit.last(connection, article.id)
        assert await articles.last_editor(connection, article.id) is None, "the source may go on to change it"
    assert last is not None
    assert (last.action, last.actor_id, last.revision) == ("accept_change", EDITOR, 3)


async def test_of_two_decisions_one_counts_and_the_other_is_told_whose(database: Database) -> None:
    article = await _published(database)
    await _ask(database, article, _NEW)
    acts = _changes(database)
    results = await asyncio.gather(
        acts.accept(article.id, revision=1, asked_at=NOW, actor_id=OWNER),
        acts.decline(article.id, asked_at=NOW, actor_id=EDITOR),
        return_exceptions=True,
    )
    (refused,) = [result for result in results if isinstance(result, ConflictError)]
    accepted = refused.key == "proposal-was-accepted"
    assert accepted or refused.key == "proposal-was-declined"
    assert refused.text_args["name"] == f"نام {OWNER if accepted else EDITOR}"
    assert (await _content(database, article.id)).title == ("تیتر تازه" if accepted else "تیتر")


async def test_nobody_accepts_or_declines_a_text_that_came_after_the_one_they_saw(database: Database) -> None:
    article = await _published(database)
    await _ask(database, article, _NEW)
    await _ask(database, article, Content("تیتر سوم"), at=NOW + 1)
    acts = _changes(database)
    with pytest.raises(ConflictError, match="proposal-changed"):
        await acts.accept(article.id, revision=1, asked_at=NOW, actor_id=EDITOR)
    with pytest.raises(ConflictError, match="proposal-changed"):
        await acts.decline(article.id, asked_at=NOW, actor_id=EDITOR)
    assert await _content(database, article.id) == _OLD
    revised = await acts.accept(article.id, revision=1, asked_at=NOW + 1, actor_id=EDITOR)
    assert revised.content.title == "تیتر سوم"


async def test_a_decision_of_long_ago_is_none_about_a_question_that_was_forgotten(database: Database) -> None:
    article = await _published(database)
    await _ask(database, article, _NEW)
    await _changes(database, NOW + 5).decline(article.id, asked_at=NOW, actor_id=OWNER)
    later = NOW + 100
    await _ask(database, article, Content("تیتر سوم"), at=later)
    async with database.write() as tx:
        await proposals.forget(tx, before=later)
        assert await proposals.get(tx, article.id) is not None
        await proposals.forget(tx, before=later + 1)
    with pytest.raises(ConflictError, match="proposal-gone"):
        await _changes(database).decline(article.id, asked_at=later, actor_id=EDITOR)
    with pytest.raises(ConflictError, match="proposal-was-declined"):
        await _changes(database).decline(article.id, asked_at=NOW, actor_id=EDITOR)


@pytest.mark.parametrize(
    ("state", "key"),
    [(ArticleState.RETRACTED, "article-is-retracted"), (ArticleState.DROPPED, "article-is-dropped")],
)
async def test_what_was_put_away_is_not_revised_by_a_late_yes(
    database: Database, state: ArticleState, key: str
) -> None:
    article = await _published(database)
    await _ask(database, article, _NEW)
    async with database.write() as tx:
        await articles.move(tx, article.id, ArticleState.PUBLISHED, state, now=NOW)
    with pytest.raises(ConflictError, match=key):
        await _changes(database).accept(article.id, revision=1, asked_at=NOW, actor_id=EDITOR)
    assert await _content(database, article.id) == _OLD
