"""Locks on articles that somebody edits: a courtesy between people. What decides is the number of the revision."""

from bot.clock import Clock
from bot.newsroom.names import name_of
from storage import audit, edit_locks, notices
from storage.engine.database import Database
from storage.records import Editing

LOCK_MS = 15 * 60_000
"""How long (ms) an article stays with whoever edits it after their last step."""


class EditLocks:
    """Takes and renews locks, and takes them over."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def take(self, article_id: int, user_id: int) -> Editing | None:
        """Take the article for a person, or renew their lock; return who edits it instead."""
        now = self._clock()
        async with self._database.write() as tx:
            holder = await edit_locks.acquire(tx, article_id, user_id, now=now, until=now + LOCK_MS)
        return holder if holder.user_id != user_id else None

    async def held_by_another(self, article_id: int, user_id: int) -> Editing | None:
        """Return who else is editing the article, None where nobody is."""
        async with self._database.read() as connection:
            holder = await edit_locks.holder(connection, article_id, now=self._clock())
        return holder if holder is not None and holder.user_id != user_id else None

    async def take_over(self, article_id: int, user_id: int) -> None:
        """Take the article from whoever edits it; they are told."""
        now = self._clock()
        async with self._database.write() as tx:
            before = await edit_locks.take_over(tx, article_id, user_id, now=now, until=now + LOCK_MS)
            if before is None:
                return
            args: dict[str, str | int] = {"id": str(article_id), "name": await name_of(tx, user_id)}
            await notices.enqueue(tx, before.user_id, "editing-taken-over", args, now=now)
            await audit.note(tx, user_id, "take_over", now=now, article_id=article_id, detail=str(before.user_id))
