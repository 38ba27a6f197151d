"""The steps of a review, each within the transaction of an act, and what they enqueue: cards, a notice.

A review of a source's item (`submitted_by` None) waits at the gate, whose one card shows the whole queue.
"""

from collections.abc import Sequence

from bot.errors import ConflictError
from bot.newsroom.names import name_of
from bot.newsroom.permissions import Right, is_second_pair
from bot.newsroom.recipients import chats_with_permission
from storage import articles, cards, notices, reviews, staff
from storage.engine.connection import Connection
from storage.records import Article, ArticleState, CardKind, Review, ReviewState

GATE = 0
"""The subject of the gate's cards."""

_REST_MS = 30 * 60_000
"""The age (ms) of the gate's card from which new items are worth a new message."""

_TITLE = 150


async def open_review(tx: Connection, article_id: int, *, submitted_by: int, now: int) -> bool:
    """Open a review, and enqueue its card for everybody who may decide; False where one is open."""
    if not await reviews.begin(tx, article_id, submitted_by=submitted_by, now=now):
        return False
    # What an earlier review said stands far above: the new one is a new message.
    await cards.send_anew(tx, CardKind.REVIEW, article_id, now=now)
    await cards.enqueue(tx, CardKind.REVIEW, article_id, await chats_with_permission(tx, Right.PUBLISH), now=now)
    return True


async def bring_to_gate(tx: Connection, article_ids: Sequence[int], *, now: int) -> None:
    """Send sources' items to the gate. Its card is edited in place, unless nobody would notice it there."""
    was_empty = not await reviews.waiting(tx, gate=True, limit=1)
    await reviews.begin_for_sources(tx, article_ids, now=now)
    await cards.enqueue(tx, CardKind.GATE, GATE, await chats_with_permission(tx, Right.PUBLISH), now=now)
    await cards.replace(tx, CardKind.GATE, GATE, now=now, sent_before=None if was_empty else now - _REST_MS)


async def reopen(tx: Connection, ended: Review, *, now: int) -> None:
    """Return a draft to the queue in which it waited before its review ended."""
    await articles.move(tx, ended.article_id, ArticleState.DRAFT, ArticleState.REVIEW, now=now)
    if ended.submitted_by is None:
        await bring_to_gate(tx, [ended.article_id], now=now)
    else:
        await open_review(tx, ended.article_id, submitted_by=ended.submitted_by, now=now)


async def end(
    tx: Connection, article: Article, state: ReviewState, *, by: int | None, now: int, reason: str = ""
) -> Review | None:
    """End the open review, update its cards and notify whoever submitted it; None where none was open."""
    ended = await reviews.end(tx, article.id, state, by=by, now=now, reason=reason)
    if ended is None:
        return None
    await _touch(tx, ended, now=now)
    author = ended.submitted_by
    if author is not None and author != by and await staff.get(tx, author) is not None:
        args: dict[str, str | int] = {
            "id": article.id,
            "title": article.content.title[:_TITLE],
            "name": await name_of(tx, by),
        }
        if state is ReviewState.APPROVED:
            await notices.enqueue(tx, author, "review-approved-notice", args, now=now)
        elif state is ReviewState.REJECTED:
            await notices.enqueue(tx, author, "review-rejected-notice", args | {"reason": reason}, now=now)
    return ended


async def refresh_cards(tx: Connection, article_id: int, *, now: int) -> None:
    """Mark the cards of an open review for rendering with the article's newest revision."""
    if (review := await reviews.open_of(tx, article_id)) is not None:
        await _touch(tx, review, now=now)


async def require_second_person(tx: Connection, article: Article, actor_id: int | None, *, required: bool) -> None:
    """Raise ConflictError where a second person is required and the actor wrote or edited the article last."""
    if required and not is_second_pair(
        actor_id, author_id=article.author_id, last_editor_id=await articles.last_editor(tx, article.id)
    ):
        raise ConflictError("review-second-pair", id=article.id)


async def conflict_of(connection: Connection, article_id: int, review: Review | None) -> ConflictError:
    """Return the error that says why there is nothing to decide about an article (any more)."""
    keys = {
        ReviewState.APPROVED: "review-was-approved",
        ReviewState.REJECTED: "review-was-rejected",
        ReviewState.WITHDRAWN: "review-was-withdrawn",
    }
    if review is None or review.state not in keys:
        return ConflictError("review-none", id=article_id)
    return ConflictError(keys[review.state], id=article_id, name=await name_of(connection, review.decided_by))


async def _touch(tx: Connection, review: Review, *, now: int) -> None:
    await cards.mark_stale(tx, CardKind.REVIEW, review.article_id, now=now)
    if review.submitted_by is None:
        await cards.mark_stale(tx, CardKind.GATE, GATE, now=now)
