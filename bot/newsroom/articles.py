"""The life of an article: acts of the newsroom, each one transaction with its audit entry and its fan-out."""

from dataclasses import replace

from bot.errors import ConflictError, NotFoundError
from bot.newsroom import review_steps, tip_outcomes
from bot.newsroom.acting import lock_right
from bot.newsroom.article_service import ArticleService
from bot.newsroom.permissions import Right, right_to_work_on
from bot.newsroom.transitions import Act, Refusal, require
from storage import (
    article_origin,
    articles,
    audit,
    developing_stories,
    edit_locks,
    fanouts,
    page_visits,
    stories,
    webhook_calls,
)
from storage.audit_details import (
    AuditAction,
    AuditDetails,
    FollowDetails,
    RevisionDetails,
    StoryDetails,
    TextDetails,
)
from storage.engine.connection import Connection
from storage.records import (
    Article,
    ArticleState,
    Content,
    FanOutKind,
    PageVisit,
    Provenance,
    ReviewState,
)

MOST_RETRACTED = 500
"""The most articles of a source that are retracted at once, the newest."""

UNDO_TOO_LATE = "undo-too-late"
"""The key of the error that the sending of an article has begun."""


class Newsroom(ArticleService):
    """Acts of staff and sources on articles.

    All raise UserError where the actor has no right to them (any more).
    """

    async def draft(self, content: Content, category_id: int, provenance: Provenance) -> Article:
        """Store a new draft and return it."""
        async with self._acting(provenance.author_id, Right.WRITE) as tx:
            article_id = await store_draft(tx, content, category_id, provenance, now=self._clock())
            await self._record(
                tx,
                provenance.author_id,
                AuditAction.DRAFT,
                article_id,
                details=TextDetails(content.title),
                revision=1,
            )
            return await must_get(tx, article_id)

    async def edit(
        self,
        article_id: int,
        content: Content,
        *,
        expected: int,
        editor_id: int,
        category_id: int | None = None,
        state: ArticleState | None = None,
    ) -> Article:
        """Store a revision on top of revision `expected`; where readers have it, begin a fan-out to its copies.

        `state` is the one by which the editor may change it. What was folded is a draft from then on.
        Raises NotFoundError, or ConflictError where it is put away, or somebody else has changed it since, or it
        is in another `state`, so that nobody corrects by accident a draft that was published meanwhile.
        """
        async with self._acting(editor_id, Right.WRITE) as tx:
            now = self._clock()
            article = await must_get(tx, article_id)
            require(Act.EDIT, article)
            if state not in (None, article.state):
                raise ConflictError("article-changed-meanwhile", id=article_id)
            await lock_right(tx, editor_id, right_to_work_on(article, editor_id))
            before = await unfolded(tx, article, now=now)
            number = await articles.revise(
                tx,
                article_id,
                articles.NewRevision(content, editor_id, category_id=category_id),
                expected=expected,
                now=now,
            )
            if number is None:
                raise ConflictError("article-changed-meanwhile", id=article_id)
            await edit_locks.release(tx, article_id, editor_id)
            published = before.state is ArticleState.PUBLISHED
            if published:
                await fanouts.begin(tx, article_id, FanOutKind.CORRECTION, now=now)
            await review_steps.refresh_cards(tx, article_id, now=now)
            changed = await must_get(tx, article_id)
            action = AuditAction.CORRECT if published else AuditAction.EDIT
            await self._record(
                tx, editor_id, action, article_id, details=_what_changed(before, changed), revision=number
            )
        if published:
            self._wake()
        return changed

    async def publish(
        self, article_id: int, *, actor_id: int | None, breaking: bool = False, expected: int | None = None
    ) -> Article:
        """Publish an article at once, even a scheduled one, and begin its fan-out.

        `expected` is the revision that the actor saw. Raises NotFoundError, or ConflictError where it is published,
        put away or changed meanwhile, or the actor is not the second pair of eyes that is required.
        """
        async with self._acting(actor_id, Right.PUBLISH) as tx:
            article = await must_get(tx, article_id)
            require(Act.PUBLISH, article)
            if expected not in (None, article.revision):
                raise ConflictError("article-changed-meanwhile", id=article_id)
            await review_steps.require_second_person(tx, article, actor_id, required=self.review_required)
            now = self._clock()
            if not await release(tx, article, push=True, now=now, actor_id=actor_id, breaking=breaking):
                raise Refusal.ALREADY_PUBLISHED.error(article_id)
            action = AuditAction.BREAKING if breaking or article.breaking else AuditAction.PUBLISH
            await self._record(tx, actor_id, action, article_id)
            published = await must_get(tx, article_id)
        self._wake()
        return published

    async def retract(self, article_id: int, reason: str, *, actor_id: int) -> Article:
        """Retract a published article or an announcement: every copy is deleted, and what is queued is never sent.

        Raises NotFoundError, or ConflictError where it is not published (any more).
        """
        async with self._acting(actor_id, Right.PUBLISH) as tx:
            now = self._clock()
            article = await must_get(tx, article_id)
            require(Act.RETRACT, article)
            await articles.retract(tx, article_id, now=now)
            await fanouts.begin(tx, article_id, FanOutKind.RETRACTION, now=now)
            announced = article.state is ArticleState.ANNOUNCED
            action = AuditAction.RETRACT_ANNOUNCEMENT if announced else AuditAction.RETRACT
            await self._record(
                tx, actor_id, action, article_id, details=TextDetails(reason or article.content.title)
            )
            retracted = await must_get(tx, article_id)
        self._wake()
        return retracted

    async def retract_from_source(self, source_id: int, *, since: int, reason: str, actor_id: int) -> int:
        """Retract what a source has brought since an instant (ms) and is published, each as `retract` does.

        Return how many. What somebody else retracts meanwhile is passed over. To repeat it retracts the rest.
        """
        async with self._database.read() as connection:
            brought = await article_origin.published_since(connection, source_id, since, limit=MOST_RETRACTED)
        retracted = 0
        for article_id, _ in brought:
            try:
                await self.retract(article_id, reason, actor_id=actor_id)
            except (ConflictError, NotFoundError):
                continue
            retracted += 1
        return retracted

    async def undo_publication(self, article_id: int, *, actor_id: int) -> Article:
        """Make a draft again of an article whose publication has reached nobody yet.

        Raises NotFoundError, or ConflictError where it is not published (any more), or its sending has begun.
        """
        async with self._acting(actor_id, Right.PUBLISH) as tx:
            now = self._clock()
            require(Act.UNDO_PUBLICATION, await must_get(tx, article_id))
            if not await fanouts.delete_if_unstarted(tx, article_id):
                raise ConflictError(UNDO_TOO_LATE, id=article_id)
            await articles.unpublish(tx, article_id, now=now)
            await webhook_calls.enqueue_retraction(tx, article_id, now=now)
            await self._record(tx, actor_id, AuditAction.UNDO_PUBLICATION, article_id)
            return await must_get(tx, article_id)

    async def follow(self, article_id: int, followed_id: int | None, *, actor_id: int) -> Article:
        """Set the earlier article that an article follows (None: none), and return the article.

        To repeat it changes nothing. Raises NotFoundError, or ConflictError where the article is put away, the
        earlier one is not published, or it goes on with the article itself.
        """
        async with self._acting(actor_id, Right.EDIT) as tx:
            await developing_stories.lock(tx)
            article, followed = await must_get_both(tx, article_id, followed_id or article_id)
            require(Act.EDIT, article)
            if article.follows_id == followed_id:
                return article
            if followed_id is not None:
                if followed.state is not ArticleState.PUBLISHED:
                    raise Refusal.NOT_PUBLISHED.error(followed_id)
                if await developing_stories.leads_to(tx, followed_id, article_id):
                    raise ConflictError("follow-circle", id=article_id, other=followed_id)
            await developing_stories.follow(tx, article_id, followed_id)
            await self._record(tx, actor_id, AuditAction.FOLLOW, article_id, details=FollowDetails(followed_id))
            return replace(article, follows_id=followed_id)

    async def save_draft(self, article_id: int, *, actor_id: int) -> None:
        """Record that somebody left an article a draft. A repeat by the same person is not recorded.

        Raises NotFoundError, or ConflictError where it is no draft (any more).
        """
        async with self._acting(actor_id, Right.WRITE) as tx:
            article = await must_get(tx, article_id)
            require(Act.SAVE_DRAFT, article)
            await lock_right(tx, actor_id, right_to_work_on(article, actor_id))
            last = await audit.last(tx, article_id)
            if last is None or (last.action, last.actor_id) != (AuditAction.KEEP, actor_id):
                await self._record(tx, actor_id, AuditAction.KEEP, article_id)

    async def discard(self, article_id: int, *, actor_id: int) -> None:
        """Delete a draft that readers do not have. Raises ConflictError where it is none any more.

        The next article of a story that it reported first takes its place; where readers do not have that one, it
        waits at the gate.
        """
        async with self._acting(actor_id, Right.WRITE) as tx:
            article = await articles.lock(tx, article_id)
            if article is None:
                raise Refusal.DRAFT_GONE.error(article_id)
            require(Act.DISCARD, article)
            await lock_right(tx, actor_id, right_to_work_on(article, actor_id))
            await tip_outcomes.part(tx, article_id, now=self._clock())
            await articles.delete_draft(tx, article_id)
            await developing_stories.close_gap(tx, article_id, article.follows_id)
            await self._hand_on_story(tx, article_id, actor_id)
            # Nothing but the audit knows its title from now on.
            await self._record(
                tx, actor_id, AuditAction.DISCARD, article_id, details=TextDetails(article.content.title)
            )

    async def _hand_on_story(self, tx: Connection, article_id: int, actor_id: int) -> None:
        following = await stories.hand_on(tx, article_id)
        if following is None:
            return
        details = StoryDetails(article_id)
        await self._record(tx, actor_id, AuditAction.SEPARATE_STORY, following.id, details=details)
        if following.state is ArticleState.FOLDED:
            await to_gate(tx, following, now=self._clock())

    async def _record(
        self,
        tx: Connection,
        actor_id: int | None,
        action: AuditAction,
        article_id: int,
        *,
        details: AuditDetails | None = None,
        revision: int | None = None,
    ) -> None:
        actor = audit.SOURCE if actor_id is None else actor_id
        await audit.record(
            tx, actor, action, now=self._clock(), article_id=article_id, revision=revision, details=details
        )


