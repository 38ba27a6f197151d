"""Articles that other systems create: each once, however often the request is repeated."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.exc import IntegrityError

from bot.errors import ConflictError
from bot.newsroom import review_steps
from bot.newsroom.article_service import ArticleService
from bot.newsroom.articles import must_get, release, store_draft
from bot.newsroom.transitions import Act, require
from storage import api_clients, api_creations, audit
from storage.api_creations import CreationKey
from storage.audit_details import AuditAction, TextDetails
from storage.engine.connection import Connection
from storage.records import Article, ArticleState, Content, Provenance


class Placement(StrEnum):
    """The place of a new article: a draft, the intake where an editor decides, or everybody who follows it."""

    DRAFT = "draft"
    INTAKE = "intake"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Submission:
    """A new article and where it goes. The author of its `provenance` is the client's actor."""

    content: Content
    category_id: int
    provenance: Provenance
    placement: Placement
    breaking: bool = False


@dataclass(frozen=True, slots=True)
class Submitted:
    """The article of a submission; `is_new` is False where an earlier request made it."""

    article: Article
    is_new: bool


class Submissions(ArticleService):
    """Acts of clients of the HTTP API that only they do."""

    async def actor_of(self, name: str) -> int:
        """Return the id under which the client of that name acts."""
        async with self._database.write() as tx:
            return await api_clients.actor_of(tx, name, now=self._clock())

    async def submit(self, key: CreationKey, submission: Submission) -> Submitted:
        """Store a new article and bring it where it goes; a repeated key returns what the first request made.

        Raises ConflictError where the key was used for something else, or a second person has to publish it, and
        NotFoundError where the draft that it made is gone.
        """
        try:
            submitted = await self._submit(key, submission)
        except IntegrityError:  # on PostgreSQL, another request with this key was first
            submitted = await self._submit(key, submission)
        if submitted.is_new and submission.placement is Placement.PUBLISH:
            self._wake()
        return submitted

    async def _submit(self, key: CreationKey, submission: Submission) -> Submitted:
        async with self._database.write() as tx:
            known = await api_creations.get(tx, key)
            if known is not None:
                if known.digest != key.digest:
                    raise ConflictError("api-key-reused")
                return Submitted(await must_get(tx, known.article_id), is_new=False)
            article = await self._store(tx, submission, key.actor_id)
            await api_creations.put(tx, key, article.id, now=self._clock())
            return Submitted(article, is_new=True)

    async def _store(self, tx: Connection, submission: Submission, actor_id: int) -> Article:
        now, to_intake = self._clock(), submission.placement is Placement.INTAKE
        article_id = await store_draft(
            tx,
            submission.content,
            submission.category_id,
            submission.provenance,
            now=now,
            state=ArticleState.REVIEW if to_intake else ArticleState.DRAFT,
        )
        title = TextDetails(submission.content.title)
        await audit.record(
            tx, actor_id, AuditAction.DRAFT, now=now, article_id=article_id, revision=1, details=title
        )
        if to_intake:
            await review_steps.bring_to_gate(tx, [article_id], now=now)
            await audit.record(tx, actor_id, AuditAction.SUBMIT, now=now, article_id=article_id)
        if submission.placement is Placement.PUBLISH:
            stored = await must_get(tx, article_id)
            require(Act.PUBLISH, stored)
            await review_steps.require_second_person(tx, stored, actor_id, required=self.review_required)
            await release(tx, stored, push=True, now=now, actor_id=actor_id, breaking=submission.breaking)
            action = AuditAction.BREAKING if submission.breaking else AuditAction.PUBLISH
            await audit.record(tx, actor_id, action, now=now, article_id=article_id)
        return await must_get(tx, article_id)
