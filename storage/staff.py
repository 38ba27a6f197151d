"""Members of staff, and the one-time links that invite them."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, literal, select, update

from storage.engine import dialect
from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.engine.prepared import PreparedStatement
from storage.malformed import readable
from storage.records import Invitation, Role, StaffMember
from storage.schema import invitation, invitation_bar, staff

_ID_LETTERS = 16
_INVITATION = (
    invitation.c.secret_hash,
    invitation.c.role,
    invitation.c.created_by,
    invitation.c.expires_at,
)

_ONE = PreparedStatement(select(staff).where(staff.c.user_id == bindparam("user_id")))
_LOCKED = PreparedStatement(
    select(staff).where(staff.c.user_id == bindparam("user_id")).with_for_update(read=True, skip_locked=True)
)


async def get(connection: Connection, user_id: int) -> StaffMember | None:
    """Return the member of staff with that Telegram user id."""
    rows = await connection.fetch(_ONE, user_id=user_id)
    return _member(rows[0]) if rows else None


async def lock_member(tx: Connection, user_id: int) -> StaffMember | None:
    """Return the member of staff, whom nobody removes or gives another role until the transaction ends.

    None where there is none, and where another transaction is changing them right now: to wait for that one would
    block both, because it may wait for what this one has locked.
    """
    rows = await tx.fetch(_LOCKED, user_id=user_id)
    return _member(rows[0]) if rows else None


async def lock_staff(tx: Connection) -> None:
    """Lock the newsroom's people against changes by others until the transaction ends."""
    await dialect.advisory_lock(tx, dialect.STAFF_LOCK)


async def all_(connection: Connection) -> list[StaffMember]:
    """Return everybody, the longest serving first."""
    rows = await connection.execute(select(staff).order_by(staff.c.added_at, staff.c.user_id))
    return readable("staff", rows, _member, key="user_id")


async def put(
    tx: Connection,
    user_id: int,
    role: Role,
    *,
    now: int,
    name: str = "",
    added_by: int | None = None,
    configured: bool = False,
) -> None:
    """Make the person a member of staff, or give a member this role; a name "" keeps the known one.

    `configured` says that the configuration gives the role.
    """
    statement = insert(tx, staff).values(
        user_id=user_id, role=role, name=name, added_by=added_by, added_at=now, configured=configured
    )
    changed = {"role": role, "configured": configured} | ({"name": name} if name else {})
    await tx.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=changed))


async def remove(tx: Connection, user_id: int) -> bool:
    """Remove a member; False where there is none."""
    return (await tx.execute(staff.delete().where(staff.c.user_id == user_id))).rowcount == 1


async def invite(
    tx: Connection, secret_hash: str, role: Role, *, created_by: int, now: int, expires_at: int
) -> None:
    """Store an invitation by the hash of its secret (hex SHA-256)."""
    await tx.execute(
        invitation.insert().values(
            secret_hash=secret_hash, role=role, created_by=created_by, created_at=now, expires_at=expires_at
        )
    )


async def usable(connection: Connection, secret_hash: str, user_id: int, *, now: int) -> Invitation | None:
    """Return an invitation that this person may use; None where it is unknown, used, expired or barred to them."""
    barred = exists().where(
        invitation_bar.c.secret_hash == invitation.c.secret_hash, invitation_bar.c.user_id == user_id
    )
    query = select(*_INVITATION).where(invitation.c.secret_hash == secret_hash, *_open(now), ~barred)
    row = (await connection.execute(query)).one_or_none()
    return _invitation(row) if row else None


async def redeem(tx: Connection, secret_hash: str, user_id: int, *, now: int) -> bool:
    """Use an invitation up for this person; False where it is unknown, used or expired."""
    statement = update(invitation).where(invitation.c.secret_hash == secret_hash, *_open(now))
    return (await tx.execute(statement.values(used_by=user_id, used_at=now))).rowcount == 1


async def bar(tx: Connection, user_id: int, *, now: int) -> None:
    """Bar a person from every invitation that is open now."""
    already = select(invitation_bar.c.secret_hash).where(invitation_bar.c.user_id == user_id)
    still_open = select(invitation.c.secret_hash, literal(user_id, type_=invitation_bar.c.user_id.type)).where(
        *_open(now), invitation.c.secret_hash.not_in(already)
    )
    await tx.execute(invitation_bar.insert().from_select(["secret_hash", "user_id"], still_open))


async def revoke_invitations(tx: Connection, created_by: int, *, now: int) -> list[Invitation]:
    """Make the invitations that a person made and nobody has used unknown, and return those that were open."""
    unused = invitation.delete().where(invitation.c.created_by == created_by, invitation.c.used_by.is_(None))
    rows = await tx.execute(unused.returning(*_INVITATION))
    revoked = readable("invitation", rows, _invitation, key="secret_hash")
    return [unexpired for unexpired in revoked if unexpired.expires_at > now]


async def was_redeemed(connection: Connection, secret_hash: str, user_id: int) -> bool:
    """Return whether this very person has used that invitation."""
    query = select(invitation.c.role).where(
        invitation.c.secret_hash == secret_hash, invitation.c.used_by == user_id
    )
    return (await connection.execute(query)).first() is not None


async def open_invitations(connection: Connection, *, now: int) -> list[Invitation]:
    """Return the invitations that may still be used, the first to expire first."""
    query = select(*_INVITATION).where(*_open(now))
    rows = await connection.execute(query.order_by(invitation.c.expires_at, invitation.c.secret_hash))
    return readable("invitation", rows, _invitation, key="secret_hash")


async def revoke_invitation(tx: Connection, invitation_id: str, *, now: int) -> Invitation | None:
    """Make an invitation that may still be used unknown, and return it; None where there is none."""
    statement = invitation.delete().where(
        invitation.c.secret_hash.startswith(invitation_id, autoescape=True), *_open(now)
    )
    row = (await tx.execute(statement.returning(*_INVITATION))).one_or_none()
    return _invitation(row) if row else None


def _open(now: int) -> tuple[ColumnElement[bool], ...]:
    return (invitation.c.used_by.is_(None), invitation.c.expires_at > now)


def _invitation(row: Any) -> Invitation:
    return Invitation(row.secret_hash[:_ID_LETTERS], Role(row.role), row.created_by, row.expires_at)


def _member(row: Any) -> StaffMember:
    return StaffMember(**{**row._asdict(), "role": Role(row.role)})
