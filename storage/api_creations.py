"""Creations of articles by clients of the HTTP API: a repeated request finds what the first one made."""

from dataclasses import dataclass

from sqlalchemy import and_, select

from storage.api_clients import row_of
from storage.engine.connection import Connection
from storage.schema import api_creation


@dataclass(frozen=True, slots=True)
class CreationKey:
    """The key under which a client (`actor_id`) creates an article, and a digest of what it asked for."""

    actor_id: int
    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Creation:
    """An earlier creation: the article, and the digest of what was asked for."""

    article_id: int
    digest: str


async def get(connection: Connection, creation_key: CreationKey) -> Creation | None:
    """Return what was created under a key."""
    of_key = and_(api_creation.c.client_id == row_of(creation_key.actor_id), api_creation.c.key == creation_key.key)
    query = select(api_creation.c.article_id, api_creation.c.digest).where(of_key)
    row = (await connection.execute(query)).one_or_none()
    return Creation(row.article_id, row.digest) if row else None


async def put(tx: Connection, creation_key: CreationKey, article_id: int, *, now: int) -> None:
    """Store what was created under a key. Raises sqlalchemy.exc.IntegrityError where another request was first."""
    values = {"client_id": row_of(creation_key.actor_id), "key": creation_key.key, "digest": creation_key.digest}
    await tx.execute(api_creation.insert().values(**values, article_id=article_id, created_at=now))


async def forget(tx: Connection, *, before: int) -> None:
    """Delete keys that were used before that instant (ms)."""
    await tx.execute(api_creation.delete().where(api_creation.c.created_at < before))
