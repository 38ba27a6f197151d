"""Cards: shown until they say the newest, by one process at a time, and again after every change."""

from storage import cards
from storage.database import Database
from storage.records import Card, CardKind

NOW = 1_766_576_760_000


async def _claimed(database: Database, now: int = NOW) -> list[Card]:
    async with database.write() as tx:
        return await cards.claim(tx, now=now, lease_until=now + 1000, limit=10)


async def test_a_card_is_due_until_it_shows_the_newest(database: Database) -> None:
    async with database.write() as tx:
        await cards.show(tx, CardKind.REVIEW, 7, [1, 2], now=NOW)
        await cards.show(tx, CardKind.REVIEW, 8, [1], now=NOW)
    first, *others = await _claimed(database)
    assert (first.kind, first.subject_id, first.chat_id, first.message_id) == (CardKind.REVIEW, 7, 1, None)
    assert len(others) == 2
    assert await _claimed(database) == []
    async with database.write() as tx:
        await cards.shown(tx, first, 55, now=NOW)
        await cards.shown(tx, others[0], 56, now=NOW)
    # The lease of the third ends: whoever had it has died.
    assert [one.id for one in await _claimed(database, NOW + 1000)] == [others[1].id]
    async with database.write() as tx:
        await cards.touch(tx, CardKind.REVIEW, 7, now=NOW)
    again = await _claimed(database)
    assert [(one.chat_id, one.message_id) for one in again] == [(1, 55), (2, 56)]


async def test_what_changes_while_a_card_is_shown_is_shown_next(database: Database) -> None:
    async with database.write() as tx:
        await cards.show(tx, CardKind.GATE, 0, [1], now=NOW)
    (one,) = await _claimed(database)
    async with database.write() as tx:
        await cards.show(tx, CardKind.GATE, 0, [1], now=NOW)
        await cards.shown(tx, one, 55, now=NOW)
    (again,) = await _claimed(database)
    assert (again.message_id, again.wanted) == (55, 2)
    async with database.write() as tx:
        await cards.shown(tx, again, 55, now=NOW)
        await cards.renew(tx, CardKind.GATE, 0, now=NOW)
    (anew,) = await _claimed(database)
    assert anew.message_id is None


async def test_trouble_puts_off_and_start_calls_back(database: Database) -> None:
    async with database.write() as tx:
        await cards.show(tx, CardKind.COMMENT, 3, [1], now=NOW)
    (one,) = await _claimed(database)
    async with database.write() as tx:
        await cards.put_off(tx, one.id, due_at=NOW + 60_000)
    assert await _claimed(database) == []
    async with database.write() as tx:
        await cards.call_back(tx, 1, now=NOW)
    (again,) = await _claimed(database)
    assert again.attempts == 1
    async with database.write() as tx:
        await cards.shown(tx, again, 55, now=NOW)
        assert await cards.prune(tx, NOW, limit=10) == 0
        assert await cards.prune(tx, NOW + 1, limit=10) == 1


async def test_who_leaves_the_newsroom_has_no_cards(database: Database) -> None:
    async with database.write() as tx:
        await cards.show(tx, CardKind.REVIEW, 7, [1, 2], now=NOW)
        await cards.drop_chat(tx, 1)
    assert [one.chat_id for one in await _claimed(database)] == [2]
