"""One paragraph of a body, chosen by its button and written anew; the rest of the body stays as it is."""

from dataclasses import dataclass

from bot.errors import ConflictError, UserError
from bot.newsroom.article_edits import SetParagraph
from bot.newsroom.body_paragraphs import paragraph_text, paragraphs_of
from bot.newsroom.formatting import FormattedText
from bot.newsroom.permissions import Right
from bot.render.callback_data import ArticleId, CallbackData, Offset, RevisionNumber
from bot.render.html import cut
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from handlers.core.keyboards import cancel_keyboard
from handlers.core.labels import turns_by_offset, window
from handlers.core.router import Router
from handlers.staff import conflicts, current_text
from handlers.staff.callbacks import AskParagraph, EditArticle, ListParagraphs, Part
from handlers.staff.edit_lock import locked_article
from handlers.staff.part_changes import EDIT, EditState, change
from storage.records import Article

router = Router()

_PAGE = 8
_LABEL = 48
"""Letters of a paragraph on its button."""


@dataclass(frozen=True, slots=True)
class RemoveParagraph(CallbackData, prefix="para:less"):
    """Removes the block at `index` of a body, at the revision that the question showed."""

    article_id: ArticleId
    revision: RevisionNumber
    index: Offset


@router.callback(ListParagraphs, right=Right.WRITE)
async def list_paragraphs(ctx: HandlerContext, button: ListParagraphs) -> None:
    """Show a page of the paragraphs, each as a button."""
    if article := await locked_article(ctx, button.article_id):
        await ctx.edit_or_send(_page(ctx, article, button.offset))


@router.callback(AskParagraph, right=Right.WRITE)
async def prompt_for_paragraph(ctx: HandlerContext, button: AskParagraph) -> None:
    """Send the paragraph as it is, and ask for it as it is to be."""
    if article := await locked_article(ctx, button.article_id):
        before = _paragraph(article, button)
        state = EditState(
            id=article.id, revision=article.revision, field=Part.PARAGRAPH, index=button.index, before=before
        )
        await EDIT.open(ctx, state)
        how = await current_text.send_blocks(ctx, (article.content.body[button.index],))
        remove = Button(
            ctx.texts("button-remove-paragraph"),
            RemoveParagraph(article.id, article.revision, button.index).pack(),
        )
        question = ctx.texts.html("edit-paragraph-ask")
        await ctx.send(Message(f"{question}{how}", ((remove, *cancel_keyboard(ctx)[0]),)))


@router.callback(RemoveParagraph, right=Right.WRITE)
async def remove_paragraph(ctx: HandlerContext, button: RemoveParagraph) -> None:
    """Remove the paragraph."""
    if article := await locked_article(ctx, button.article_id):
        before = _paragraph(article, button)
        await change(ctx, article, article.revision, SetParagraph(button.index, before, FormattedText("")))
        await ctx.set_buttons()
        await ctx.answer_callback("noted")


def _paragraph(article: Article, button: AskParagraph | RemoveParagraph) -> str:
    """Return the plain text of the block that a button names. Raises UserError where it may be another now."""
    if article.revision != button.revision:
        raise ConflictError(conflicts.CHANGED, id=article.id)
    body = article.content.body
    text = paragraph_text(body[button.index]) if button.index < len(body) else ""
    if not text:
        raise UserError("paragraph-gone")
    return text


def _page(ctx: HandlerContext, article: Article, at: int) -> Message:
    texts, paragraphs = ctx.texts, paragraphs_of(article.content.body)
    page, offset = window(paragraphs, at, _PAGE)
    rows = tuple(
        (
            Button(
                f"{texts.digits(str(number))}. {cut(' '.join(text.split()), _LABEL)}",
                AskParagraph(article.id, article.revision, index).pack(),
            ),
        )
        for number, (index, text) in enumerate(page, offset + 1)
    )
    turns = turns_by_offset(
        texts, lambda to: ListParagraphs(article.id, to), offset, _PAGE, more=offset + _PAGE < len(paragraphs)
    )
    back = (Button(texts("button-back"), EditArticle(article.id).pack()),)
    heading = texts.html("edit-which-paragraph", id=texts.digits(str(article.id)), title=article.content.title)
    return Message(heading, (*rows, *turns, back))
