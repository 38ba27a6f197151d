"""Consequences of Telegram's answers for a delivery and for the change of a copy: one table each (pure)."""

import random
from dataclasses import dataclass
from enum import StrEnum

from bot.telegram.errors import About, Cause, FailedCall
from storage.records import AmendmentState

_FIRST_PAUSE_MS = 1_000
_LONGEST_PAUSE_MS = 5 * 60_000
_FLOOD_MARGIN_MS = 250
PATIENCE_MS = 24 * 3600 * 1000
"""The time (ms) for which a delivery is tried again before it is refused."""
TRIED_TOO_LONG = "tried for a day"
"""The beginning of the reason of a delivery that was tried for that long; why it failed last follows."""


class NextStep(StrEnum):
    """The next step for a delivery."""

    WAIT = "wait"  # the chat waits until `at`, then the same again
    RETRY = "retry"  # an outage, not the chat: again `at`, or as soon as Telegram is reachable
    CHAT_REFUSES = "chat_refuses"  # the chat takes nothing now: it waits as bot.delivery.refusals says
    MIGRATED = "migrated"  # the chat has the id `new_chat_id` now: send there
    TOPIC_GONE = "topic_gone"  # closed or deleted: refuse, and tell whoever looks after the chat
    PLAIN = "plain"  # once more without markup, and tell the newsroom
    TEXT = "text"  # once more without its photo, at once
    HTML = "html"  # the server takes no rich message, or not this one: the same as HTML, by the next claim
    REFUSE = "refuse"  # never; keep the reason
    UNCERTAIN = "uncertain"  # perhaps it is there: reconcile
    STOP = "stop"  # Telegram refuses the token: again `at`, or as soon as it takes it; nothing is refused meanwhile


@dataclass(frozen=True, slots=True)
class SendVerdict:
    """The consequence of a failed send. `at` is ms UTC (WAIT, RETRY, STOP)."""

    next: NextStep
    reason: str
    at: int = 0
    new_chat_id: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """A failed try: its `number` (from 1), when the first one began and when this one ended (ms UTC)."""

    number: int
    first_tried_at: int
    now: int

    @property
    def is_past_patience(self) -> bool:
        """Return whether it was tried for so long that a fault of the connection ends it."""
        return self.now - self.first_tried_at > PATIENCE_MS

    def again_at(self, rng: random.Random) -> int:
        """Return the time (ms) of the next try; the pauses grow with the number of tries."""
        longest = min(_LONGEST_PAUSE_MS, _FIRST_PAUSE_MS << min(self.number - 1, 20))
        return self.now + int(longest * rng.uniform(0.5, 1.0))

    def after_flood(self, failure: FailedCall) -> int:
        """Return the time (ms) at which a flood wait ends."""
        return self.now + int(failure.wait_seconds * 1000) + _FLOOD_MARGIN_MS


@dataclass(frozen=True, slots=True)
class Traits:
    """The parts of a refused message that the next try may leave out.

    `is_plain`: it had no markup. `has_media`: it carried a medium. `by_address`: Telegram had to fetch the medium,
    and the text is worth sending without it. `is_rich`: it was a rich message.
    """

    is_plain: bool = False
    has_media: bool = False
    by_address: bool = False
    is_rich: bool = False


def verdict(failure: FailedCall, attempt: Attempt, message: Traits, rng: random.Random) -> SendVerdict:
    """Return what follows from the failure of a send."""
    if _is_worth_sending_as_text(failure, message):
        return SendVerdict(NextStep.TEXT, failure.words)
    match failure.cause:
        case Cause.FLOOD_WAIT:
            return SendVerdict(NextStep.WAIT, "flood wait", at=attempt.after_flood(failure))
        case Cause.MIGRATED:
            return SendVerdict(NextStep.MIGRATED, "migrated", new_chat_id=failure.new_chat_id)
        case Cause.PERHAPS_SENT:
            return SendVerdict(NextStep.UNCERTAIN, failure.words)
        case Cause.CHAT_GONE:
            return SendVerdict(NextStep.CHAT_REFUSES, failure.reason)
        case Cause.TOPIC_GONE:
            return SendVerdict(NextStep.TOPIC_GONE, failure.words)
        case Cause.TOKEN_REFUSED | Cause.WAY_AT_FAULT:
            return _verdict_on_way(failure, attempt, message, rng)
    return SendVerdict(_next_of_refusal(failure, message), failure.words)


