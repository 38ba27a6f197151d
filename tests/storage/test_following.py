"""Following and unfollowing: what gives way to what, how much there may be, what is written down."""

from dataclasses import replace

import pytest

from bot.audience.subscription_request import EVERYTHING, words_request
from bot.audience.subscriptions import MOST, Subscriptions
from bot.delivery.reschedule import Rescheduler
from bot.errors import ConflictError, NotFoundError, UserError
from persian.schedule import INSTANT
from storage import audit, chats, subscription_undo
from storage.engine.database import Database
from storage.records import ChatKind, SubscriptionKind
from storage.schema import subscription_undo as subscription_undo_table
from tests.newsroom_people import employ, with_right
from tests.values import schedule

NOW = 1_766_576_760_000
_EDITOR = 9
_OIL, _GOLD = words_request("نفت -اوپک"), words_request("طلا")


@pytest.fixture(autouse=True)
async def _staff(database: Database) -> None:
    await employ(database, _EDITOR)


@pytest.fixture
async def following(database: Database) -> Subscriptions:
    """The service, with a person 1 and a group -5."""
    async with database.write() as tx:
        for chat_id, kind in ((1, ChatKind.PRIVATE), (-5, ChatKind.SUPERGROUP)):
            await chats.ensure(
                tx,
                chat_id,
                kind=kind,
                schedule=INSTANT,
                timezone="UTC",
                now=NOW,
                details=chats.ChatDetails(title="گروه"),
            )
    retime = Rescheduler(database, lambda: NOW, lambda: None).follow
    return Subscriptions(database, lambda: NOW, retime, acting=with_right(database))


async def _of(following: Subscriptions, chat_id: int = 1, topic_id: int = 0) -> list[tuple[int | None, str]]:
    return [
        (subscription.category_id, subscription.label) for subscription in await following.of(chat_id, topic_id)
    ]


async def test_everything_and_categories_give_way_but_not_with_settings_of_their_own(
    following: Subscriptions,
) -> None:
    await following.follow(1, [EVERYTHING, _OIL])
    await following.follow(1, await following.parse_requests("ورزشی"))
    assert await _of(following) == [(None, "نفت -اوپک"), (6, "")]
    everything = (await following.of(1))[1]
    await following.change(1, everything.id, schedule=schedule("at 21:00"))
    await following.follow(1, [EVERYTHING])
    assert await _of(following) == [(None, "نفت -اوپک"), (6, ""), (None, "")]
    rows = await following.of(1)
    await following.change(1, rows[2].id, breaking_only=True)
    await following.put(1, 1, on=True)
    assert await _of(following) == [(None, "نفت -اوپک"), (6, ""), (None, ""), (1, "")]
    # Asked for again, all of it is wanted; its schedule stays.
    await following.follow(1, [EVERYTHING])
    assert [
        (subscription.category_id, subscription.breaking_only, subscription.schedule)
        for subscription in await following.of(1)
    ] == [
        (None, False, None),
        (6, False, schedule("at 21:00")),
        (None, False, None),
    ]


async def test_who_stops_one_of_everything_goes_on_with_the_rest_as_it_was(following: Subscriptions) -> None:
    await following.follow(1, [EVERYTHING])
    await following.change(1, (await following.of(1))[0].id, breaking_only=True, schedule=schedule("every 1h"))
    assert await following.unfollow(1, await following.parse_requests("ورزشی"))
    rest = await following.of(1)
    assert {subscription.category_id for subscription in rest} == {1, 2, 3, 4, 5, 7, 8}
    assert all(
        subscription.breaking_only and subscription.schedule == schedule("every 1h") for subscription in rest
    )


async def test_stopping_all_leaves_what_is_muted(following: Subscriptions) -> None:
    await following.follow(1, [EVERYTHING, _OIL, words_request("لیگ", SubscriptionKind.MUTED)])
    await following.follow(1, [_GOLD], 7)
    assert await following.unfollow(1, [_OIL])
    assert await _of(following) == [(None, ""), (None, "لیگ")]
    assert await following.unfollow(1, [])
    assert await _of(following) == [(None, "لیگ")]
    assert not await following.unfollow(1, [])
    assert await _of(following, topic_id=7) == [(None, "طلا")]


async def test_so_much_and_no_more(following: Subscriptions) -> None:
    await following.follow(1, [words_request(f"واژهٔ {number}") for number in range(MOST)])
    with pytest.raises(UserError, match="follow-too-many"):
        await following.follow(1, [EVERYTHING, _OIL])
    assert len(await following.of(1)) == MOST
    await following.follow(1, [words_request("واژۀ ۱"), EVERYTHING])
    assert len(await following.of(1)) == MOST + 1
    await following.follow(1, [_OIL], 7)


async def test_nobody_reaches_the_subscription_of_another_chat(following: Subscriptions) -> None:
    await following.follow(1, [_OIL])
    theirs = (await following.of(1))[0]
    with pytest.raises(NotFoundError):
        await following.get(-5, theirs.id)
    with pytest.raises(NotFoundError):
        await following.change(-5, theirs.id, breaking_only=True)
    with pytest.raises(NotFoundError):
        await following.stop(-5, theirs.id)
    assert await following.of(1) == [theirs]
    await following.stop(1, theirs.id)
    with pytest.raises(NotFoundError, match="follow-gone"):
        await following.stop(1, theirs.id)


