"""Clients of the HTTP API: each acts under an id of its own, in the audit and as the author of articles."""

from collections.abc import Collection

from sqlalchemy import select

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.schema import api_client

_ABOVE_ALL = -(1 << 53)
"""The ids of clients are below this one, and those of Telegram's people and chats above it."""


async def actor_of(tx: Connection, name: str, *, now: int) -> int:
    """Return the id under which the client of that name acts; a new name gets one."""
    await tx.execute(insert(tx, api_client).values(name=name, created_at=now).on_conflict_do_nothing())
    client_id = (await tx.execute(select(api_client.c.id).where(api_client.c.name == name))).scalar_one()
    return _ABOVE_ALL - int(client_id)


def row_of(actor_id: int) -> int | None:
    """Return the row of the client that acts under an id, None where no client does."""
    return _ABOVE_ALL - actor_id if actor_id < _ABOVE_ALL else None


async def names(connection: Connection, actor_ids: Collection[int]) -> dict[int, str]:
    """Return the names of those of the actors that are clients."""
    rows = [row for actor_id_ in actor_ids if (row := row_of(actor_id_)) is not None]
    if not rows:
        return {}
    clients = await connection.execute(select(api_client.c.id, api_client.c.name).where(api_client.c.id.in_(rows)))
    return {_ABOVE_ALL - row.id: f"API {row.name}" for row in clients}
