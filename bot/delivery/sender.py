"""The sender: sends a claimed message or changes a copy, and says how that ended. It knows no database."""

import random
from dataclasses import replace

import structlog
from telegram.error import TelegramError

from bot import counters
from bot.clock import Clock
from bot.delivery.amendment_claims import PendingAmendment
from bot.delivery.delivery_claims import Sending
from bot.delivery.policy import Attempt, NextStep, SendVerdict, Traits, amend_verdict, verdict
from bot.delivery.publication_lag import PublicationLags
from bot.delivery.settlement import AmendOutcome, SendOutcome
from bot.render.media_limits import NEVER_REPLACED
from bot.render.message import SAME_MEDIA, Message
from bot.telegram.encoding import plain, prepare
from bot.telegram.errors import About, Cause, FailedCall, about, failure_of
from bot.telegram.gateway import Gateway, RichRefusedError
from bot.telegram.photos import Photos, by_address
from bot.telegram.rate_limiter import Limiter
from storage.records import AmendmentState

LATE_MS = 30_000
"""The time (ms) within which Telegram may still apply an edit whose answer was lost, over a newer one."""
_SOON_MS = 4_000
"""The time (ms) of Telegram's failed fetch of a photo within which the text goes at once."""

_log = structlog.get_logger(__name__)


