"""The people of a newsroom, for tests of what they do: the transaction of an act asks for their role."""

from functools import partial

from bot.audience.chats import StaffActing
from bot.newsroom.acting import acting
from bot.newsroom.permissions import Right
from storage import staff
from storage.engine.database import Database
from storage.records import Role


async def employ(database: Database, *user_ids: int, role: Role = Role.EDITOR, now: int = 1) -> None:
    """Make people members of staff."""
    async with database.write() as tx:
        for user_id in user_ids:
            await staff.put(tx, user_id, role, now=now)


def with_right(database: Database, right: Right = Right.HOME) -> StaffActing:
    """Return what begins the transaction of a member of staff who has a right."""
    return partial(acting, database, right=right)
