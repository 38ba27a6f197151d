"""The silence of a reader: they write neither comments nor tips, and whatever of theirs waits is rejected."""

from dataclasses import dataclass

from bot.newsroom.waiting_cards import COMMENT_CARDS, TIP_CARDS
from storage import audit, comments, tips
from storage.audit_details import AuditAction, PersonDetails
from storage.engine.connection import Connection


@dataclass(frozen=True, slots=True)
class Rejected:
    """The ids of the comments and tips that were rejected with their author."""

    comments: frozenset[int]
    tips: frozenset[int]


async def silence(
    tx: Connection, user_id: int, name: str, *, actor_id: int, now: int, article_id: int | None = None
) -> Rejected:
    """Silence a reader in the caller's transaction; `article_id` is the article of the comment that led to it.

    They get an error when they try to write.
    """
    rejected = await comments.reject_all_of(tx, user_id, by=actor_id, now=now)
    declined = await tips.decline_all_of(tx, user_id, by=actor_id, now=now)
    await comments.silence(tx, user_id, name, by=actor_id, now=now)
    details = PersonDetails(user_id, name)
    await audit.record(tx, actor_id, AuditAction.SILENCE_READER, now=now, article_id=article_id, details=details)
    await COMMENT_CARDS.settle(tx, rejected, now=now)
    await TIP_CARDS.settle(tx, declined, now=now)
    return Rejected(frozenset(rejected), frozenset(declined))
