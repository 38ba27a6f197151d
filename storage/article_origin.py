"""The origin of an article: the address, source and date that are known of it now."""

from sqlalchemy import update

from storage import articles, id_allocation, search
from storage.engine.connection import Connection
from storage.records import ArticleState
from storage.schema import article


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
