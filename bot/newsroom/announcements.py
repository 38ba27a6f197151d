"""Announcements of the newsroom to chats, through the same outbox as the news."""

from collections.abc import Callable

from bot.clock import Clock
from bot.errors import NotFoundError
from bot.newsroom.acting import acting
from bot.newsroom.permissions import Right
from bot.render.html import cut, strip_tags
from storage import announcements, articles, audit, categories, fanouts
from storage.audit_details import AnnouncementDetails, AuditAction
from storage.engine.database import Database
from storage.records import Article, Block, BlockKind, Content, FanOutKind

_TITLE = 100


class Announcements:
    """Sends announcements; `wake` is called after each. They are retracted as articles are (Newsroom.retract)."""

    def __init__(self, database: Database, clock: Clock, wake: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake

    async def count_recipients(self, category_id: int | None) -> int:
        """Return how many chats an announcement to a category's followers, or to all (None), goes to now."""
        async with self._database.read() as connection:
            return await announcements.count_hearers(connection, category_id, now=self._clock())

    async def get_by_key(self, key: str) -> Article | None:
        """Return the announcement that was sent under this key."""
        async with self._database.read() as connection:
            number = await announcements.numbered(connection, key)
            return await articles.get(connection, number) if number is not None else None

    async def get(self, number: int) -> Article:
        """Return an announcement by its number below 0. Raises NotFoundError."""
        async with self._database.read() as connection:
            article = await articles.get(connection, number) if number < 0 else None
        if article is None:
            raise NotFoundError("stale-button")
        return article

    async def send(self, html: str, category_id: int | None, *, key: str, language: str, author_id: int) -> Article:
        """Send an announcement to a category's followers, or to all (None), and return it; once for each `key`.

        `html` is inline HTML as in records.Block. Raises NotFoundError for a category that is gone,
        and UserError where the author has no right to announce (any more).
        """
        async with acting(self._database, author_id, Right.ANNOUNCE) as tx:
            now = self._clock()
            known = {category.id: category for category in await categories.all_(tx)}
            if category_id is not None and category_id not in known:
                raise NotFoundError("category-gone")
            title = cut(strip_tags(html).partition("\n")[0], _TITLE)
            number = await announcements.insert(
                tx,
                Content(title, body=(Block(BlockKind.PARAGRAPH, html),)),
                key=key,
                # One to all has a category because every article has.
                category_id=category_id or min(known),
                language=language,
                author_id=author_id,
                now=now,
            )
            if number is not None:
                await fanouts.begin(tx, number, FanOutKind.ANNOUNCEMENT, now=now, to_all=category_id is None)
                whom = known[category_id].name_fa if category_id is not None else "*"
                await audit.record(
                    tx,
                    author_id,
                    AuditAction.ANNOUNCE,
                    now=now,
                    article_id=number,
                    details=AnnouncementDetails(whom, title),
                )
        self._wake()
        article = await self.get_by_key(key)
        assert article is not None, "stored a moment ago, or before"
        return article
