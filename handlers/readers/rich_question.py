"""The question whether a person's app shows rich messages, once, below the first one; and its answers."""

from dataclasses import replace

from telegram.error import BadRequest

from bot.render.callback_data import CallbackData
from bot.render.message import Button, Message
from bot.telegram.errors import About, failure_of
from handlers.core.context import HandlerContext


def send_question_later(ctx: HandlerContext, *, visible: CallbackData, invisible: CallbackData) -> None:
    """Ask in a moment about the rich message that was sent, unless the person was asked before or this is a group.

    If the app stops before that, the person is asked below the next one.
    """
    if ctx.private and ctx.chat is not None and not ctx.chat.rich_asked:
        ctx.services.delayed_tasks.begin(ctx.chat_id, lambda: _send_question(ctx, visible, invisible))


async def _send_question(ctx: HandlerContext, visible: CallbackData, invisible: CallbackData) -> None:
    chat = await ctx.services.chats.get(ctx.chat_id)
    if chat is None or chat.rich_asked or chat.plain_text:
        return
    plain = Button(ctx.texts("button-invisible"), invisible.pack())
    fine = Button(ctx.texts("button-visible"), visible.pack())
    await ctx.prompt("visible-ask", ((plain, fine),))
    await ctx.services.chats.change(ctx.chat_id, rich_asked=True)


async def thank(ctx: HandlerContext) -> None:
    """Remove the question once it is answered; one that is too old only loses its buttons."""
    await ctx.answer_callback("visible-thanks")
    try:
        await ctx.services.gateway.delete_answer(ctx.chat_id, ctx.message_id)
    except BadRequest as error:
        if About.MISSING not in failure_of(error).about:
            await ctx.edit_or_send(Message(ctx.texts.html("visible-thanks")))


async def choose_plain(ctx: HandlerContext) -> HandlerContext:
    """Switch the person to plain text; return the context that sends the text again."""
    changed = await ctx.services.chats.change(ctx.chat_id, plain_text=True)
    await ctx.answer_callback("noted")
    await ctx.edit_or_send(Message(ctx.texts.html("invisible-noted")))
    return replace(ctx.as_command(), chat=changed)
