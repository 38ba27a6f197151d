"""Previews of a post style: the message that shows a person how posts look, one for each person at a time."""

from dataclasses import dataclass

from storage import key_value
from storage.engine.connection import Connection
from storage.engine.database import Database


@dataclass(frozen=True, slots=True)
class PostStylePreview:
    """The preview that a person has: its message id, and fingerprints of its content and of its media."""

    message_id: int
    content: str
    media: str


class PostStylePreviews:
    """The previews that people have; each act is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: int) -> PostStylePreview | None:
        """Return the preview that a person has."""
        async with self._database.read() as connection:
            return await _stored(connection, user_id)

    async def put(self, user_id: int, preview: PostStylePreview) -> None:
        """Record the preview that a person has now."""
        async with self._database.write() as tx:
            value = f"{preview.message_id}:{preview.content}:{preview.media}"
            await key_value.store(tx, _key(user_id), value)

    async def remove(self, user_id: int) -> PostStylePreview | None:
        """Delete the preview of a person, and return it."""
        async with self._database.write() as tx:
            preview = await _stored(tx, user_id)
            await key_value.remove(tx, _key(user_id))
        return preview


async def _stored(connection: Connection, user_id: int) -> PostStylePreview | None:
    value = await key_value.value(connection, _key(user_id))
    if value is None:
        return None
    message_id, content, media = value.split(":")
    return PostStylePreview(int(message_id), content, media)


def _key(user_id: int) -> str:
    return f"look-sample:{user_id}"
