"""/retract: retract an article, with a reason that the audit records."""

from dataclasses import dataclass
from typing import Literal

from bot.errors import UserError
from bot.newsroom.callbacks import AskRetraction, RetractVanished, UndoOrRetract
from bot.newsroom.permissions import Right
from bot.newsroom.stories import source_names
from bot.newsroom.transitions import Act, require
from bot.render.callback_data import Answer, ArticleId, CallbackData, Stamp
from bot.render.html import cut
from bot.render.message import ButtonStyle, Message
from handlers.core import confirmations
from handlers.core.confirmations import ArticleDialogueState
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue
from handlers.core.router import Router
from handlers.staff import amendment_progress
from handlers.staff.article_access import numbered, workable
from handlers.staff.article_choice import or_choice
from handlers.staff.retraction_reason import (
    RETRACTION_REASON,
    RetractionReasonState,
    prompt_for_reason,
    undo_or_prompt_for_reason,
)
from storage.records import Article, ArticleState

router = Router()


class RetractionState(ArticleDialogueState, frozen=True, kw_only=True):
    """The article of the card, and the reason."""

    step: Literal["confirm"] = "confirm"
    reason: str


RETRACTION = router.dialogue(Dialogue("retract", RetractionState, right=Right.PUBLISH))
"""The question that waits for a yes."""

router.dialogue(RETRACTION_REASON)

_REASON_LIMIT = 500
_SHOWN = 300
_SITE = 60


@dataclass(frozen=True, slots=True)
class AnswerRetraction(CallbackData, prefix="pull"):
    """Answers the card of a retraction."""

    article_id: ArticleId
    stamp: Stamp
    answer: Answer


@router.command("retract", right=Right.PUBLISH)
@or_choice("retract")
async def retract(ctx: HandlerContext) -> None:
    """/retract ID REASON: a card that asks for a yes; without a reason, a question for it."""
    article_id, reason = numbered(ctx, "retract-usage")
    article = await workable(ctx, article_id)
    if reason:
        await _show_confirmation(ctx, article, _checked(reason))
    else:
        await prompt_for_reason(ctx, article)


@router.callback(AskRetraction, right=Right.PUBLISH)
async def on_retract(ctx: HandlerContext, button: AskRetraction) -> None:
    """Prompt for the reason."""
    await prompt_for_reason(ctx, await workable(ctx, button.article_id))


@RETRACTION_REASON.on_message
async def on_reason(ctx: HandlerContext, state: RetractionReasonState) -> None:
    """Store the reason, and show the card."""
    reason = _checked(" ".join(ctx.words.split()))
    await _show_confirmation(ctx, await workable(ctx, state.id), reason)


@router.callback(UndoOrRetract, right=Right.PUBLISH)
async def on_undo_publication(ctx: HandlerContext, button: UndoOrRetract) -> None:
    """Undo the publication of an article, or ask for the reason of its retraction."""
    await undo_or_prompt_for_reason(ctx, await workable(ctx, button.article_id))
    await ctx.answer_callback("noted")


@router.callback(RetractVanished, right=Right.PUBLISH)
async def on_vanished(ctx: HandlerContext, button: RetractVanished) -> None:
    """Show the card for an article whose page is gone at its source."""
    article = await workable(ctx, button.article_id)
    async with ctx.services.database.read() as connection:
        site = (await source_names(connection, [article]))[article.id]
    await _show_confirmation(ctx, article, ctx.texts("retract-reason-vanished", site=cut(site, _SITE)))


@router.callback(AnswerRetraction, right=Right.PUBLISH)
async def answer(ctx: HandlerContext, button: AnswerRetraction) -> None:
    """Retract the article of the card, or leave it."""
    article = await workable(ctx, button.article_id)
    state = await confirmations.waiting_about(ctx, RETRACTION, button.stamp, article.id)
    if button.answer == "n":
        await confirmations.leave(ctx, waits=state is not None)
        return
    if article.state is not ArticleState.RETRACTED:
        if state is None:
            raise UserError("stale-button")
        article = await ctx.services.newsroom.retract(article.id, state.reason, actor_id=ctx.user_id)
    if state is not None:
        await ctx.close_dialogue()
    await amendment_progress.show_progress(ctx, article)
    await ctx.answer_callback("noted")


def _checked(reason: str) -> str:
    """Return the reason. Raises UserError where it has no words, or too many."""
    if not any(letter.isalpha() for letter in reason):
        raise UserError("retract-reason-wanted")
    if len(reason) > _REASON_LIMIT:
        raise UserError("retract-reason-too-long", most=_REASON_LIMIT, length=len(reason))
    return reason


async def _show_confirmation(ctx: HandlerContext, article: Article, reason: str) -> None:
    require(Act.RETRACT, article)
    stamp = await RETRACTION.put_aside(ctx, RetractionState(id=article.id, reason=reason))
    texts = ctx.texts
    lines = [
        texts.html("retract-card", id=texts.digits(str(article.id)), title=cut(article.content.title, _SHOWN)),
        "",
        texts.html("retract-reason", reason=reason),
        "",
        amendment_progress.extent(ctx, await amendment_progress.count_copies(ctx, article)),
        texts.html("retract-means"),
    ]
    keyboard = confirmations.yes_or_no(
        ctx,
        "button-yes-retract",
        lambda answer: AnswerRetraction(article.id, stamp, answer),
        ButtonStyle.DANGER,
    )
    await ctx.send(Message("\n".join(lines), keyboard))
