"""The notice that every push is paused: by whom, and since when."""

from bot.locales.catalog import Texts
from bot.newsroom.names import name_of
from bot.newsroom.pausing import pause_of
from bot.render.message import Message
from handlers.core.context import HandlerContext
from storage.engine.connection import Connection


async def pause_in_words(connection: Connection, texts: Texts) -> str:
    """Return who stopped every push and when, as HTML; "" where pushes go on."""
    held = await pause_of(connection)
    if held is None:
        return ""
    when = texts.short(held.since) if held.since else "—"
    if held.restored:
        return texts.html("outbox-paused-restored", when=when)
    return texts.html("outbox-paused", name=await name_of(connection, held.user_id), when=when)


async def remind(ctx: HandlerContext) -> None:
    """After a publication, warn the person where pushes are paused."""
    async with ctx.services.database.read() as connection:
        words = await pause_in_words(connection, ctx.texts)
    if words:
        await ctx.send(Message(words))