async def test_what_staff_do_to_a_group_is_written_down(following: Subscriptions, database: Database) -> None:
    await following.follow(-5, [_OIL], 7, by=_EDITOR)
    subscription = (await following.of(-5, 7))[0]
    await following.change(-5, subscription.id, by=_EDITOR, schedule=schedule("at 21:00"))
    await following.change(-5, subscription.id, by=_EDITOR, schedule=schedule("at 21:00"))
    await following.put(-5, 6, on=True, by=_EDITOR)
    await following.put(-5, 6, on=True, by=_EDITOR)
    await following.stop(-5, subscription.id, by=_EDITOR)
    await following.unfollow(-5, [], by=_EDITOR)
    async with database.read() as connection:
        noted = [entry.details.plain() for entry in await audit.page(connection, limit=9) if entry.details]
    assert noted[::-1] == [
        "گروه (-5): + words «نفت -اوپک» (#7)",
        "گروه (-5): words «نفت -اوپک» (#7) schedule  -> at 21:00",
        "گروه (-5): + ورزشی",
        "گروه (-5): - words «نفت -اوپک» (#7)",
        "گروه (-5): - ورزشی",
    ]


async def _undo(following: Subscriptions, chat_id: int = 1, topic_id: int = 0, *, by: int | None = None) -> int:
    stamp = await following.undoable(chat_id, topic_id)
    assert stamp is not None
    await following.undo(chat_id, topic_id, stamp, by=by)
    return stamp


async def test_each_kind_of_change_is_undone_with_its_settings_and_since_when(following: Subscriptions) -> None:
    await following.follow(1, [EVERYTHING, _OIL])
    everything, oil = sorted(await following.of(1), key=lambda subscription: subscription.kind)
    await following.change(1, oil.id, schedule=schedule("at 21:00"))
    await following.change(1, everything.id, breaking_only=True)
    before = [replace(subscription, id=0) for subscription in await following.of(1)]

    async def unchanged() -> bool:
        now = [replace(subscription, id=0) for subscription in await following.of(1)]
        return sorted(now, key=str) == sorted(before, key=str)

    sports = await following.parse_requests("ورزشی")
    await following.follow(1, sports)
    await _undo(following)
    assert await unchanged()
    await following.unfollow(1, sports)
    assert len(await following.of(1)) == 8
    await _undo(following)
    assert await unchanged()
    await following.unfollow(1, [])
    assert await following.of(1) == []
    await _undo(following)
    assert await unchanged()
    await following.stop(1, next(subscription.id for subscription in await following.of(1) if subscription.label))
    await _undo(following)
    assert await unchanged()
    (oil,) = [subscription for subscription in await following.of(1) if subscription.label]
    await following.change(1, oil.id, schedule=None)
    await following.put(1, None, on=False)
    await _undo(following)
    assert not await unchanged(), "one press undoes one change"


async def test_an_undo_is_repeated_without_harm_and_ends_with_the_next_change(following: Subscriptions) -> None:
    await following.follow(1, [EVERYTHING])
    stamp = await _undo(following)
    await following.undo(1, 0, stamp)
    assert await following.of(1) == []
    await following.follow(1, [_GOLD])
    for wrong in (stamp, 5):
        with pytest.raises(ConflictError, match="follow-undo-gone"):
            await following.undo(1, 0, wrong)
    assert await _of(following) == [(None, "طلا")]


async def test_a_topic_is_undone_by_itself_and_the_audit_names_who_did_it(
    following: Subscriptions, database: Database
) -> None:
    await following.follow(-5, [_OIL], 7, by=_EDITOR)
    await following.follow(-5, [_GOLD], by=_EDITOR)
    await _undo(following, -5, 7, by=_EDITOR)
    assert await _of(following, -5, 7) == []
    assert await _of(following, -5) == [(None, "طلا")]
    async with database.read() as connection:
        newest = (await audit.page(connection, limit=1))[0]
    assert newest.actor_id == _EDITOR
    assert newest.details is not None
    assert "- words «نفت -اوپک» (#7)" in newest.details.plain()


async def test_a_pause_that_a_change_ended_comes_back_once(following: Subscriptions, database: Database) -> None:
    async def paused() -> bool:
        async with database.read() as connection:
            chat = await chats.get(connection, 1)
            assert chat is not None
            return chat.paused

    await following.follow(1, [EVERYTHING])
    async with database.write() as tx:
        await chats.change(tx, 1, paused=True)
    await following.follow(1, [EVERYTHING], resume=True)
    assert not await paused()
    stamp = await _undo(following)
    assert await paused()
    async with database.write() as tx:
        await chats.change(tx, 1, paused=False)
    await following.undo(1, 0, stamp)
    assert not await paused()


async def test_a_malformed_or_forgotten_change_cannot_be_undone(
    following: Subscriptions, database: Database
) -> None:
    await following.follow(1, [EVERYTHING])
    stamp = await following.undoable(1)
    assert stamp is not None
    async with database.write() as tx:
        await tx.execute(subscription_undo_table.update().values(before='[["new kind"]]'))
    assert await following.undoable(1) is None
    async with database.write() as tx:
        await subscription_undo.forget(tx, before=NOW + 1)
    with pytest.raises(ConflictError, match="follow-undo-gone"):
        await following.undo(1, 0, stamp)
    assert len(await following.of(1)) == 1
