"""The rules for tips: their text and size, and the content of the draft that is made of one (pure)."""

import re
from collections.abc import Sequence

from bot.errors import UserError
from bot.newsroom.comment_rules import visible_text
from bot.newsroom.formatting import FormattedText
from bot.newsroom.limits import MOST_ATTACHMENTS
from bot.newsroom.paragraphs import blocks_of
from bot.render.html import cut
from storage.records import Content, Media, MediaKind, Tip

TEXT_LIMIT = 3_000
"""Characters that a tip may have in all: its card shows them in one message."""
MOST_WAITING = 3
"""Tips of one person that may wait at once."""
TITLE_UNITS = 120
"""The length of a draft's title that is made of the first words of a tip."""


def text_of(parts: Sequence[str]) -> str:
    """Return the texts of several messages as one, without characters that deceive."""
    return re.sub(r"\n{3,}", "\n\n", visible_text("\n\n".join(part for part in parts if part))).strip()


def check_size(text: str, media: Sequence[Media]) -> None:
    """Raise UserError where a tip has too many letters or files."""
    if len(text) > TEXT_LIMIT:
        raise UserError("tip-too-long", most=TEXT_LIMIT, length=len(text))
    if len(media) > MOST_ATTACHMENTS:
        raise UserError("attachments-too-many", most=MOST_ATTACHMENTS)


def check_content(text: str, media: Sequence[Media]) -> None:
    """Raise UserError where a tip has neither a letter nor a file, or too much of either."""
    if not media and not any(letter.isalpha() for letter in text):
        raise UserError("tip-empty")
    check_size(text, media)


def draft_of(tip: Tip, untitled: str) -> Content:
    """Return the content of a draft with all that a tip has; `untitled` is the title where it has no words.

    A first line that fits a title becomes it; otherwise the title is its beginning, and the body has all of it.
    """
    title, rest = _title_and_rest(tip.text, untitled)
    photo = next((medium.file for medium in tip.media if medium.kind is MediaKind.PHOTO), "")
    media = tuple(medium for medium in tip.media if medium.file != photo)
    return Content(title, body=tuple(blocks_of([FormattedText(line) for line in rest])), photo=photo, media=media)


def _title_and_rest(text: str, untitled: str) -> tuple[str, list[str]]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return untitled, []
    title = cut(lines[0], TITLE_UNITS)
    return title, lines[1:] if title == lines[0] else lines
