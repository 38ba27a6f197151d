"""Files and copied texts that people hand in, each read in one call (pure)."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.bounds import FILE_TEXT
from bot.errors import UserError
from bot.ingest.items import PageArticle
from bot.ingest.markup.charset import decode
from bot.ingest.page.pasted_text import parse_pasted

_BEGINNING = 5_000
_HTML = re.compile(r"<(?:!doctype html|html|head|body|article|div|p|h1|meta)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadingRefusal:
    """The reason why nothing was read: the key and the arguments of a UserError, ready for another process."""

    key: str
    arguments: tuple[tuple[str, str | int], ...] = ()

    def error(self) -> UserError:
        """Return it as the error that it stands for."""
        return UserError(self.key, **dict(self.arguments))


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The result of a reading: an article or a refusal; neither for a page of HTML, which is read as a page."""

    article: PageArticle | None = None
    refusal: ReadingRefusal | None = None


def read_text(text: str, zone: ZoneInfo) -> HandedIn:
    """Read text that was copied from a page."""
    try:
        return HandedIn(parse_pasted(FILE_TEXT.check(text), zone))
    except UserError as error:
        return HandedIn(refusal=ReadingRefusal(error.key, tuple(error.text_args.items())))


def read_file(body: bytes, zone: ZoneInfo) -> HandedIn:
    """Read a file of such text."""
    text = decode(body)
    return HandedIn() if _HTML.search(text[:_BEGINNING]) else read_text(text, zone)
