"""The newsroom's people, and the one-time links that invite them."""

from typing import Any

from sqlalchemy import bindparam, select, update

from storage import dialect
from storage.connection import Connection
from storage.dialect import insert
from storage.prepared import Prepared
from storage.records import Invitation, Role, StaffMember
from storage.schema import invitation, staff

_ID_LETTERS = 16
_INVITATION = (
    invitation.c.secret_hash,
    invitation.c.role,
    invitation.c.created_by,
    invitation.c.expires_at,
)

_ONE = Prepared(select(staff).where(staff.c.user_id == bindparam("user_id")))


async def get(connection: Connection, user_id: int) -> StaffMember | None:
    """Return the member of staff with that Telegram user id."""
    rows = await connection.fetch(_ONE, user_id=user_id)
    return _member(rows[0]) if rows else None


async def take_turns(tx: Connection) -> None:
    """Let no other change of the newsroom's people come between what this transaction reads and writes."""
    await dialect.take_turns(tx, dialect.TURNS_OF_STAFF)


async def all_(connection: Connection) -> list[StaffMember]:
    """Return everybody, the longest serving first."""
    rows = await connection.execute(select(staff).order_by(staff.c.added_at, staff.c.user_id))
    return [_member(row) for row in rows]


async def put(
    tx: Connection, user_id: int, role: Role, *, now: int, name: str = "", added_by: int | None = None
) -> None:
    """Make the person a member of staff, or give a member this role; a name "" keeps the known one."""
    statement = insert(tx, staff).values(user_id=user_id, role=role, name=name, added_by=added_by, added_at=now)
    changed = {"role": role} | ({"name": name} if name else {})
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


async def redeem(tx: Connection, secret_hash: str, user_id: int, *, now: int) -> Invitation | None:
    """Use an invitation up for this person; None where it is unknown, used or expired."""
    row = (
        await tx.execute(
            update(invitation)
            .where(
                invitation.c.secret_hash == secret_hash,
                invitation.c.used_by.is_(None),
                invitation.c.expires_at > now,
            )
            .values(used_by=user_id, used_at=now)
            .returning(*_INVITATION)
        )
    ).one_or_none()
    return _invitation(row) if row else None


async def was_redeemed(connection: Connection, secret_hash: str, user_id: int) -> bool:
    """Tell whether this very person has used that invitation."""
    query = select(invitation.c.role).where(
        invitation.c.secret_hash == secret_hash, invitation.c.used_by == user_id
    )
    return (await connection.execute(query)).first() is not None


async def open_invitations(connection: Connection, *, now: int) -> list[Invitation]:
    """Return the invitations that may still be used, the first to expire first."""
    query = select(*_INVITATION).where(invitation.c.used_by.is_(None), invitation.c.expires_at > now)
    rows = await connection.execute(query.order_by(invitation.c.expires_at, invitation.c.secret_hash))
    return [_invitation(row) for row in rows]


async def take_back(tx: Connection, invitation_id: str, *, now: int) -> Invitation | None:
    """Make an invitation that may still be used unknown, and return it; None where there is none."""
    statement = invitation.delete().where(
        invitation.c.secret_hash.startswith(invitation_id, autoescape=True),
        invitation.c.used_by.is_(None),
        invitation.c.expires_at > now,
    )
    row = (await tx.execute(statement.returning(*_INVITATION))).one_or_none()
    return _invitation(row) if row else None


def _invitation(row: Any) -> Invitation:
    return Invitation(row.secret_hash[:_ID_LETTERS], Role(row.role), row.created_by, row.expires_at)


def _member(row: Any) -> StaffMember:
    return StaffMember(**{**row._asdict(), "role": Role(row.role)})
