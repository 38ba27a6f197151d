"""Bookmarks: the articles that a person saves for later."""

from bot.clock import Clock
from storage import saved
from storage.engine.database import Database


class Bookmarks:
    """The bookmarks of people; each act is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put(self, user_id: int, article_id: int, *, on: bool) -> None:
        """Bookmark an article for a person, or (`on` False) remove the bookmark; to repeat it changes nothing."""
        async with self._database.write() as tx:
            if on:
                await saved.add(tx, user_id, article_id, now=self._clock())
            else:
                await saved.remove(tx, user_id, article_id)
