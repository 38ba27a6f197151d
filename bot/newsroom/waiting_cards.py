"""Cards of what readers sent and staff decide about: one for each subject, unless too many wait at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.newsroom.permissions import CARD_RIGHTS
from bot.newsroom.recipients import chats_with_permission
from storage import cards, comments, key_value, notices, tips
from storage.engine.connection import Connection
from storage.records import CardKind

MOST_CARDS = 10
"""Subjects that may wait at once and still get a card each; of more, staff get one notice."""

_CALM = 5
"""The number of waiting subjects at which the next flood is worth a new notice."""


class _CountWaiting(Protocol):
    async def __call__(self, connection: Connection, /, *, most: int) -> int: ...


@dataclass(frozen=True, slots=True)
class WaitingCards:
    """The cards of one kind of subject. `many_key` is the setting that is there while staff know that many wait."""

    kind: CardKind
    many_key: str
    notice: str
    count_waiting: _CountWaiting

    async def call(self, tx: Connection, subject_id: int, *, now: int) -> None:
        """Show a new subject to everyone who may decide about it, or notify them that there are many."""
        recipients = await chats_with_permission(tx, CARD_RIGHTS[self.kind])
        waiting = await self.count_waiting(tx, most=MOST_CARDS + 1)
        if waiting <= MOST_CARDS:
            await cards.enqueue(tx, self.kind, subject_id, recipients, now=now)
        elif await key_value.value(tx, self.many_key) is None:
            await key_value.store(tx, self.many_key, str(now))
            for user_id in recipients:
                await notices.enqueue(tx, user_id, self.notice, {"count": waiting}, now=now)

    async def settle(self, tx: Connection, subject_ids: Sequence[int], *, now: int) -> None:
        """Mark the cards of decided subjects for rendering."""
        for subject_id in subject_ids:
            await cards.mark_stale(tx, self.kind, subject_id, now=now)
        if await self.count_waiting(tx, most=_CALM + 1) <= _CALM:
            await key_value.remove(tx, self.many_key)


COMMENT_CARDS = WaitingCards(CardKind.COMMENT, "comments_told", "comments-many", comments.count_waiting)
"""The cards of comments."""
TIP_CARDS = WaitingCards(CardKind.TIP, "tips_told", "tips-many", tips.count_waiting)
"""The cards of tips."""
