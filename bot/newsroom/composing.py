"""What an editor writes in Telegram -> an article's parts (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.newsroom.articles import BODY_LIMIT, LEAD_LIMIT, NOTE_LIMIT, TITLE_LIMIT
from bot.newsroom.paragraphs import blocks_of
from storage import categories
from storage.records import Article, Block, Category, Content

MESSAGE_UNITS = 4096
"""The longest text that one Telegram message holds; clients split what is longer."""
SPLIT_FROM = 3500
"""A message of so many units may be a part of a longer paste: clients cut at a border of words or lines."""

_SENTENCE_END = re.compile(r"[.!?؟:…»\")]\s*$")


@dataclass(frozen=True, slots=True)
class Post:
    """A `/post` in one message, or the answers of its steps."""

    category: Category
    title: str
    lead: str
    body: tuple[Block, ...]


def join_parts(parts: Sequence[str]) -> str:
    """Return what a client split into messages as one text.

    A full part was cut within a word, unless it ends a sentence; a part that is not full was cut at a space or
    a line's end, which Telegram dropped.
    """
    text = ""
    for index, part in enumerate(parts):
        if index:
            before = parts[index - 1]
            if _SENTENCE_END.search(before):
                text += "\n"
            elif len(before) < MESSAGE_UNITS:
                text += " " if len(before) >= SPLIT_FROM else "\n"
        text += part
    return text


def parse_post(text: str, known: list[Category]) -> Post:
    """Read a post: the category's line, the title, a blank line, the lead, a blank line, the body.

    Raises UserError: no or an unknown category, and what `checked` raises.
    """
    first, _, rest = text.strip().partition("\n")
    category = categories.match(known, first)
    if category is None:
        raise UserError("category-unknown", name=first.strip()[:60])
    title, _, rest = rest.strip().partition("\n")
    lead, _, body = re.sub(r"\n[ \t]*\n\s*", "\n\n", rest.strip()).partition("\n\n")
    # A lead is one paragraph; lines that follow it without a blank one belong to the body.
    lead, _, more = lead.partition("\n")
    return checked(category, title, lead, f"{more}\n{body}")


def checked(category: Category, title: str, lead: str, body: str) -> Post:
    """Return a post of plain texts. Raises UserError where the title is missing or a part is too long."""
    title, lead = " ".join(title.split()), " ".join(lead.split())
    if not any(letter.isalpha() for letter in title):
        raise UserError("post-no-title")
    for key, text, most in (
        ("post-title-too-long", title, TITLE_LIMIT),
        ("post-lead-too-long", lead, LEAD_LIMIT),
        ("post-body-too-long", body, BODY_LIMIT),
    ):
        if len(text) > most:
            raise UserError(key, most=most, length=len(text))
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    return Post(category, title, lead, blocks_of(lines))


def with_part(article: Article, part: str, text: str, *, note: str = "") -> Content:
    """Return an article's content with a new title, lead or body as written, or a photo's file id ("": none).

    A `note` takes the place of an earlier one, "" leaves that. Raises UserError as `checked` does. A category is no
    part of the content: it leaves it as it is.
    """
    category = article.category
    old = replace(article.content, note=note) if note else article.content
    match part:
        case "title":
            return replace(old, title=checked(category, text, "", "").title)
        case "lead":
            return replace(old, lead=checked(category, old.title, text, "").lead)
        case "body":
            return replace(old, body=checked(category, old.title, "", text).body)
        case "photo":
            return replace(old, photo=text)
        case _:
            return old


def checked_note(text: str) -> str:
    """Return the note of a correction as one line. Raises UserError where it has no letters or is too long."""
    note = " ".join(text.split())
    if not any(letter.isalpha() for letter in note):
        raise UserError("correct-note-wanted")
    if len(note) > NOTE_LIMIT:
        raise UserError("correct-note-too-long", most=NOTE_LIMIT, length=len(note))
    return note


def content_of(post: Post, photo: str = "") -> Content:
    """Return the content of a new article; `photo` is a Telegram file id."""
    return Content(title=post.title, lead=post.lead, body=post.body, photo=photo)
