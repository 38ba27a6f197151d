"""A correction of what readers have, once it is begun: the card, the note that they will see, the yes."""

from dataclasses import dataclass

from msgspec.structs import replace

from bot.errors import ConflictError, UserError
from bot.newsroom.article_edits import (
    AddMedia,
    ArticleEdit,
    RemoveMedia,
    SetCategory,
    SetPhoto,
    edited_aside,
    new_category,
)
from bot.newsroom.permissions import Right
from bot.newsroom.post_parser import checked_note
from bot.render.callback_data import Answer, ArticleId, CallbackData, RevisionNumber, Stamp
from bot.render.headline import category_name
from bot.render.message import Message
from handlers.core import confirmations
from handlers.core.context import HandlerContext
from handlers.core.router import Router
from handlers.staff import amendment_progress, conflicts
from handlers.staff.article_access import editable, workable
from handlers.staff.part_changes import CORRECTION, CorrectionState
from handlers.staff.section_offers import offer_section
from storage import articles, categories
from storage.records import Article

router = Router()
router.dialogue(CORRECTION)


@dataclass(frozen=True, slots=True)
class AnswerCorrection(CallbackData, prefix="fix"):
    """Answers the card of a correction."""

    article_id: ArticleId
    revision: RevisionNumber
    stamp: Stamp
    answer: Answer


@CORRECTION.on_begin
async def begin(ctx: HandlerContext, state: CorrectionState) -> None:
    """Show the card, under which a note may be written."""
    await _show_confirmation(ctx, state)


@CORRECTION.on_message
async def on_message(ctx: HandlerContext, state: CorrectionState) -> None:
    """Show the card with the note that is written; what comes again after a crash is no new note."""
    if state.seen != ctx.message_id:
        note = checked_note(ctx.words) if ctx.words else ""
        if not note:
            raise UserError("correct-note-wanted")
        state = replace(state, note=note)
    await ctx.services.edit_locks.acquire(state.id, ctx.user_id)
    await _show_confirmation(ctx, state)


@router.callback(AnswerCorrection, right=Right.PUBLISH)
async def answer(ctx: HandlerContext, button: AnswerCorrection) -> None:
    """Correct the article of the card, or leave it."""
    article = editable(ctx, await workable(ctx, button.article_id))
    state = await confirmations.waiting_about(ctx, CORRECTION, button.stamp, article.id)
    if button.answer == "n":
        await confirmations.leave(ctx, waits=state is not None)
        return
    if state is None:
        if not await _done_before(ctx, article, button.revision):
            raise UserError("stale-button")
        await amendment_progress.show_progress(ctx, article)
        return
    try:
        corrected = await ctx.services.newsroom.edit(
            article.id,
            await edited_aside(article, state.edit, note=state.note),
            expected=state.revision,
            editor_id=ctx.user_id,
            category_id=new_category(state.edit),
            state=article.state,
        )
    except ConflictError:
        await conflicts.offer(ctx, article.id, state.revision, state.edit)
        return
    await ctx.close_dialogue()
    await amendment_progress.show_progress(ctx, corrected)
    await ctx.answer_callback("noted")
    if isinstance(state.edit, SetCategory):
        await offer_section(ctx, corrected)


async def _done_before(ctx: HandlerContext, article: Article, revision: int) -> bool:
    """Return whether this very press was done: doubled, or stored before a crash and not answered."""
    async with ctx.services.database.read() as connection:
        editor = await articles.last_editor(connection, article.id)
    return article.revision == revision + 1 and editor == ctx.user_id


async def _show_confirmation(ctx: HandlerContext, state: CorrectionState) -> None:
    """Show the card: old and new, the note or the question for one, what it means for the copies."""
    texts, article = ctx.texts, editable(ctx, await workable(ctx, state.id))
    if article.revision != state.revision:
        await conflicts.offer(ctx, article.id, state.revision, state.edit)
        return
    lines = [
        texts.html("correct-card", id=texts.digits(str(article.id)), title=article.content.title),
        "",
        *await _difference(ctx, article, state.edit),
    ]
    if state.note:
        lines += ["", texts.html("article-note", note=state.note)]
    copies = await amendment_progress.count_copies(ctx, article)
    lines += ["", amendment_progress.extent(ctx, copies)]
    if copies:
        lines.append(texts.html("correct-by-hand"))
    if copies and isinstance(state.edit, SetPhoto | AddMedia | RemoveMedia):
        lines.append(texts.html("correct-photo-limits"))
    if state.note:
        yes, stamp = "button-yes-correct", await CORRECTION.put_aside(ctx, state)
    else:
        lines += ["", texts.html("correct-note-ask")]
        yes, stamp = "button-yes-no-note", await CORRECTION.open(ctx, state)
    keyboard = confirmations.yes_or_no(
        ctx, yes, lambda answer: AnswerCorrection(article.id, article.revision, stamp, answer)
    )
    await ctx.send(Message("\n".join(lines), keyboard))


async def _difference(ctx: HandlerContext, article: Article, edit: ArticleEdit) -> list[str]:
    """Return what the part said and will say, as two lines of HTML."""
    texts, old = ctx.texts, article.content
    if isinstance(edit, SetCategory):
        async with ctx.services.database.read() as connection:
            chosen = await categories.get(connection, edit.category_id)
        if chosen is None:
            raise UserError("category-gone")
        return conflicts.old_and_new(ctx, category_name(article.category, texts), category_name(chosen, texts))
    return conflicts.difference(ctx, old, await edited_aside(article, edit))
