"""Bookmarks: articles that people save for later."""

from sqlalchemy import and_, bindparam, select

from storage.engine.connection import Connection
from storage.engine.dialect import insert
from storage.engine.prepared import PreparedStatement
from storage.records import ArticleState
from storage.schema import article, saved

_SAVED = PreparedStatement(
    select(saved.c.article_id).where(
        saved.c.user_id == bindparam("user_id"), saved.c.article_id == bindparam("article_id")
    )
)


async def add(tx: Connection, user_id: int, article_id: int, *, now: int) -> bool:
    """Bookmark an article for a person; False where it is bookmarked already."""
    statement = insert(tx, saved).values(user_id=user_id, article_id=article_id, saved_at=now)
    return (await tx.execute(statement.on_conflict_do_nothing())).rowcount == 1


async def remove(tx: Connection, user_id: int, article_id: int) -> bool:
    """Remove a bookmark; False where there is none."""
    done = await tx.execute(saved.delete().where(saved.c.user_id == user_id, saved.c.article_id == article_id))
    return done.rowcount == 1


async def is_saved(connection: Connection, user_id: int, article_id: int) -> bool:
    """Return whether the person has bookmarked the article."""
    return bool(await connection.fetch(_SAVED, user_id=user_id, article_id=article_id))


async def ids(connection: Connection, user_id: int, *, limit: int, offset: int = 0) -> list[int]:
    """Return the numbers of the readable articles that the person has bookmarked, the newest bookmark first."""
    published = and_(article.c.id == saved.c.article_id, article.c.state == ArticleState.PUBLISHED)
    query = select(saved.c.article_id).join(article, published).where(saved.c.user_id == user_id)
    query = query.order_by(saved.c.saved_at.desc(), saved.c.article_id.desc()).limit(limit).offset(offset)
    return [row.article_id for row in await connection.execute(query)]
