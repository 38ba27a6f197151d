"""Edits of an article: one type for each part that can be changed (pure).

An edit is stored as JSON in the state of a dialogue until it is applied, with its tag in the field `kind`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, assert_never

import msgspec

from bot.errors import UserError
from bot.newsroom.formatting import FormattedText, checked_link
from bot.newsroom.limits import MOST_ATTACHMENTS
from bot.newsroom.post_parser import DESK_LIMIT, checked
from bot.newsroom.tags import checked_tags
from persian.foreign_text import one_line
from storage.records import Article, Content, Media


class _Edit(msgspec.Struct, frozen=True, tag_field="kind"):
    """An edit; `part` names the field of Content that it changes, as `bot.render.difference` has it."""

    part: ClassVar[str]


class SetTitle(_Edit, frozen=True, tag="title"):
    """Sets the title."""

    part: ClassVar[str] = "title"
    title: str


class SetLead(_Edit, frozen=True, tag="lead"):
    """Sets the lead; "" removes it."""

    part: ClassVar[str] = "lead"
    lead: str


class SetBody(_Edit, frozen=True, tag="body"):
    """Sets the body to a formatted text."""

    part: ClassVar[str] = "body"
    body: FormattedText


class SetPhoto(_Edit, frozen=True, tag="photo"):
    """Sets the photo to a Telegram file id; "" removes it."""

    part: ClassVar[str] = "photo"
    file: str


class AddMedia(_Edit, frozen=True, tag="attach"):
    """Adds attachments."""

    part: ClassVar[str] = "media"
    media: tuple[Media, ...]


class RemoveMedia(_Edit, frozen=True, tag="detach"):
    """Removes the attachments, and the photo, that have these file ids."""

    part: ClassVar[str] = "media"
    files: tuple[str, ...]


class SetDesk(_Edit, frozen=True, tag="desk"):
    """Sets the name of the desk; "" removes it."""

    part: ClassVar[str] = "desk"
    desk: str


class SetTags(_Edit, frozen=True, tag="tags"):
    """Sets the tags, as they are written; "" removes them."""

    part: ClassVar[str] = "tags"
    tags: str


class SetLink(_Edit, frozen=True, tag="link"):
    """Sets the address of the source; "" removes it."""

    part: ClassVar[str] = "link"
    address: str


class SetCategory(_Edit, frozen=True, tag="category"):
    """Moves the article to another category, which is no part of its content."""

    part: ClassVar[str] = "category"
    category_id: int


ArticleEdit = (
    SetTitle | SetLead | SetBody | SetPhoto | AddMedia | RemoveMedia | SetDesk | SetTags | SetLink | SetCategory
)
"""A change of one part of an article."""


def edited(article: Article, edit: ArticleEdit, *, note: str = "") -> Content:
    """Return an article's content after an edit. Raises UserError where the part cannot be so.

    A `note` takes the place of an earlier one, "" leaves that. SetCategory leaves the content as it is.
    """
    category = article.category
    old = replace(article.content, note=note) if note else article.content
    match edit:
        case SetTitle(title=title):
            return replace(old, title=checked(category, title, "", ()).title)
        case SetLead(lead=lead):
            return replace(old, lead=checked(category, old.title, lead, ()).lead)
        case SetBody(body=body):
            return replace(old, body=checked(category, old.title, "", body.lines()).body)
        case SetPhoto(file=file):
            return replace(old, photo=file)
        case AddMedia(media=media):
            return _attached(old, media)
        case RemoveMedia(files=files):
            return _detached(old, files)
        case SetDesk(desk=desk):
            return replace(old, desk=_checked_desk(desk))
        case SetTags(tags=tags):
            return replace(old, tags=checked_tags(tags))
        case SetLink(address=address):
            return replace(old, link=_checked_source(address))
        case SetCategory():
            return old
        case _:
            assert_never(edit)


def new_category(edit: ArticleEdit) -> int | None:
    """Return the id of the category that an edit moves the article to, None where it stays."""
    return edit.category_id if isinstance(edit, SetCategory) else None


def changes_nothing(article: Article, edit: ArticleEdit) -> bool:
    """Tell whether the article already is as the edit makes it. Raises UserError as `edited` does."""
    if isinstance(edit, SetCategory):
        return edit.category_id == article.category.id
    return edited(article, edit) == article.content


def _attached(content: Content, more: Sequence[Media]) -> Content:
    known = {content.photo, *(one.file for one in content.media)}
    media = (*content.media, *(one for one in more if one.file not in known))
    if len(media) + bool(content.photo) > MOST_ATTACHMENTS:
        raise UserError("attachments-too-many", most=MOST_ATTACHMENTS)
    return replace(content, media=media)


def _detached(content: Content, files: Sequence[str]) -> Content:
    return replace(
        content,
        photo="" if content.photo in files else content.photo,
        media=tuple(one for one in content.media if one.file not in files),
    )


def _checked_desk(text: str) -> str:
    desk = one_line(text)
    if len(desk) > DESK_LIMIT:
        raise UserError("desk-too-long", most=DESK_LIMIT, length=len(desk))
    return desk


def _checked_source(text: str) -> str:
    address = text.strip()
    link = checked_link(address if "://" in address else f"https://{address}") if address else ""
    if address and not link:
        raise UserError("link-unreadable")
    return link
