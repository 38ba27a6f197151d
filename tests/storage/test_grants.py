"""Grants: plans, promises and locks end with somebody's right, whatever comes at the same time."""

import asyncio

import pytest

from bot.newsroom.articles import Newsroom
from bot.newsroom.reviews import Reviews
from bot.newsroom.scheduling import Scheduling
from bot.newsroom.staff import Staff
from persian.schedule import INSTANT
from storage import articles, cards, chats, dialogues, edit_locks, notices, reviews, staff
from storage.engine.database import Database
from storage.records import Admission, ArticleState, CardKind, ChatKind, Content, Notice, Provenance, Role

NOW = 1_766_576_760_000
HOUR = 3_600_000
OWNER, EDITOR, AUTHOR = 1, 2, 3


class Clock:
    """A clock that stands where it is put."""

    now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def people(database: Database, clock: Clock) -> Staff:
    people = Staff(database, clock)
    await people.appoint_owners([OWNER])
    async with database.write() as tx:
        await staff.put(tx, EDITOR, Role.EDITOR, now=NOW, name="مینا")
        await staff.put(tx, AUTHOR, Role.AUTHOR, now=NOW, name="سارا")
    return people


def _nothing() -> None:
    pass


async def _planned(database: Database, clock: Clock, *, in_review: bool, at: int = NOW + HOUR) -> int:
    newsroom = Newsroom(database, clock, _nothing)
    made = await newsroom.draft(Content("خبر"), 1, Provenance(author_id=AUTHOR))
    if in_review:
        await Reviews(database, clock, _nothing, review_required=False).submit(made.id, actor_id=AUTHOR)
    await Scheduling(database, clock, _nothing).schedule(made.id, at, actor_id=EDITOR, breaking=True)
    return made.id


async def _state(database: Database, article_id: int) -> ArticleState:
    async with database.read() as connection:
        article = await articles.get(connection, article_id)
    assert article is not None
    return article.state


async def _owed(database: Database, user_id: int) -> list[Notice]:
    async with database.write() as tx:
        owed = await notices.claim(tx, now=NOW + 2 * HOUR, lease_until=0, limit=99)
    return [notice for notice in owed if notice.user_id == user_id]


@pytest.mark.parametrize("left", [None, Role.AUTHOR])
async def test_a_plan_ends_with_its_planners_right_and_the_owners_are_asked(
    people: Staff, database: Database, clock: Clock, left: Role | None
) -> None:
    drafted = await _planned(database, clock, in_review=False)
    handed_in = await _planned(database, clock, in_review=True)
    if left is None:
        await people.remove(EDITOR, actor_id=OWNER)
    else:
        await people.change_role(EDITOR, left, actor_id=OWNER)
    clock.now += 2 * HOUR
    await Scheduling(database, clock, _nothing).publish_due()
    assert await _state(database, drafted) is ArticleState.DRAFT
    assert await _state(database, handed_in) is ArticleState.REVIEW
    async with database.read() as connection:
        review = (await reviews.last(connection, [handed_in]))[handed_in]
    assert (review.submitted_by, review.decided_by) == (AUTHOR, None)
    told = [notice for notice in await _owed(database, OWNER) if notice.key == "plan-orphaned"]
    assert [(notice.args["id"], notice.args["when"]) for notice in told] == [
        (drafted, NOW + HOUR),
        (handed_in, NOW + HOUR),
    ]
    assert told[0].buttons[0] == ("button-plan-again", f"plan:{drafted}:1:{NOW + HOUR}:1")


async def test_a_plan_that_another_moved_is_the_others(people: Staff, database: Database, clock: Clock) -> None:
    article_id = await _planned(database, clock, in_review=False)
    await Scheduling(database, clock, _nothing).schedule(article_id, NOW + HOUR + 1, actor_id=OWNER)
    await people.remove(EDITOR, actor_id=OWNER)
    clock.now += 2 * HOUR
    await Scheduling(database, clock, _nothing).publish_due()
    assert await _state(database, article_id) is ArticleState.PUBLISHED


async def test_a_plan_made_while_its_planner_is_removed_is_not_published(
    people: Staff, database: Database, clock: Clock
) -> None:
    """Neither is one whose planner lost the right in a way that nobody told Peyk of."""
    made = await _planned(database, clock, in_review=False)
    async with database.write() as tx:
        await staff.remove(tx, EDITOR)
    clock.now += 2 * HOUR
    plans = Scheduling(database, clock, _nothing)
    await asyncio.gather(plans.publish_due(), plans.publish_due())
    assert await _state(database, made) is ArticleState.DRAFT
    assert [notice.key for notice in await _owed(database, OWNER)] == ["plan-orphaned"]


