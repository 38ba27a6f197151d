"""The parts of an article, from a message that an editor writes in Telegram (pure)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.bounds import MOST_PARTS, TYPED_TEXT
from bot.errors import UserError
from bot.newsroom.bodies import bounded
from bot.newsroom.formatting import FormattedText, StoredText
from bot.newsroom.limits import BODY_LIMIT, BODY_LINES, LEAD_LIMIT, NOTE_LIMIT, TITLE_LIMIT
from bot.newsroom.paragraphs import blocks_of
from bot.newsroom.tags import split_off_tags
from bot.render.html import cut
from persian.foreign_text import one_line
from storage import categories
from storage.records import Block, Category, Content, Media

MESSAGE_UNITS = 4096
"""The longest text that one Telegram message holds; clients split what is longer."""
SPLIT_FROM = 3500
"""A message of so many units may be a part of a longer paste: clients cut at a border of words or lines."""

SECTION_LIMIT = 60
"""Characters that the name of a section or of a channel may have."""

_SENTENCE_END = re.compile(r"[.!?؟:…»\")]\s*+$")


@dataclass(frozen=True, slots=True)
class Post:
    """A `/post` in one message, or the answers of its steps."""

    category: Category
    title: str
    lead: str
    body: tuple[Block, ...]
    tags: tuple[str, ...] = ()


class Origin(NamedTuple):
    """The channel that a message was forwarded from, and the address of the post ("": it has none)."""

    name: str
    link: str


def join_parts(parts: Sequence[FormattedText]) -> FormattedText:
    """Return what a client split into messages as one text.

    A full part was cut within a word, unless it ends a sentence; a part that is not full was cut at a space or
    a line's end, which Telegram dropped.
    """
    pieces: list[FormattedText] = []
    for index, part in enumerate(parts):
        if index:
            before = parts[index - 1].text
            if _SENTENCE_END.search(before):
                pieces.append(FormattedText("\n"))
            elif len(before) < MESSAGE_UNITS:
                pieces.append(FormattedText(" " if len(before) >= SPLIT_FROM else "\n"))
        pieces.append(part)
    return FormattedText.joined(pieces)


def with_more(stored: Sequence[StoredText], part: FormattedText) -> tuple[StoredText, ...]:
    """Return the parts of a text, as a dialogue stores them, and one more.

    Raises UserError `post-body-too-long` or `post-too-many-parts`.
    """
    if len(stored) >= MOST_PARTS:
        raise UserError("post-too-many-parts", most=MOST_PARTS)
    TYPED_TEXT.check_length(len(part.text) + sum(len(FormattedText.text_of(text)) for text in stored))
    return (*stored, part.to_json())


def parse_post(post: FormattedText, known: list[Category], called: Mapping[str, str]) -> Post:
    """Read a post: the category's line, the title, the lead, which is one paragraph, the body, a line of hashtags.

    Raises UserError: no or an unknown category, and what `checked` raises.
    """
    lines = [line for line in post.lines() if line.text]
    first = lines[0].text if lines else ""
    category = categories.match(known, first, called)
    if category is None:
        raise UserError("category-unknown", name=first[:60])
    title = lines[1].text if len(lines) > 1 else ""
    rest, tags = split_off_tags(lines[2:])
    lead = rest[0].text if rest else ""
    return replace(checked(category, title, lead, rest[1:]), tags=tags)


def checked(category: Category, title: str, lead: str, body: Sequence[FormattedText]) -> Post:
    """Return a post of texts as written, the body as its lines.

    Raises UserError where the title is missing or a part is too long.
    """
    title, lead = one_line(title), one_line(lead)
    if not any(letter.isalpha() for letter in title):
        raise UserError("post-no-title")
    for key, length, most in (
        ("post-title-too-long", len(title), TITLE_LIMIT),
        ("post-lead-too-long", len(lead), LEAD_LIMIT),
        ("post-body-too-long", sum(len(line.text) + 1 for line in body), BODY_LIMIT),
        ("post-too-many-lines", len(body), BODY_LINES),
    ):
        if length > most:
            raise UserError(key, most=most, length=length)
    return Post(category, title, lead, bounded(blocks_of([line for line in body if line.text])))


def checked_note(text: str) -> str:
    """Return the note of a correction as one line. Raises UserError where it has no letters or is too long."""
    note = one_line(text)
    if not any(letter.isalpha() for letter in note):
        raise UserError("correct-note-wanted")
    if len(note) > NOTE_LIMIT:
        raise UserError("correct-note-too-long", most=NOTE_LIMIT, length=len(note))
    return note


def content_of(post: Post, photo: str = "", media: Sequence[Media] = (), origin: Origin | None = None) -> Content:
    """Return the content of a new article; `photo` is a Telegram file id, `origin` where it was forwarded from."""
    content = Content(post.title, post.lead, post.body, photo, tuple(media), tags=post.tags)
    if origin is None:
        return content
    named = "" if origin.link else cut(origin.name, SECTION_LIMIT)
    return replace(content, byline=named, link=origin.link)
