"""The right of whoever acts, checked in the transaction of the act.

A handler reads the right when a person presses. The press may then wait, for another transaction or for the lock of
an article, while an owner takes the right away. So every act of a person runs in `acting`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.errors import UserError
from bot.newsroom.permissions import Right, may
from storage import api_clients, audit, staff
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import StaffMember

_NO_PEOPLE = (audit.COMMAND_LINE, audit.SOURCE, audit.TELEGRAM)


@asynccontextmanager
async def acting(database: Database, actor_id: int | None, right: Right) -> AsyncIterator[Connection]:
    """One write transaction for an act that needs a right.

    It reads the right before the act, and again before the commit. From then on nobody takes the right away until
    the act is committed. A client of the API has the rights of the settings, which its request checks. Raises
    UserError where the actor does not have the right (any more): then nothing is changed.
    """
    async with database.write() as tx:
        person_id = _person(actor_id)
        if person_id is not None:
            _check(await staff.get(tx, person_id), right)
        yield tx
        await lock_right(tx, person_id, right)


async def lock_right(tx: Connection, actor_id: int | None, right: Right) -> None:
    """Keep an actor's right until the transaction ends. Raises UserError where they do not have it (any more)."""
    person_id = _person(actor_id)
    if person_id is not None:
        _check(await staff.lock_member(tx, person_id), right)


def _person(actor_id: int | None) -> int | None:
    """Return the id of an actor that is a person, whose role the database has; None for any other."""
    if actor_id is None or actor_id in _NO_PEOPLE or api_clients.row_of(actor_id) is not None:
        return None
    return actor_id


def _check(member: StaffMember | None, right: Right) -> None:
    if member is None or not may(member.role, right):
        raise UserError("not-allowed")
