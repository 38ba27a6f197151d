"""Members of staff: owners by configuration, the others by one-time invitation.

Whoever changes them has the right to it when the transaction does so, and not only when they pressed.
"""

import hashlib
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from bot.clock import Clock
from bot.errors import ConflictError, NotFoundError, UserError
from bot.newsroom import grants
from bot.newsroom.invitation_codes import new_code, seal_of
from bot.newsroom.permissions import Right, may, may_invite
from storage import audit, notices, staff
from storage.audit_details import AuditAction, MemberDetails, PersonDetails, RoleChangeDetails, RoleDetails
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Invitation, Role, StaffMember

INVITATION_MS = 48 * 3600 * 1000
"""The lifetime (ms) of an invitation."""

# Kept in memory alone: a code has 128 bits, so that no number of tries finds one, a restart in between or not;
# this only ends the answers to whoever tries.
_INVITATIONS_TRIED_PER_HOUR = 5
_HOUR_MS = 3_600_000
_MOST_TRYING = 10_000
"""People whose wrong tries are remembered; whoever tried longest ago is forgotten first."""


class Staff:
    """The members of the newsroom; every call reads the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._tries: dict[int, list[int]] = {}

    async def appoint_owners(self, owner_ids: Collection[int]) -> list[StaffMember]:
        """Make the configured owners owners, and remove those whom only an earlier configuration made owners.

        An empty configuration removes nobody. Return the owners whom the newsroom made owners by itself.
        """
        async with self._database.write() as tx:
            await staff.lock_staff(tx)
            for user_id in owner_ids:
                await self._appoint_owner(tx, user_id)
            members = await staff.all_(tx)
            if owner_ids:
                for member in members:
                    if member.configured and member.user_id not in owner_ids:
                        await self._remove(tx, member, actor_id=audit.COMMAND_LINE)
        return [member for member in members if member.role is Role.OWNER and not member.configured]

    async def _appoint_owner(self, tx: Connection, user_id: int) -> None:
        now, member = self._clock(), await staff.get(tx, user_id)
        if member is not None and member.role is Role.OWNER:
            return
        await staff.put(tx, user_id, Role.OWNER, now=now, configured=True)
        details = PersonDetails(user_id, member.name if member else "")
        await audit.record(tx, audit.COMMAND_LINE, AuditAction.APPOINT, now=now, details=details)

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
        """Make an invitation; return its code, a start payload that is stored nowhere, and when it ends (ms).

        Raises UserError where its maker may not invite (any more).
        """
        code = new_code()
        async with self._changing(by=created_by) as tx:
            now = self._clock()
            expires_at = now + INVITATION_MS
            await staff.invite(
                tx, _hash(seal_of(code)), role, created_by=created_by, now=now, expires_at=expires_at
            )
            await audit.record(tx, created_by, AuditAction.INVITE, now=now, details=RoleDetails(role))
        return code, expires_at

    async def open_invitations(self) -> list[Invitation]:
        """Return the invitations that may still be used, the first to expire first."""
        async with self._database.read() as connection:
            return await staff.open_invitations(connection, now=self._clock())

    async def revoke_invitation(self, invitation_id: str, *, actor_id: int) -> None:
        """End an invitation. Raises NotFoundError where it is used, expired or revoked already, or UserError."""
        async with self._changing(by=actor_id) as tx:
            now = self._clock()
            invitation = await staff.revoke_invitation(tx, invitation_id, now=now)
            if invitation is None:
                raise NotFoundError("invitation-gone")
            await audit.record(tx, actor_id, AuditAction.UNINVITE, now=now, details=RoleDetails(invitation.role))

    async def redeem(self, seal: str, user_id: int, name: str) -> Role:
        """Accept an invitation: the person who sent the code with this seal has its role now. Return the role.

        Raises UserError where the invitation is unknown, used or expired, where its inviter may not give that role
        any more, where it was open when this person was removed, and after five wrong tries an hour.
        A person who has a role already keeps the invitation unused; whoever used this very one is let in again.
        """
        now = self._clock()
        recent = [at for at in self._tries.get(user_id, []) if 0 <= now - at < _HOUR_MS]
        if len(recent) >= _INVITATIONS_TRIED_PER_HOUR:
            raise UserError("invitation-too-many-tries")
        async with self._database.write() as tx:
            await staff.lock_staff(tx)
            member = await staff.get(tx, user_id)
            if member is not None:
                if await staff.was_redeemed(tx, _hash(seal), user_id):
                    return member.role
                raise ConflictError("invitation-already-staff")
            invitation = await staff.usable(tx, _hash(seal), user_id, now=now)
            inviter = await staff.get(tx, invitation.created_by) if invitation is not None else None
            if invitation is not None and inviter is not None and may_invite(inviter.role, invitation.role):
                await staff.redeem(tx, _hash(seal), user_id, now=now)
                await staff.put(tx, user_id, invitation.role, now=now, name=name, added_by=invitation.created_by)
                await audit.record(
                    tx, user_id, AuditAction.JOIN, now=now, details=MemberDetails(None, name, invitation.role)
                )
                self._tries.pop(user_id, None)
                return invitation.role
        self._remember_try(user_id, [*recent, now])
        raise UserError("invitation-invalid")

    def _remember_try(self, user_id: int, instants: list[int]) -> None:
        self._tries.pop(user_id, None)  # whoever tries again comes last
        self._tries[user_id] = instants
        if len(self._tries) > _MOST_TRYING:
            del self._tries[next(iter(self._tries))]

    async def change_role(self, user_id: int, role: Role, *, actor_id: int) -> None:
        """Set a member's role, effective at once, and send them a notice; the same role changes nothing.

        Raises ConflictError for the last owner, NotFoundError for no member, UserError where the actor may not.
        """
        async with self._changing(by=actor_id) as tx:
            member = await self._dispensable(tx, user_id, role)
            if member.role is role:
                return
            now = self._clock()
            await staff.put(tx, user_id, role, now=now)
            await grants.revoke(tx, member, role, actor_id=actor_id, now=now)
            await notices.enqueue(tx, user_id, "role-changed", {"role": role}, now=now)
            details = RoleChangeDetails(user_id, member.name, member.role, role)
            await audit.record(tx, actor_id, AuditAction.CHANGE_ROLE, now=now, details=details)

    async def remove(self, user_id: int, *, actor_id: int) -> None:
        """Remove a member of staff.

        Raises ConflictError for the last owner, NotFoundError for no member, UserError where the actor may not.
        """
        async with self._changing(by=actor_id) as tx:
            await self._remove(tx, await self._dispensable(tx, user_id, None), actor_id=actor_id)

    async def _remove(self, tx: Connection, member: StaffMember, *, actor_id: int) -> None:
        now = self._clock()
        await staff.remove(tx, member.user_id)
        await grants.revoke(tx, member, None, actor_id=actor_id, now=now)
        await notices.enqueue(tx, member.user_id, "staff-removed", {}, now=now)
        details = MemberDetails(member.user_id, member.name, member.role)
        await audit.record(tx, actor_id, AuditAction.REMOVE_STAFF, now=now, details=details)

    @asynccontextmanager
    async def _changing(self, *, by: int) -> AsyncIterator[Connection]:
        """One transaction that changes the newsroom's people. Raises UserError where the actor may not do so."""
        async with self._database.write() as tx:
            await staff.lock_staff(tx)
            actor = await staff.get(tx, by)
            if actor is None or not may(actor.role, Right.STAFF):
                raise UserError("not-allowed")
            yield tx

    async def _dispensable(self, tx: Connection, user_id: int, role: Role | None) -> StaffMember:
        """Return the member who is to have this role, None for none: a newsroom always has an owner."""
        members = {member.user_id: member for member in await staff.all_(tx)}
        member = members.get(user_id)
        if member is None:
            raise NotFoundError("staff-unknown")
        owners = [member for member in members.values() if member.role is Role.OWNER]
        if owners == [member] and role is not Role.OWNER:
            raise ConflictError("staff-last-owner")
        return member


def _hash(seal: str) -> str:
    return hashlib.sha256(seal.encode()).hexdigest()
