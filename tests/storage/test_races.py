"""People, sources and processes at the same moment: each act counts once, and the second sees what the first did.

All wait behind one transaction and go on when it ends. On PostgreSQL they come from two processes.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.audience.chats import ChatFacts, Chats, Policy
from bot.audience.subscription_request import SubscriptionRequest
from bot.audience.subscriptions import Subscriptions
from bot.delivery.fanout import FanOuts
from bot.errors import UserError
from bot.ingest.candidate import Candidate
from bot.ingest.importer import Importer
from bot.ingest.sources.source_admin import SourceAdmin, SourceEdit
from bot.newsroom.articles import Newsroom as NewsroomService
from bot.newsroom.invitation_codes import seal_of
from bot.newsroom.pausing import Pausing
from bot.newsroom.permissions import Right
from bot.newsroom.reviews import Reviews
from bot.newsroom.scheduling import Scheduling
from bot.newsroom.staff import Staff
from bot.newsroom.story_joining import StoryJoining
from bot.newsroom.submissions import Placement, Submission, Submissions
from bot.newsroom.tips import Tips
from persian.schedule import INSTANT
from storage import (
    admissions,
    articles,
    audit,
    chats,
    fanouts,
    id_allocation,
    inbox,
    new_articles,
    outbox,
    proposals,
    sources,
    staff,
    tips,
)
from storage.api_creations import CreationKey
from storage.audit_details import AuditAction
from storage.bootstrap import opened
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.new_articles import NewArticle
from storage.records import (
    Admission,
    Article,
    ArticleState,
    ChatKind,
    Content,
    FanOutKind,
    Lane,
    Provenance,
    Role,
    SourceKind,
    SubscriptionKind,
)
from storage.schema import article as article_table
from storage.schema import fan_out, revision
from storage.schema import source as source_table
from tests.newsroom_people import employ, with_right
from tests.storage.conftest import KINDS
from tests.storage.feeding import NOW, SITE, Entry, Newsroom
from tests.storage.side_by_side import all_wait, behind
from tests.storage.test_outbox import follow

FIRST, SECOND, FRIEND, STRANGER, CHANNEL = 1, 2, 5, 6, -100
_EVERYTHING = SubscriptionRequest(SubscriptionKind.CATEGORY, None)


def _nothing() -> None:
    pass


async def _retime_nothing(chat_id: int) -> None:
    pass


def _kinds() -> Iterator[Any]:
    """Yield the databases. On SQLite one transaction follows the other anyway: that is tried in the long run."""
    for one in KINDS:
        yield pytest.param(one, marks=pytest.mark.long) if one == "sqlite" and len(KINDS) > 1 else one


@pytest.fixture(params=_kinds())
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def processes(address: str, kind: str, database: Database) -> AsyncIterator[tuple[Database, Database]]:
    """The database as two processes have it; on SQLite there is one process."""
    async with AsyncExitStack() as stack:
        await employ(database, FIRST, SECOND, role=Role.OWNER)
        yield database, database if kind == "sqlite" else await stack.enter_async_context(opened(address))


Processes = tuple[Database, Database]


async def _lock_articles(tx: Connection) -> None:
    await tx.execute(select(article_table.c.id).with_for_update())


def _keys(outcomes: list[Any]) -> list[str]:
    """Return what each act came to, sorted: the key of its error, or "done"."""
    unforeseen = [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, UserError)]
    assert not unforeseen, unforeseen
    return sorted(one.key if isinstance(one, UserError) else "done" for one in outcomes)


async def _drafted(database: Database, *titles: str) -> list[int]:
    newsroom = NewsroomService(database, lambda: NOW, _nothing)
    return [(await newsroom.draft(Content(one), 1, Provenance(author_id=FIRST))).id for one in titles]


async def _got(database: Database, article_id: int) -> Article:
    async with database.read() as connection:
        found = await articles.get(connection, article_id)
    assert found is not None
    return found


async def _actions(database: Database, article_id: int | None = None) -> Counter[str]:
    """Return how often each action is in the audit."""
    async with database.read() as connection:
        return Counter(one.action for one in await audit.page(connection, limit=99, article_id=article_id))


async def test_of_two_owners_who_remove_each_other_one_stays(processes: Processes) -> None:
    here, there = processes
    outcomes = await behind(
        here,
        staff.lock_staff,
        Staff(here, lambda: NOW).remove(FIRST, actor_id=SECOND),
        Staff(there, lambda: NOW).remove(SECOND, actor_id=FIRST),
    )
    assert _keys(outcomes) == ["done", "not-allowed"]
    (left,) = await Staff(here, lambda: NOW).members()
    assert left.role is Role.OWNER
    assert (await _actions(here))[AuditAction.REMOVE_STAFF] == 1


async def test_an_owner_who_resigns_and_the_other_who_removes_themselves_leave_one(processes: Processes) -> None:
    here, there = processes
    outcomes = await behind(
        here,
        staff.lock_staff,
        Staff(here, lambda: NOW).change_role(FIRST, Role.AUTHOR, actor_id=FIRST),
        Staff(there, lambda: NOW).remove(SECOND, actor_id=SECOND),
    )
    assert _keys(outcomes) == ["done", "staff-last-owner"]


async def test_an_invitation_lets_in_one_of_two_who_use_it(processes: Processes) -> None:
    here, there = processes
    code, _ = await Staff(here, lambda: NOW).invite(Role.EDITOR, created_by=FIRST)
    outcomes = await behind(
        here,
        staff.lock_staff,
        Staff(here, lambda: NOW).redeem(seal_of(code), FRIEND, "مینا"),
        Staff(there, lambda: NOW).redeem(seal_of(code), STRANGER, "دزد"),
    )
    assert _keys(outcomes) == ["done", "invitation-invalid"]
    assert len(await Staff(here, lambda: NOW).members()) == 3


@pytest.mark.parametrize("ends", ["revoked", "inviter removed", "inviter demoted"])
async def test_an_invitation_used_while_it_ends_is_used_before_or_never(processes: Processes, ends: str) -> None:
    here, there = processes
    people, others = Staff(here, lambda: NOW), Staff(there, lambda: NOW)
    for user_id, first in ((FRIEND, "use"), (STRANGER, "end")):
        await employ(here, SECOND, role=Role.OWNER)
        code, _ = await people.invite(Role.EDITOR, created_by=SECOND)
        (invitation,) = await people.open_invitations()
        use = people.redeem(seal_of(code), user_id, "مینا")
        ends_now: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "revoked": partial(others.revoke_invitation, invitation.id, actor_id=FIRST),
            "inviter removed": partial(others.remove, SECOND, actor_id=FIRST),
            "inviter demoted": partial(others.change_role, SECOND, Role.EDITOR, actor_id=FIRST),
        }
        end = ends_now[ends]()
        outcomes = await behind(here, staff.lock_staff, *((use, end) if first == "use" else (end, use)))
        used = outcomes[0 if first == "use" else 1]
        assert used is Role.EDITOR or used.args == ("invitation-invalid", {}), used
        assert (await people.role_of(user_id) is Role.EDITOR) is (used is Role.EDITOR)
        assert await people.open_invitations() == []


async def test_of_everything_that_is_done_to_a_draft_at_once_each_counts_once(processes: Processes) -> None:
    here, there = processes
    (article_id,) = await _drafted(here, "خبر")
    acts: list[Coroutine[Any, Any, Any]] = []
    for database, actor in ((here, FIRST), (there, SECOND)):
        newsroom = NewsroomService(database, lambda: NOW, _nothing)
        acts += [
            newsroom.edit(article_id, Content(f"خبر {actor}"), expected=1, editor_id=actor),
            newsroom.publish(article_id, actor_id=actor, expected=1),
            Scheduling(database, lambda: NOW, _nothing).schedule(article_id, NOW + 99, actor_id=actor, expected=1),
            newsroom.retract(article_id, "نادرست", actor_id=actor),
            newsroom.discard(article_id, actor_id=actor),
        ]
    outcomes = await behind(here, _lock_articles, *acts)
    done = _keys(outcomes).count("done")
    counted = await _actions(here, article_id)
    assert sum(counted.values()) == 1 + done, "and the draft"
    assert done > 0
    assert max(counted.values()) <= 2
    async with here.read() as connection:
        found = await articles.get(connection, article_id)
        kept = (await connection.execute(select(func.count()).select_from(revision))).scalar_one()
        owed = (await connection.execute(select(fan_out.c.kind))).scalars().all()
    assert len(set(owed)) == len(owed)
    if found is not None:
        assert found.revision == kept == 1 + counted[AuditAction.EDIT] + counted[AuditAction.CORRECT]
        assert (FanOutKind.HEADLINE in owed) is (found.state in (ArticleState.PUBLISHED, ArticleState.RETRACTED))
    else:
        assert owed == []


@pytest.mark.parametrize("act", ["undo", "retract", "correct"])
async def test_an_act_and_the_fan_out_of_its_article_do_not_block_each_other(
    processes: Processes, act: str
) -> None:
    """The fan-out has its own row locked, stores deliveries that refer to the article, and the act waits for it."""
    here, there = processes
    (article_id,) = await _drafted(here, "خبر")
    newsroom = NewsroomService(there, lambda: NOW, _nothing)
    await follow(here, CHANNEL, ChatKind.CHANNEL)
    await newsroom.publish(article_id, actor_id=FIRST)
    acts: dict[str, Callable[[], Coroutine[Any, Any, Article]]] = {
        "undo": partial(newsroom.undo_publication, article_id, actor_id=FIRST),
        "retract": partial(newsroom.retract, article_id, "نادرست", actor_id=FIRST),
        "correct": partial(newsroom.edit, article_id, Content("نو"), expected=1, editor_id=FIRST),
    }
    async with here.write() as tx:
        work = await fanouts.next_open(tx)
        assert work is not None
        assert await fanouts.lock(tx, work)
        pressed = asyncio.create_task(acts[act]())
        await all_wait(here, [pressed])
        await fanouts.deliver_now(tx, work, None, lane=Lane.HEADLINE, now=NOW)
        await fanouts.advance(tx, work, None, now=NOW)
    (outcome,) = await asyncio.gather(pressed, return_exceptions=True)
    assert _keys([outcome]) == ["done"]


async def test_of_two_corrections_on_one_revision_one_is_stored(processes: Processes) -> None:
    here, there = processes
    (article_id,) = await _drafted(here, "خبر")
    await NewsroomService(here, lambda: NOW, _nothing).publish(article_id, actor_id=FIRST)
    outcomes = await behind(
        here,
        _lock_articles,
        *(
            NewsroomService(database, lambda: NOW, _nothing).edit(
                article_id, Content(f"خبر {actor}"), expected=1, editor_id=actor
            )
            for database, actor in ((here, FIRST), (there, SECOND))
        ),
    )
    assert _keys(outcomes) == ["article-changed-meanwhile", "done"]
    assert (await _got(here, article_id)).revision == 2


async def test_a_correction_beside_a_retraction_changes_nothing_that_was_retracted(processes: Processes) -> None:
    here, there = processes
    for order in (1, -1):
        (article_id,) = await _drafted(here, "خبر")
        newsroom, other = (NewsroomService(one, lambda: NOW, _nothing) for one in (here, there))
        await newsroom.publish(article_id, actor_id=FIRST)
        acts = [
            newsroom.retract(article_id, "نادرست", actor_id=FIRST),
            other.edit(article_id, Content("نو"), expected=1, editor_id=SECOND),
        ]
        outcomes = await behind(here, _lock_articles, *acts[::order])
        assert (await _got(here, article_id)).state is ArticleState.RETRACTED
        assert _keys(outcomes) in (["article-is-retracted", "done"], ["done", "done"])
        assert (await _actions(here, article_id))[AuditAction.CORRECT] == _keys(outcomes).count("done") - 1


async def test_joining_separating_and_retracting_at_once_leave_no_article_astray(processes: Processes) -> None:
    here, there = processes
    joining, others = (StoryJoining(one, lambda: NOW, _nothing) for one in (here, there))
    newsroom = NewsroomService(there, lambda: NOW, _nothing)
    for order in (1, -1):
        first, second, third = await _drafted(here, "یک", "دو", "سه")
        await newsroom.publish(first, actor_id=FIRST)
        await newsroom.publish(second, actor_id=FIRST)
        await joining.join(third, first, actor_id=FIRST)
        acts = [
            others.separate(third, actor_id=SECOND),
            joining.join(third, second, actor_id=FIRST),
            others.join(first, second, actor_id=SECOND),
            joining.join(second, first, actor_id=FIRST),
            newsroom.retract(first, "نادرست", actor_id=SECOND),
        ]
        _keys(await behind(here, _lock_articles, *acts[::order]))
        told = {one: await _got(here, one) for one in (first, second, third)}
        for one in told.values():
            assert one.story_id is None or told[one.story_id].story_id is None, "a story has one first article"
            assert one.story_id != one.id
        assert told[first].state is ArticleState.RETRACTED
        assert told[second].state is ArticleState.PUBLISHED


async def test_a_source_changes_nothing_unasked_that_an_editor_approves_at_that_moment(
    processes: Processes,
) -> None:
    """A source changes what waits for approval, and not what was approved."""
    here, there = processes
    newsroom = Newsroom(there)
    source = await newsroom.source(review=True)
    for number, order in enumerate((1, -1)):
        link = f"{SITE}/a/bridge-{number}"
        await newsroom.read(source, Entry(f"پل {number} گشوده شد", link))
        (waiting,) = [one for one in await newsroom.articles() if one.state is ArticleState.REVIEW]
        acts = [
            Reviews(here, lambda: NOW, _nothing).approve(waiting.id, revision=1, actor_id=FIRST),
            newsroom.read(source, Entry(f"پل {number} فرو ریخت", link)),
        ]
        outcomes = await behind(here, _lock_articles, *acts[::order])
        assert outcomes[acts[::order].index(acts[1])] is None
        stands = await _got(here, waiting.id)
        if stands.state is ArticleState.PUBLISHED:
            assert (stands.content.title, stands.revision) == (f"پل {number} گشوده شد", 1)
            async with here.read() as connection:
                proposed = await proposals.get(connection, waiting.id)
            assert proposed is not None
            assert proposed.content.title == f"پل {number} فرو ریخت"
        else:
            assert (stands.state, stands.content.title) == (ArticleState.REVIEW, f"پل {number} فرو ریخت")
            await Reviews(here, lambda: NOW, _nothing).approve(waiting.id, revision=2, actor_id=FIRST)


async def test_a_source_changes_nothing_that_is_retracted_at_that_moment(processes: Processes) -> None:
    here, there = processes
    newsroom = Newsroom(there)
    source = await newsroom.source()
    await newsroom.read(source, Entry("پل گشوده شد", f"{SITE}/a/bridge"))
    (told,) = await newsroom.articles()
    await behind(
        here,
        _lock_articles,
        NewsroomService(here, lambda: NOW, _nothing).retract(told.id, "نادرست", actor_id=FIRST),
        newsroom.read(source, Entry("پل فرو ریخت", f"{SITE}/a/bridge")),
    )
    stands = await _got(here, told.id)
    assert (stands.state, stands.revision) == (ArticleState.RETRACTED, 1)
    async with here.read() as connection:
        owed = set((await connection.execute(select(fan_out.c.kind))).scalars())
    assert owed == {FanOutKind.HEADLINE, FanOutKind.RETRACTION}


async def test_of_two_drafts_of_one_tip_one_is_made(processes: Processes) -> None:
    here, there = processes
    async with here.write() as tx:
        tip_id = await tips.add(tx, 50, "نام", text="پیام", media=(), now=NOW)
    outcomes = await asyncio.gather(
        *(
            Tips(database, lambda: NOW).make_draft(tip_id, category_id=1, untitled="-", actor_id=actor)
            for database, actor in ((here, FIRST), (there, SECOND))
        ),
        return_exceptions=True,
    )
    assert set(_keys(outcomes)) <= {"done", "tip-decided"}
    async with here.read() as connection:
        assert len(await articles.newest(connection, 9)) == 1
    assert (await _actions(here))[AuditAction.USE_TIP] == 1


async def test_two_who_change_different_settings_of_a_source_both_have_their_way(processes: Processes) -> None:
    here, there = processes
    source = await Newsroom(here).source()

    async def lock(tx: Connection) -> None:
        await tx.execute(select(source_table.c.id).with_for_update())

    outcomes = await behind(
        here,
        lock,
        SourceAdmin(here, lambda: NOW).edit(source.id, SourceEdit(review=True), actor_id=FIRST),
        SourceAdmin(there, lambda: NOW).edit(source.id, SourceEdit(title="نام"), actor_id=SECOND),
        SourceAdmin(there, lambda: NOW).edit(source.id, SourceEdit(interval=600), actor_id=SECOND),
    )
    assert _keys(outcomes) == ["done"] * 3
    async with here.read() as connection:
        found = await sources.get(connection, source.id)
    assert found is not None
    assert (found.review, found.title, found.interval) == (True, "نام", 600)
    assert (await _actions(here))[AuditAction.EDIT_SOURCE] == 3


async def test_a_source_is_removed_while_what_it_brings_is_stored(processes: Processes) -> None:
    here, there = processes
    newsroom = Newsroom(there)
    source = await newsroom.source()

    async def bring(tx: Connection) -> None:
        assert await sources.lock(tx, source.id, shared=True) is not None, "as whoever stores its items does"
        new = NewArticle(Content("خبر"), 1, ArticleState.PUBLISHED, NOW, "fa", f"{SITE}/1", "", "", source.id)
        await new_articles.insert(tx, [new], now=NOW)

    (outcome,) = await behind(here, bring, SourceAdmin(there, lambda: NOW).remove(source.id, actor_id=FIRST))
    assert outcome is None, outcome
    (left,) = await newsroom.articles()
    assert left.source_id is None


async def test_what_two_sources_bring_at_once_is_one_article(processes: Processes) -> None:
    """Two feeds of one site have it, and two processes fetch them."""
    first, second = (Newsroom(one) for one in processes)
    one, other = await first.source(), await second.source(f"{SITE}/politics.xml")
    entry = Entry("پل گشوده شد", f"{SITE}/a/bridge")
    outcomes = await behind(
        processes[0], id_allocation.wait_for_turn, first.read(one, entry), second.read(other, entry)
    )
    assert outcomes == [None, None]
    assert await first.titles() == ["پل گشوده شد"]
    assert len(await first.pushed()) == 1


async def test_of_two_sources_that_tell_one_story_at_once_one_is_folded(processes: Processes) -> None:
    first, second = (Newsroom(one) for one in processes)
    one, other = await first.source("https://one.example/rss"), await second.source("https://two.example/rss")
    text = "سخنگوی وزارت نیرو گفت ذخیرهٔ سدهای پایتخت به کمترین اندازهٔ شصت سال گذشته رسیده است. " * 3
    outcomes = await behind(
        processes[0],
        id_allocation.wait_for_turn,
        first.read(one, Entry("ذخیرهٔ سدهای پایتخت به کمترین اندازه رسید", "https://one.example/a/dams", text=text)),
        second.read(
            other, Entry("ذخیرهٔ سدهای پایتخت به کمترین اندازه رسید", "https://two.example/a/dams", text=text)
        ),
    )
    assert outcomes == [None, None]
    assert sorted(one.state for one in await first.articles()) == [ArticleState.FOLDED, ArticleState.PUBLISHED]
    assert len(await first.pushed()) == 1


async def test_a_page_that_two_editors_import_at_once_is_one_draft(processes: Processes) -> None:
    here, there = processes
    page = Candidate(Content("خبر"), (), Provenance(url=f"{SITE}/a/bridge", author_id=FIRST))
    outcomes = await behind(
        here,
        id_allocation.wait_for_turn,
        *(
            Importer(one, None, None, lambda: NOW, wake=_nothing).store(page)  # type: ignore[arg-type]  # it reads nothing
            for one in (here, there)
        ),
    )
    assert _keys(outcomes) == ["done", "done"]
    async with here.read() as connection:
        assert len(await articles.newest(connection, 9)) == 1


async def test_an_address_becomes_one_source(processes: Processes) -> None:
    options = sources.SourceOptions()
    outcomes = await behind(
        processes[0],
        _lock_articles,
        *(
            SourceAdmin(database, lambda: NOW).add(
                "https://a.example/rss",
                SourceKind.FEED,
                category="general",
                review=False,
                options=options,
                actor_id=FIRST,
            )
            for database in processes
        ),
    )
    assert sum(one is None for one in outcomes) == 1, outcomes


def _chats(database: Database, *, open_door: bool = False) -> Chats:
    return Chats(
        database,
        lambda: NOW,
        Policy(INSTANT, "UTC", open_door=open_door),
        _retime_nothing,
        deciding=with_right(database, Right.APPROVE_CHATS),
        acting=with_right(database),
    )


async def _meet_channel(database: Database) -> None:
    async with database.write() as tx:
        await chats.ensure(
            tx,
            CHANNEL,
            kind=ChatKind.CHANNEL,
            schedule=INSTANT,
            timezone="UTC",
            now=NOW,
            details=chats.ChatDetails(title="کانال", admission=Admission.WAITING),
        )


async def test_of_two_owners_decisions_about_a_channel_the_first_counts(processes: Processes) -> None:
    here, there = processes
    await _meet_channel(here)
    decisions = [
        _chats(database).decide(CHANNEL, admission, seen=Admission.WAITING, actor_id=actor)
        for database, admission, actor in (
            (here, Admission.DENIED, FIRST),
            (there, Admission.ADMITTED, SECOND),
        )
    ]
    outcomes = await behind(here, lambda tx: chats.lock(tx, CHANNEL), *decisions)
    assert _keys(outcomes) == ["chat-not-waiting", "done"]
    (decided,) = [one for one in outcomes if not isinstance(one, BaseException)]
    chat = await _chats(here).get(CHANNEL)
    assert chat is not None
    assert (chat.admission, chat.decided_by) == (decided.admission, decided.decided_by)
    counted = await _actions(here)
    assert counted[AuditAction.APPROVE_CHAT] + counted[AuditAction.DENY_CHAT] == 1


async def test_the_open_door_lets_nobody_in_whom_an_owner_denies_at_that_moment(processes: Processes) -> None:
    here, there = processes
    await _meet_channel(here)

    async def deny(tx: Connection) -> None:
        await admissions.decide(tx, CHANNEL, Admission.DENIED, by=FIRST, now=NOW)

    facts = ChatFacts(CHANNEL, ChatKind.CHANNEL, "کانال")
    arrival = _chats(there, open_door=True).bot_added(facts, by=STRANGER, is_admin=True, joined=True)
    assert _keys(await behind(here, deny, arrival)) == ["done"]
    chat = await _chats(here).get(CHANNEL)
    assert chat is not None
    assert chat.admission is Admission.DENIED


@pytest.mark.parametrize("order", [1, -1])
async def test_a_channel_that_is_admitted_while_it_removes_the_bot_is_both(
    processes: Processes, order: int
) -> None:
    here, there = processes
    await _meet_channel(here)
    acts = [
        _chats(here).decide(CHANNEL, Admission.ADMITTED, seen=Admission.WAITING, actor_id=FIRST),
        _chats(there).bot_removed(CHANNEL, "kicked", by=STRANGER),
    ]
    outcomes = await behind(here, lambda tx: chats.lock(tx, CHANNEL), *acts[::order])
    assert _keys(outcomes) == ["done", "done"]
    chat = await _chats(here).get(CHANNEL)
    assert chat is not None
    assert (chat.admission, chat.decided_by, chat.reason) == (Admission.ADMITTED, FIRST, "kicked")
    assert chat.lost_at is not None
    counted = await _actions(here)
    assert (counted[AuditAction.APPROVE_CHAT], counted[AuditAction.LOSE_CHAT]) == (1, 1)


async def test_two_administrators_change_two_settings_of_a_channel(processes: Processes) -> None:
    here, there = processes
    await _meet_channel(here)
    outcomes = await behind(
        here,
        lambda tx: chats.lock(tx, CHANNEL),
        _chats(here).change(CHANNEL, by=FIRST, language="ar"),
        _chats(there).change(CHANNEL, by=SECOND, timezone="Asia/Kabul"),
        _chats(there).change(CHANNEL, by=SECOND, language="en"),
    )
    assert _keys(outcomes) == ["done"] * 3
    async with here.read() as connection:
        told = [one.details for one in await audit.page(connection, limit=9)]
    by_setting = [(one.name, one.before, one.after) for details in told for one in details.settings]  # type: ignore[union-attr]
    languages = [one[1:] for one in reversed(by_setting) if one[0] == "language"]
    assert languages[0][1] == languages[1][0], "the second changes what the first has made of it"


async def test_an_undo_that_is_pressed_twice_undoes_one_change(processes: Processes) -> None:
    here, there = processes
    await _meet_channel(here)
    following, others = (
        Subscriptions(one, lambda: NOW, _retime_nothing, acting=with_right(one)) for one in (here, there)
    )
    for service in (following, others):
        await service.put(CHANNEL, 1 if service is following else 2, on=True, by=FIRST)
    stamp = await following.undoable(CHANNEL)
    assert stamp is not None
    outcomes = await behind(
        here,
        lambda tx: chats.lock(tx, CHANNEL),
        *(service.undo(CHANNEL, 0, stamp, by=FIRST) for service in (following, others)),
    )
    assert _keys(outcomes) == ["done", "done"]
    assert [one.category_id for one in await following.of(CHANNEL)] == [1]
    assert (await _actions(here))[AuditAction.CHAT_SETTINGS] == 3


async def test_two_who_follow_the_same_at_once_follow_it_once(processes: Processes) -> None:
    here, there = processes
    await _meet_channel(here)
    outcomes = await behind(
        here,
        lambda tx: chats.lock(tx, CHANNEL),
        *(
            Subscriptions(one, lambda: NOW, _retime_nothing, acting=with_right(one)).follow(
                CHANNEL, [_EVERYTHING], by=actor
            )
            for one, actor in ((here, FIRST), (there, SECOND))
        ),
    )
    assert _keys(outcomes) == ["done", "done"]
    assert len(await Subscriptions(here, lambda: NOW, _retime_nothing, acting=with_right(here)).of(CHANNEL)) == 1


async def test_of_two_pauses_one_begins_and_of_two_resumptions_one_ends_it(processes: Processes) -> None:
    pauses = [Pausing(database, lambda: NOW, _nothing) for database in processes]
    begun = await asyncio.gather(*(one.pause(actor_id=FIRST) for one in pauses))
    ended = await asyncio.gather(*(one.resume(actor_id=FIRST) for one in pauses))
    assert (sorted(begun), sorted(ended)) == ([False, True], [False, True])
    counted = await _actions(processes[0])
    assert (counted[AuditAction.PAUSE], counted[AuditAction.RESUME]) == (1, 1)


async def test_one_key_of_the_api_makes_one_article_of_two_bodies_at_once(processes: Processes) -> None:
    """The other request is told that its key stands for something else."""
    here, there = processes
    services = [Submissions(one, lambda: NOW, _nothing) for one in (here, there)]
    actor_id = await services[0].actor_of("wordpress")
    new = Submission(Content("خبر"), 1, Provenance(author_id=actor_id), Placement.PUBLISH)
    outcomes = await asyncio.gather(
        *(
            service.submit(CreationKey(actor_id, "post-1", digest), new)
            for service, digest in zip(services, ("one", "other"), strict=True)
        ),
        return_exceptions=True,
    )
    assert _keys(outcomes) == ["api-key-reused", "done"]
    async with here.read() as connection:
        assert await articles.count_published(connection) == 1


async def test_a_pause_while_a_fan_out_runs_lets_nothing_more_go_out_until_it_ends(processes: Processes) -> None:
    here, there = processes
    for chat_id in (CHANNEL, CHANNEL - 1):
        await follow(here, chat_id, ChatKind.CHANNEL)
    (article_id,) = await _drafted(here, "خبر")
    await NewsroomService(here, lambda: NOW, _nothing).publish(article_id, actor_id=FIRST)
    steps, pausing = (
        FanOuts(here, lambda: NOW, chunk_chats=1, more_seconds=0),
        Pausing(there, lambda: NOW, _nothing),
    )

    async def claimable() -> list[int]:
        async with here.write() as tx:
            ready = await outbox.ready_after(tx, None, NOW, limit=9)
            return sorted(one.chat_id for one in await outbox.lock_pending(tx, [one.id for one in ready]))

    assert await steps.step()
    assert len(await claimable()) == 1
    assert await pausing.pause(actor_id=FIRST)
    while await steps.step():
        assert await claimable() == []
    assert await pausing.resume(actor_id=FIRST)
    assert await claimable() == [CHANNEL - 1, CHANNEL]


async def test_an_update_that_comes_to_two_receivers_at_once_is_new_to_one(processes: Processes) -> None:
    async def accept(database: Database) -> set[int]:
        async with database.write() as tx:
            return await inbox.put(tx, [inbox.Received(one, "{}") for one in (7, 8)], now=NOW, lease_until=NOW + 1)

    accepted = await asyncio.gather(*map(accept, processes))
    assert sorted(one for some in accepted for one in some) == [7, 8]
