"""A new part of an article: a draft is changed at once, what readers have goes on to a correction."""

from functools import partial
from typing import Literal

from bot.errors import ConflictError, UserError
from bot.newsroom.article_edits import (
    AddMedia,
    ArticleEdit,
    RemoveMedia,
    SetCategory,
    SetPhoto,
    changes_nothing,
    edited_aside,
    new_category,
)
from bot.newsroom.formatting import StoredText
from bot.newsroom.permissions import Right
from handlers.core.confirmations import ArticleDialogueState
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue
from handlers.staff.article_preview import preview_pages, send_preview
from handlers.staff.callbacks import Part
from handlers.staff.section_offers import offer_section
from storage.long_texts import letters_of, without_blocking
from storage.records import Article, ArticleState, Media


class EditState(ArticleDialogueState, frozen=True, kw_only=True):
    """The part that is edited on top of `revision`, and what came for it: texts (a photo's file) or attachments.

    A paragraph is the block at `index` of the body, whose plain text is `before`.
    """

    revision: int
    field: Part
    index: int = 0
    before: str = ""
    parts: tuple[StoredText, ...] = ()
    media: tuple[Media, ...] = ()
    group: str | None = None


EDIT = Dialogue("edit", EditState, right=Right.WRITE)
"""The dialogue in which a new part is written or sent; `editing` goes on with it."""


class CorrectionState(ArticleDialogueState, frozen=True, kw_only=True):
    """An edit on top of `revision`, and the note that readers will see ("": none)."""

    step: Literal["note", "confirm"] = "note"
    revision: int
    edit: ArticleEdit
    note: str = ""


CORRECTION = Dialogue("correct", CorrectionState, right=Right.PUBLISH, card_step="note")
"""The card of a correction, under which a note may be written; `corrections` shows it and goes on with it."""


async def change(ctx: HandlerContext, article: Article, revision: int, edit: ArticleEdit) -> None:
    """Store an edit of a draft and show the preview; go on to a correction of what readers have."""
    if article.state is ArticleState.PUBLISHED:
        await begin_correction(ctx, article, revision, edit)
        return
    changed = await ctx.services.newsroom.edit(
        article.id,
        await edited_aside(article, edit),
        expected=revision,
        editor_id=ctx.user_id,
        category_id=new_category(edit),
        state=article.state,
    )
    if ctx.press is not None and isinstance(edit, SetPhoto | SetCategory | RemoveMedia):
        await ctx.edit_or_send((await preview_pages(ctx, changed))[0])
        if isinstance(edit, SetCategory):
            await offer_section(ctx, changed)
        return
    await ctx.close_dialogue()
    await send_preview(ctx, changed, with_cover=isinstance(edit, SetPhoto | AddMedia))


async def begin_correction(ctx: HandlerContext, article: Article, revision: int, edit: ArticleEdit) -> None:
    """Begin a correction with an edit of a published article, and show its card.

    Raises UserError where it cannot be stored so or changes nothing, ConflictError where `revision` is not the
    newest any more.
    """
    if article.revision != revision:
        raise ConflictError("article-changed-meanwhile", id=article.id)
    if await without_blocking(letters_of(article.content), partial(changes_nothing, article, edit)):
        raise UserError("correct-nothing")
    await CORRECTION.begin(ctx, CorrectionState(id=article.id, revision=revision, edit=edit))
