"""The desk's own business: its sources."""

from bot.render.html import cut, escape
from bot.render.message import Message
from handlers.scene import Scene
from handlers.wording import turns_by_offset, window
from storage import sources
from storage.records import SourceKind

_SOURCES_PAGE = 10


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
        name = escape(texts.apart(cut(source.title or source.url, 60)))
        kind = texts(kinds[source.kind])
        target = texts("source-to-review" if source.review else "source-to-publish")
        link = f'{texts.mark}<a href="{escape(source.url)}">{name}</a>'
        lines.append(f"\n{link}\n{escape(texts.facts(kind, target, state))}")
    more = offset + len(page) < len(found)
    return Message("\n".join(lines), turns_by_offset(texts, "sources", offset, _SOURCES_PAGE, more=more))