class Sender:
    """The worker's calls to Telegram. Every method returns a result and raises nothing.

    `late` (ms) is the time for which an edit whose answer was lost may be under way. `photos` resolves media.
    """

    def __init__(
        self,
        gateway: Gateway,
        limiter: Limiter,
        clock: Clock,
        rng: random.Random,
        *,
        photos: Photos,
        late: int = LATE_MS,
    ) -> None:
        self._late = late
        self._photos = photos
        self._gateway = gateway
        self._limiter = limiter
        self._clock = clock
        self._rng = rng
        self._lags = PublicationLags()

    def takes_rich(self) -> bool:
        """Return whether a rich message is worth a try now."""
        return self._gateway.takes_rich()

    async def send(self, sending: Sending, *, paid: bool) -> SendOutcome:
        """Send a message; where its markup is refused, once more as plain text, and where its photo is, without."""
        outcome = await self._send_safely(sending, paid=paid)
        self._count(sending, outcome)
        return outcome

    def _count(self, sending: Sending, outcome: SendOutcome) -> None:
        lane = sending.priority.lane
        ended = "sent" if outcome.verdict is None else outcome.verdict.next.value
        counters.DELIVERIES_TRIED.labels(lane.name.lower(), ended).inc(len(sending.shown))
        if outcome.verdict is None and sending.released_at is not None:
            lag = max(0, self._clock() - sending.released_at) / 1000
            self._lags.arrived(sending.shown[0].article_id, lane, lag)

    async def _send_safely(self, sending: Sending, *, paid: bool) -> SendOutcome:
        message = sending.composed.message
        try:
            if not by_address(message):
                return await self._send(sending, message, paid=paid)
            began = self._clock()
            async with self._photos.first(message) as settled:
                return await self._send(sending, settled, paid=paid, began=began)
        except Exception as error:  # noqa: BLE001 - whatever it was, the deed may have been done
            _log.exception("push_broke", message=sending.message_id)
            return SendOutcome.unknown(sending.message_id, sending.chat_id, type(error).__name__)

    async def _send(self, sending: Sending, message: Message, *, paid: bool, began: int = 0) -> SendOutcome:
        composed, refused = sending.composed, ""
        prepared = composed.prepared if message is composed.message else prepare(message)
        while True:
            try:
                sent = await self._gateway.push(
                    sending.chat_id,
                    prepared,
                    topic_id=sending.topic_id,
                    paid=paid,
                    silent=sending.silent,
                    reply_to=sending.reply_to,
                )
            except TelegramError as error:
                is_plain = bool(refused) or composed.is_plain
                send_verdict = self._judge_send(sending, message, failure_of(error), is_plain=is_plain, began=began)
                if send_verdict.next is NextStep.PLAIN:
                    refused = send_verdict.reason
                    message = plain(message, about(refused))
                elif send_verdict.next is NextStep.TEXT:
                    message = replace(message, media="")
                else:
                    return SendOutcome(sending.message_id, sending.chat_id, None, send_verdict, composed=composed)
                prepared = prepare(message)
                continue
            self._photos.record_file_id(message, sent)
            return SendOutcome(
                sending.message_id,
                sending.chat_id,
                int(sent["message_id"]),
                None,
                sending.shown,
                composed,
                refused,
                sending.breaking,
                as_text=bool(composed.message.media) and not message.media,
            )

    def _judge_send(
        self, sending: Sending, message: Message, failure: FailedCall, *, is_plain: bool, began: int
    ) -> SendVerdict:
        """Return what follows from the failure of a send that `began` at that instant (ms)."""
        traits = Traits(is_plain, bool(message.media), by_address(message), bool(message.rich_html))
        attempt = Attempt(sending.attempts, sending.first_tried_at, self._clock())
        send_verdict = verdict(failure, attempt, traits, self._rng)
        self._heed(sending.chat_id, failure)
        _log.warning("push_failed", message=sending.message_id, next=send_verdict.next, reason=send_verdict.reason)
        if About.UNUSABLE in failure.about or send_verdict.next is NextStep.UNCERTAIN:
            # Where the site lets Telegram wait, the answer may be lost each time.
            self._photos.refused(message)
        if send_verdict.next is NextStep.TEXT and by_address(message) and attempt.now - began > _SOON_MS:
            # There is no time left for another push within the lease: it is claimed anew, as a text.
            return replace(send_verdict, next=NextStep.WAIT, at=attempt.now)
        return send_verdict

    async def amend(self, amending: PendingAmendment) -> AmendOutcome:
        """Change or delete a copy; where deleting is refused, put the tombstone there."""
        outcome = await self._amend(amending)
        counters.AMENDMENTS.labels("retry" if outcome.state is None else outcome.state.value).inc()
        return outcome

    async def _amend(self, amending: PendingAmendment) -> AmendOutcome:
        message = amending.message
        if message is None or (message.media_kind in NEVER_REPLACED and message.media != SAME_MEDIA):
            return await self._delete(amending)
        return await self._replace(amending, message, AmendmentState.CHANGED)

    async def _delete(self, amending: PendingAmendment) -> AmendOutcome:
        try:
            await self._gateway.delete(amending.chat_id, amending.telegram_id)
        except TelegramError as error:
            outcome = self._judge_change(amending, failure_of(error), is_plain=True)
            if outcome.state is not AmendmentState.LIVE:
                return outcome
            return await self._replace(amending, amending.tombstone, AmendmentState.TOMBSTONED)
        return self._outcome(amending, AmendmentState.DELETED)

    async def _replace(self, amending: PendingAmendment, message: Message, done: AmendmentState) -> AmendOutcome:
        message = message if amending.is_attachment else self._photos.settled_edit(message)
        while True:
            began = self._clock()
            try:
                await self._gateway.replace(amending.chat_id, amending.telegram_id, message)
            except RichRefusedError as error:
                if not amending.html_does:
                    return self._outcome(amending, AmendmentState.LIVE, str(error))
                message = replace(message, rich_html="")
            except TelegramError as error:
                follows = await self._after_failed_edit(amending, message, failure_of(error), done, began=began)
                if isinstance(follows, AmendOutcome):
                    return follows
                message = follows
            else:
                return self._replaced(amending, done, began)

    async def _after_failed_edit(
        self, amending: PendingAmendment, message: Message, failure: FailedCall, done: AmendmentState, *, began: int
    ) -> Message | AmendOutcome:
        """Return the message to try next, or how the edit that `began` at that instant (ms) ended."""
        if by_address(message) and About.UNUSABLE in failure.about:
            if amending.is_attachment:
                # What the article has no more must not stay; the new one is behind the button.
                return await self._delete(amending)
            # The words are put right; the photo stays as it was.
            self._photos.refused(message)
            return replace(message, media=SAME_MEDIA)
        bare = plain(message, failure.about)
        outcome = self._judge_change(amending, failure, is_plain=message == bare)
        if outcome.state is None and outcome.retry == 0 and not outcome.chat_refuses:
            return bare
        if failure.cause is Cause.PERHAPS_SENT:
            self._photos.refused(message)
            return replace(outcome, lost_at=began)
        if outcome.state is AmendmentState.CHANGED:
            # What says the same already has been changed by an earlier try.
            return self._replaced(amending, done, began)
        return outcome

    def _replaced(self, amending: PendingAmendment, done: AmendmentState, began: int) -> AmendOutcome:
        """Return the end of an edit that was confirmed: the same once more where an older one may follow it."""
        if amending.lost_at is None or began >= amending.lost_at + self._late:
            return self._outcome(amending, done)
        retry_at = amending.lost_at + self._late
        return replace(
            self._outcome(amending, None, "an edit whose answer was lost may come late"),
            retry=retry_at,
            lost_at=amending.lost_at,
        )

    def _judge_change(self, amending: PendingAmendment, failure: FailedCall, *, is_plain: bool) -> AmendOutcome:
        attempt = Attempt(amending.attempts, amending.first_tried_at, self._clock())
        consequence = amend_verdict(failure, attempt, is_plain=is_plain, rng=self._rng)
        self._heed(amending.chat_id, failure)
        _log.info("amendment_failed", message=amending.message_id, state=consequence.state, reason=failure.words)
        return AmendOutcome(
            amending.message_id,
            amending.chat_id,
            consequence.state,
            consequence.reason,
            shown=amending.shown,
            retry=consequence.at,
            wait=failure.cause is Cause.FLOOD_WAIT,
            lost_at=amending.lost_at,
            post_style=amending.post_style,
            by_outage=consequence.at > 0 and failure.is_outage,
            chat_refuses=consequence.chat_refuses,
        )

    def _outcome(self, amending: PendingAmendment, state: AmendmentState | None, reason: str = "") -> AmendOutcome:
        return AmendOutcome(
            amending.message_id,
            amending.chat_id,
            state,
            reason,
            shown=amending.shown,
            post_style=amending.post_style,
        )

    def _heed(self, chat_id: int, failure: FailedCall) -> None:
        if failure.cause is Cause.FLOOD_WAIT:
            self._limiter.flood(chat_id, failure.wait_seconds)