async def test_what_was_begun_held_and_owed_ends(people: Staff, database: Database, clock: Clock) -> None:
    article_id = await _planned(database, clock, in_review=False)
    async with database.write() as tx:
        await dialogues.put(tx, EDITOR, EDITOR, "announce", data='{"html":"x"}', now=NOW)
        await dialogues.put(tx, OWNER, OWNER, "announce", data='{"html":"x"}', now=NOW)
        await edit_locks.acquire(tx, article_id, EDITOR, now=NOW, until=NOW + HOUR)
        await notices.enqueue(tx, EDITOR, "plan-done", {"id": article_id, "title": "راز"}, now=NOW)
        await notices.enqueue(tx, EDITOR, "comment-approved", {"id": article_id, "title": "خبر"}, now=NOW)
    await people.change_role(EDITOR, Role.MODERATOR, actor_id=OWNER)
    async with database.read() as connection:
        ended = [(await dialogues.get(connection, id_, id_)).ended for id_ in (EDITOR, OWNER)]  # type: ignore[union-attr]
        assert await edit_locks.holder(connection, article_id, now=NOW) is None
    assert ended == [True, False]
    assert [notice.key for notice in await _owed(database, EDITOR)] == ["comment-approved", "role-changed"]


async def test_a_promotion_ends_nothing(people: Staff, database: Database, clock: Clock) -> None:
    article_id = await _planned(database, clock, in_review=False)
    async with database.write() as tx:
        await dialogues.put(tx, EDITOR, EDITOR, "announce", data='{"html":"x"}', now=NOW)
    await people.change_role(EDITOR, Role.OWNER, actor_id=OWNER)
    async with database.read() as connection:
        dialogue = await dialogues.get(connection, EDITOR, EDITOR)
    assert dialogue is not None
    assert dialogue.kind == "announce"
    assert await _state(database, article_id) is ArticleState.SCHEDULED


async def test_a_dismissed_author_hears_nothing_of_what_they_handed_in(
    people: Staff, database: Database, clock: Clock
) -> None:
    newsroom, acts = Newsroom(database, clock, _nothing), Reviews(database, clock, _nothing, review_required=False)
    made = await newsroom.draft(Content("خبر"), 1, Provenance(author_id=AUTHOR))
    await acts.submit(made.id, actor_id=AUTHOR)
    await people.remove(AUTHOR, actor_id=OWNER)
    assert await _state(database, made.id) is ArticleState.REVIEW
    review = await acts.get_open(made.id)
    await acts.reject(made.id, review.id, "راز", actor_id=EDITOR)
    assert [notice.key for notice in await _owed(database, AUTHOR)] == ["staff-removed"]


async def test_a_dismissed_owner_sees_no_card_of_a_chat_that_waits_and_the_others_do(
    people: Staff, database: Database
) -> None:
    async with database.write() as tx:
        await staff.put(tx, 4, Role.OWNER, now=NOW)
        await chats.ensure(
            tx,
            -100,
            kind=ChatKind.CHANNEL,
            schedule=INSTANT,
            timezone="UTC",
            now=NOW,
            details=chats.ChatDetails(admission=Admission.WAITING),
        )
        await cards.enqueue(tx, CardKind.CHAT, -100, [4, OWNER], now=NOW)
    await people.change_role(4, Role.EDITOR, actor_id=OWNER)
    async with database.read() as connection:
        assert await chats.waiting_without_card(connection, 4) == [-100]
        assert await chats.waiting_without_card(connection, OWNER) == []


async def test_the_configuration_takes_what_it_alone_gave(people: Staff, database: Database) -> None:
    """Owners whom the newsroom made by itself stay, and an empty configuration removes nobody."""
    await people.appoint_owners([OWNER, 7, 8])
    secret, _ = await people.invite(Role.OWNER, created_by=7)
    await people.change_role(8, Role.EDITOR, actor_id=OWNER)
    await people.change_role(8, Role.OWNER, actor_id=OWNER)
    assert [owner.user_id for owner in await people.appoint_owners([])] == [8]
    assert await people.role_of(7) is Role.OWNER
    assert [owner.user_id for owner in await people.appoint_owners([OWNER])] == [8]
    assert await people.role_of(7) is None
    assert [notice.key for notice in await _owed(database, 7)] == ["staff-removed"]
    assert await people.open_invitations() == []
    assert secret
