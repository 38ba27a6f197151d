"""An invitation lasts as long as its inviter's right to it, whatever comes at the same time."""

import asyncio

import pytest

from bot.errors import ConflictError, UserError
from bot.newsroom.invitation_codes import new_code, seal_of
from bot.newsroom.staff import Staff
from storage import staff
from storage.engine.database import Database
from storage.records import Role

NOW = 1_766_576_760_000
FIRST, SECOND, FRIEND = 1, 2, 5


@pytest.fixture
async def people(database: Database) -> Staff:
    people = Staff(database, lambda: NOW)
    await people.appoint_owners([FIRST, SECOND])
    return people


async def _error(people: Staff, secret: str, user_id: int = FRIEND) -> str:
    with pytest.raises(UserError) as error:
        await people.redeem(seal_of(secret), user_id, "مینا")
    return error.value.key


@pytest.mark.parametrize("left", [None, Role.EDITOR])
async def test_an_invitation_ends_with_its_inviters_right(people: Staff, left: Role | None) -> None:
    secret, _ = await people.invite(Role.OWNER, created_by=SECOND)
    if left is None:
        await people.remove(SECOND, actor_id=FIRST)
        assert await _error(people, secret, SECOND) == "invitation-invalid"
    else:
        await people.change_role(SECOND, left, actor_id=FIRST)
    assert await _error(people, secret) == "invitation-invalid"
    assert await people.open_invitations() == []


async def test_an_inviter_who_comes_back_brings_no_old_invitation_along(people: Staff) -> None:
    secret, _ = await people.invite(Role.OWNER, created_by=SECOND)
    await people.change_role(SECOND, Role.EDITOR, actor_id=FIRST)
    await people.change_role(SECOND, Role.OWNER, actor_id=FIRST)
    assert await _error(people, secret) == "invitation-invalid"


async def test_an_invitation_is_worth_what_its_inviter_may_give_when_it_is_used(
    people: Staff, database: Database
) -> None:
    """However the right ended: by a restored backup, by hand, by an earlier version of Peyk."""
    secret, _ = await people.invite(Role.OWNER, created_by=SECOND)
    async with database.write() as tx:
        await staff.put(tx, SECOND, Role.EDITOR, now=NOW)
    assert await _error(people, secret) == "invitation-invalid"


async def test_whoever_was_removed_does_not_return_by_an_invitation_from_before(people: Staff) -> None:
    used, _ = await people.invite(Role.EDITOR, created_by=FIRST)
    spare, _ = await people.invite(Role.EDITOR, created_by=FIRST)
    await people.redeem(seal_of(used), FRIEND, "مینا")
    assert await _error(people, spare) == "invitation-already-staff"
    await people.remove(FRIEND, actor_id=FIRST)
    assert await _error(people, spare) == "invitation-invalid"
    assert await _error(people, used) == "invitation-invalid"
    # The invitation is another's still, and a new one lets them in again.
    assert await people.redeem(seal_of(spare), FRIEND + 1, "سارا") is Role.EDITOR
    anew, _ = await people.invite(Role.AUTHOR, created_by=FIRST)
    assert await people.redeem(seal_of(anew), FRIEND, "مینا") is Role.AUTHOR


async def test_two_invitations_used_at_once_give_one_role(people: Staff) -> None:
    secrets = [(await people.invite(role, created_by=FIRST))[0] for role in (Role.OWNER, Role.AUTHOR)]

    async def redeem(secret: str) -> str:
        try:
            return await people.redeem(seal_of(secret), FRIEND, "مینا")
        except ConflictError as error:
            return error.key

    results = await asyncio.gather(*map(redeem, secrets))
    assert results.count("invitation-already-staff") == 1
    assert await people.role_of(FRIEND) in results
    assert len(await people.open_invitations()) == 1


async def test_an_invitation_used_while_its_inviter_is_removed_is_used_before_or_never(people: Staff) -> None:
    for friend in range(10, 16):
        await people.redeem(seal_of((await people.invite(Role.OWNER, created_by=FIRST))[0]), friend, "")
        secret, _ = await people.invite(Role.EDITOR, created_by=friend)
        redeemed, _ = await asyncio.gather(
            people.redeem(seal_of(secret), friend + 100, ""),
            people.remove(friend, actor_id=FIRST),
            return_exceptions=True,
        )
        assert redeemed is Role.EDITOR or isinstance(redeemed, UserError), redeemed
        assert (await people.role_of(friend + 100) is Role.EDITOR) is (redeemed is Role.EDITOR)
        assert await people.open_invitations() == []


@pytest.mark.parametrize("by", [SECOND, FRIEND])
async def test_what_only_owners_may_do_is_refused_to_whoever_is_none_by_then(people: Staff, by: int) -> None:
    """They were asked for their right when they pressed; the transaction asks again."""
    await people.change_role(SECOND, Role.EDITOR, actor_id=FIRST)
    secret, _ = await people.invite(Role.EDITOR, created_by=FIRST)
    (invitation,) = await people.open_invitations()
    for act in (
        people.invite(Role.OWNER, created_by=by),
        people.change_role(FIRST, Role.AUTHOR, actor_id=by),
        people.remove(FIRST, actor_id=by),
        people.revoke_invitation(invitation.id, actor_id=by),
    ):
        with pytest.raises(UserError, match="not-allowed"):
            await act
    assert await people.redeem(seal_of(secret), FRIEND + 1, "") is Role.EDITOR


async def test_of_two_owners_who_demote_each_other_only_the_first_succeeds(people: Staff) -> None:
    third, _ = await people.invite(Role.OWNER, created_by=FIRST)
    await people.redeem(seal_of(third), FRIEND, "")
    results = await asyncio.gather(
        people.change_role(FIRST, Role.AUTHOR, actor_id=SECOND),
        people.change_role(SECOND, Role.AUTHOR, actor_id=FIRST),
        return_exceptions=True,
    )
    assert sorted(isinstance(result, UserError) for result in results) == [False, True]
    assert sorted(member.role for member in await people.members()) == [Role.AUTHOR, Role.OWNER, Role.OWNER]


async def test_whoever_guesses_codes_gets_no_more_answers_for_an_hour(database: Database) -> None:
    now = NOW
    people = Staff(database, lambda: now)
    await people.appoint_owners([FIRST])
    code, _ = await people.invite(Role.AUTHOR, created_by=FIRST)

    async def tried(code: str, user_id: int) -> str:
        try:
            return await people.redeem(seal_of(code), user_id, "مینا")
        except UserError as error:
            return error.key

    guess = new_code()
    assert [await tried(guess, FRIEND) for _ in range(6)] == [
        *["invitation-invalid"] * 5,
        "invitation-too-many-tries",
    ]
    assert await tried(code, FRIEND) == "invitation-too-many-tries"
    assert await tried(guess, FRIEND + 1) == "invitation-invalid", "others are not held up"
    now += 3_600_000
    assert await tried(code, FRIEND) is Role.AUTHOR
