"""Previews of a post style: the message that shows a person how posts look, one for each person at a time."""

import re
from dataclasses import dataclass

from storage import key_value
from storage.engine.connection import Connection
from storage.engine.database import Database

_STORED = re.compile(r"([0-9]+):([^:]*):([^:]*)")
"""The stored form of a preview: its message id and both fingerprints."""


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
            await key_value.store(tx, _key(user_id), _to_text(preview))

    async def remove(self, user_id: int) -> PostStylePreview | None:
        """Delete the preview of a person, and return it."""
        async with self._database.write() as tx:
            preview = await _stored(tx, user_id)
            await key_value.remove(tx, _key(user_id))
        return preview


async def _stored(connection: Connection, user_id: int) -> PostStylePreview | None:
    text = await key_value.value(connection, _key(user_id))
    return None if text is None else _from_text(text)


def _to_text(preview: PostStylePreview) -> str:
    return f"{preview.message_id}:{preview.content}:{preview.media}"


def _from_text(text: str) -> PostStylePreview | None:
    """Return the preview of a stored text, None for any other text."""
    match = _STORED.fullmatch(text)
    return PostStylePreview(int(match[1]), match[2], match[3]) if match else None


def _key(user_id: int) -> str:
    return f"look-sample:{user_id}"
