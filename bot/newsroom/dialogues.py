"""Dialogues of people: opened, advanced, closed, and left with everything that was held for them."""

from bot.clock import Clock
from storage import dialogues, edit_locks
from storage.engine.database import Database


class Dialogues:
    """Stores the one dialogue that a person has open in a chat."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put(self, chat_id: int, user_id: int, kind: str, data: str) -> int:
        """Open a dialogue, or store its next state as JSON; return the instant (ms UTC) at which that was done."""
        now = self._clock()
        async with self._database.write() as tx:
            await dialogues.put(tx, chat_id, user_id, kind, data=data, now=now)
        return now

    async def close(self, chat_id: int, user_id: int) -> None:
        """End the dialogue that is open, if one is."""
        async with self._database.write() as tx:
            await dialogues.close(tx, chat_id, user_id)

    async def cancel(self, chat_id: int, user_id: int) -> bool:
        """End the dialogue and release what the person edits; return False where none was open."""
        async with self._database.write() as tx:
            closed = await dialogues.close(tx, chat_id, user_id)
            await edit_locks.release_all(tx, user_id)
        return closed
