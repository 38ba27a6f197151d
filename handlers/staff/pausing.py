"""/pause and /resume: the switch that stops every push, and who is told of it."""

from bot.locales.catalog import Texts
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right
from bot.newsroom.recipients import chats_with_permission
from bot.render.message import Message
from handlers.core.context import Scene
from storage import audit, chats, key_value, notices
from storage.engine.connection import Connection


async def pause(scene: Scene) -> None:
    """/pause: every push stops at once and waits; answers go on."""
    await _switch(scene, paused=True)


async def resume(scene: Scene) -> None:
    """/resume: the pushes that waited go out."""
    await _switch(scene, paused=False)


async def pause_in_words(connection: Connection, texts: Texts) -> str:
    """Return who stopped every push and when, as HTML; "" where pushes go on."""
    value = await key_value.value(connection, key_value.PAUSED)
    if value is None:
        return ""
    user_id, _, since = value.partition(" ")
    name = await name_of(connection, int(user_id))
    return texts.html("outbox-paused", name=name, when=texts.short(int(since)) if since else "—")


async def remind(scene: Scene) -> None:
    """After a publication: say so where its push has to wait."""
    async with scene.services.database.read() as connection:
        words = await pause_in_words(connection, scene.texts)
    if words:
        await scene.send(Message(words))


async def _switch(scene: Scene, *, paused: bool) -> None:
    services = scene.services
    async with services.database.write() as tx:
        before = await key_value.value(tx, key_value.PAUSED) is not None
        if before != paused:
            now = services.clock()
            if paused:
                await key_value.store(tx, key_value.PAUSED, f"{scene.user_id} {now}")
            else:
                await key_value.remove(tx, key_value.PAUSED)
            await audit.note(tx, scene.user_id, "pause" if paused else "resume", now=now)
            await _tell_others(scene, tx, "paused-by" if paused else "resumed-by", now)
    if before == paused:
        await scene.say("paused-already" if paused else "resumed-already")
        return
    if not paused:
        services.worker.wake()
    await scene.say("paused" if paused else "resumed")


async def _tell_others(scene: Scene, tx: Connection, key: str, now: int) -> None:
    """Owe the rest of the staff who did it and when: whoever writes or publishes wonders where it stays."""
    name = await name_of(tx, scene.user_id)
    for user_id in await chats_with_permission(tx, Right.WRITE):
        if user_id != scene.user_id:
            texts = scene.services.texts(await chats.get(tx, user_id))
            await notices.owe(tx, user_id, key, {"name": name, "when": texts.short(now)}, now=now)