def _verdict_on_way(failure: FailedCall, attempt: Attempt, message: Traits, rng: random.Random) -> SendVerdict:
    """Return what follows from a failure that is not the chat's affair: of the token, or of the way to Telegram."""
    if failure.cause is Cause.TOKEN_REFUSED:
        if message.is_rich and About.METHOD in failure.about:
            return SendVerdict(NextStep.HTML, failure.words)
        return SendVerdict(NextStep.STOP, failure.words, at=attempt.again_at(rng))
    if attempt.is_past_patience:
        return SendVerdict(NextStep.REFUSE, f"{TRIED_TOO_LONG}: {failure.words}")
    return SendVerdict(NextStep.RETRY, failure.words, at=attempt.again_at(rng))


def _is_worth_sending_as_text(failure: FailedCall, message: Traits) -> bool:
    """Return whether a message was refused for its medium alone, and says enough without."""
    if message.by_address:
        return bool(failure.about & (About.UNUSABLE | About.MEDIA_HERE))
    return message.has_media and failure.cause is Cause.CHAT_GONE and About.MEDIA_HERE in failure.about


def _next_of_refusal(failure: FailedCall, message: Traits) -> NextStep:
    """Return in which form a message that was refused goes next, if in any."""
    if message.is_rich:
        return NextStep.HTML
    if not message.is_plain and About.MARKUP in failure.about:
        return NextStep.PLAIN
    return NextStep.REFUSE


@dataclass(frozen=True, slots=True)
class AmendVerdict:
    """The consequence of a failed edit or deletion: an end, or another try `at` (ms); `plain` asks for one at once.

    Where the `chat_refuses`, bot.delivery.refusals says when it is tried again.
    """

    state: AmendmentState | None
    reason: str
    at: int = 0
    plain: bool = False
    chat_refuses: bool = False


def amend_verdict(failure: FailedCall, attempt: Attempt, *, is_plain: bool, rng: random.Random) -> AmendVerdict:
    """Return what follows from the failure of a change of a copy; repeats do no harm."""
    match failure.cause:
        case Cause.FLOOD_WAIT:
            return AmendVerdict(None, "flood wait", at=attempt.after_flood(failure))
        case Cause.UNCHANGED:
            return AmendVerdict(AmendmentState.CHANGED, "")
        case Cause.MESSAGE_GONE:
            return AmendVerdict(AmendmentState.GONE, failure.words)
        case Cause.CHAT_GONE if attempt.is_past_patience:
            # The chat takes messages, it is this copy that may not be touched.
            return AmendVerdict(AmendmentState.UNREACHABLE, failure.reason)
        case Cause.CHAT_GONE:
            return AmendVerdict(None, failure.reason, chat_refuses=True)
        case Cause.TOPIC_GONE | Cause.REFUSED if not is_plain and About.MARKUP in failure.about:
            return AmendVerdict(None, failure.words, plain=True)
    if failure.is_outage and _has_patience(failure, attempt):
        return AmendVerdict(None, failure.words, at=attempt.again_at(rng))
    return AmendVerdict(AmendmentState.LIVE, failure.words)


def _has_patience(failure: FailedCall, attempt: Attempt) -> bool:
    """Return whether a change is tried again; a refused token outlasts any patience."""
    return failure.cause is Cause.TOKEN_REFUSED or not attempt.is_past_patience
