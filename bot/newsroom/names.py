"""The names that the newsroom has for people."""

from storage import api_clients, chats, staff
from storage.engine.connection import Connection


async def name_of(connection: Connection, user_id: int | None) -> str:
    """Return what the newsroom calls a person, who may have left it meanwhile, or a client of the API.

    It is a name, else a number. 0 and None stand for the newsroom itself.
    """
    if not user_id:
        return "peyk"
    if client := (await api_clients.names(connection, [user_id])).get(user_id):
        return client
    member = await staff.get(connection, user_id)
    chat = await chats.get(connection, user_id)
    return (member.name if member else "") or (chat.title if chat else "") or str(user_id)
