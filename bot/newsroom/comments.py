"""The life of a comment: acts of readers and moderators, with the cards that show it."""

from bot.clock import Clock
from bot.errors import ConflictError, NotFoundError, UserError
from bot.newsroom.comment_rules import LONGEST_MS, MOST_WAITING, check_pace, checked_name
from bot.newsroom.permissions import Right
from bot.newsroom.recipients import chats_with_permission
from bot.newsroom.transitions import Act, Refusal, require
from storage import articles, audit, cards, comments, key_value, notices
from storage.audit_details import AuditAction, PersonDetails
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Article, CardKind, Comment, CommentState

MOST_CARDS = 10
"""Comments that may wait at once and still get a card each; of more, moderators are told once."""

_CALM = 5
"""The number of waiting comments at which the next flood is worth a new notice."""
_TOLD = "comments_told"
"""The key that is set while moderators know that many wait."""


class Comments:
    """Acts of readers and moderators on comments; each is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def open_to(self, user_id: int, article_id: int) -> Article:
        """Return the article if this person may comment on it now. Raises as `write` does."""
        async with self._database.read() as connection:
            found = await commentable(connection, article_id)
            await self._check(connection, user_id, article_id)
        return found

    async def write(self, user_id: int, name: str, article_id: int, text: str) -> Comment:
        """Store a checked text as a comment that waits, and show it to the moderators.

        What the person wrote there in the same words is that comment, as it stands. Raises NotFoundError for an
        article that readers do not have, ConflictError for one that was taken back, UserError where the person is
        silenced, writes too often, or waits for too many decisions already.
        """
        async with self._database.write() as tx:
            await commentable(tx, article_id)
            if (known := await comments.with_text(tx, user_id, article_id, text)) is not None:
                return known
            await self._check(tx, user_id, article_id)
            now = self._clock()
            made = await comments.add(tx, article_id, user_id, checked_name(name), text=text, now=now)
            await self._call_moderators(tx, made, now)
            return await _must_get(tx, made)

    async def withdraw(self, comment_id: int, user_id: int) -> Comment:
        """Delete a reader's own comment. Raises ConflictError where it is gone, or not theirs."""
        async with self._database.write() as tx:
            if not await comments.take_back(tx, comment_id, user_id):
                raise ConflictError("comment-gone")
            await self._settled(tx, [comment_id])
            return await _must_get(tx, comment_id)

    async def decide(self, comment_id: int, *, approve: bool, actor_id: int) -> Comment:
        """Approve or reject what waits, and tell its author.

        Raises ConflictError where it does not wait any more, or is to appear under an article that readers have
        no longer.
        """
        state = CommentState.APPROVED if approve else CommentState.REJECTED
        async with self._database.write() as tx:
            now = self._clock()
            found = await _must_get(tx, comment_id)
            article = await articles.get(tx, found.article_id)
            assert article is not None, "comments go with their article"
            if not await comments.decide(tx, comment_id, state, by=actor_id, now=now):
                raise ConflictError("comment-decided")
            if approve:
                await commentable(tx, article.id)
            action = AuditAction.APPROVE_COMMENT if approve else AuditAction.REJECT_COMMENT
            await _record(tx, actor_id, action, found, now=now)
            if not await comments.is_silenced(tx, found.user_id):
                told: dict[str, str | int] = {"id": article.id, "title": article.content.title}
                key = "comment-approved" if approve else "comment-rejected"
                await notices.enqueue(tx, found.user_id, key, told, now=now)
            await self._settled(tx, [comment_id])
            return await _must_get(tx, comment_id)

    async def silence(self, comment_id: int, *, actor_id: int) -> Comment:
        """Let the author of a waiting comment write no more, and reject whatever of theirs waits.

        They are told when they try. Raises ConflictError where the comment does not wait any more.
        """
        async with self._database.write() as tx:
            now = self._clock()
            found = await _must_get(tx, comment_id)
            gone = await comments.reject_all_of(tx, found.user_id, by=actor_id, now=now)
            if comment_id not in gone:
                raise ConflictError("comment-decided")
            await comments.silence(tx, found.user_id, found.name, by=actor_id, now=now)
            await _record(tx, actor_id, AuditAction.SILENCE_READER, found, now=now)
            await self._settled(tx, gone)
            return await _must_get(tx, comment_id)

    async def lift_silence(self, user_id: int, *, actor_id: int) -> None:
        """Allow a silenced person to write again. Raises ConflictError where they may already."""
        async with self._database.write() as tx:
            if not await comments.lift(tx, user_id):
                raise ConflictError("silence-lifted-already")
            await audit.record(
                tx, actor_id, AuditAction.LIFT_SILENCE, now=self._clock(), details=PersonDetails(user_id)
            )

    async def take_down(self, comment_id: int, *, actor_id: int) -> Comment:
        """Hide an approved comment from readers. Raises ConflictError where they do not see it."""
        async with self._database.write() as tx:
            now = self._clock()
            if not await comments.take_down(tx, comment_id, by=actor_id, now=now):
                raise ConflictError("comment-gone")
            found = await _must_get(tx, comment_id)
            await _record(tx, actor_id, AuditAction.TAKE_DOWN_COMMENT, found, now=now)
            await self._settled(tx, [comment_id])
            return found

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

    async def _call_moderators(self, tx: Connection, comment_id: int, now: int) -> None:
        """Show a new comment to everyone who may decide about it, or tell them that there are many."""
        moderators = await chats_with_permission(tx, Right.MODERATE)
        waiting = await comments.count_waiting(tx, most=MOST_CARDS + 1)
        if waiting <= MOST_CARDS:
            await cards.enqueue(tx, CardKind.COMMENT, comment_id, moderators, now=now)
        elif await key_value.value(tx, _TOLD) is None:
            await key_value.store(tx, _TOLD, str(now))
            for user_id in moderators:
                await notices.enqueue(tx, user_id, "comments-many", {"count": waiting}, now=now)

    async def _settled(self, tx: Connection, comment_ids: list[int]) -> None:
        """Have the cards of comments that are decided say so."""
        for comment_id in comment_ids:
            await cards.mark_stale(tx, CardKind.COMMENT, comment_id, now=self._clock())
        if await comments.count_waiting(tx, most=_CALM + 1) <= _CALM:
            await key_value.remove(tx, _TOLD)


async def commentable(connection: Connection, article_id: int) -> Article:
    """Return an article under which comments stand.

    Raises ConflictError for one that was taken back; any other that readers do not have looks like an unknown one.
    """
    found = await articles.get(connection, article_id)
    if found is None:
        raise Refusal.NOT_FOUND.error(article_id)
    require(Act.COMMENT, found)
    return found


async def _must_get(connection: Connection, comment_id: int) -> Comment:
    found = await comments.get(connection, comment_id)
    if found is None:
        raise NotFoundError("comment-gone")
    return found


async def _record(tx: Connection, actor_id: int, action: AuditAction, comment: Comment, *, now: int) -> None:
    details = PersonDetails(comment.user_id, comment.name)
    await audit.record(tx, actor_id, action, now=now, article_id=comment.article_id, details=details)
