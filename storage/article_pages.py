"""Pages of lists that other systems read to their end.

A page is told by the places of its articles. They are read without the texts, so that an article that is malformed,
or changes meanwhile, leaves its own page and ends no list.
"""

from typing import NamedTuple

from sqlalchemy import and_, or_, select

from storage.articles import is_draft
from storage.engine.connection import Connection
from storage.records import ArticleState
from storage.schema import article


class DraftPlace(NamedTuple):
    """The place of an unpublished article in the list of these: when it was changed last (ms), and its id."""

    updated_at: int
    article_id: int


async def published(
    connection: Connection, *, limit: int, category_id: int | None = None, before: int | None = None
) -> list[int]:
    """Return the ordinals of published articles, the newest first, older than the ordinal `before`."""
    query = select(article.c.ordinal).where(article.c.state == ArticleState.PUBLISHED)
    if category_id is not None:
        query = query.where(article.c.category_id == category_id)
    if before is not None:
        query = query.where(article.c.ordinal < before)
    return list((await connection.execute(query.order_by(article.c.ordinal.desc()).limit(limit))).scalars())


async def unpublished(
    connection: Connection,
    *,
    limit: int,
    category_id: int | None = None,
    author_id: int | None = None,
    before: DraftPlace | None = None,
) -> list[DraftPlace]:
    """Return the places of unpublished articles, the last changed first, beyond the place `before`."""
    changed, number = article.c.updated_at, article.c.id
    query = select(changed, number).where(is_draft())
    if category_id is not None:
        query = query.where(article.c.category_id == category_id)
    if author_id is not None:
        query = query.where(article.c.author_id == author_id)
    if before is not None:
        query = query.where(
            or_(changed < before.updated_at, and_(changed == before.updated_at, number < before.article_id))
        )
    rows = await connection.execute(query.order_by(changed.desc(), number.desc()).limit(limit))
    return [DraftPlace(*row) for row in rows]
