"""The life of a comment: acts of readers and moderators, with the cards that show it."""

from bot.clock import Clock
from bot.errors import ConflictError, NotFoundError, UserError
from bot.newsroom.acting import acting
from bot.newsroom.comment_rules import LONGEST_MS, MOST_WAITING, check_pace, checked_name
from bot.newsroom.permissions import Right
from bot.newsroom.silencing import silence
from bot.newsroom.transitions import Act, Refusal, require
from bot.newsroom.waiting_cards import COMMENT_CARDS
from storage import articles, audit, comments, notices
from storage.audit_details import AuditAction, PersonDetails
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Article, Comment, CommentState


class Comments:
    """Acts of readers and moderators on comments; each is one transaction.

    Those of moderators raise UserError where the actor has no right to them (any more).
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def open_to(self, user_id: int, article_id: int) -> Article:
        """Return the article if this person may comment on it now. Raises as `write` does."""
        async with self._database.read() as connection:
            article = await commentable(connection, article_id)
            await self._check(connection, user_id, article_id)
        return article

    async def write(self, user_id: int, name: str, article_id: int, text: str) -> Comment:
        """Store a checked text as a comment that waits, and show it to the moderators.

        What the person wrote there in the same words is that comment, as it stands. Raises NotFoundError for an
        article that readers do not have, ConflictError for one that was retracted, UserError where the person is
        silenced, writes too often, or waits for too many decisions already.
        """
        async with self._database.write() as tx:
            await commentable(tx, article_id)
            if (known := await comments.with_text(tx, user_id, article_id, text)) is not None:
                return known
            await self._check(tx, user_id, article_id)
            now = self._clock()
            new_id = await comments.add(tx, article_id, user_id, checked_name(name), text=text, now=now)
            await COMMENT_CARDS.call(tx, new_id, now=now)
            return await _must_get(tx, new_id)

    async def withdraw(self, comment_id: int, user_id: int) -> Comment:
        """Delete a reader's own comment. Raises ConflictError where it is gone, or not theirs."""
        async with self._database.write() as tx:
            if not await comments.delete_own(tx, comment_id, user_id):
                raise ConflictError("comment-gone")
            now = self._clock()
            await COMMENT_CARDS.settle(tx, [comment_id], now=now)
            return await _must_get(tx, comment_id)

    async def decide(self, comment_id: int, *, approve: bool, actor_id: int) -> Comment:
        """Approve or reject what waits, and notify its author.

        Raises ConflictError where it does not wait any more, or is to appear under an article that readers have
        no longer.
        """
        state = CommentState.APPROVED if approve else CommentState.REJECTED
        async with acting(self._database, actor_id, Right.MODERATE) as tx:
            now = self._clock()
            comment = await _must_get(tx, comment_id)
            article = await articles.get(tx, comment.article_id)
            assert article is not None, "comments go with their article"
            if not await comments.decide(tx, comment_id, state, by=actor_id, now=now):
                raise ConflictError("comment-decided")
            if approve:
                await commentable(tx, article.id)
            action = AuditAction.APPROVE_COMMENT if approve else AuditAction.REJECT_COMMENT
            await _record(tx, actor_id, action, comment, now=now)
            if not await comments.is_silenced(tx, comment.user_id):
                args: dict[str, str | int] = {"id": article.id, "title": article.content.title}
                key = "comment-approved" if approve else "comment-rejected"
                await notices.enqueue(tx, comment.user_id, key, args, now=now)
            await COMMENT_CARDS.settle(tx, [comment_id], now=now)
            return await _must_get(tx, comment_id)

    async def silence(self, comment_id: int, *, actor_id: int) -> Comment:
        """Silence the author of a waiting comment, and reject everything of theirs that waits.

        They get an error when they try. Raises ConflictError where the comment does not wait any more.
        """
        async with acting(self._database, actor_id, Right.MODERATE) as tx:
            now = self._clock()
            comment = await _must_get(tx, comment_id)
            rejected = await silence(
                tx, comment.user_id, comment.name, actor_id=actor_id, now=now, article_id=comment.article_id
            )
            if comment_id not in rejected.comments:
                raise ConflictError("comment-decided")
            return await _must_get(tx, comment_id)

    async def lift_silence(self, user_id: int, *, actor_id: int) -> None:
        """Allow a silenced person to write again. Raises ConflictError where they may already."""
        async with acting(self._database, actor_id, Right.MODERATE) as tx:
            if not await comments.lift(tx, user_id):
                raise ConflictError("silence-lifted-already")
            await audit.record(
                tx, actor_id, AuditAction.LIFT_SILENCE, now=self._clock(), details=PersonDetails(user_id)
            )

    async def take_down(self, comment_id: int, *, actor_id: int) -> Comment:
        """Hide an approved comment from readers. Raises ConflictError where they do not see it."""
        async with acting(self._database, actor_id, Right.MODERATE) as tx:
            now = self._clock()
            if not await comments.take_down(tx, comment_id, by=actor_id, now=now):
                raise ConflictError("comment-gone")
            comment = await _must_get(tx, comment_id)
            await _record(tx, actor_id, AuditAction.TAKE_DOWN_COMMENT, comment, now=now)
            await COMMENT_CARDS.settle(tx, [comment_id], now=now)
            return comment

    async def _check(self, connection: Connection, user_id: int, article_id: int) -> None:
        if await comments.is_silenced(connection, user_id):
            raise UserError("comment-silenced")
        now = self._clock()
        check_pace(await comments.times_written(connection, user_id, since=now - LONGEST_MS), now)
        waiting = await comments.of_reader(
            connection, user_id, article_id, CommentState.WAITING, limit=MOST_WAITING
        )
        if len(waiting) >= MOST_WAITING:
            raise UserError("comment-some-wait", most=MOST_WAITING)


async def commentable(connection: Connection, article_id: int) -> Article:
    """Return an article under which comments stand.

    Raises ConflictError for one that was retracted; any other that readers do not have looks like an unknown one.
    """
    article = await articles.get(connection, article_id)
    if article is None:
        raise Refusal.NOT_FOUND.error(article_id)
    require(Act.COMMENT, article)
    return article


async def _must_get(connection: Connection, comment_id: int) -> Comment:
    comment = await comments.get(connection, comment_id)
    if comment is None:
        raise NotFoundError("comment-gone")
    return comment


async def _record(tx: Connection, actor_id: int, action: AuditAction, comment: Comment, *, now: int) -> None:
    details = PersonDetails(comment.user_id, comment.name)
    await audit.record(tx, actor_id, action, now=now, article_id=comment.article_id, details=details)
