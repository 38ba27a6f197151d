"""Announcements: notes of the newsroom to the chats themselves.

An announcement is an article with a number below 0 that no list, search or link leads to. So whatever Peyk promises
of sent articles holds for it as well.
"""

from sqlalchemy import ColumnElement, and_, func, or_, select

from storage.article_rows import insert_revision
from storage.engine.connection import Connection
from storage.engine.dialect import ARTICLE_NUMBER_LOCK, advisory_lock
from storage.records import ArticleState, ChatKind, Content, FanOutKind
from storage.schema import ACTIVE_CHAT, article, chat, subscription
from storage.subscription_matching import wants

ORIGIN = "announcement"
"""The origin of every announcement; its number there is the key that its maker gave it."""


async def insert(
    tx: Connection, content: Content, *, key: str, category_id: int, language: str, author_id: int, now: int
) -> int | None:
    """Store an announcement and return its number, the highest free one below 0; None where `key` has one already.

    `key` is never a news number.
    """
    await advisory_lock(tx, ARTICLE_NUMBER_LOCK)
    if await numbered(tx, key) is not None:
        return None
    lowest: int | None = (await tx.execute(select(func.min(article.c.id)))).scalar_one()
    number = min(lowest or 0, 0) - 1
    await tx.execute(
        article.insert().values(
            id=number,
            state=ArticleState.ANNOUNCED,
            category_id=category_id,
            revision=1,
            language=language,
            origin=ORIGIN,
            source_number=key,
            author_id=author_id,
            published_at=now,
            released_at=now,
            created_at=now,
            updated_at=now,
        )
    )
    await insert_revision(tx, number, 1, content, editor_id=author_id, now=now, category_id=category_id)
    return number


async def numbered(connection: Connection, key: str) -> int | None:
    """Return the number of the announcement that was made under this key."""
    query = select(article.c.id).where(article.c.origin == ORIGIN, article.c.source_number == key)
    number: int | None = (await connection.execute(query)).scalar()
    return number


async def count_hearers(connection: Connection, category_id: int | None, *, now: int) -> int:
    """Return how many chats an announcement of `now` to a category's followers, or to all (None), would go to."""
    query = select(func.count()).select_from(chat).where(hears(category_id, since=now), ACTIVE_CHAT)
    return (await connection.execute(query)).scalar_one()


def hears(category_id: int | None, *, since: int) -> ColumnElement[bool]:
    """Return which of the chats that are active an announcement of `since` (ms) goes to.

    Those that follow the category, or with None all; but not where pushes are paused, nor to a person who has not
    pressed start.
    """
    open_ = and_(
        chat.c.paused.is_(False),
        or_(chat.c.kind != ChatKind.PRIVATE, chat.c.started),
        chat.c.created_at <= since,
    )
    if category_id is None:
        return open_
    return and_(
        open_,
        select(subscription.c.id)
        .where(
            subscription.c.chat_id == chat.c.id,
            wants(category_id, FanOutKind.ANNOUNCEMENT),
            subscription.c.since <= since,
        )
        .exists(),
    )
