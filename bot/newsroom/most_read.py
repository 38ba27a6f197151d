"""The articles that are read most, by a score of the acts of their readers (the score is pure)."""

from collections.abc import Iterable
from enum import StrEnum

from storage import articles, reading_signals
from storage.engine.connection import Connection
from storage.reading_signals import ReadingSignals
from storage.records import Article

OPENING_WEIGHT = 2
"""The weight of an opening of the full text: the reader has left the channel for it."""
REACTION_WEIGHT = 1
"""The weight of a reaction to a post: one press in passing."""
SAVE_WEIGHT = 4
"""The weight of a save: the reader wants to come back."""
COMMENT_WEIGHT = 5
"""The weight of an approved comment: the reader took the time to write."""

_HOUR_MS = 3_600_000


class ReadingSpan(StrEnum):
    """The time before now whose articles are ranked."""

    DAY = "day"
    WEEK = "week"

    @property
    def length(self) -> int:
        """The length in ms."""
        return (24 if self is ReadingSpan.DAY else 7 * 24) * _HOUR_MS


def score(signals: ReadingSignals) -> int:
    """Return how much an article was read, for comparison with others."""
    return (
        OPENING_WEIGHT * signals.openings
        + REACTION_WEIGHT * signals.reactions
        + SAVE_WEIGHT * signals.saves
        + COMMENT_WEIGHT * signals.comments
    )


def ranked(signals: Iterable[ReadingSignals], count: int) -> list[ReadingSignals]:
    """Return the `count` articles with the highest scores, the highest first; of equal ones the larger number."""
    scored = [signal for signal in signals if score(signal) > 0]
    return sorted(scored, key=lambda article_signals: (-score(article_signals), -article_signals.article_id))[
        :count
    ]


async def most_read(
    connection: Connection, span: ReadingSpan, *, now: int, count: int
) -> list[tuple[Article, ReadingSignals]]:
    """Return the articles of a span that were read most, each with its signals."""
    signals = await reading_signals.of_published(connection, since=now - span.length, now=now)
    return await articles_of(connection, ranked(signals, count))


async def articles_of(
    connection: Connection, read: Iterable[ReadingSignals]
) -> list[tuple[Article, ReadingSignals]]:
    """Return the articles of signals, in their order."""
    signals = {article_signals.article_id: article_signals for article_signals in read}
    articles_by_id = {article.id: article for article in await articles.get_many(connection, list(signals))}
    return [
        (articles_by_id[id_], article_signals) for id_, article_signals in signals.items() if id_ in articles_by_id
    ]
