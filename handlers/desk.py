"""The desk's own business: its sources, and the switch that stops every push."""

from telegram.error import TelegramError

from bot.audience.chats import can_be_written_to
from bot.newsroom.rights import Right, may
from bot.render.html import cut, escape
from bot.render.message import Message
from handlers.scene import Scene
from handlers.wording import turns_by_offset, window
from storage import audit, desk_state, sources
from storage.records import SourceKind

_SOURCES_PAGE = 10


async def pause(scene: Scene) -> None:
    """/pause: every push stops at once and waits; answers go on."""
    await _switch(scene, paused=True)


async def resume(scene: Scene) -> None:
    """/resume: the pushes that waited go out."""
    await _switch(scene, paused=False)


async def list_sources(scene: Scene) -> None:
    """/sources: where articles come from, and how each source is."""
    await scene.send(await _sources(scene, 0))


async def turn_sources(scene: Scene) -> None:
    """A press of a page button under the sources: `sources:OFFSET`."""
    await scene.show(await _sources(scene, int(scene.data.split(":")[1])))


async def _sources(scene: Scene, offset: int) -> Message:
    texts = scene.texts
    async with scene.services.database.read() as connection:
        found = await sources.all_(connection)
    if not found:
        return Message(texts.html("sources-none"))
    kinds = {SourceKind.FEED: "source-feed", SourceKind.PAGE: "source-page", SourceKind.LISTING: "source-listing"}
    lines = [texts.html("sources-title")]
    page, offset = window(found, offset, _SOURCES_PAGE)
    for source in page:
        state = (
            texts("source-failing", times=source.failures)
            if source.failures
            else texts("source-fetched", when=texts.short(source.fetched_at))
            if source.fetched_at
            else texts("source-new")
        )
        name = escape(cut(source.title or source.url, 60))
        kind = texts(kinds[source.kind])
        target = texts("source-to-review" if source.review else "source-to-publish")
        lines.append(f'\n<a href="{escape(source.url)}">{name}</a>\n{escape(f"{kind} · {target} · {state}")}')
    more = offset + len(page) < len(found)
    return Message("\n".join(lines), turns_by_offset(texts, "sources", offset, _SOURCES_PAGE, more=more))


async def _switch(scene: Scene, *, paused: bool) -> None:
    services = scene.services
    async with services.database.write() as tx:
        before = await desk_state.value(tx, desk_state.PAUSED) is not None
        if before != paused:
            now = services.clock()
            if paused:
                await desk_state.store(tx, desk_state.PAUSED, str(scene.user_id))
            else:
                await desk_state.remove(tx, desk_state.PAUSED)
            await audit.note(tx, scene.user_id, "pause" if paused else "resume", now=now)
    if before == paused:
        await scene.say("paused-already" if paused else "resumed-already")
        return
    if not paused:
        services.worker.wake()
    await scene.say("paused" if paused else "resumed")
    await _tell_others(scene, "paused-by" if paused else "resumed-by")


async def _tell_others(scene: Scene, key: str) -> None:
    """Tell the rest of the staff; whoever cannot be reached is left out."""
    user = scene.update.effective_user
    name = user.full_name if user else ""
    for member in await scene.services.staff.members():
        chat = await scene.services.chats.get(member.user_id)
        if member.user_id == scene.user_id or chat is None or not can_be_written_to(chat):
            continue
        if not may(member.role, Right.WRITE):
            continue
        try:
            message = Message(scene.services.texts(chat).html(key, name=name))
            await scene.services.gateway.send(chat.id, message)
        except TelegramError:
            continue
