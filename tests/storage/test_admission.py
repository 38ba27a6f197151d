"""Admission: reaching a chat or not changes nothing that an owner decided; a group keeps it under its new id."""

import pytest

from persian.schedule import INSTANT
from storage import admissions, audit, cards, chats, lost_chats, notices, staff
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Admission, CardKind, Chat, ChatKind, Reachability, Role

NOW = 1_766_576_760_000
OLD, NEW = -50, -1001


async def _meet(
    tx: Connection, chat_id: int, admission: Admission, *, by: int | None = None, at: int = NOW
) -> None:
    kind = ChatKind.GROUP if chat_id == OLD else ChatKind.SUPERGROUP
    await chats.ensure(
        tx,
        chat_id,
        kind=kind,
        schedule=INSTANT,
        timezone="UTC",
        now=NOW,
        details=chats.ChatDetails(admission=Admission.WAITING),
    )
    if admission is not Admission.WAITING:
        await admissions.decide(tx, chat_id, admission, by=by, now=at)


async def _get(database: Database, chat_id: int) -> Chat:
    async with database.read() as connection:
        chat = await chats.get(connection, chat_id)
    assert chat is not None
    return chat


@pytest.mark.parametrize("admission", Admission)
async def test_losing_and_finding_a_chat_decides_nothing(database: Database, admission: Admission) -> None:
    async with database.write() as tx:
        await _meet(tx, NEW, admission, by=1)
        await lost_chats.record_refusal(tx, NEW, "rights taken", again_at=NOW + 1, now=NOW)
    assert (await _get(database, NEW)).reachability is Reachability.REFUSING
    async with database.write() as tx:
        await lost_chats.mark_lost(tx, NEW, "kicked", now=NOW)
        await lost_chats.mark_lost(tx, NEW, "left", now=NOW + 1)
    lost = await _get(database, NEW)
    assert (lost.reachability, lost.lost_at, lost.refusals, lost.admission) == (
        Reachability.LOST,
        NOW,
        0,
        admission,
    )
    async with database.write() as tx:
        await lost_chats.mark_found(tx, NEW, now=NOW)
        await lost_chats.mark_found(tx, NEW, now=NOW)
    chat = await _get(database, NEW)
    assert (chat.reachability, chat.wait_until, chat.admission) == (Reachability.REACHABLE, 0, admission)
    async with database.write() as tx:
        entries = await audit.page(tx, limit=9)
        told = await notices.claim(tx, now=NOW, lease_until=NOW, limit=9)
    assert [entry.action for entry in entries] == ["find_chat", "lose_chat"]
    told_of = [notice.key for notice in told]
    assert told_of == (["chat-lost", "chat-found"] if admission is Admission.ADMITTED else [])


@pytest.mark.parametrize(
    ("old", "new", "stands"),
    [
        # Nobody has decided about the new id: what was decided about the group stands.
        ((Admission.ADMITTED, 1, 5), None, Admission.ADMITTED),
        ((Admission.ADMITTED, 1, 5), (Admission.WAITING, None, 0), Admission.ADMITTED),
        ((Admission.DENIED, 1, 5), None, Admission.DENIED),
        ((Admission.DENIED, 1, 5), (Admission.WAITING, None, 0), Admission.DENIED),
        ((Admission.WAITING, None, 0), None, Admission.WAITING),
        # The open door let the new id in.
        ((Admission.DENIED, 1, 5), (Admission.ADMITTED, None, 0), Admission.DENIED),
        ((Admission.WAITING, None, 0), (Admission.ADMITTED, None, 0), Admission.ADMITTED),
        # An owner has decided about each, or about the new one alone: the later word stands.
        ((Admission.ADMITTED, 1, 5), (Admission.DENIED, 2, 6), Admission.DENIED),
        ((Admission.DENIED, 1, 5), (Admission.ADMITTED, 2, 6), Admission.ADMITTED),
        ((Admission.ADMITTED, 1, 6), (Admission.DENIED, 2, 5), Admission.ADMITTED),
        ((Admission.WAITING, None, 0), (Admission.DENIED, 2, 6), Admission.DENIED),
        ((Admission.ADMITTED, None, 0), (Admission.DENIED, 2, 6), Admission.DENIED),
    ],
)
async def test_a_group_that_migrates_is_admitted_or_not_as_owners_decided(
    database: Database,
    old: tuple[Admission, int | None, int],
    new: tuple[Admission, int | None, int] | None,
    stands: Admission,
) -> None:
    async with database.write() as tx:
        await _meet(tx, OLD, old[0], by=old[1], at=NOW + old[2])
        # The bot's leave of the old id is told before the migration.
        await lost_chats.mark_lost(tx, OLD, "left", now=NOW)
        if new is not None:
            await _meet(tx, NEW, new[0], by=new[1], at=NOW + new[2])
            await chats.change(tx, NEW, is_admin=True)
        await chats.migrate(tx, OLD, NEW)
    chat = await _get(database, NEW)
    assert (chat.admission, chat.reachability) == (stands, Reachability.REACHABLE)
    assert chat.is_admin is (new is not None)
    async with database.read() as connection:
        assert await chats.get(connection, OLD) is None


