"""Reads what authors hand in: short texts at once, files and long texts in a process of its own, within a time."""

from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.ingest.items import PageArticle
from bot.ingest.page.handed_in import HandedIn, read_text
from bot.ingest.parsing.text_jobs import FILE, TEXT
from bot.subprocesses.client import SideProcess, SideProcessError
from bot.subprocesses.job import Job

T = TypeVar("T", str, bytes)

READ_SECONDS = 5.0
"""The most CPU seconds that one text may take to read."""

_SHORT = 10_000
"""Characters that are read within a few milliseconds."""
_IDLE_SECONDS = 120.0


class TextReader:
    """Reads files and texts in `zone`. `close` it.

    Every method raises UserError with the reason where there is no article in them.
    """

    def __init__(self, zone: ZoneInfo, seconds: float = READ_SECONDS) -> None:
        self._zone = zone
        self._process = SideProcess("bot.ingest.parsing.text_process", seconds, idle=_IDLE_SECONDS)

    async def text(self, text: str) -> PageArticle:
        """Read text that was copied from a page."""
        handed_in = read_text(text, self._zone) if len(text) <= _SHORT else await self._do(TEXT, text)
        article = _article(handed_in)
        assert article is not None, "only files are pages"
        return article

    async def file(self, body: bytes) -> PageArticle | None:
        """Read a file of such text; None for a page of HTML."""
        return _article(await self._do(FILE, body))

    async def close(self) -> None:
        """End the process. Harmless when repeated."""
        await self._process.close()

    async def _do(self, job: Job[T, ZoneInfo, HandedIn], given: T) -> HandedIn:
        try:
            return await self._process.do(job, given, self._zone)
        except SideProcessError as error:
            raise UserError("import-unreadable", reason=str(error)) from error


def _article(handed_in: HandedIn) -> PageArticle | None:
    if handed_in.refusal is not None:
        raise handed_in.refusal.error()
    return handed_in.article
