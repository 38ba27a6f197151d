"""/pause and /resume: the switch that stops every push, and who is told of it."""

from bot.locales.catalog import Texts
from bot.newsroom.names import name_of
from bot.newsroom.pausing import pause_of
from bot.render.message import Message
from handlers.core.context import HandlerContext
from storage.engine.connection import Connection


async def pause(ctx: HandlerContext) -> None:
    """/pause: every push stops at once and waits; answers go on."""
    await ctx.say("paused" if await ctx.services.pausing.pause(actor_id=ctx.user_id) else "paused-already")


async def resume(ctx: HandlerContext) -> None:
    """/resume: the pushes that waited go out."""
    await ctx.say("resumed" if await ctx.services.pausing.resume(actor_id=ctx.user_id) else "resumed-already")


async def pause_in_words(connection: Connection, texts: Texts) -> str:
    """Return who stopped every push and when, as HTML; "" where pushes go on."""
    held = await pause_of(connection)
    if held is None:
        return ""
    name = await name_of(connection, held.user_id)
    return texts.html("outbox-paused", name=name, when=texts.short(held.since) if held.since else "—")


async def remind(ctx: HandlerContext) -> None:
    """After a publication: say so where its push has to wait."""
    async with ctx.services.database.read() as connection:
        words = await pause_in_words(connection, ctx.texts)
    if words:
        await ctx.send(Message(words))
