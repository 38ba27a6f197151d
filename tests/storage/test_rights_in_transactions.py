"""An act needs its right when it is committed: whoever loses it while their act waits has changed nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from bot.audience.chats import Chats, Policy
from bot.audience.subscription_request import SubscriptionRequest
from bot.audience.subscriptions import Subscriptions
from bot.delivery.outbox_actions import OutboxActions
from bot.errors import NotFoundError, UserError
from bot.ingest.candidate import Candidate
from bot.ingest.importer import Importer
from bot.ingest.sources.sealing import Sealer
from bot.ingest.sources.source_admin import SourceAdmin, SourceEdit
from bot.ingest.sources.source_requests import SourceRequests
from bot.newsroom.announcements import Announcements
from bot.newsroom.articles import Newsroom
from bot.newsroom.comments import Comments
from bot.newsroom.edit_locks import EditLocks
from bot.newsroom.house_words import HouseWords, WordRule
from bot.newsroom.pausing import Pausing
from bot.newsroom.permissions import Right
from bot.newsroom.reviews import Reviews
from bot.newsroom.scheduling import Scheduling
from bot.newsroom.source_changes import Question, SourceChanges, request_decision
from bot.newsroom.staff import Staff
from bot.newsroom.story_joining import StoryJoining
from bot.newsroom.tips import Tips
from persian.schedule import INSTANT
from storage import articles, chats, comments, new_articles, proposals, reviews, scheduled, sources, staff, tips
from storage.bootstrap import opened
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.new_articles import NewArticle
from storage.records import (
    Admission,
    Article,
    ArticleState,
    ChangePolicy,
    ChatKind,
    Content,
    Provenance,
    RequestPart,
    Role,
    RuleAction,
    SourceKind,
    SubscriptionKind,
)
from storage.schema import article as article_table
from storage.schema import audit as audit_table
from storage.schema import chat as chat_table
from storage.schema import source as source_table
from tests.newsroom_people import employ, with_right
from tests.storage.side_by_side import behind

NOW = 1_766_576_760_000
FIRST, SECOND, READER, CHANNEL = 1, 2, 50, -100

Act = Coroutine[Any, Any, Any]


def _nothing() -> None:
    pass


async def _follow_nobody(chat_id: int) -> None:
    pass


@dataclass
class _Desk:
    """The services of a newsroom, and articles in every state: `ids` by state, each at revision 1."""

    database: Database
    ids: dict[ArticleState, int]
    source_id: int
    comment_id: int
    tip_id: int

    @staticmethod
    async def of(database: Database) -> "_Desk":
        await employ(database, FIRST, SECOND, role=Role.OWNER)
        async with database.write() as tx:
            source = await sources.add(
                tx, "https://a.example/rss", kind=SourceKind.FEED, category_id=1, review=False, now=NOW
            )
            new = [
                NewArticle(Content(f"خبر {state}"), 1, state, NOW, "fa", f"https://a.example/{state}", "", "", None)
                for state in ArticleState
                if state is not ArticleState.ANNOUNCED
            ]
            ids = {
                one.state: id_ for one, id_ in zip(new, await new_articles.insert(tx, new, now=NOW), strict=True)
            }
            await reviews.begin(tx, ids[ArticleState.REVIEW], submitted_by=SECOND, now=NOW)
            published = await articles.get(tx, ids[ArticleState.PUBLISHED])
            assert published is not None
            await request_decision(tx, published, Question.CHANGED, now=NOW, content=Content("نو"), category_id=1)
            await chats.ensure(
                tx,
                CHANNEL,
                kind=ChatKind.CHANNEL,
                schedule=INSTANT,
                timezone="UTC",
                now=NOW,
                details=chats.ChatDetails(admission=Admission.WAITING),
            )
            comment_id = await comments.add(tx, published.id, READER, "نام", text="نظر", now=NOW)
            tip_id = await tips.add(tx, READER, "نام", text="پیام", media=(), now=NOW)
        return _Desk(database, ids, source.id, comment_id, tip_id)

    def acts(self, by: int) -> dict[str, Callable[[], Act]]:
        """Return acts of one person, by name."""
        database, clock = self.database, lambda: NOW
        newsroom, reviews_ = Newsroom(database, clock, _nothing), Reviews(database, clock, _nothing)
        scheduling, joining = Scheduling(database, clock, _nothing), StoryJoining(database, clock, _nothing)
        changes, comments_ = SourceChanges(database, clock, _nothing), Comments(database, clock)
        tips_, words, locks = Tips(database, clock), HouseWords(database, clock), EditLocks(database, clock)
        admin, requests = SourceAdmin(database, clock), SourceRequests(database, Sealer("k" * 32, None), clock)
        audience = Chats(
            database,
            clock,
            Policy(INSTANT, "UTC", open_door=False),
            _follow_nobody,
            deciding=with_right(database, Right.APPROVE_CHATS),
            acting=with_right(database),
        )
        following = Subscriptions(database, clock, _follow_nobody, acting=with_right(database))
        importer = Importer(database, None, None, clock, wake=_nothing)  # type: ignore[arg-type]  # it reads nothing
        draft, published = self.ids[ArticleState.DRAFT], self.ids[ArticleState.PUBLISHED]
        waiting, folded = self.ids[ArticleState.REVIEW], self.ids[ArticleState.FOLDED]
        mine = Provenance(author_id=by)
        everything = SubscriptionRequest(SubscriptionKind.CATEGORY, None)
        return {
            "draft": lambda: newsroom.draft(Content("خبر"), 1, mine),
            "edit": lambda: newsroom.edit(draft, Content("نو"), expected=1, editor_id=by),
            "correct": lambda: newsroom.edit(published, Content("نو"), expected=1, editor_id=by),
            "publish": lambda: newsroom.publish(draft, actor_id=by),
            "retract": lambda: newsroom.retract(published, "نادرست", actor_id=by),
            "follow": lambda: newsroom.follow(draft, published, actor_id=by),
            "save": lambda: newsroom.save_draft(draft, actor_id=by),
            "discard": lambda: newsroom.discard(draft, actor_id=by),
            "submit": lambda: reviews_.submit(draft, actor_id=by),
            "approve": lambda: reviews_.approve(waiting, revision=1, actor_id=by),
            "reject": lambda: reviews_.reject(waiting, 1, "نه", actor_id=by),
            "drop": lambda: reviews_.drop(waiting, actor_id=by),
            "schedule": lambda: scheduling.schedule(draft, NOW + 1, actor_id=by),
            "raise": lambda: scheduling.raise_to_breaking(published, actor_id=by),
            "join": lambda: joining.join(draft, published, actor_id=by),
            "publish folded": lambda: newsroom.publish(folded, actor_id=by),
            "accept": lambda: changes.accept(published, revision=1, asked_at=NOW, actor_id=by),
            "decline": lambda: changes.decline(published, asked_at=NOW, actor_id=by),
            "decide comment": lambda: comments_.decide(self.comment_id, approve=True, actor_id=by),
            "silence": lambda: comments_.silence(self.comment_id, actor_id=by),
            "use tip": lambda: tips_.make_draft(self.tip_id, category_id=1, untitled="-", actor_id=by),
            "answer tip": lambda: tips_.answer(self.tip_id, declined=True, actor_id=by),
            "announce": lambda: Announcements(database, clock, _nothing).send(
                "سلام", None, key="k", language="fa", author_id=by
            ),
            "add word": lambda: words.add([WordRule("طهران", "تهران")], actor_id=by),
            "lock": lambda: locks.acquire(draft, by),
            "pause": lambda: Pausing(database, clock, _nothing).pause(actor_id=by),
            "invite": lambda: Staff(database, clock).invite(Role.OWNER, created_by=by),
            "remove person": lambda: Staff(database, clock).remove(SECOND, actor_id=by),
            "edit source": lambda: admin.edit(self.source_id, SourceEdit(review=True), actor_id=by),
            "remove source": lambda: admin.remove(self.source_id, actor_id=by),
            "source policy": lambda: admin.change_policy(self.source_id, ChangePolicy.ASK, actor_id=by),
            "add rule": lambda: admin.add_rule(None, "تبلیغ", RuleAction.DROP, "", actor_id=by),
            "set header": lambda: requests.set(self.source_id, RequestPart.LOGIN, "a:b", actor_id=by),
            "import": lambda: importer.store(Candidate(Content("خبر"), (), mine), publish=True),
            "admit chat": lambda: audience.decide(CHANNEL, Admission.ADMITTED, seen=Admission.WAITING, actor_id=by),
            "chat settings": lambda: audience.change(CHANNEL, by=by, language="ar"),
            "chat follows": lambda: following.follow(CHANNEL, [everything], by=by),
        }

    async def trace(self) -> tuple[Any, ...]:
        """Return what tells whether anything was done."""
        async with self.database.read() as connection:
            return (
                [(one.id, one.state, one.revision) for one in await articles.newest(connection, 99)],
                (await connection.execute(select(audit_table.c.id))).scalars().all(),
                await proposals.get(connection, self.ids[ArticleState.PUBLISHED]) is not None,
                [(one.review, one.changes, len(one.requests)) for one in await sources.all_(connection)],
                await chats.get(connection, CHANNEL),
                await staff.get(connection, SECOND),
            )


async def _lock_everything(tx: Connection) -> None:
    for table in (article_table, source_table, chat_table):
        await tx.execute(select(table.c.id).with_for_update())


async def _dismiss(tx: Connection) -> None:
    await staff.lock_staff(tx)
    await _lock_everything(tx)
    await staff.remove(tx, FIRST)


async def test_whoever_is_dismissed_while_their_act_waits_changes_nothing(database: Database) -> None:
    desk = await _Desk.of(database)
    before = await desk.trace()
    for name, act in desk.acts(FIRST).items():
        (waited,) = await behind(database, _dismiss, act())
        (late,) = await asyncio.gather(act(), return_exceptions=True)
        assert [error.args for error in (waited, late)] == [("not-allowed", {})] * 2, name
        assert await desk.trace() == before, name
        await employ(database, FIRST, role=Role.OWNER)


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.MODERATOR])
async def test_whoever_has_a_lesser_role_meanwhile_does_no_more_than_that_role(
    database: Database, role: Role
) -> None:
    desk = await _Desk.of(database)

    async def demote(tx: Connection) -> None:
        await _lock_everything(tx)
        await staff.put(tx, FIRST, role, now=NOW)

    acts = desk.acts(FIRST)
    for name in ("edit", "correct", "publish", "discard", "approve", "edit source", "admit chat", "import"):
        (outcome,) = await behind(database, demote, acts[name]())
        assert isinstance(outcome, UserError), (name, outcome)
        assert outcome.key == "not-allowed", name
        await employ(database, FIRST, role=Role.OWNER)


async def test_an_authors_import_changes_no_article_that_was_published_meanwhile(database: Database) -> None:
    """By its address, it is another reading of their own draft; an editor publishes that at the same moment."""
    await employ(database, FIRST)
    await employ(database, SECOND, role=Role.AUTHOR)
    importer = Importer(database, None, None, lambda: NOW, wake=_nothing)  # type: ignore[arg-type]  # it reads nothing
    theirs = Provenance(url="https://a.example/1", author_id=SECOND)
    draft = (await importer.store(Candidate(Content("پیش‌نویس"), (), theirs), editor=False)).article_id

    async def publish(tx: Connection) -> None:
        stored = await articles.lock(tx, draft)
        assert stored is not None
        await articles.release(tx, stored.id, published_at=NOW, now=NOW)

    (outcome,) = await behind(
        database, publish, importer.store(Candidate(Content("دروغ"), (), theirs), editor=False)
    )
    assert isinstance(outcome, UserError), outcome
    async with database.read() as connection:
        stored = await articles.get(connection, draft)
    assert stored is not None
    assert (stored.state, stored.content.title, stored.revision) == (ArticleState.PUBLISHED, "پیش‌نویس", 1)


async def test_who_has_no_right_to_the_outbox_decides_nothing_about_it(database: Database) -> None:
    await employ(database, FIRST, role=Role.AUTHOR)
    actions = OutboxActions(with_right(database, Right.OUTBOX), lambda: NOW, _nothing)
    for act in (actions.retry, actions.arrived, actions.drop):
        with pytest.raises(UserError, match="not-allowed"):
            await act(1, actor_id=FIRST)
    await employ(database, FIRST)
    with pytest.raises(NotFoundError):
        await actions.drop(1, actor_id=FIRST)


@pytest.fixture
async def two(postgresql: str) -> AsyncIterator[tuple[Database, Database]]:
    """The same database twice, as two processes have it."""
    async with opened(postgresql) as one, opened(postgresql) as other:
        yield one, other


async def test_acts_and_a_dismissal_from_two_processes_do_not_block_each_other(
    two: tuple[Database, Database],
) -> None:
    """Whichever is first, the other goes on; what the dismissed one planned is a draft again."""
    here, there = two
    await employ(here, FIRST, SECOND, role=Role.OWNER)
    people, newsroom = Staff(there, lambda: NOW), Newsroom(here, lambda: NOW, _nothing)
    scheduling = Scheduling(here, lambda: NOW, _nothing)
    for _ in range(6):
        made = [(await newsroom.draft(Content("خبر"), 1, Provenance(author_id=SECOND))).id for _ in range(6)]
        await scheduling.schedule(made[0], NOW + 9, actor_id=FIRST)
        outcomes = await asyncio.gather(
            scheduling.schedule(made[0], NOW + 99, actor_id=FIRST),
            *(newsroom.publish(one, actor_id=FIRST) for one in made[1:4]),
            people.remove(FIRST, actor_id=SECOND),
            *(scheduling.schedule(one, NOW + 99, actor_id=FIRST) for one in made[4:]),
            return_exceptions=True,
        )
        for outcome in outcomes:
            assert outcome is None or isinstance(outcome, Article) or outcome.args == ("not-allowed", {}), outcome
        async with here.read() as connection:
            assert await staff.get(connection, FIRST) is None
            assert await scheduled.scheduled_by(connection, FIRST) == []
        await employ(here, FIRST, role=Role.OWNER)
