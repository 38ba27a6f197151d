"""Parsing of foreign bytes in a process of its own, with a time limit."""

from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import SourceError
from bot.ingest.items import Feed, Link, PageArticle
from bot.side_process import SideProcess, SideProcessError

PARSE_SECONDS = 5.0
"""The longest that one feed or page may take to parse."""


class Parser:
    """What reads sources, one at a time. `close` it.

    Every method raises SourceError with a short reason where the bytes cannot be read, or not within `seconds`.
    """

    def __init__(self, seconds: float = PARSE_SECONDS) -> None:
        self._process = SideProcess("bot.ingest.parser_process", seconds)

    async def feed(self, body: bytes, content_type: str, url: str, zone: ZoneInfo) -> Feed:
        """Read a feed; see bot.ingest.feed.feed.parse_feed."""
        feed: Feed = await self._ask("feed", body, content_type, url, zone)
        return feed

    async def page(self, body: bytes, content_type: str, url: str, zone: ZoneInfo, now: int) -> PageArticle:
        """Read an article's page; see bot.ingest.page.article_page.parse_page. `now` in ms."""
        article: PageArticle = await self._ask("page", body, content_type, url, zone, now)
        return article

    async def listing(self, body: bytes, content_type: str, url: str, selector: str = "") -> tuple[Link, ...]:
        """Read the links of a page; see bot.ingest.page.listing.parse_listing."""
        links: tuple[Link, ...] = await self._ask("listing", body, content_type, url, selector)
        return links

    async def close(self) -> None:
        """End the process. Harmless when repeated; a request under way is cut short."""
        await self._process.close()

    async def _ask(self, job: str, *arguments: Any) -> Any:
        try:
            return await self._process.do(job, *arguments)
        except SideProcessError as error:
            raise SourceError(str(error)) from error
