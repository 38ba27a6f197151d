"""Questions under a card that wait for a yes: dialogues put aside, to which no text belongs meanwhile."""

from collections.abc import Callable
from typing import TypeVar

from bot.render.callback_data import Answer, CallbackData
from bot.render.message import Button, ButtonStyle, Keyboard, Message
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.keyboards import question_keyboard


class ArticleDialogueState(DialogueState, frozen=True, kw_only=True):
    """The state of a dialogue about one article; `id` is its news number."""

    id: int


A = TypeVar("A", bound=ArticleDialogueState)


async def waiting_about(ctx: HandlerContext, dialogue: Dialogue[A], stamp: int, article_id: int) -> A | None:
    """Return what the card with that stamp asks about an article; None where it is done or about another.

    `article_id` is the one that the button names: an invented one may name another than the card.
    """
    state = await dialogue.waiting(ctx, stamp)
    return state if state is not None and state.id == article_id else None


def yes_or_no(
    ctx: HandlerContext,
    yes: str,
    answered: Callable[[Answer], CallbackData],
    style: ButtonStyle = ButtonStyle.SUCCESS,
) -> Keyboard:
    """Return a card's buttons; `answered` gives the button of an answer, `style` is that of the yes."""
    agree, refuse = answered("y").pack(), answered("n").pack()
    return question_keyboard(
        ctx, Button(ctx.texts(yes), agree, style=style), Button(ctx.texts("button-cancel"), refuse)
    )


async def leave(ctx: HandlerContext, *, waits: bool) -> None:
    """A no: forget what the card asked about, where it still `waits`, and say so in its place."""
    if waits:
        await ctx.services.dialogues.cancel(ctx.chat_id, ctx.user_id)
    await ctx.edit_or_send(Message(ctx.texts.html("cancelled")))
    await ctx.answer_callback()
