"""Signals of what is read: openings of full texts, reactions to posts, saves and comments."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, func, select, update

from storage.daily_counters import Metric, day_of
from storage.engine.connection import Connection
from storage.records import ArticleState, CommentState, MessageState
from storage.schema import REACTED_TO, article, comment, message, saved, tally


@dataclass(frozen=True, slots=True)
class ReadingSignals:
    """The counts of what readers did with one article since it was published."""

    article_id: int
    openings: int = 0
    reactions: int = 0
    saves: int = 0
    comments: int = 0


async def of_published(connection: Connection, *, since: int, now: int) -> list[ReadingSignals]:
    """Return the signals of the articles that were published after `since` (ms), as far as they have any."""
    days = tally.c.day.between(day_of(since, connection.zone), day_of(now, connection.zone))
    queries = {
        "openings": _summed(
            tally.c.subject_id, func.sum(tally.c.count), [tally.c.metric == Metric.READERS, days], since
        ),
        "reactions": _summed(message.c.article_id, func.sum(message.c.reactions), [REACTED_TO], since),
        "saves": _summed(saved.c.article_id, func.count(), [saved.c.saved_at >= since], since),
        "comments": _summed(
            comment.c.article_id,
            func.count(),
            [comment.c.created_at >= since, comment.c.state == CommentState.APPROVED],
            since,
        ),
    }
    counts: dict[int, dict[str, int]] = {}
    for name, query in queries.items():
        for article_id, count in await connection.execute(query):
            counts.setdefault(article_id, {})[name] = int(count)
    return [ReadingSignals(article_id, **signals) for article_id, signals in counts.items()]


async def count_published(connection: Connection, *, since: int) -> int:
    """Return how many articles were published after `since` (ms) and still are."""
    query = select(func.count()).select_from(article).where(*_published(since))
    return int((await connection.execute(query)).scalar_one())


async def reacted_message(connection: Connection, chat_id: int, telegram_id: int, count: int) -> int | None:
    """Return the row id of a message that was sent and has another count of reactions, None where none has."""
    query = select(message.c.id).where(
        message.c.chat_id == chat_id,
        message.c.telegram_id == telegram_id,
        message.c.state == MessageState.SENT,
        message.c.reactions != count,
    )
    return (await connection.execute(query.limit(1))).scalar()


async def set_reactions(tx: Connection, message_id: int, count: int) -> None:
    """Store how many reactions a message has."""
    await tx.execute(update(message).where(message.c.id == message_id).values(reactions=count))


def _published(since: int) -> Iterable[ColumnElement[bool]]:
    return article.c.released_at >= since, article.c.state == ArticleState.PUBLISHED, article.c.id > 0


def _summed(
    subject: Column[Any], count: ColumnElement[Any], conditions: Iterable[ColumnElement[bool]], since: int
) -> Select[Any]:
    """Return the query of a count for each article that was published after `since`."""
    query = select(subject, count).join_from(subject.table, article, article.c.id == subject)
    return query.where(*conditions, *_published(since)).group_by(subject)
