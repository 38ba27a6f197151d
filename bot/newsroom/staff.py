"""The people of the newsroom: owners by configuration, the others by one-time invitation."""

import hashlib
import secrets
from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import ConflictError, NotFoundError, UserError
from storage import audit, chats, staff
from storage.database import Database
from storage.records import Role, StaffMember

INVITATION_MS = 48 * 3600 * 1000
"""How long an invitation may be used (ms)."""

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
            for user_id in owner_ids:
                await staff.put(tx, user_id, Role.OWNER, now=self._clock())

    async def role_of(self, user_id: int) -> Role | None:
        """Return the person's role, None for everybody outside the newsroom."""
        async with self._database.read() as connection:
            member = await staff.get(connection, user_id)
        return member.role if member else None

    async def members(self) -> list[StaffMember]:
        """Return everybody of the newsroom."""
        async with self._database.read() as connection:
            return await staff.all_(connection)

    async def invite(self, role: Role, *, created_by: int) -> str:
        """Make an invitation and return its secret (22 characters of a start payload)."""
        secret = secrets.token_urlsafe(16)
        async with self._database.write() as tx:
            now = self._clock()
            await staff.invite(
                tx, _hash(secret), role, created_by=created_by, now=now, expires_at=now + INVITATION_MS
            )
            await audit.note(tx, created_by, "invite", now=now, detail=role)
        return secret

    async def redeem(self, secret: str, user_id: int, name: str) -> Role:
        """Take the person in with the invitation's role and return it.

        Raises UserError where the invitation is unknown, used or expired, and after five wrong tries an hour.
        A person who has a role already keeps the invitation unused.
        """
        now = self._clock()
        recent = [at for at in self._tries.get(user_id, []) if at > now - 3_600_000]
        if len(recent) >= _INVITATIONS_TRIED_PER_HOUR:
            raise UserError("invitation-too-many-tries")
        async with self._database.write() as tx:
            if await staff.get(tx, user_id) is not None:
                raise ConflictError("invitation-already-staff")
            invitation = await staff.redeem(tx, _hash(secret), user_id, now=now)
            if invitation is not None:
                await staff.put(tx, user_id, invitation.role, now=now, name=name, added_by=invitation.created_by)
                await audit.note(tx, user_id, "join", now=now, detail=invitation.role)
                self._tries.pop(user_id, None)
                return invitation.role
        self._tries[user_id] = [*recent, now]
        raise UserError("invitation-invalid")

    async def remove(self, user_id: int, *, actor_id: int) -> None:
        """Take somebody's role. Raises ConflictError for the last owner, NotFoundError for no member."""
        async with self._database.write() as tx:
            members = await staff.all_(tx)
            found = next((member for member in members if member.user_id == user_id), None)
            if found is None:
                raise NotFoundError("staff-unknown")
            if found.role is Role.OWNER and sum(member.role is Role.OWNER for member in members) == 1:
                raise ConflictError("staff-last-owner")
            await staff.remove(tx, user_id)
            await audit.note(tx, actor_id, "remove_staff", now=self._clock(), detail=str(user_id))


async def name_of(connection: AsyncConnection, user_id: int) -> str:
    """Return what the newsroom calls a person, who may have left it meanwhile: their name, else their number."""
    member = await staff.get(connection, user_id)
    chat = await chats.get(connection, user_id)
    return (member.name if member else "") or (chat.title if chat else "") or str(user_id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