def _what_changed(before: Article, after: Article) -> RevisionDetails | None:
    """Return what a new revision does not show by itself, None where it shows everything."""
    moved = before.category != after.category
    note = after.content.note if after.content.note != before.content.note else ""
    if not moved and not note:
        return None
    return RevisionDetails(
        before.category.name_fa if moved else "", after.category.name_fa if moved else "", note=note
    )


async def store_draft(
    tx: Connection,
    content: Content,
    category_id: int,
    provenance: Provenance,
    *,
    now: int,
    state: ArticleState = ArticleState.DRAFT,
) -> int:
    """Store a draft, or what awaits review, in the caller's transaction and return its news number."""
    at = provenance.published_at
    return await articles.insert(
        tx, content, category_id=category_id, now=now, published_at=at, provenance=provenance, state=state
    )


async def release(
    tx: Connection,
    article: Article,
    *,
    push: bool,
    now: int,
    actor_id: int | None = None,
    breaking: bool = False,
) -> bool:
    """Publish in the caller's transaction, and with `push` begin the fan-out of the headline.

    It goes as breaking news where `breaking` says so, or it was planned as such. An article without a date of its
    own gets the present one, as does one dated in the future, and one that was planned. An open review ends with
    the actor's approval, and nobody is editing it any more. False where it is published or put away already.
    """
    await unfolded(tx, article, now=now)
    breaking = breaking or article.breaking
    published_at = now if article.scheduled_at else min(article.published_at or now, now)
    if not await articles.release(tx, article.id, published_at=published_at, now=now, breaking=breaking):
        return False
    await review_steps.end(tx, article, ReviewState.APPROVED, by=actor_id, now=now)
    await edit_locks.release(tx, article.id)
    if push:
        await fanouts.begin(tx, article.id, FanOutKind.BREAKING if breaking else FanOutKind.HEADLINE, now=now)
    if article.author_id is not None:
        await tip_outcomes.notify_published(tx, article, now=now)
    return True


