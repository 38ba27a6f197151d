"""The origin of an article: the address, source and date that are known of it now."""

from collections.abc import Collection, Mapping

from sqlalchemy import and_, select, update

from storage import articles, audit, id_allocation, search, sources
from storage.engine.connection import Connection
from storage.records import Article, ArticleState
from storage.schema import article, revision


async def bringers(connection: Connection, brought: Collection[Article]) -> dict[int, str]:
    """Return, by article, the address of the source that brought it, as the address was then.

    A source that has been removed since, or has moved to another site, brought it all the same.
    """
    current = await sources.urls(connection, {article.source_id for article in brought if article.source_id})
    by_sources = [article for article in brought if article.source_id or article.author_id is None]
    then = await audit.bringers(connection, [article.id for article in by_sources])
    known = ((article.id, _address(article, then, current)) for article in by_sources)
    return {article_id: address for article_id, address in known if address}


def _address(article: Article, then: Mapping[int, str], current: Mapping[int, str]) -> str:
    """Return the address of an article's source: that of then, else that of now; "" for none."""
    return then.get(article.id) or current.get(article.source_id or 0, "")


async def of_source(connection: Connection, source_id: int, article_ids: Collection[int]) -> set[int]:
    """Return those of the articles that a source brought."""
    query = select(article.c.id).where(article.c.id.in_(article_ids), article.c.source_id == source_id)
    return set((await connection.execute(query)).scalars())


async def published_since(
    connection: Connection, source_id: int, since: int, *, limit: int
) -> list[tuple[int, str]]:
    """Return numbers and headlines of the published articles that a source has brought since an instant (ms).

    They are the newest, and the newest first.
    """
    present = and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision)
    query = (
        select(article.c.id, revision.c.title)
        .join(revision, present)
        .where(
            article.c.source_id == source_id,
            article.c.created_at >= since,
            article.c.state == ArticleState.PUBLISHED,
        )
        .order_by(article.c.created_at.desc(), article.c.id.desc())
        .limit(limit)
    )
    return [(row.id, row.title) for row in await connection.execute(query)]


async def set_address(tx: Connection, article_id: int, url: str, *, origin: str) -> None:
    """Record the address of an article now; `origin` is its host."""
    await tx.execute(update(article).where(article.c.id == article_id).values(url=url, origin=origin))


async def set_date(tx: Connection, article_id: int, published_at: int) -> None:
    """Change an article's date (ms), and with it its place in the lists."""
    before = await articles.get(tx, article_id)
    values: dict[str, int] = {"published_at": published_at}
    if before is not None and before.ordinal is not None:
        await search.remove(tx, before.ordinal)
        values["ordinal"] = await id_allocation.ordinal_for(tx, published_at)
    await tx.execute(update(article).where(article.c.id == article_id).values(**values))
    if (stored := await articles.get(tx, article_id)) and stored.state is ArticleState.PUBLISHED:
        await search.put(tx, [stored])


async def set_source(tx: Connection, article_id: int, source_id: int) -> None:
    """Record the source of an article now."""
    await tx.execute(update(article).where(article.c.id == article_id).values(source_id=source_id))
