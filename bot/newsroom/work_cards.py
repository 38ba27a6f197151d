"""Cards of work: messages in a person's chat that show how far what they began has come, until it ends."""

from bot.clock import Clock
from storage import cards
from storage.engine.database import Database
from storage.records import CardKind

_FIRST_MS = 2_000
"""The time (ms) after which a card of work is rendered again for the first time."""


class WorkCards:
    """Records the messages that show work under way; a job renders them again."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def follow(self, kind: CardKind, subject_id: int, *, chat_id: int, message_id: int) -> None:
        """Record that a message shows the work on a subject, in place of an earlier one of that chat."""
        async with self._database.write() as tx:
            now = self._clock()
            await cards.follow(
                tx, kind, subject_id, chat_id, message_id=message_id, now=now, due_at=now + _FIRST_MS
            )