async def test_a_migrated_group_that_has_put_the_bot_out_stays_lost(database: Database) -> None:
    async with database.write() as tx:
        await _meet(tx, OLD, Admission.ADMITTED, by=1)
        await _meet(tx, NEW, Admission.WAITING)
        await lost_chats.mark_lost(tx, NEW, "kicked", now=NOW)
        await chats.migrate(tx, OLD, NEW)
    chat = await _get(database, NEW)
    assert (chat.admission, chat.reachability, chat.reason) == (Admission.ADMITTED, Reachability.LOST, "kicked")


async def test_a_migrated_groups_card_shows_it_under_its_new_id_once(database: Database) -> None:
    async with database.write() as tx:
        for owner in (1, 2):
            await staff.put(tx, owner, Role.OWNER, name="", now=NOW)
        await _meet(tx, OLD, Admission.WAITING)
        await admissions.enqueue_cards(tx, OLD, now=NOW)
        await _meet(tx, NEW, Admission.WAITING)
        await cards.enqueue(tx, CardKind.CHAT, NEW, [1], now=NOW)
        await chats.migrate(tx, OLD, NEW)
        due = await cards.claim(tx, now=NOW, lease_until=NOW, limit=9)
        assert await chats.waiting_without_card(tx, 1) == []
        assert await chats.waiting_without_card(tx, 3) == [NEW]
    assert sorted((card.subject_id, card.chat_id) for card in due) == [(NEW, 1), (NEW, 2)]


async def test_a_lost_place_is_asked_about_one_at_a_time_and_a_person_never(database: Database) -> None:
    async with database.write() as tx:
        await _meet(tx, OLD, Admission.DENIED, by=1)
        await _meet(tx, NEW, Admission.ADMITTED, by=1)
        await chats.ensure(tx, 7, kind=ChatKind.PRIVATE, schedule=INSTANT, timezone="UTC", now=NOW)
        for chat_id in (7, OLD, NEW):
            await lost_chats.mark_lost(tx, chat_id, "blocked", now=NOW)
        assert not await lost_chats.any_due(tx, NOW)
        assert await lost_chats.claim(tx, now=NOW, lease_until=NOW, limit=1) == []
        later = NOW + 24 * 3600 * 1000
        assert await lost_chats.any_due(tx, later)
        asked = [await lost_chats.claim(tx, now=later, lease_until=later + 1, limit=1) for _ in range(3)]
    assert {lost_chat.chat.id for claimed in asked for lost_chat in claimed} == {OLD, NEW}
    assert asked[2] == []


async def test_a_chat_that_came_back_while_telegram_was_asked_does_not_wait(database: Database) -> None:
    async with database.write() as tx:
        await _meet(tx, NEW, Admission.ADMITTED, by=1)
        await lost_chats.mark_lost(tx, NEW, "kicked", now=NOW)
        await lost_chats.mark_found(tx, NEW, now=NOW)
        await lost_chats.put_off(tx, NEW, due_at=NOW + 9)
        chat = await chats.get(tx, NEW)
    assert chat is not None
    assert chat.wait_until == 0


async def test_what_a_refusing_chat_is_owed_waits_and_what_a_lost_one_is_owed_ends(database: Database) -> None:
    async with database.write() as tx:
        await _meet(tx, NEW, Admission.ADMITTED, by=1)
        await lost_chats.record_refusal(tx, NEW, "not found", again_at=NOW + 9, now=NOW)
        await lost_chats.record_refusal(tx, NEW, "rights taken", again_at=NOW + 7, now=NOW + 5)
        (refusing,) = await chats.refusing(tx, limit=9)
        assert (refusing.refused_at, refusing.refusals, refusing.reason) == (NOW, 2, "rights taken")
        assert refusing.wait_until == NOW + 9
        assert refusing.is_active
        await lost_chats.record_success(tx, [NEW])
        assert await chats.refusing(tx, limit=9) == []
    chat = await _get(database, NEW)
    assert (chat.refused_at, chat.refusals, chat.reason, chat.wait_until) == (None, 0, "", 0)
