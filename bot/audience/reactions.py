"""Reactions to posts, as Telegram counts them."""

from storage import reading_signals
from storage.engine.database import Database

MOST_REACTIONS = (1 << 31) - 1
"""The most reactions to a message that are counted: a column of 32 bits holds no more."""


class Reactions:
    """Stores the counts of reactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, chat_id: int, telegram_id: int, total: int) -> None:
        """Store how many reactions a message of a chat has now; one that Peyk did not send is left out."""
        total = min(total, MOST_REACTIONS)
        async with self._database.read() as connection:
            message_id = await reading_signals.reacted_message(connection, chat_id, telegram_id, total)
        if message_id is not None:
            async with self._database.write() as tx:
                await reading_signals.set_reactions(tx, message_id, total)
