"""Developing stories: which article goes on with which, and the posts of the earlier one that later ones answer."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, exists, literal, select, update

from storage.engine.connection import Connection
from storage.engine.dialect import FOLLOW_LOCK, advisory_lock
from storage.engine.prepared import PreparedStatement
from storage.records import ArticleState, Form, MessageState
from storage.schema import article, message


class Neighbours(NamedTuple):
    """The published articles before and after an article of a developing story, None where there is none."""

    before: int | None = None
    after: int | None = None


async def follow(tx: Connection, article_id: int, followed_id: int | None) -> None:
    """Link an article to the earlier one that it goes on with, or to none."""
    await tx.execute(update(article).where(article.c.id == article_id).values(follows_id=followed_id))


async def lock(tx: Connection) -> None:
    """Lock the links between earlier and later articles until the transaction ends.

    Two who do so at once, each with other articles, could close a circle.
    """
    await advisory_lock(tx, FOLLOW_LOCK)


async def close_gap(tx: Connection, article_id: int, followed_id: int | None) -> None:
    """Link the articles that go on with a deleted one to the earlier one that it went on with."""
    await tx.execute(update(article).where(article.c.follows_id == article_id).values(follows_id=followed_id))


async def leads_to(connection: Connection, article_id: int, earlier_id: int) -> bool:
    """Return whether an article is `earlier_id`, or goes on with it, at once or by way of others."""
    earlier = select(literal(article_id, BigInteger).label("id")).cte(recursive=True)
    followed = select(article.c.follows_id).join(earlier, article.c.id == earlier.c.id)
    # A union has each article once, so that a circle ends, too.
    earlier = earlier.union(followed.where(article.c.follows_id.is_not(None)))
    return bool((await connection.execute(select(exists().where(earlier.c.id == earlier_id)))).scalar_one())


async def neighbours(connection: Connection, article_id: int) -> Neighbours:
    """Return the published neighbours of an article; of several that go on with it, the newest."""
    before = await connection.fetch(_BEFORE, article_id=article_id)
    after = await connection.fetch(_AFTER, article_id=article_id)
    # Sorted and filtered here: SQLite would walk along all published articles in their order instead.
    published = [row for row in after if row.state == ArticleState.PUBLISHED]
    newest = max(published, key=lambda row: row.ordinal, default=None)
    return Neighbours(before[0].id if before else None, newest.id if newest is not None else None)


async def posts(
    connection: Connection, article_ids: Collection[int], chat_ids: Collection[int]
) -> dict[tuple[int, int, int], int]:
    """Return the message ids of the newest posts of published articles, by article, chat and topic."""
    query = (
        select(message.c.article_id, message.c.chat_id, message.c.topic_id, message.c.telegram_id)
        .join(article, article.c.id == message.c.article_id)
        .where(
            message.c.article_id.in_(article_ids),
            message.c.chat_id.in_(chat_ids),
            message.c.form.in_((Form.HEADLINE, Form.PHOTO)),
            message.c.state == MessageState.SENT,
            message.c.telegram_id.is_not(None),
            article.c.state == ArticleState.PUBLISHED,
        )
        .order_by(message.c.id)
    )
    rows = await connection.execute(query)
    return {(row.article_id, row.chat_id, row.topic_id): row.telegram_id for row in rows}


# What every opening of an article asks.
_FOLLOWED = select(article.c.follows_id).where(article.c.id == bindparam("article_id")).scalar_subquery()
_BEFORE = PreparedStatement(
    select(article.c.id).where(article.c.id == _FOLLOWED, article.c.state == ArticleState.PUBLISHED)
)
_AFTER = PreparedStatement(
    select(article.c.id, article.c.ordinal, article.c.state).where(article.c.follows_id == bindparam("article_id"))
)
