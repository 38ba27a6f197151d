"""The people of the newsroom: owners by configuration, the others by one-time invitation."""

import hashlib
import secrets
from collections.abc import Iterable

from bot.clock import Clock
from bot.errors import ConflictError, NotFoundError, UserError
from bot.newsroom.rights import RIGHTS
from storage import audit, cards, chats, notices, staff
from storage.connection import Connection
from storage.database import Database
from storage.records import Invitation, Role, StaffMember

INVITATION_MS = 48 * 3600 * 1000
"""How long an invitation may be used (ms)."""

# Kept in memory alone: a secret has 128 bits, so that no number of tries finds one, a restart in between or not;
# this only ends the answers to whoever tries.
_INVITATIONS_TRIED_PER_HOUR = 5


class Staff:
    """Who belongs to the newsroom, looked up in the database each time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._tries: dict[int, list[int]] = {}

    async def appoint_owners(self, owner_ids: Iterable[int]) -> None:
        """Make the configured owners owners, whatever they were before."""
        async with self._database.write() as tx:
            await staff.take_turns(tx)
            now = self._clock()
            for user_id in owner_ids:
                member = await staff.get(tx, user_id)
                if member is None or member.role is not Role.OWNER:
                    await staff.put(tx, user_id, Role.OWNER, now=now)
                    await audit.note(
                        tx,
                        audit.COMMAND_LINE,
                        "appoint",
                        now=now,
                        detail=audit.named(member.name if member else "", user_id),
                    )

    async def role_of(self, user_id: int) -> Role | None:
        """Return the person's role, None for everybody outside the newsroom."""
        async with self._database.read() as connection:
            member = await staff.get(connection, user_id)
        return member.role if member else None

    async def members(self) -> list[StaffMember]:
        """Return everybody of the newsroom."""
        async with self._database.read() as connection:
            return await staff.all_(connection)

    async def invite(self, role: Role, *, created_by: int) -> tuple[str, int]:
        """Make an invitation; return its secret (22 characters of a start payload) and when it ends (ms)."""
        secret = secrets.token_urlsafe(16)
        async with self._database.write() as tx:
            now = self._clock()
            expires_at = now + INVITATION_MS
            await staff.invite(tx, _hash(secret), role, created_by=created_by, now=now, expires_at=expires_at)
            await audit.note(tx, created_by, "invite", now=now, detail=role)
        return secret, expires_at

    async def open_invitations(self) -> list[Invitation]:
        """Return the invitations that may still be used, the first to expire first."""
        async with self._database.read() as connection:
            return await staff.open_invitations(connection, now=self._clock())

    async def take_back(self, invitation_id: str, *, actor_id: int) -> None:
        """End an invitation. Raises NotFoundError where it is used, expired or taken back already."""
        async with self._database.write() as tx:
            now = self._clock()
            found = await staff.take_back(tx, invitation_id, now=now)
            if found is None:
                raise NotFoundError("invitation-gone")
            await audit.note(tx, actor_id, "uninvite", now=now, detail=found.role)

    async def redeem(self, secret: str, user_id: int, name: str) -> Role:
        """Take the person in with the invitation's role and return it.

        Raises UserError where the invitation is unknown, used or expired, and after five wrong tries an hour.
        A person who has a role already keeps the invitation unused; whoever used this very one is let in again.
        """
        now = self._clock()
        recent = [at for at in self._tries.get(user_id, []) if 0 <= now - at < 3_600_000]
        if len(recent) >= _INVITATIONS_TRIED_PER_HOUR:
            raise UserError("invitation-too-many-tries")
        async with self._database.write() as tx:
            member = await staff.get(tx, user_id)
            if member is not None:
                if await staff.was_redeemed(tx, _hash(secret), user_id):
                    return member.role
                raise ConflictError("invitation-already-staff")
            invitation = await staff.redeem(tx, _hash(secret), user_id, now=now)
            if invitation is not None:
                await staff.put(tx, user_id, invitation.role, now=now, name=name, added_by=invitation.created_by)
                await audit.note(tx, user_id, "join", now=now, detail=f"{name}: {invitation.role}")
                self._tries.pop(user_id, None)
                return invitation.role
        self._tries[user_id] = [*recent, now]
        raise UserError("invitation-invalid")

    async def change_role(self, user_id: int, role: Role, *, actor_id: int) -> None:
        """Give a member another role, effective at once, and owe them word of it; the same role changes nothing.

        Raises ConflictError for the last owner, NotFoundError for no member.
        """
        async with self._database.write() as tx:
            found = await self._dispensable(tx, user_id, role)
            if found.role is role:
                return
            now = self._clock()
            await staff.put(tx, user_id, role, now=now)
            if not RIGHTS[found.role] <= RIGHTS[role]:
                await cards.drop_chat(tx, user_id)
            await notices.owe(tx, user_id, "role-changed", {"role": role}, now=now)
            detail = f"{audit.named(found.name, user_id)}: {found.role} -> {role}"
            await audit.note(tx, actor_id, "change_role", now=now, detail=detail)

    async def remove(self, user_id: int, *, actor_id: int) -> None:
        """Take somebody's role. Raises ConflictError for the last owner, NotFoundError for no member."""
        async with self._database.write() as tx:
            found = await self._dispensable(tx, user_id, None)
            await staff.remove(tx, user_id)
            await cards.drop_chat(tx, user_id)
            await notices.owe(tx, user_id, "staff-removed", {}, now=self._clock())
            detail = f"{audit.named(found.name, user_id)}: {found.role}"
            await audit.note(tx, actor_id, "remove_staff", now=self._clock(), detail=detail)

    async def _dispensable(self, tx: Connection, user_id: int, role: Role | None) -> StaffMember:
        """Return the member who is to have this role, None for none: a newsroom always has an owner."""
        await staff.take_turns(tx)
        members = {member.user_id: member for member in await staff.all_(tx)}
        found = members.get(user_id)
        if found is None:
            raise NotFoundError("staff-unknown")
        owners = [member for member in members.values() if member.role is Role.OWNER]
        if owners == [found] and role is not Role.OWNER:
            raise ConflictError("staff-last-owner")
        return found


async def name_of(connection: Connection, user_id: int | None) -> str:
    """Return what the newsroom calls a person, who may have left it meanwhile: their name, else their number.

    0 and None stand for the desk itself.
    """
    if not user_id:
        return "peyk"
    member = await staff.get(connection, user_id)
    chat = await chats.get(connection, user_id)
    return (member.name if member else "") or (chat.title if chat else "") or str(user_id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
