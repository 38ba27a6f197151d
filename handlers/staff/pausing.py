"""/pause and /resume: the switch that stops every push, after a yes."""

from dataclasses import dataclass

from bot.newsroom.pausing import pause_of
from bot.newsroom.permissions import Right
from bot.render.callback_data import Answer, CallbackData
from bot.render.message import ButtonStyle, Message
from handlers.core import confirmations
from handlers.core.context import HandlerContext
from handlers.core.router import Router

router = Router()


@dataclass(frozen=True, slots=True)
class AnswerPause(CallbackData, prefix="pause"):
    """Answers the question whether to stop every push."""

    answer: Answer


@router.command("pause", right=Right.PAUSE)
async def pause(ctx: HandlerContext) -> None:
    """/pause: a question; every push stops and waits after a yes, answers go on."""
    async with ctx.services.database.read() as connection:
        paused = await pause_of(connection) is not None
    if paused:
        await ctx.reply("paused-already")
    else:
        await ctx.prompt(
            "pause-sure", confirmations.yes_or_no(ctx, "button-yes-pause", AnswerPause, ButtonStyle.DANGER)
        )


@router.callback(AnswerPause, right=Right.PAUSE)
async def answer(ctx: HandlerContext, button: AnswerPause) -> None:
    """Stop every push, or leave it."""
    if button.answer == "n":
        await confirmations.leave(ctx, waits=False)
        return
    await ctx.services.pausing.pause(actor_id=ctx.user_id)
    await ctx.edit_or_send(Message(ctx.texts.html("paused")))
    await ctx.answer_callback("noted")


@router.command("resume", right=Right.PAUSE)
async def resume(ctx: HandlerContext) -> None:
    """/resume: the pushes that waited go out."""
    await ctx.reply("resumed" if await ctx.services.pausing.resume(actor_id=ctx.user_id) else "resumed-already")
