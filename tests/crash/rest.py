"""The work that a newsroom has not finished, asked of its database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from storage.engine.database import Database

_SHOWN = 20
_OPEN = {
    "fan-outs": "SELECT id, kind, article_id FROM fan_out WHERE done_at IS NULL",
    "deliveries": """
        SELECT delivery.id, delivery.chat_id, delivery.state, delivery.reason FROM delivery
        LEFT JOIN message ON message.id = delivery.message_id
        WHERE delivery.state IN ('pending', 'sending')
        OR delivery.state = 'uncertain' AND (message.state IS NULL OR message.state != 'asked')
    """,
    "changes": "SELECT message_id, chat_id, reason FROM amendment WHERE state = 'pending'",
    "possible twins where ids are to be read": """
        SELECT message.id, message.chat_id FROM message JOIN chat ON chat.id = message.chat_id
        WHERE message.doubt = 1 AND message.state = 'sent'
        AND (chat.kind = 'channel' OR chat.kind = 'supergroup' AND chat.is_admin)
    """,
    "updates": "SELECT update_id FROM inbox WHERE done_at IS NULL",
}


async def unfinished(database: Database) -> dict[str, Sequence[tuple[Any, ...]]]:
    """Return the first rows of each kind of work that is not finished; a kind without any is left out."""
    left = {}
    for name, query in _OPEN.items():
        if rows := await rows_of(database, f"{query} LIMIT {_SHOWN}"):
            left[name] = rows
    return left


async def rows_of(database: Database, query: str) -> Sequence[tuple[Any, ...]]:
    """Return what the database answers to the query."""
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]
