"""Articles that report one story: which one reported it first, and from which source each came."""

from collections.abc import Collection, Iterable

from bot.render.story import FirstReport
from storage import articles, sources
from storage.engine.connection import Connection
from storage.records import Article


async def first_tellings(connection: Connection, retellings: Collection[Article]) -> dict[int, FirstReport]:
    """Return, by those of the articles that report the story of another, that other one."""
    ids = sorted({article.story_id for article in retellings if article.story_id is not None})
    if not ids:
        return {}
    firsts = {article.id: article for article in await articles.get_many(connection, ids)}
    names = await source_names(connection, firsts.values())
    return {
        article.id: FirstReport(firsts[article.story_id], names[article.story_id])
        for article in retellings
        if article.story_id is not None and article.story_id in firsts
    }


async def source_names(connection: Connection, retellings: Iterable[Article]) -> dict[int, str]:
    """Return, by article, the title of the source that brought it, else its host, "" where it has neither."""
    brought = {article.id: article for article in retellings}
    titles = await sources.titles(
        connection, {article.source_id for article in brought.values() if article.source_id is not None}
    )
    return {id_: titles.get(article.source_id or 0) or article.origin for id_, article in brought.items()}
