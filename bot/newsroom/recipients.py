"""The recipients of cards and notices among the staff."""

from bot.newsroom.permissions import Right, may
from storage import staff
from storage.engine.connection import Connection


async def chats_with_permission(connection: Connection, right: Right) -> list[int]:
    """Return the private chats of the members of staff who have a right."""
    return [member.user_id for member in await staff.all_(connection) if may(member.role, right)]
