"""Cards: shown until they say the newest, by one process at a time, and again after every change."""

from storage import cards, notices
from storage.engine.database import Database
from storage.records import Card, CardKind

NOW = 1_766_576_760_000


async def _claimed(database: Database, now: int = NOW) -> list[Card]:
    async with database.write() as tx:
        return await cards.claim(tx, now=now, lease_until=now + 1000, limit=10)


async def test_a_card_is_due_until_it_shows_the_newest(database: Database) -> None:
    async with database.write() as tx:
        await cards.enqueue(tx, CardKind.REVIEW, 7, [1, 2], now=NOW)
        await cards.enqueue(tx, CardKind.REVIEW, 8, [1], now=NOW)
    first, *others = await _claimed(database)
    assert (first.kind, first.subject_id, first.chat_id, first.message_id) == (CardKind.REVIEW, 7, 1, None)
    assert len(others) == 2
    assert await _claimed(database) == []
    async with database.write() as tx:
        await cards.mark_shown(tx, first, 55, now=NOW)
        await cards.mark_shown(tx, others[0], 56, now=NOW)
    # The lease of the third ends: whoever had it has died.
    assert [card.id for card in await _claimed(database, NOW + 1000)] == [others[1].id]
    async with database.write() as tx:
        await cards.mark_stale(tx, CardKind.REVIEW, 7, now=NOW)
    again = await _claimed(database)
    assert [(card.chat_id, card.message_id) for card in again] == [(1, 55), (2, 56)]


async def test_what_changes_while_a_card_is_shown_is_shown_next(database: Database) -> None:
    async with database.write() as tx:
        await cards.enqueue(tx, CardKind.GATE, 0, [1], now=NOW)
    (card,) = await _claimed(database)
    async with database.write() as tx:
        await cards.enqueue(tx, CardKind.GATE, 0, [1], now=NOW)
        await cards.mark_shown(tx, card, 55, now=NOW)
    (again,) = await _claimed(database)
    assert (again.message_id, again.wanted) == (55, 2)
    async with database.write() as tx:
        await cards.mark_shown(tx, again, 55, now=NOW)
        await cards.send_anew(tx, CardKind.GATE, 0, now=NOW)
    (anew,) = await _claimed(database)
    assert anew.message_id is None


async def test_trouble_puts_off_and_start_calls_back(database: Database) -> None:
    async with database.write() as tx:
        await cards.enqueue(tx, CardKind.COMMENT, 3, [1], now=NOW)
    (card,) = await _claimed(database)
    async with database.write() as tx:
        await cards.postpone(tx, card.id, due_at=NOW + 60_000)
    assert await _claimed(database) == []
    async with database.write() as tx:
        await cards.make_due(tx, 1, now=NOW)
    (again,) = await _claimed(database)
    assert again.attempts == 1
    async with database.write() as tx:
        await cards.mark_shown(tx, again, 55, now=NOW)
        assert await cards.prune(tx, NOW, limit=10) == 0
        assert await cards.prune(tx, NOW + 1, limit=10) == 1


async def test_who_leaves_the_newsroom_has_no_cards(database: Database) -> None:
    async with database.write() as tx:
        await cards.enqueue(tx, CardKind.REVIEW, 7, [1, 2], now=NOW)
        await cards.drop_chat(tx, 1)
    assert [card.chat_id for card in await _claimed(database)] == [2]


async def test_the_gates_card_is_kept_however_old(database: Database) -> None:
    async with database.write() as tx:
        await cards.enqueue(tx, CardKind.GATE, 0, [1], now=NOW)
    (card,) = await _claimed(database)
    async with database.write() as tx:
        await cards.mark_shown(tx, card, 55, now=NOW)
        assert await cards.prune(tx, NOW + 1, limit=10) == 0


async def test_a_card_sent_anew_takes_the_place_of_the_one_before(database: Database) -> None:
    async with database.write() as tx:
        await cards.enqueue(tx, CardKind.GATE, 0, [1, 2], now=NOW)
    for card in await _claimed(database):
        async with database.write() as tx:
            await cards.mark_shown(tx, card, 50 + card.chat_id, now=NOW + card.chat_id)
    async with database.write() as tx:
        await cards.replace(tx, CardKind.GATE, 0, now=NOW, sent_before=NOW + 2)
        assert await cards.message_of(tx, CardKind.GATE, 0, 2) == 52
    (anew,) = await _claimed(database)
    assert (anew.chat_id, anew.message_id, anew.left_id) == (1, None, 51)
    async with database.write() as tx:
        await cards.mark_shown(tx, anew, 60, now=NOW + 3)
        await cards.mark_stale(tx, CardKind.GATE, 0, now=NOW)
    kept = {card.chat_id: (card.message_id, card.left_id) for card in await _claimed(database)}
    assert kept == {1: (60, None), 2: (52, None)}


async def test_a_card_called_anew_while_it_is_being_changed_is_sent_anew(database: Database) -> None:
    async with database.write() as tx:
        await cards.enqueue(tx, CardKind.REVIEW, 7, [1], now=NOW)
    (card,) = await _claimed(database)
    async with database.write() as tx:
        await cards.mark_shown(tx, card, 55, now=NOW)
        await cards.mark_stale(tx, CardKind.REVIEW, 7, now=NOW)
    (changing,) = await _claimed(database)
    async with database.write() as tx:
        await cards.replace(tx, CardKind.REVIEW, 7, now=NOW, chat_id=1)
        await cards.mark_shown(tx, changing, 55, now=NOW)
    (anew,) = await _claimed(database)
    assert (anew.message_id, anew.left_id) == (None, 55)


async def test_a_thousand_cards_for_one_person_leave_the_others_their_turn(database: Database) -> None:
    async with database.write() as tx:
        for subject_id in range(1, 1_001):
            await cards.enqueue(tx, CardKind.REVIEW, subject_id, [1], now=NOW)
        await cards.enqueue(tx, CardKind.REVIEW, 1_001, [2, 3], now=NOW + 1)
        claimed = await cards.claim(tx, now=NOW + 1, lease_until=NOW + 1000, limit=20)
    assert [card.chat_id for card in claimed] == [1, 2, 3, *[1] * 17]
    assert [card.subject_id for card in claimed if card.chat_id == 1] == [*range(1, 19)]


async def test_a_thousand_notices_for_one_person_leave_the_others_their_turn(database: Database) -> None:
    async with database.write() as tx:
        for number in range(1_000):
            await notices.enqueue(tx, 1, "key", {"n": number}, now=NOW)
        await notices.enqueue(tx, 2, "key", {}, now=NOW)
        claimed = await notices.claim(tx, now=NOW, lease_until=NOW + 1000, limit=20)
    assert [notice.user_id for notice in claimed] == [1, 2, *[1] * 18]
    assert [notice.args["n"] for notice in claimed if notice.user_id == 1] == [*range(19)]
