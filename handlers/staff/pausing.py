"""/pause and /resume: the switch that stops every push, and who is told of it."""

from bot.locales.catalog import Texts
from bot.newsroom.cards import hearers
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right
from bot.render.message import Message
from handlers.core.context import HandlerContext
from handlers.core.router import Router
from storage import audit, chats, key_value, notices
from storage.engine.connection import Connection

router = Router()


@router.command("pause", right=Right.PAUSE)
async def pause(ctx: HandlerContext) -> None:
    """/pause: every push stops at once and waits; answers go on."""
    await _switch(ctx, paused=True)


@router.command("resume", right=Right.PAUSE)
async def resume(ctx: HandlerContext) -> None:
    """/resume: the pushes that waited go out."""
    await _switch(ctx, paused=False)


async def pause_in_words(connection: Connection, texts: Texts) -> str:
    """Return who stopped every push and when, as HTML; "" where pushes go on."""
    value = await key_value.value(connection, key_value.PAUSED)
    if value is None:
        return ""
    user_id, _, since = value.partition(" ")
    name = await name_of(connection, int(user_id))
    return texts.html("outbox-paused", name=name, when=texts.short(int(since)) if since else "—")


async def remind(ctx: HandlerContext) -> None:
    """Say after a publication that its push has to wait, where it has."""
    async with ctx.services.database.read() as connection:
        words = await pause_in_words(connection, ctx.texts)
    if words:
        await ctx.send(Message(words))


async def _switch(ctx: HandlerContext, *, paused: bool) -> None:
    services = ctx.services
    async with services.database.write() as tx:
        before = await key_value.value(tx, key_value.PAUSED) is not None
        if before != paused:
            now = services.clock()
            if paused:
                await key_value.store(tx, key_value.PAUSED, f"{ctx.user_id} {now}")
            else:
                await key_value.remove(tx, key_value.PAUSED)
            await audit.note(tx, ctx.user_id, "pause" if paused else "resume", now=now)
            await _tell_others(ctx, tx, "paused-by" if paused else "resumed-by", now)
    if before == paused:
        await ctx.say("paused-already" if paused else "resumed-already")
        return
    if not paused:
        services.worker.wake()
    await ctx.say("paused" if paused else "resumed")


async def _tell_others(ctx: HandlerContext, tx: Connection, key: str, now: int) -> None:
    """Owe the rest of the staff who did it and when: whoever writes or publishes wonders where it stays."""
    name = await name_of(tx, ctx.user_id)
    for user_id in await hearers(tx, Right.WRITE):
        if user_id != ctx.user_id:
            texts = ctx.services.texts(await chats.get(tx, user_id))
            await notices.owe(tx, user_id, key, {"name": name, "when": texts.short(now)}, now=now)
