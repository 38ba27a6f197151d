"""The renewal of the search index after an update, a few articles at a time, while everything runs.

This is no leased job: no row asks for work. To renew an article twice does no harm.
"""

import asyncio

import structlog

from storage import articles, search_renewal
from storage.engine.database import Database
from storage.records import Article
from storage.search_texts import aside, texts_of

_AT_ONCE = 20
_BREATH_SECONDS = 0.02

_log = structlog.get_logger(__name__)


async def renew_search(database: Database) -> None:
    """Index again the articles that wait for it, the newest first.

    After an interruption, the next run goes on.

    Every few are a transaction of their own, with a pause behind it for everybody else.
    """
    renewed = 0
    while (border := await _renew_some(database)) is not None:
        if renewed == 0:
            _log.info("search_renewal_began", below=border)
        renewed += _AT_ONCE
        await asyncio.sleep(_BREATH_SECONDS)
    if renewed:
        _log.info("search_renewed")


async def _renew_some(database: Database) -> int | None:
    """Renew the next articles and return the new border, None where none was left."""
    async with database.read() as connection:
        border = await search_renewal.border(connection)
        if border is None:
            return None
        ordinals = await search_renewal.next_ordinals(connection, border, limit=_AT_ONCE)
        stale = await articles.by_ordinals(connection, ordinals)
    read: dict[int, tuple[Article, tuple[str, str]]] = {}
    for article in stale:
        read[article.id] = article, await aside(texts_of, article.content)
        await asyncio.sleep(0)
    async with database.write() as tx:
        if not ordinals:
            await search_renewal.end(tx)
            return None
        await search_renewal.renew(tx, read)
        await search_renewal.lower_border(tx, ordinals[-1])
    return ordinals[-1]
