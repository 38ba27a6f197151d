"""The renewal of the search index, after a migration that changes what the index keeps of an article.

The migration notes a border: published articles below that ordinal are still indexed in the old form. The newest
are renewed first. What is published or changed meanwhile is indexed in the new form by itself.
"""

from collections.abc import Mapping

from sqlalchemy import select

from storage import key_value, search
from storage.engine.connection import Connection
from storage.records import Article, ArticleState
from storage.schema import article

KEY = "search_renewal"
"""The key of the border in `storage.key_value`; it is there while articles await renewal."""

_ABOVE_ALL = 1 << 62
"""The border that counts where none can be read: every article awaits renewal."""


async def border(connection: Connection) -> int | None:
    """Return the ordinal below which articles await renewal, None where none does."""
    if await key_value.value(connection, KEY) is None:
        return None
    noted = await key_value.read(connection, KEY, key_value.whole)
    return _ABOVE_ALL if noted is None else noted


async def next_ordinals(connection: Connection, border: int, *, limit: int) -> list[int]:
    """Return the ordinals of the newest published articles below the border."""
    awaiting = (article.c.state == ArticleState.PUBLISHED, article.c.ordinal < border)
    query = select(article.c.ordinal).where(*awaiting).order_by(article.c.ordinal.desc()).limit(limit)
    return [row.ordinal for row in await connection.execute(query)]


async def renew(tx: Connection, read: Mapping[int, tuple[Article, tuple[str, str]]]) -> None:
    """Index articles anew, each given under its number with its texts (`texts_of`).

    What has changed since it was read is left alone: it is in the new form already.
    """
    columns = (article.c.id, article.c.revision, article.c.state, article.c.ordinal)
    rows = await tx.execute(select(*columns).where(article.c.id.in_(read)).order_by(article.c.id).with_for_update())
    entries = []
    for row in rows:
        as_read, texts = read[row.id]
        if (row.revision, row.state, row.ordinal) == (as_read.revision, ArticleState.PUBLISHED, as_read.ordinal):
            entries.append(search.IndexEntry(row.ordinal, as_read.category.id, texts))
    await search.replace(tx, entries)


async def lower_border(tx: Connection, border: int) -> None:
    """Record that every article from that ordinal on has been renewed."""
    await key_value.store(tx, KEY, str(border))


async def end(tx: Connection) -> None:
    """Record that no article awaits renewal any more."""
    await key_value.remove(tx, KEY)
