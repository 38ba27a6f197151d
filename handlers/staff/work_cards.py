"""Messages that show work under way: cards that a job renders again until the work has ended."""

from bot.render.message import Message, UnderWay
from handlers.core.context import HandlerContext
from storage.records import CardKind


async def show_work(ctx: HandlerContext, kind: CardKind, subject_id: int, drawn: Message | UnderWay) -> None:
    """Show how far work has come, in the place of the pressed message or in a new one, which then follows it."""
    message = drawn.message if isinstance(drawn, UnderWay) else drawn
    if ctx.press is None:
        message_id = await ctx.send(message)
    else:
        await ctx.edit_or_send(message)
        message_id = ctx.message_id
    if isinstance(drawn, UnderWay):
        await ctx.services.work_cards.follow(kind, subject_id, chat_id=ctx.chat_id, message_id=message_id)