async def unfolded(tx: Connection, article: Article, *, now: int) -> Article:
    """Return the article; one that was folded becomes a draft, and its page is to be read as any other's."""
    if article.state is not ArticleState.FOLDED:
        return article
    await stories.unfold(tx, article.id, now=now)
    if article.url and await page_visits.get(tx, article.id) is None:
        await page_visits.put(tx, [PageVisit(article.id, article.origin, now, article.published_at)])
    return replace(article, state=ArticleState.DRAFT)


async def to_gate(tx: Connection, article: Article, *, now: int) -> None:
    """Send a folded article to the gate."""
    await unfolded(tx, article, now=now)
    await articles.move(tx, article.id, ArticleState.DRAFT, ArticleState.REVIEW, now=now)
    await review_steps.bring_to_gate(tx, [article.id], now=now)


async def readable(connection: Connection, article_id: int) -> Article:
    """Return a published article. Raises NotFoundError for any other: to readers it looks like an unknown one."""
    article = await articles.get(connection, article_id)
    if article is None:
        raise Refusal.NOT_FOUND.error(article_id)
    require(Act.READ, article)
    return article


async def must_get(tx: Connection, article_id: int) -> Article:
    """Return an article in any state, and lock its row until the transaction ends.

    Raises NotFoundError.
    """
    article = await articles.lock(tx, article_id)
    if article is None:
        raise Refusal.NOT_FOUND.error(article_id)
    return article


async def must_get_both(tx: Connection, article_id: int, other_id: int) -> tuple[Article, Article]:
    """Return two articles as `must_get` does. Two who act on them at once cannot block each other."""
    held = {id_: await must_get(tx, id_) for id_ in sorted({article_id, other_id})}
    return held[article_id], held[other_id]
