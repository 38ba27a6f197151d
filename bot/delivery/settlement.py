"""The results of sends and amendments, stored in the ledger, the outbox and the chats in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.delivery import refusal_evidence
from bot.delivery.policy import NextStep, SendVerdict
from bot.delivery.rendering import Composed, Composer
from bot.delivery.revision_cache import RevisionCache
from bot.render.callbacks import CannotSeeDigest, CanSeeDigest
from storage import amendments, chats, followers, ledger, lost_chats, notices, outbox, pins
from storage.engine.connection import Connection
from storage.post_style import USUAL_STYLE, PostStyle
from storage.records import AmendmentState, ArticleRevision, DeliveryState, Form, Lane, MessageState

MOST_QUESTIONS = 50
"""The most questions about a digest that wait to be sent at once."""

_QUESTION = "visible-ask"
_ANSWERS = (("button-invisible", CannotSeeDigest().pack()), ("button-visible", CanSeeDigest().pack()))
_DONE = (AmendmentState.CHANGED, AmendmentState.DELETED, AmendmentState.TOMBSTONED)


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """The end of one send: Telegram's message id, or what follows from its failure.

    `message_id` is the ledger's row, `shown` are the revisions that it says. `composed` is what was
    sent; `refusal` are the words with which Telegram took it only without markup. `breaking` news may have to be
    pinned. What was to be a photo with a caption went `as_text`.
    """

    message_id: int
    chat_id: int
    telegram_id: int | None
    verdict: SendVerdict | None
    shown: tuple[ArticleRevision, ...] = ()
    composed: Composed | None = None
    refusal: str = ""
    breaking: bool = False
    as_text: bool = False

    @property
    def is_refused_as_rich(self) -> bool:
        """True where Telegram refuses this rich message: its articles go in another form."""
        return self.verdict is not None and self.verdict.next is NextStep.HTML

    @classmethod
    def unknown(cls, message_id: int, chat_id: int, reason: str) -> "SendOutcome":
        """A send of which nobody knows whether it arrived."""
        return cls(message_id, chat_id, None, SendVerdict(NextStep.UNCERTAIN, reason))


@dataclass(frozen=True, slots=True)
class AmendOutcome:
    """The end of one try to amend a copy: its new state, or when (ms) to `retry`.

    `shown` are the revisions that it says now, in that `post_style`; `wait` lets the whole chat
    wait. `lost_at` (ms) is when an edit began that Telegram may carry out yet. Where the `chat_refuses`, the
    chat's next try is the copy's. `by_outage`: only an outage of Telegram was the cause.
    """

    message_id: int
    chat_id: int
    state: AmendmentState | None
    reason: str = ""
    shown: tuple[ArticleRevision, ...] = ()
    retry: int = 0
    wait: bool = False
    lost_at: int | None = None
    post_style: PostStyle = USUAL_STYLE
    by_outage: bool = False
    chat_refuses: bool = False


async def settle(
    tx: Connection,
    outcomes: Sequence[SendOutcome | AmendOutcome],
    versions: RevisionCache,
    composer: Composer,
    *,
    now: int,
) -> list[int]:
    """Store all outcomes, and return the deliveries that arrived.

    `composer` remembers which markup and rich text Telegram refused; the newsroom gets a notice of refused markup.
    """
    arrived = await settle_sent(
        tx, [outcome for outcome in outcomes if isinstance(outcome, SendOutcome)], versions, now=now
    )
    for outcome in outcomes:
        if isinstance(outcome, AmendOutcome):
            await _settle_amendment(tx, outcome, now=now)
        elif outcome.telegram_id is None:
            await settle_failed(tx, outcome, now=now)
            if outcome.composed is not None and outcome.is_refused_as_rich:
                composer.without_rich(outcome.composed)
        elif outcome.composed is not None and composer.without_markup(outcome.composed, outcome.refusal):
            args: dict[str, str | int] = {"reason": outcome.refusal[:200]}
            await notices.enqueue(tx, notices.DESK_CHAT, "markup-refused", args, now=now)
    return arrived


async def settle_sent(
    tx: Connection, outcomes: Sequence[SendOutcome], versions: RevisionCache, *, now: int
) -> list[int]:
    """Store the sends that arrived, and enqueue an amendment where the article has changed meanwhile.

    Returns the deliveries that arrived, for `daily_counters.count_sent`.
    """
    sent = [outcome for outcome in outcomes if outcome.telegram_id is not None]
    if not sent:
        return []
    await _mark_sent(tx, sent, now)
    await lost_chats.record_success(tx, [outcome.chat_id for outcome in sent])
    if several := [outcome.message_id for outcome in sent if len(outcome.shown) != 1]:
        await outbox.end_left_out(tx, several, now=now)
    arrived = await outbox.settle(tx, [outcome.message_id for outcome in sent], DeliveryState.SENT, now=now)
    await _enqueue_pins(tx, sent, now)
    await _enqueue_digest_questions(tx, sent, now=now)
    await _enqueue_corrections(tx, sent, versions, now)
    return arrived


async def _mark_sent(tx: Connection, sent: Sequence[SendOutcome], now: int) -> None:
    """Store Telegram's ids of the messages in the ledger, and which of them went as plain text."""
    ids = [(outcome.message_id, outcome.telegram_id) for outcome in sent if outcome.telegram_id is not None]
    await ledger.mark_sent(tx, ids, now=now)
    if texts := [outcome.message_id for outcome in sent if outcome.as_text]:
        await ledger.mark_sent_as_text(tx, texts)


