"""The articles that were sent to one chat, newest first, by the ledger's index of the chat."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from storage.engine.connection import Connection
from storage.records import Form, MessageState
from storage.schema import message, message_article

_ARRIVED = (MessageState.SENT, MessageState.DELETED, MessageState.GONE)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that arrived, by Telegram's number of it: when (ms), and which articles it showed."""

    telegram_id: int
    sent_at: int
    articles: tuple[int, ...]


async def page(
    connection: Connection, chat_id: int, *, limit: int, before: int | None = None, after: int | None = None
) -> list[Sent]:
    """Return the chat's messages with news, newest first: below the message id `before`, or next above `after`.

    Full texts count once; attachments and announcements do not. Retracted articles count.
    """
    news = or_(
        message.c.article_id.is_(None),
        and_(message.c.form.not_in((Form.MEDIA, Form.MEDIA_LINK)), message.c.part == 0, message.c.article_id > 0),
    )
    query = select(message.c.id, message.c.telegram_id, message.c.sent_at, message.c.article_id).where(
        message.c.chat_id == chat_id, message.c.state.in_(_ARRIVED), message.c.sent_at.is_not(None), news
    )
    if after is not None:
        query = query.where(message.c.telegram_id > after).order_by(message.c.telegram_id)
    else:
        border = message.c.telegram_id < before if before is not None else message.c.telegram_id.is_not(None)
        query = query.where(border).order_by(message.c.telegram_id.desc())
    rows = sorted((await connection.execute(query.limit(limit))).all(), key=lambda row: -row.telegram_id)
    several = await _shown_in(connection, [row.id for row in rows if row.article_id is None])
    return [
        Sent(row.telegram_id, row.sent_at, several.get(row.id, ()) if row.article_id is None else (row.article_id,))
        for row in rows
    ]


async def _shown_in(connection: Connection, roundups: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return which articles roundups show, the highest number first."""
    if not roundups:
        return {}
    query = select(message_article.c.message_id, message_article.c.article_id)
    query = query.where(message_article.c.message_id.in_(roundups)).order_by(message_article.c.article_id.desc())
    article_ids: dict[int, list[int]] = {}
    for row in await connection.execute(query):
        article_ids.setdefault(row.message_id, []).append(row.article_id)
    return {message_id: tuple(articles) for message_id, articles in article_ids.items()}
