"""The life of a tip: acts of readers and editors, with the cards that show it."""

from collections.abc import Collection, Sequence

from bot.clock import Clock
from bot.errors import ConflictError, NotFoundError, UserError
from bot.newsroom.acting import acting
from bot.newsroom.articles import must_get, store_draft
from bot.newsroom.comment_rules import LONGEST_MS, check_pace, checked_name
from bot.newsroom.permissions import Right
from bot.newsroom.silencing import silence
from bot.newsroom.tip_outcomes import notify_sender
from bot.newsroom.tip_rules import MOST_WAITING, check_content, draft_of, text_of
from bot.newsroom.waiting_cards import TIP_CARDS
from storage import audit, comments, tips
from storage.audit_details import AuditAction, PersonDetails
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Article, Media, Provenance, Tip, TipState

UNDECIDED: Collection[TipState] = (TipState.WAITING, TipState.READ)
"""The states of tips of which a draft can be made."""


class Tips:
    """Acts of readers and editors on tips; each is one transaction.

    Those of editors raise UserError where the actor has no right to them (any more).
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def check_open(self, user_id: int) -> None:
        """Raise UserError where a person may send no tip now: as `send` does."""
        async with self._database.read() as connection:
            await self._check(connection, user_id)

    async def send(self, user_id: int, name: str, parts: Sequence[str], media: Sequence[Media]) -> Tip:
        """Store what a person's messages hold as a tip that waits, and show it to the editors.

        The same content that waits already is that tip. Raises UserError where it is empty or too long, or the
        person is silenced, sends too often, or has too many tips that wait.
        """
        text = text_of(parts)
        check_content(text, media)
        async with self._database.write() as tx:
            if (known := await tips.waiting_with(tx, user_id, text, media)) is not None:
                return known
            await self._check(tx, user_id)
            now = self._clock()
            new_id = await tips.add(tx, user_id, checked_name(name), text=text, media=media, now=now)
            await TIP_CARDS.call(tx, new_id, now=now)
            return await _must_get(tx, new_id)

    async def withdraw(self, tip_id: int, user_id: int) -> None:
        """Delete a person's own tip that waits. Raises ConflictError where it does not, or is not theirs."""
        async with self._database.write() as tx:
            if not await tips.delete_own(tx, tip_id, user_id):
                raise ConflictError("tip-not-waiting")
            await TIP_CARDS.settle(tx, [tip_id], now=self._clock())

    async def make_draft(self, tip_id: int, *, category_id: int, untitled: str, actor_id: int) -> Article:
        """Store a draft with what a tip holds, or return the article that was made of it already.

        `untitled` is the title where it has no words. The sender gets a notice. Raises NotFoundError, or
        ConflictError where it was declined or withdrawn.
        """
        async with acting(self._database, actor_id, Right.EDIT) as tx:
            now = self._clock()
            tip = await _must_get(tx, tip_id)
            if tip.article_id is not None:
                return await must_get(tx, tip.article_id)
            if tip.state not in UNDECIDED:
                raise ConflictError("tip-decided")
            content = draft_of(tip, untitled)
            article_id = await store_draft(tx, content, category_id, Provenance(author_id=actor_id), now=now)
            await self._decide(
                tx, tip, TipState.USED, AuditAction.USE_TIP, actor_id=actor_id, now=now, article_id=article_id
            )
            return await must_get(tx, article_id)

    async def answer(self, tip_id: int, *, declined: bool, actor_id: int) -> None:
        """Notify the sender of a waiting tip that it was read, or that it will not be used.

        A tip that was read can be declined later. Raises NotFoundError, or ConflictError where it is decided.
        """
        state = TipState.DECLINED if declined else TipState.READ
        action = AuditAction.DECLINE_TIP if declined else AuditAction.READ_TIP
        async with acting(self._database, actor_id, Right.EDIT) as tx:
            tip = await _must_get(tx, tip_id)
            if tip.state not in UNDECIDED or tip.state is state:
                raise ConflictError("tip-decided")
            await self._decide(tx, tip, state, action, actor_id=actor_id, now=self._clock())

    async def silence(self, tip_id: int, *, actor_id: int) -> None:
        """Silence the sender of a waiting tip. Raises ConflictError where it does not wait."""
        async with acting(self._database, actor_id, Right.EDIT) as tx:
            tip = await _must_get(tx, tip_id)
            rejected = await silence(tx, tip.user_id, tip.name, actor_id=actor_id, now=self._clock())
            if tip_id not in rejected.tips:
                raise ConflictError("tip-decided")

    async def _decide(
        self,
        tx: Connection,
        tip: Tip,
        state: TipState,
        action: AuditAction,
        *,
        actor_id: int,
        now: int,
        article_id: int | None = None,
    ) -> None:
        if not await tips.decide(
            tx, tip.id, state, expected=UNDECIDED, by=actor_id, now=now, article_id=article_id
        ):
            raise ConflictError("tip-decided")
        details = PersonDetails(tip.user_id, tip.name)
        await audit.record(tx, actor_id, action, now=now, article_id=article_id, details=details)
        await notify_sender(tx, tip, f"tip-told-{state}", now=now)
        await TIP_CARDS.settle(tx, [tip.id], now=now)

    async def _check(self, connection: Connection, user_id: int) -> None:
        if await comments.is_silenced(connection, user_id):
            raise UserError("tip-silenced")
        now = self._clock()
        moments = await tips.times_sent(connection, user_id, since=now - LONGEST_MS)
        check_pace(moments, now, key="tip-too-many")
        if await tips.count_waiting(connection, most=MOST_WAITING, user_id=user_id) >= MOST_WAITING:
            raise UserError("tip-some-wait", most=MOST_WAITING)


async def _must_get(connection: Connection, tip_id: int) -> Tip:
    tip = await tips.get(connection, tip_id)
    if tip is None:
        raise NotFoundError("tip-gone")
    return tip
