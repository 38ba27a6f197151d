"""The newsroom's people, whatever comes at the same time."""

import asyncio

from bot.errors import UserError
from bot.newsroom.invitation_codes import seal_of
from bot.newsroom.staff import Staff
from storage import cards, staff
from storage.engine.database import Database
from storage.records import CardKind, Role

NOW = 1_766_576_760_000


async def test_two_owners_who_demote_each_other_leave_one(database: Database) -> None:
    people = Staff(database, lambda: NOW)
    await people.appoint_owners([1, 2])

    async def demote(user_id: int, by: int) -> str:
        try:
            await people.change_role(user_id, Role.AUTHOR, actor_id=by)
        except UserError as error:
            return error.key
        return "done"

    assert sorted(await asyncio.gather(demote(1, 2), demote(2, 1))) == ["done", "not-allowed"]
    assert sorted(member.role for member in await people.members()) == [Role.AUTHOR, Role.OWNER]


async def test_cards_go_with_the_right_to_them(database: Database) -> None:
    people = Staff(database, lambda: NOW)
    await people.appoint_owners([1])
    async with database.write() as tx:
        for user_id in (2, 3, 4):
            await staff.put(tx, user_id, Role.EDITOR, now=NOW)
        await cards.enqueue(tx, CardKind.REVIEW, 7, [2, 3, 4], now=NOW)
    await people.change_role(2, Role.OWNER, actor_id=1)
    await people.change_role(3, Role.AUTHOR, actor_id=1)
    await people.remove(4, actor_id=1)
    async with database.write() as tx:
        left = await cards.claim(tx, now=NOW, lease_until=NOW + 1, limit=9)
    assert [card.chat_id for card in left] == [2]


async def test_open_invitations_are_those_that_still_let_somebody_in(database: Database) -> None:
    people = Staff(database, lambda: NOW)
    await people.appoint_owners([1])
    used, _ = await people.invite(Role.AUTHOR, created_by=1)
    _, until = await people.invite(Role.EDITOR, created_by=1)
    assert await people.redeem(seal_of(used), 5, "مینا") is Role.AUTHOR
    (left,) = await people.open_invitations()
    assert (left.role, left.expires_at, len(left.id)) == (Role.EDITOR, until, 16)
    async with database.read() as connection:
        assert await staff.open_invitations(connection, now=until) == []
