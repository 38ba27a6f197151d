"""Answers with news: copies that readers asked for, which corrections and retractions reach like pushed ones."""

from collections.abc import Sequence

from bot.clock import Clock
from storage import amendments, daily_counters, tracked_answers
from storage.daily_counters import Metric
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Article, ArticleRevision, Lane
from storage.tracked_answers import Answer


class Answers:
    """The ledger of answers; each answer is recorded in one transaction, after it was sent.

    An amendment that began while an answer was on its way did not find it: it is owed to the answer here.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record_full_text(self, answer: Answer, message_ids: Sequence[int], article: Article) -> None:
        """Record the messages of an article's full text, and count a chat that reads it for the first time."""
        async with self._database.write() as tx:
            is_first = not await tracked_answers.was_read(tx, answer.chat_id, article.id)
            await self._record(tx, answer, message_ids, article)
            if is_first:
                read = {(Metric.READ, article.category.id): 1, (Metric.READERS, article.id): 1}
                await daily_counters.add(tx, read, now=self._clock())

    async def record_attachments(
        self, answer: Answer, message_ids: Sequence[int], article: Article, *, first_part: int
    ) -> None:
        """Record messages with attachments of an article, the first of which is its part `first_part`."""
        async with self._database.write() as tx:
            await self._record(tx, answer, message_ids, article, first_part=first_part)

    async def record_digest(
        self, answer: Answer, message_id: int, articles: Sequence[Article], *, left_out: int
    ) -> None:
        """Record a digest of `articles`, which counts `left_out` headlines more."""
        async with self._database.write() as tx:
            copy = await tracked_answers.record_digest(
                tx,
                answer,
                message_id,
                articles=[ArticleRevision(article.id, article.revision) for article in articles],
                left_out=left_out,
                now=self._clock(),
            )
            await self._owe_amendments(tx, [copy])

    async def _record(
        self, tx: Connection, answer: Answer, message_ids: Sequence[int], article: Article, *, first_part: int = 0
    ) -> None:
        copies = await tracked_answers.record(
            tx,
            answer,
            message_ids,
            article_id=article.id,
            revision=article.revision,
            now=self._clock(),
            first_part=first_part,
        )
        await self._owe_amendments(tx, copies)

    async def _owe_amendments(self, tx: Connection, copies: Sequence[int]) -> None:
        await amendments.enqueue_after_send(tx, copies, lane=Lane.BREAKING, now=self._clock())
