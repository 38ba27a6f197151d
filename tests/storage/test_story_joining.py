"""Stories by hand: what joins another one's story, and what is separated from it and stays so."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import ConflictError, NotFoundError
from bot.newsroom.articles import Newsroom as NewsroomService
from bot.newsroom.review_steps import bring_to_gate
from bot.newsroom.scheduling import Scheduling
from bot.newsroom.story_joining import StoryJoining
from storage import articles, audit, fanouts, new_articles, notices, page_visits, reviews, stories
from storage.audit_details import AuditAction, StoryDetails
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.new_articles import NewArticle
from storage.records import Article, ArticleState, Content, Provenance, ReviewState
from tests.newsroom_people import employ
from tests.storage.feeding import Entry, Newsroom

NOW = 1_766_576_760_000
EDITOR, AUTHOR = 7, 8
_NEW = NewArticle(
    content=Content("خبر"),
    category_id=1,
    state=ArticleState.PUBLISHED,
    published_at=NOW,
    language="fa",
    url="https://first.example.org/1",
    origin="first.example.org",
    source_number="",
    source_id=None,
)
_OPEN = (ArticleState.DRAFT, ArticleState.REVIEW, ArticleState.FOLDED, ArticleState.PUBLISHED)


def _joining(database: Database, *, review_required: bool = False) -> StoryJoining:
    return StoryJoining(database, lambda: NOW, lambda: None, review_required=review_required)


async def _brought(database: Database, *states: ArticleState, story_id: int | None = None) -> list[int]:
    await employ(database, EDITOR, AUTHOR)
    async with database.write() as tx:
        ids = await new_articles.insert(
            tx, [replace(_NEW, state=state, story_id=story_id) for state in states], now=NOW
        )
        waiting = [id_ for id_, state in zip(ids, states, strict=True) if state is ArticleState.REVIEW]
        if waiting:
            await bring_to_gate(tx, waiting, now=NOW)
        return ids


async def _got(database: Database, article_id: int) -> Article:
    async with database.read() as connection:
        article = await articles.get(connection, article_id)
    assert article is not None
    return article


async def _acts(database: Database, article_id: int) -> list[tuple[str, object]]:
    async with database.read() as connection:
        page = await audit.page(connection, limit=20, article_id=article_id)
    return [(entry.action, entry.details) for entry in page]


@pytest.mark.parametrize("state", _OPEN)
async def test_an_article_joins_a_story_once_and_one_that_readers_have_stays_with_them(
    database: Database, state: ArticleState
) -> None:
    first, other = await _brought(database, ArticleState.PUBLISHED, state)
    joined = await _joining(database).join(other, first, actor_id=EDITOR)
    kept = state is ArticleState.PUBLISHED
    assert (joined.state, joined.story_id) == (ArticleState.PUBLISHED if kept else ArticleState.FOLDED, first)
    assert await _joining(database).join(other, first, actor_id=EDITOR) == joined
    assert await _acts(database, other) == [(AuditAction.JOIN_STORY, StoryDetails(first))]
    async with database.read() as connection:
        assert await stories.count_elsewhere(connection, first) == 1
        assert await reviews.open_of(connection, other) is None


async def test_what_changed_since_it_was_seen_joins_no_story(database: Database) -> None:
    first, other = await _brought(database, ArticleState.PUBLISHED, ArticleState.REVIEW)
    seen = (await _got(database, other)).revision
    async with database.write() as tx:
        assert await articles.revise(
            tx, other, articles.NewRevision(Content("تیتر دیگر"), None), expected=seen, now=NOW
        )
    with pytest.raises(ConflictError, match="article-changed-meanwhile"):
        await _joining(database).join(other, first, actor_id=EDITOR, expected=seen)
    assert (await _got(database, other)).story_id is None
    joined = await _joining(database).join(other, first, actor_id=EDITOR, expected=seen + 1)
    assert joined.story_id == first


async def test_what_was_scheduled_waits_no_more_and_its_planner_is_told(database: Database) -> None:
    first, other = await _brought(database, ArticleState.PUBLISHED, ArticleState.DRAFT)
    await Scheduling(database, lambda: NOW, lambda: None).schedule(other, NOW + 60_000, actor_id=AUTHOR)
    joined = await _joining(database).join(other, first, actor_id=EDITOR)
    assert (joined.state, joined.scheduled_at) == (ArticleState.FOLDED, None)
    async with database.write() as tx:
        due = await notices.claim(tx, now=NOW, lease_until=NOW + 1, limit=9)
    assert [(notice.user_id, notice.key) for notice in due] == [(AUTHOR, "plan-cancelled-by")]


async def test_those_that_told_the_story_of_what_joins_come_along(database: Database) -> None:
    first, other = await _brought(database, ArticleState.PUBLISHED, ArticleState.PUBLISHED)
    (again,) = await _brought(database, ArticleState.FOLDED, story_id=other)
    await _joining(database).join(other, first, actor_id=EDITOR)
    assert (await _got(database, again)).story_id == first
    (late,) = await _brought(database, ArticleState.DRAFT)
    joined = await _joining(database).join(late, again, actor_id=EDITOR)
    assert joined.story_id == first, "the first of the story is what counts"


async def test_no_story_is_joined_that_readers_do_not_have_nor_ones_own(database: Database) -> None:
    first, draft = await _brought(database, ArticleState.PUBLISHED, ArticleState.DRAFT)
    retracted, dropped = await _brought(database, ArticleState.RETRACTED, ArticleState.DROPPED)
    (again,) = await _brought(database, ArticleState.FOLDED, story_id=first)
    joining = _joining(database)
    for article_id, to, key in (
        (first, draft, "story-first-unpublished"),
        (draft, retracted, "story-first-unpublished"),
        (draft, draft, "story-itself"),
        (first, again, "story-itself"),
        (retracted, first, "article-is-retracted"),
        (dropped, first, "article-is-dropped"),
    ):
        with pytest.raises(ConflictError, match=key):
            await joining.join(article_id, to, actor_id=EDITOR)
    with pytest.raises(NotFoundError):
        await joining.join(draft, 999_999, actor_id=EDITOR)
    assert not await _acts(database, draft)


async def test_a_second_person_shows_readers_what_they_do_not_see_yet(database: Database) -> None:
    (first,) = await _brought(database, ArticleState.PUBLISHED)
    async with database.write() as tx:
        (mine,) = await new_articles.insert(tx, [replace(_NEW, state=ArticleState.DRAFT)], now=NOW)
        await articles.revise(tx, mine, articles.NewRevision(Content("ویراسته"), EDITOR), expected=1, now=NOW)
    joining = _joining(database, review_required=True)
    with pytest.raises(ConflictError, match="review-second-pair"):
        await joining.join(mine, first, actor_id=EDITOR)
    assert (await joining.join(mine, first, actor_id=AUTHOR)).state is ArticleState.FOLDED
    with pytest.raises(ConflictError, match="review-second-pair"):
        await joining.separate(mine, actor_id=EDITOR, publish=True)
    assert (await _got(database, mine)).story_id == first, "what is refused changes nothing"


async def test_a_folded_article_is_separated_into_the_gate_or_published_at_once(database: Database) -> None:
    (first,) = await _brought(database, ArticleState.PUBLISHED)
    waits, goes = await _brought(database, ArticleState.FOLDED, ArticleState.FOLDED, story_id=first)
    joining = _joining(database)
    waiting = await joining.separate(waits, actor_id=EDITOR, first_id=first)
    published = await joining.separate(goes, actor_id=EDITOR, first_id=first, publish=True)
    assert (waiting.state, waiting.story_id) == (ArticleState.REVIEW, None)
    assert (published.state, published.story_id) == (ArticleState.PUBLISHED, None)
    async with database.read() as connection:
        review = await reviews.open_of(connection, waits)
        assert review is not None
        assert review.submitted_by is None
        assert await fanouts.is_open(connection, goes)
        assert await page_visits.get(connection, goes) is not None, "its page is read as any other's"
        assert await stories.count_elsewhere(connection, first) == 0
    assert [action for action, _ in await _acts(database, goes)] == [
        AuditAction.PUBLISH,
        AuditAction.SEPARATE_STORY,
    ]
    for article_id in (waits, goes):
        with pytest.raises(ConflictError, match="story-none"):
            await joining.separate(article_id, actor_id=EDITOR, first_id=first)


@pytest.mark.parametrize("state", [ArticleState.DRAFT, ArticleState.REVIEW, ArticleState.PUBLISHED])
async def test_another_article_keeps_its_state_when_it_is_separated(
    database: Database, state: ArticleState
) -> None:
    (first,) = await _brought(database, ArticleState.PUBLISHED)
    (other,) = await _brought(database, state, story_id=first)
    with pytest.raises(ConflictError, match="story-none"):
        await _joining(database).separate(other, actor_id=EDITOR, first_id=first + 1)
    separated = await _joining(database).separate(other, actor_id=EDITOR)
    assert (separated.state, separated.story_id) == (state, None)
    assert await _acts(database, other) == [(AuditAction.SEPARATE_STORY, StoryDetails(first))]


async def test_readers_see_no_folded_article_beside_one_whose_first_was_retracted(database: Database) -> None:
    (first,) = await _brought(database, ArticleState.RETRACTED)
    published, folded = await _brought(database, ArticleState.PUBLISHED, ArticleState.FOLDED, story_id=first)
    async with database.read() as connection:
        assert await stories.count_elsewhere(connection, published) == 0
        assert await stories.elsewhere(connection, folded, limit=9) != []


_TEXT = (
    "سخنگوی وزارت نیرو گفت ذخیرهٔ سدهای پایتخت به کمترین اندازهٔ شصت سال گذشته رسیده و از شهروندان خواست مصرف را "
    "یک‌پنجم کم کنند. او افزود خط انتقال تازه تا پایان زمستان آماده می‌شود و جیره‌بندی در برنامه نیست. به گفتهٔ او "
    "بارش پاییزی در حوضهٔ البرز چهل درصد کمتر از میانگین بوده است."
)


async def test_a_separated_pair_is_not_joined_again_by_the_next_fetch(database: Database) -> None:
    newsroom = Newsroom(database)
    await employ(database, EDITOR)
    one, two = [await newsroom.source(f"https://{site}.example/rss") for site in ("one", "two")]
    title = "ذخیرهٔ سدهای پایتخت به کمترین اندازه رسید"
    await newsroom.read(one, Entry(title, "https://one.example/a/the-dams", text=_TEXT))
    await newsroom.read(two, Entry(title, "https://two.example/a/the-dams", text=_TEXT))
    (folded,) = [article for article in await newsroom.articles() if article.state is ArticleState.FOLDED]
    await _joining(database).separate(folded.id, actor_id=EDITOR, publish=True)
    for text in (_TEXT, f"{_TEXT} این خبر تکمیل می‌شود."):
        await newsroom.read(two, Entry(title, "https://two.example/a/the-dams", text=text))
        await newsroom.read(one, Entry(title, "https://one.example/a/the-dams", text=text))
    stored = await newsroom.articles()
    assert [(article.state, article.story_id) for article in stored] == [(ArticleState.PUBLISHED, None)] * 2


async def test_a_review_that_a_join_ends_tells_its_author(database: Database) -> None:
    first, other = await _brought(database, ArticleState.PUBLISHED, ArticleState.REVIEW)
    await _joining(database).join(other, first, actor_id=EDITOR)
    async with database.read() as connection:
        last = (await reviews.last(connection, [other]))[other]
    assert (last.state, last.decided_by) == (ReviewState.APPROVED, EDITOR)


@pytest.mark.parametrize("shown", [False, True])
async def test_a_story_whose_first_article_is_thrown_away_goes_on_with_the_next(
    database: Database, shown: bool
) -> None:
    first, second, third, later = await _brought(
        database, ArticleState.PUBLISHED, ArticleState.DRAFT, ArticleState.PUBLISHED, ArticleState.DRAFT
    )
    service = NewsroomService(database, lambda: NOW, lambda: None)
    for other in (second, third) if shown else (second,):
        await _joining(database).join(other, first, actor_id=EDITOR)
    await service.follow(later, first, actor_id=EDITOR)
    await service.undo_publication(first, actor_id=EDITOR)
    await service.discard(first, actor_id=EDITOR)
    folded, next_ = await _got(database, second), await _got(database, third)
    if shown:
        assert (next_.state, next_.story_id) == (ArticleState.PUBLISHED, None)
        assert (folded.state, folded.story_id) == (ArticleState.FOLDED, third)
    else:
        assert (folded.state, folded.story_id) == (ArticleState.REVIEW, None)
        async with database.read() as connection:
            assert await reviews.open_of(connection, second) is not None
    assert (await _acts(database, third if shown else second))[0] == (
        AuditAction.SEPARATE_STORY,
        StoryDetails(first),
    )
    assert (await _got(database, later)).follows_id is None


async def test_the_number_of_a_draft_that_was_thrown_away_is_no_other_articles(database: Database) -> None:
    service = NewsroomService(database, lambda: NOW, lambda: None)
    await employ(database, AUTHOR)
    thrown_away = await service.draft(Content("پیش‌نویس"), 1, Provenance(author_id=AUTHOR))
    await service.discard(thrown_away.id, actor_id=AUTHOR)
    async with database.write() as tx:
        (brought,) = await new_articles.insert(tx, [replace(_NEW, wanted_id=thrown_away.id)], now=NOW)
        (own,) = await new_articles.insert(tx, [replace(_NEW, wanted_id=800)], now=NOW)
    assert brought != thrown_away.id
    assert own == 800


async def test_on_postgresql_no_two_editors_close_a_circle_or_block_each_other(postgresql: str) -> None:
    async with opened(postgresql) as one, opened(postgresql) as other:
        services = [NewsroomService(database, lambda: NOW, lambda: None) for database in (one, other)]
        for _ in range(4):
            a, b, c, d = await _brought(one, *[ArticleState.PUBLISHED] * 4)
            await services[0].follow(a, b, actor_id=EDITOR)
            await services[0].follow(c, d, actor_id=EDITOR)
            for pairs in (((b, c), (d, a)), ((a, c), (c, a))):
                ended = await asyncio.gather(
                    *(
                        service.follow(*pair, actor_id=EDITOR)
                        for service, pair in zip(services, pairs, strict=True)
                    ),
                    return_exceptions=True,
                )
                assert sum(isinstance(result, ConflictError) for result in ended) >= 1
                assert all(isinstance(result, ConflictError | Article) for result in ended)
