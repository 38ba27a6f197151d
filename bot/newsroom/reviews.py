"""Acts of staff on reviews: submit, withdraw, approve, reject, drop. The first decision is the only one."""

from collections.abc import Sequence

from bot.errors import ConflictError, UserError
from bot.newsroom import review_steps
from bot.newsroom.acting import lock_right
from bot.newsroom.article_service import ArticleService
from bot.newsroom.articles import must_get, release
from bot.newsroom.permissions import Right, right_to_work_on
from bot.newsroom.transitions import Act, Refusal, require
from storage import articles, audit, cards, reviews
from storage.audit_details import AuditAction, TextDetails
from storage.engine.connection import Connection
from storage.records import Article, ArticleRevision, ArticleState, CardKind, Review, ReviewState

REASON_LIMIT = 500
"""Characters that the reason of a rejection may have."""


class Reviews(ArticleService):
    """Acts of reviewing, each one transaction with its audit entry.

    All raise UserError where the actor has no right to them (any more).
    """

    async def submit(self, article_id: int, *, actor_id: int) -> Article:
        """Submit a draft for review. Raises NotFoundError, or ConflictError where it is no draft (any more)."""
        async with self._acting(actor_id, Right.WRITE) as tx:
            now = self._clock()
            article = await must_get(tx, article_id)
            require(Act.SUBMIT, article)
            await lock_right(tx, actor_id, right_to_work_on(article, actor_id))
            await articles.move(tx, article_id, ArticleState.DRAFT, ArticleState.REVIEW, now=now)
            await review_steps.open_review(tx, article_id, submitted_by=actor_id, now=now)
            await audit.record(tx, actor_id, AuditAction.SUBMIT, now=now, article_id=article_id)
            return await must_get(tx, article_id)

    async def withdraw(self, article_id: int, *, actor_id: int) -> Article:
        """Withdraw an article from review, for whoever wrote or submitted it.

        Raises NotFoundError, ConflictError where the review is over, UserError where it is somebody else's.
        """
        async with self._acting(actor_id, Right.WRITE) as tx:
            article = await must_get(tx, article_id)
            review = await _open_review(tx, article, Act.WITHDRAW)
            if actor_id not in (review.submitted_by, article.author_id):
                raise UserError("review-not-yours", id=article_id)
            now = self._clock()
            await _give_back(tx, article, ReviewState.WITHDRAWN, actor_id, now=now)
            await audit.record(tx, actor_id, AuditAction.WITHDRAW, now=now, article_id=article_id)
            return await must_get(tx, article_id)

    async def approve(self, article_id: int, *, revision: int, actor_id: int) -> Article:
        """Publish the article at `revision`, which the actor saw.

        Raises NotFoundError, or ConflictError where the review is over, the text has changed since, or the
        person is not the second pair of eyes that is required.
        """
        return (await self.approve_all([ArticleRevision(article_id, revision)], actor_id=actor_id))[0]

    async def approve_all(self, seen: Sequence[ArticleRevision], *, actor_id: int) -> list[Article]:
        """Publish the revisions that were seen, or none of them. Raises what `approve` does."""
        async with self._acting(actor_id, Right.PUBLISH) as tx:
            # All are held before the first is published: two who approve side by side cannot block each other.
            locked = [await must_get(tx, article_id) for article_id, _ in sorted(seen)]
            for article, (_, revision) in zip(locked, sorted(seen), strict=True):
                await self._approve(tx, article, revision, actor_id)
            published = await articles.get_many(tx, [article_id for article_id, _ in seen])
        self._wake()
        return published

    async def reject(self, article_id: int, review_id: int, reason: str, *, actor_id: int) -> Article:
        """Return an article to its author as a draft, with the reason.

        A repeat by the same person is none. Raises NotFoundError, or ConflictError where that review is over.
        """
        async with self._acting(actor_id, Right.PUBLISH) as tx:
            article = await must_get(tx, article_id)
            last = (await reviews.last(tx, [article_id])).get(article_id)
            if last is None or last.id != review_id or last.state is not ReviewState.OPEN:
                is_own_decision = last is not None and (last.state, last.decided_by, last.reason) == (
                    ReviewState.REJECTED,
                    actor_id,
                    reason,
                )
                if not is_own_decision:
                    raise await review_steps.conflict_of(tx, article_id, last)
                return article
            require(Act.REJECT, article)
            now = self._clock()
            await _give_back(tx, article, ReviewState.REJECTED, actor_id, now=now, reason=reason)
            await audit.record(
                tx, actor_id, AuditAction.REJECT, now=now, article_id=article_id, details=TextDetails(reason)
            )
            return await must_get(tx, article_id)

    async def drop(self, article_id: int, *, actor_id: int) -> Article:
        """Drop a source's item for good. Raises NotFoundError, or ConflictError where that is decided."""
        async with self._acting(actor_id, Right.PUBLISH) as tx:
            now = self._clock()
            article = await must_get(tx, article_id)
            await _open_review(tx, article, Act.DROP)
            await review_steps.end(tx, article, ReviewState.REJECTED, by=actor_id, now=now)
            await articles.move(tx, article_id, ArticleState.REVIEW, ArticleState.DROPPED, now=now)
            await audit.record(tx, actor_id, AuditAction.DROP, now=now, article_id=article_id)
            return article

    async def resend_card(self, article_id: int, chat_id: int) -> None:
        """Send the card of an open review to a chat again.

        Raises ConflictError where there is nothing to decide.
        """
        async with self._database.write() as tx:
            now = self._clock()
            await _open(tx, article_id)
            await cards.enqueue(tx, CardKind.REVIEW, article_id, [chat_id], now=now)
            await cards.replace(tx, CardKind.REVIEW, article_id, now=now, chat_id=chat_id)

    async def renew_gate_card(self, chat_id: int) -> None:
        """Mark a chat's card of the gate for rendering, without the decided items."""
        async with self._database.write() as tx:
            await cards.renew(tx, CardKind.GATE, review_steps.GATE, chat_id, now=self._clock())

    async def get_open(self, article_id: int) -> Review:
        """Return the open review of an article. Raises ConflictError where there is none (any more)."""
        async with self._database.read() as connection:
            return await _open(connection, article_id)

    async def _approve(self, tx: Connection, article: Article, revision: int, actor_id: int) -> None:
        now = self._clock()
        await _open_review(tx, article, Act.APPROVE)
        if article.revision != revision:
            raise ConflictError("review-text-changed", id=article.id)
        await review_steps.require_second_person(tx, article, actor_id, required=self.review_required)
        if not await release(tx, article, push=True, now=now, actor_id=actor_id):
            raise Refusal.ALREADY_PUBLISHED.error(article.id)
        await audit.record(tx, actor_id, AuditAction.APPROVE, now=now, article_id=article.id, revision=revision)


async def _give_back(
    tx: Connection, article: Article, state: ReviewState, actor_id: int, *, now: int, reason: str = ""
) -> None:
    await review_steps.end(tx, article, state, by=actor_id, now=now, reason=reason)
    await articles.move(tx, article.id, ArticleState.REVIEW, ArticleState.DRAFT, now=now)


async def _open(connection: Connection, article_id: int) -> Review:
    review = (await reviews.last(connection, [article_id])).get(article_id)
    if review is None or review.state is not ReviewState.OPEN:
        raise await review_steps.conflict_of(connection, article_id, review)
    return review


async def _open_review(tx: Connection, article: Article, act: Act) -> Review:
    """Return the open review of an article whose state allows the act. Raises ConflictError as `_open` does."""
    review = await _open(tx, article.id)
    require(act, article)
    return review
