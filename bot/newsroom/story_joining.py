"""Stories by hand: an editor makes an article part of another one's story, or separates it from that."""

from bot.errors import ConflictError
from bot.newsroom import review_steps
from bot.newsroom.article_service import ArticleService
from bot.newsroom.articles import must_get, must_get_both, release, to_gate
from bot.newsroom.permissions import Right
from bot.newsroom.scheduling import notify_planner
from bot.newsroom.transitions import TABLE, Act, Refusal, require
from storage import articles, audit, scheduled, stories
from storage.audit_details import AuditAction, StoryDetails
from storage.engine.connection import Connection
from storage.records import Article, ArticleState, ReviewState

_SHOWN = (ArticleState.PUBLISHED, ArticleState.FOLDED)
"""The states in which readers see an article, if only in the list of its story."""


class StoryJoining(ArticleService):
    """Acts of editors on stories, each one transaction with its audit entry.

    All raise UserError where the actor has no right to publish (any more).
    """

    async def join(self, article_id: int, first_id: int, *, actor_id: int, expected: int | None = None) -> Article:
        """Make an article, and what reports its story again, part of the story of another one, and return it.

        A published article stays published. Any other becomes FOLDED: a schedule ends, and so does an open review,
        with the actor's approval. Where `first_id` reports a story again itself, the first article of that story
        counts. To repeat it changes nothing. `expected` is the revision that the actor saw.

        Raises NotFoundError, or ConflictError where the first article is not published or is the article itself,
        where the article is put away or changed meanwhile, or where the actor is not the second pair of eyes that
        is required for what readers do not see yet.
        """
        async with self._acting(actor_id, Right.PUBLISH) as tx:
            now = self._clock()
            article, first = await must_get_both(tx, article_id, await _first_of(tx, first_id))
            require(Act.JOIN, article)
            _require_first(article, first)
            if article.story_id == first.id and TABLE[Act.JOIN][article.state] is article.state:
                return article
            if expected not in (None, article.revision):
                raise ConflictError("article-changed-meanwhile", id=article.id)
            if article.state not in _SHOWN:
                await review_steps.require_second_person(tx, article, actor_id, required=self.review_required)
            await _fold(tx, article, actor_id, now=now)
            await stories.join(tx, article.id, first.id)
            details = StoryDetails(first.id)
            await audit.record(
                tx, actor_id, AuditAction.JOIN_STORY, now=now, article_id=article.id, details=details
            )
            return await must_get(tx, article.id)

    async def separate(
        self, article_id: int, *, actor_id: int, first_id: int | None = None, publish: bool = False
    ) -> Article:
        """Make an article one of its own again and return it. A folded one waits at the gate, or is published.

        `first_id` is the story from which the editor saw it separated, None for whichever it is. Raises
        NotFoundError, or ConflictError where the article is in no such story (any more), where it is put away, or
        cannot be published.
        """
        async with self._acting(actor_id, Right.PUBLISH) as tx:
            now = self._clock()
            article = await must_get(tx, article_id)
            require(Act.SEPARATE, article)
            if publish:
                require(Act.PUBLISH, article)
            story_id = article.story_id
            if story_id is None or first_id not in (None, story_id):
                raise ConflictError("story-none", id=article.id)
            await stories.separate(tx, article.id)
            details = StoryDetails(story_id)
            await audit.record(
                tx, actor_id, AuditAction.SEPARATE_STORY, now=now, article_id=article.id, details=details
            )
            if publish:
                await self._publish(tx, article, actor_id, now=now)
            elif article.state is ArticleState.FOLDED:
                await to_gate(tx, article, now=now)
            else:
                await review_steps.refresh_cards(tx, article.id, now=now)
            separated = await must_get(tx, article.id)
        if publish:
            self._wake()
        return separated

    async def _publish(self, tx: Connection, article: Article, actor_id: int, *, now: int) -> None:
        await review_steps.require_second_person(tx, article, actor_id, required=self.review_required)
        if not await release(tx, article, push=True, now=now, actor_id=actor_id):
            raise Refusal.ALREADY_PUBLISHED.error(article.id)
        await audit.record(tx, actor_id, AuditAction.PUBLISH, now=now, article_id=article.id)


async def _first_of(tx: Connection, article_id: int) -> int:
    """Return the first article of the story that an article tells. Raises NotFoundError."""
    article = await articles.get(tx, article_id)
    if article is None:
        raise Refusal.NOT_FOUND.error(article_id)
    return article.story_id or article.id


def _require_first(article: Article, first: Article) -> None:
    """Raise ConflictError where `first` is no published first article of another story."""
    if first.id == article.id:
        raise ConflictError("story-itself", id=article.id)
    if first.state is not ArticleState.PUBLISHED:
        raise ConflictError("story-first-unpublished", id=first.id)
    if first.story_id is not None:
        raise ConflictError("article-changed-meanwhile", id=first.id)


async def _fold(tx: Connection, article: Article, actor_id: int, *, now: int) -> None:
    """Fold an article that is not published, and end what it waited for."""
    if article.state is ArticleState.SCHEDULED:
        await scheduled.cancel(tx, article.id, now=now)
        await notify_planner(tx, article, actor_id, "plan-cancelled-by", now=now)
    await review_steps.end(tx, article, ReviewState.APPROVED, by=actor_id, now=now)
    for before in (ArticleState.DRAFT, ArticleState.REVIEW):
        await articles.move(tx, article.id, before, ArticleState.FOLDED, now=now)