async def _enqueue_pins(tx: Connection, sent: Sequence[SendOutcome], now: int) -> None:
    """Enqueue the pins of breaking news."""
    # The database decides about a message that reconciliation found: its outcome does not say what it shows.
    if urgent := [outcome.message_id for outcome in sent if outcome.breaking or not outcome.shown]:
        await pins.enqueue(tx, urgent, now=now)


async def _enqueue_corrections(
    tx: Connection, sent: Sequence[SendOutcome], versions: RevisionCache, now: int
) -> None:
    """Enqueue an amendment of each message whose article has changed since it was rendered."""
    await versions.know(tx, {article_id for outcome in sent for article_id, _ in outcome.shown})
    if stale := [outcome.message_id for outcome in sent if not _is_newest(outcome, versions)]:
        await amendments.enqueue_after_send(tx, stale, lane=Lane.BREAKING, now=now)


async def _enqueue_digest_questions(tx: Connection, outcomes: Sequence[SendOutcome], *, now: int) -> None:
    """Enqueue the question whether a first rich digest can be read.

    Not more than MOST_QUESTIONS wait at once, because notices to the newsroom wait with them; the other people are
    asked below their next digest.
    """
    people = [
        outcome.chat_id
        for outcome in outcomes
        if outcome.telegram_id is not None
        and outcome.chat_id > 0
        and outcome.composed is not None
        and outcome.composed.form is Form.DIGEST
    ]
    if not people:
        return
    room = MOST_QUESTIONS - await notices.count(tx, _QUESTION)
    for chat_id in await chats.mark_rich_asked(tx, people, most=max(room, 0)):
        await notices.enqueue(tx, chat_id, _QUESTION, {}, now=now, buttons=_ANSWERS)


def _is_newest(outcome: SendOutcome, versions: RevisionCache) -> bool:
    return bool(outcome.shown) and versions.are_newest(outcome.shown)


async def settle_failed(tx: Connection, outcome: SendOutcome, *, now: int) -> None:
    """Store a send that did not arrive, or whose result is not known."""
    verdict = outcome.verdict
    assert verdict is not None, "a send without an id has a verdict"
    message_ids = [outcome.message_id]
    if verdict.next is NextStep.UNCERTAIN:
        await ledger.mark(tx, message_ids, MessageState.UNCERTAIN)
        await outbox.settle(tx, message_ids, DeliveryState.UNCERTAIN, now=now, reason=verdict.reason)
        return
    match verdict.next:
        case NextStep.HTML | NextStep.RETRY | NextStep.STOP:
            # Not the chat's affair: the worker of this process lets it wait until its way works.
            await outbox.return_to_pending(tx, message_ids, now=now, reason=verdict.reason)
        case NextStep.WAIT:
            await outbox.return_to_pending(tx, message_ids, now=now, reason=verdict.reason)
            await chats.suspend(tx, outcome.chat_id, verdict.at)
        case NextStep.MIGRATED:
            await outbox.return_to_pending(tx, message_ids, now=now, reason=verdict.reason)
            async with followers.counted(tx, outcome.chat_id, verdict.new_chat_id, now=now):
                migrated = await chats.migrate(tx, outcome.chat_id, verdict.new_chat_id)
            if not migrated:
                await refusal_evidence.count(tx, outcome.chat_id, verdict.reason, now=now)
        case NextStep.CHAT_REFUSES:
            await outbox.return_to_pending(tx, message_ids, now=now, reason=verdict.reason)
            await refusal_evidence.count(tx, outcome.chat_id, verdict.reason, now=now)
        case NextStep.TOPIC_GONE:
            await outbox.settle(tx, message_ids, DeliveryState.REFUSED, now=now, reason=verdict.reason)
            for lost in await ledger.get_many(tx, message_ids):
                await lost_chats.lose_topic(tx, outcome.chat_id, lost.topic_id, now=now)
        case _:
            await outbox.settle(tx, message_ids, DeliveryState.REFUSED, now=now, reason=verdict.reason)
    await ledger.delete_unsent(tx, message_ids)


async def _settle_amendment(tx: Connection, outcome: AmendOutcome, *, now: int) -> None:
    """Store how a copy was amended, or when it is tried again."""
    if outcome.chat_refuses:
        # It is due at once, when its chat is.
        await amendments.postpone(
            tx, outcome.message_id, due_at=now, reason=outcome.reason, lost_at=outcome.lost_at
        )
        await refusal_evidence.count(tx, outcome.chat_id, outcome.reason, now=now)
        return
    if outcome.state is None:
        await amendments.postpone(
            tx, outcome.message_id, due_at=outcome.retry, reason=outcome.reason, lost_at=outcome.lost_at
        )
        if outcome.wait:
            await chats.suspend(tx, outcome.chat_id, outcome.retry)
        return
    await amendments.settle(tx, outcome.message_id, outcome.state, now=now, reason=outcome.reason)
    match outcome.state:
        case AmendmentState.DELETED:
            await ledger.mark(tx, [outcome.message_id], MessageState.DELETED)
        case AmendmentState.GONE:
            await ledger.mark(tx, [outcome.message_id], MessageState.GONE)
        case AmendmentState.CHANGED:
            await ledger.record_revisions(tx, outcome.message_id, outcome.shown, post_style=outcome.post_style)
            # Somebody may have changed it again while this was on its way.
            await amendments.enqueue_after_send(tx, [outcome.message_id], lane=Lane.BREAKING, now=now)
    if outcome.state in _DONE:
        await lost_chats.record_success(tx, [outcome.chat_id])
