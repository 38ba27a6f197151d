"""Edits of an article: one type for each change that can be made.

An edit is stored as JSON in the state of a dialogue until it is applied, with its tag in the field `kind`.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import assert_never

import msgspec

from bot.errors import UserError
from bot.newsroom.body_paragraphs import checked_body, with_paragraph
from bot.newsroom.formatting import FormattedText, checked_link
from bot.newsroom.limits import MOST_ATTACHMENTS
from bot.newsroom.post_parser import SECTION_LIMIT, checked
from bot.newsroom.tags import checked_tags
from bot.newsroom.word_replacement import replace_words
from persian.foreign_text import one_line
from storage.long_texts import letters_of, without_blocking
from storage.records import Article, Category, Content, Media


class _Edit(msgspec.Struct, frozen=True, tag_field="kind"):
    """An edit."""


class SetTitle(_Edit, frozen=True, tag="title"):
    """Sets the title."""

    title: str


class SetLead(_Edit, frozen=True, tag="lead"):
    """Sets the lead; "" removes it."""

    lead: str


class SetBody(_Edit, frozen=True, tag="body"):
    """Sets the body to a formatted text."""

    body: FormattedText


class SetParagraph(_Edit, frozen=True, tag="paragraph"):
    """Sets the block at `index` of the body, whose plain text is `before`, to a formatted text; "" removes it."""

    index: int
    before: str
    paragraph: FormattedText


class ReplaceWords(_Edit, frozen=True, tag="words"):
    """Replaces words in the title, the lead and the body by others."""

    words: str
    by: str


class SetPhoto(_Edit, frozen=True, tag="photo"):
    """Sets the photo to a Telegram file id; "" removes it."""

    file: str


class AddMedia(_Edit, frozen=True, tag="attach"):
    """Adds attachments."""

    media: tuple[Media, ...]


class RemoveMedia(_Edit, frozen=True, tag="detach"):
    """Removes the attachments, and the photo, that have these file ids."""

    files: tuple[str, ...]


class SetSection(_Edit, frozen=True, tag="desk"):
    """Sets the name of the section; "" removes it. Stored edits call it a desk."""

    section: str = msgspec.field(name="desk")


class SetTags(_Edit, frozen=True, tag="tags"):
    """Sets the tags, as they are written; "" removes them."""

    tags: str


class SetLink(_Edit, frozen=True, tag="link"):
    """Sets the address of the source; "" removes it."""

    address: str


class SetCategory(_Edit, frozen=True, tag="category"):
    """Moves the article to another category, which is no part of its content."""

    category_id: int


ArticleEdit = (
    SetTitle
    | SetLead
    | SetBody
    | SetParagraph
    | ReplaceWords
    | SetPhoto
    | AddMedia
    | RemoveMedia
    | SetSection
    | SetTags
    | SetLink
    | SetCategory
)
"""A change of an article."""


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
        case SetParagraph(index=index, before=before, paragraph=paragraph):
            return replace(old, body=with_paragraph(old.body, index, before, paragraph))
        case ReplaceWords(words=words, by=by):
            return _replaced(category, old, words, by)
        case SetPhoto() | AddMedia() | RemoveMedia():
            return _with_media(old, edit)
        case SetSection() | SetTags() | SetLink():
            return _with_fact(old, edit)
        case SetCategory():
            return old
        case _:
            assert_never(edit)


async def edited_aside(article: Article, edit: ArticleEdit, *, note: str = "") -> Content:
    """Do the same as `edited`; a long article is edited in a thread, so that nobody waits for it."""
    return await without_blocking(letters_of(article.content), partial(edited, article, edit, note=note))


def new_category(edit: ArticleEdit) -> int | None:
    """Return the id of the category that an edit moves the article to, None where it stays."""
    return edit.category_id if isinstance(edit, SetCategory) else None


def changes_nothing(article: Article, edit: ArticleEdit) -> bool:
    """Return whether the article already is as the edit makes it. Raises UserError as `edited` does."""
    if isinstance(edit, SetCategory):
        return edit.category_id == article.category.id
    return edited(article, edit) == article.content


def _with_media(content: Content, edit: SetPhoto | AddMedia | RemoveMedia) -> Content:
    match edit:
        case SetPhoto(file=file):
            return replace(content, photo=file)
        case AddMedia(media=media):
            return _attached(content, media)
        case RemoveMedia(files=files):
            return _detached(content, files)
        case _:
            assert_never(edit)


def _with_fact(content: Content, edit: SetSection | SetTags | SetLink) -> Content:
    match edit:
        case SetSection(section=section):
            return replace(content, section=_checked_section(section))
        case SetTags(tags=tags):
            return replace(content, tags=checked_tags(tags))
        case SetLink(address=address):
            return replace(content, link=_checked_source(address))
        case _:
            assert_never(edit)


def _replaced(category: Category, content: Content, words: str, by: str) -> Content:
    replacement = replace_words(content, words, by)
    if not replacement.places:
        raise UserError("replace-not-found", words=words)
    new = replacement.content
    plain = checked(category, new.title, new.lead, ())
    body = checked_body(new.body) if new.body != content.body else content.body
    return replace(new, title=plain.title, lead=plain.lead, body=body)


def _attached(content: Content, more: Sequence[Media]) -> Content:
    known = {content.photo, *(medium.file for medium in content.media)}
    media = (*content.media, *(medium for medium in more if medium.file not in known))
    if len(media) + bool(content.photo) > MOST_ATTACHMENTS:
        raise UserError("attachments-too-many", most=MOST_ATTACHMENTS)
    return replace(content, media=media)


def _detached(content: Content, files: Sequence[str]) -> Content:
    return replace(
        content,
        photo="" if content.photo in files else content.photo,
        media=tuple(medium for medium in content.media if medium.file not in files),
    )


def _checked_section(text: str) -> str:
    section = one_line(text)
    if len(section) > SECTION_LIMIT:
        raise UserError("edit-section-too-long", most=SECTION_LIMIT, length=len(section))
    return section


def _checked_source(text: str) -> str:
    address = text.strip()
    link = checked_link(address if "://" in address else f"https://{address}") if address else ""
    if address and not link:
        raise UserError("link-unreadable")
    return link
