"""Locks that warn editors of each other. They prevent nothing: the number of the revision decides."""

from bot.clock import Clock
from bot.newsroom.acting import acting
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right
from storage import audit, edit_locks, notices
from storage.audit_details import AuditAction, PersonDetails
from storage.engine.database import Database
from storage.records import Editing

LOCK_MS = 15 * 60_000
"""The time (ms) after the last step of an editor at which the lock ends."""


class EditLocks:
    """Acquires, renews and takes over the locks of articles.

    Both acts raise UserError where the person has no right to write (any more).
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def acquire(self, article_id: int, user_id: int) -> Editing | None:
        """Acquire or renew the lock for a person; return the lock of somebody else who has it instead."""
        now = self._clock()
        async with acting(self._database, user_id, Right.WRITE) as tx:
            holder = await edit_locks.acquire(tx, article_id, user_id, now=now, until=now + LOCK_MS)
        return holder if holder.user_id != user_id else None

    async def other_holder(self, article_id: int, user_id: int) -> Editing | None:
        """Return the lock that somebody else has on the article, None for none."""
        async with self._database.read() as connection:
            holder = await edit_locks.holder(connection, article_id, now=self._clock())
        return holder if holder is not None and holder.user_id != user_id else None

    async def take_over(self, article_id: int, user_id: int) -> None:
        """Take over the lock from the person who has it, and send them a notice."""
        now = self._clock()
        async with acting(self._database, user_id, Right.WRITE) as tx:
            before = await edit_locks.take_over(tx, article_id, user_id, now=now, until=now + LOCK_MS)
            if before is None:
                return
            args: dict[str, str | int] = {"id": str(article_id), "name": await name_of(tx, user_id)}
            await notices.enqueue(tx, before.user_id, "editing-taken-over", args, now=now)
            await audit.record(
                tx,
                user_id,
                AuditAction.TAKE_OVER,
                now=now,
                article_id=article_id,
                details=PersonDetails(before.user_id),
            )
