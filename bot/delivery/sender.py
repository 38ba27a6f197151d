"""What is claimed is done: a send or a change of a copy, and what its answer means. No database here."""

import random
from dataclasses import replace

import structlog
from telegram.error import RetryAfter, TelegramError

from bot.clock import Clock
from bot.delivery.changes import Amending
from bot.delivery.claim import Sending
from bot.delivery.gateway import Gateway, RichRefusedError, plain, prepare
from bot.delivery.limiter import Limiter
from bot.delivery.outcome import AmendOutcome, Outcome
from bot.delivery.policy import Next, amend_verdict, verdict
from bot.delivery.transport import MaybeSentError
from bot.render.message import Message
from storage.records import AmendmentState

LATE_MS = 30_000
"""So long after its begin (ms) Telegram may carry out an edit whose answer was lost, over a newer one."""

_log = structlog.get_logger(__name__)


class Sender:
    """Speaks to Telegram for the worker; every method returns how it ended and raises nothing.

    `late` (ms) is how long an edit whose answer was lost may be on its way.
    """

    def __init__(
        self, gateway: Gateway, limiter: Limiter, clock: Clock, rng: random.Random, *, late: int = LATE_MS
    ) -> None:
        self._late = late
        self._gateway = gateway
        self._limiter = limiter
        self._clock = clock
        self._rng = rng

    async def send(self, sending: Sending, *, paid: bool) -> Outcome:
        """Send a message; where its markup is refused, once more as plain text."""
        prepared, refused = sending.composed.prepared, ""
        while True:
            try:
                telegram_id = await self._gateway.push(
                    sending.chat_id, prepared, topic_id=sending.topic_id, paid=paid, silent=sending.silent
                )
            except TelegramError as error:
                found = verdict(
                    error,
                    attempts=sending.attempts,
                    first_tried_at=sending.first_tried_at,
                    now=self._clock(),
                    plain=bool(refused) or sending.composed.is_plain,
                    rng=self._rng,
                )
                self._heed(sending.chat_id, error)
                _log.warning("push_failed", message=sending.message_id, next=found.next, reason=found.reason)
                if found.next is Next.PLAIN:
                    refused = found.reason
                    prepared = prepare(plain(sending.composed.message, refused))
                    continue
                return Outcome(sending.message_id, sending.chat_id, None, found)
            except Exception as error:  # noqa: BLE001 - whatever it was, the deed may have been done
                _log.exception("push_broke", message=sending.message_id)
                return Outcome.unknown(sending.message_id, sending.chat_id, type(error).__name__)
            return Outcome(
                sending.message_id,
                sending.chat_id,
                telegram_id,
                None,
                sending.shown,
                sending.composed,
                refused,
                sending.breaking,
            )

    async def amend(self, amending: Amending) -> AmendOutcome:
        """Change or delete a copy; where deleting is refused, put the tombstone there."""
        if amending.message is not None:
            return await self._replace(amending, amending.message, AmendmentState.CHANGED)
        try:
            await self._gateway.delete(amending.chat_id, amending.telegram_id)
        except TelegramError as error:
            outcome = self._judge(amending, error, plain=True)
            if outcome.state is not AmendmentState.LIVE:
                return outcome
            return await self._replace(amending, amending.tombstone, AmendmentState.TOMBSTONED)
        return self._outcome(amending, AmendmentState.DELETED)

    async def _replace(self, amending: Amending, message: Message, done: AmendmentState) -> AmendOutcome:
        while True:
            began = self._clock()
            try:
                await self._gateway.replace(amending.chat_id, amending.telegram_id, message)
            except RichRefusedError as error:
                return self._outcome(amending, AmendmentState.LIVE, str(error))
            except TelegramError as error:
                bare = plain(message, error.message)
                outcome = self._judge(amending, error, plain=message == bare)
                if outcome.state is None and outcome.retry == 0:
                    message = bare
                    continue
                if isinstance(error, MaybeSentError):
                    return replace(outcome, lost_at=began)
                if outcome.state is not AmendmentState.CHANGED:
                    return outcome
                # What says the same already has been changed by an earlier try.
            return self._replaced(amending, done, began)

    def _replaced(self, amending: Amending, done: AmendmentState, began: int) -> AmendOutcome:
        """Return the end of an edit that was confirmed: the same once more where an older one may follow it."""
        if amending.lost_at is None or began >= amending.lost_at + self._late:
            return self._outcome(amending, done)
        again = amending.lost_at + self._late
        return replace(
            self._outcome(amending, None, "an edit whose answer was lost may come late"),
            retry=again,
            lost_at=amending.lost_at,
        )

    def _judge(self, amending: Amending, error: TelegramError, *, plain: bool) -> AmendOutcome:
        found = amend_verdict(
            error,
            attempts=amending.attempts,
            first_tried_at=amending.first_tried_at,
            now=self._clock(),
            plain=plain,
            rng=self._rng,
        )
        self._heed(amending.chat_id, error)
        _log.info("amendment_failed", message=amending.message_id, state=found.state, reason=error.message)
        return AmendOutcome(
            amending.message_id,
            amending.chat_id,
            found.state,
            found.reason,
            shown=amending.shown,
            retry=found.at,
            wait=isinstance(error, RetryAfter),
            lost_at=amending.lost_at,
        )

    def _outcome(self, amending: Amending, state: AmendmentState | None, reason: str = "") -> AmendOutcome:
        return AmendOutcome(amending.message_id, amending.chat_id, state, reason, shown=amending.shown)

    def _heed(self, chat_id: int, error: TelegramError) -> None:
        if isinstance(error, RetryAfter):
            self._limiter.flood(chat_id, error._retry_after.total_seconds())
