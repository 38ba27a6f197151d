"""The list of attachments of an article that is edited, and their removal."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from bot.errors import ConflictError
from bot.locales.catalog import Texts
from bot.newsroom.article_edits import RemoveMedia
from bot.newsroom.limits import MOST_ATTACHMENTS
from bot.newsroom.permissions import Right
from bot.render.attachments import attachments, name_of
from bot.render.callback_data import ArticleId, CallbackData, RevisionNumber
from bot.render.html import cut
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from handlers.core.router import Router
from handlers.staff import conflicts
from handlers.staff.callbacks import AskPart, EditArticle, ListAttachments, Part
from handlers.staff.edit_lock import locked_article
from handlers.staff.part_changes import change
from storage.records import Article, Media

router = Router()

_BUTTON_TITLE = 40


@dataclass(frozen=True, slots=True)
class Detach(CallbackData, prefix="edit"):
    """Takes away the attachment at a place that counts from 0."""

    article_id: ArticleId
    word: Literal["less"] = field(default="less", kw_only=True)
    revision: RevisionNumber
    place: Annotated[int, r"\d"]


@dataclass(frozen=True, slots=True)
class DetachAll(CallbackData, prefix="edit"):
    """Removes all attachments."""

    article_id: ArticleId
    word: Literal["bare"] = field(default="bare", kw_only=True)
    revision: RevisionNumber


@router.callback(ListAttachments, right=Right.WRITE)
async def list_attachments(ctx: HandlerContext, button: ListAttachments) -> None:
    """Show what goes with the article."""
    if article := await locked_article(ctx, button.article_id):
        await ctx.edit_or_send(_attachments(ctx, article))


@router.callback(Detach, right=Right.WRITE)
async def detach(ctx: HandlerContext, button: Detach) -> None:
    """Remove one attachment."""
    if article := await locked_article(ctx, button.article_id):
        files = _files(article, button.revision)
        if button.place >= len(files):
            raise ConflictError(conflicts.CHANGED, id=article.id)
        await change(ctx, article, button.revision, RemoveMedia((files[button.place],)))


@router.callback(DetachAll, right=Right.WRITE)
async def detach_all(ctx: HandlerContext, button: DetachAll) -> None:
    """Remove all attachments."""
    if article := await locked_article(ctx, button.article_id):
        await change(ctx, article, button.revision, RemoveMedia(_files(article, button.revision)))


def _files(article: Article, revision: int) -> tuple[str, ...]:
    """Return the files that go with an article. Raises ConflictError where it has changed since `revision`."""
    if article.revision != revision:
        raise ConflictError(conflicts.CHANGED, id=article.id)
    return tuple(media.file for media in attachments(article.content))


def _attachments(ctx: HandlerContext, article: Article) -> Message:
    """Return what goes with the article, each with a button that takes it away."""
    texts, id_, revision = ctx.texts, article.id, article.revision
    attached = attachments(article.content)
    rows = [
        (Button(_detach_label(media, place, texts), Detach(id_, revision, place).pack()),)
        for place, media in enumerate(attached)
    ]
    if len(attached) < MOST_ATTACHMENTS:
        rows.append((Button(texts("button-attach"), AskPart(id_, Part.ATTACH).pack()),))
    if len(attached) > 1:
        rows.append((Button(texts("button-detach-all"), DetachAll(id_, revision).pack()),))
    rows.append((Button(texts("button-back"), EditArticle(id_).pack()),))
    return Message(texts.html("edit-media-ask", count=len(attached)), tuple(rows))


def _detach_label(media: Media, place: int, texts: Texts) -> str:
    return f"✖️ {texts.digits(str(place + 1))}. {cut(name_of(media, texts), _BUTTON_TITLE)}"
