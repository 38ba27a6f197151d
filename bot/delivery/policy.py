"""What an answer of Telegram means for a delivery: one table (pure).

Sources of the words: the Bot API's own descriptions as observed; their case varies, and python-telegram-bot
capitalises them.
"""

import random
import re
from dataclasses import dataclass
from enum import StrEnum

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.telegram.transport import MaybeSentError, NotSentError
from storage.records import AmendmentState

_FIRST_PAUSE_MS = 1_000
_LONGEST_PAUSE_MS = 5 * 60_000
PATIENCE_MS = 24 * 3600 * 1000
"""How long a delivery is tried again before it is refused (ms)."""


class Next(StrEnum):
    """What to do next."""

    WAIT = "wait"  # the chat waits until `at`, then the same again
    RETRY = "retry"  # the way is at fault, not the chat: again `at`, or as soon as the way works
    CHAT_REFUSES = "chat_refuses"  # the chat takes nothing now: it waits as bot.delivery.refusals says
    MIGRATED = "migrated"  # the chat has the id `new_chat_id` now: send there
    TOPIC_GONE = "topic_gone"  # closed or deleted: refuse, and tell whoever looks after the chat
    PLAIN = "plain"  # once more without markup, and tell the desk
    TEXT = "text"  # once more without its photo, at once
    HTML = "html"  # the server takes no rich message, or not this one: the same as HTML, by the next claim
    REFUSE = "refuse"  # never; keep the reason
    UNCERTAIN = "uncertain"  # perhaps it is there: reconcile
    STOP = "stop"  # Telegram refuses the token: again `at`, or as soon as it takes it; nothing is refused meanwhile


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a failed send leads to. `at` is ms UTC (WAIT, RETRY, STOP)."""

    next: Next
    reason: str
    at: int = 0
    new_chat_id: int = 0


_GONE = {
    "bot was blocked": "blocked",
    "user is deactivated": "deactivated",
    "bot was kicked": "kicked",
    "bot is not a member": "left",
    "can't initiate conversation": "never started",
    "chat not found": "not found",
    "need administrator rights": "rights taken",
    "not enough rights": "rights taken",
    "have no rights to send": "rights taken",
    "chat_write_forbidden": "rights taken",
    "the group chat was deleted": "deleted",
    "channel_private": "deleted",
    "peer_id_invalid": "not found",
}
_TOPIC_GONE = ("topic_closed", "topic_deleted", "message thread not found")
_PHOTO = (
    "wrong file identifier",
    "http url",
    "web page content",
    "webpage_",
    "too big",
    "too large",
    "image_process_failed",
    "photo_",
    "media_empty",
    "media_invalid",
    "external_url_invalid",
)
_NO_MEDIA_HERE = re.compile(
    r"rights to send (?:photo|video|document|media|animation|audio)"
    r"|chat_send_(?:photos|videos|docs|media|gifs)_forbidden"
)
_MARKUP = ("can't parse", "entit", "button", "reply markup", "tag ", "byte offset")


def is_fault_of_the_way(error: TelegramError) -> bool:
    """Tell whether an error says nothing of what was asked: no answer, a server in trouble, a token refused."""
    if isinstance(error, BadRequest):
        return False
    return isinstance(error, (NetworkError, Conflict, InvalidToken))


def refuses_photo(error: TelegramError) -> bool:
    """Tell whether Telegram cannot use a photo's address, wherever it goes; the words may come with any status."""
    words = error.message.lower()
    answered = not isinstance(error, (NotSentError, MaybeSentError))
    return answered and any(phrase in words for phrase in _PHOTO)


def refuses_media_here(error: TelegramError) -> bool:
    """Tell whether a chat takes no media of a kind, while it may take texts: no refusal of the chat itself."""
    words = error.message.lower()
    return isinstance(error, (BadRequest, Forbidden)) and bool(_NO_MEDIA_HERE.search(words))


def verdict(
    error: TelegramError,
    *,
    attempts: int,
    first_tried_at: int,
    now: int,
    plain: bool,
    rng: random.Random,
    by_address: bool = False,
    rich: bool = False,
) -> Verdict:
    """Say what follows from `error` at the `attempts`-th try (from 1); `plain`: it had no markup already.

    `by_address`: it carried a photo that Telegram was to fetch, and is worth sending without. `rich`: it was a rich
    message.
    """
    words = error.message.lower()
    if by_address and (refuses_photo(error) or refuses_media_here(error)):
        return Verdict(Next.TEXT, error.message)
    if isinstance(error, RetryAfter):
        seconds = error._retry_after.total_seconds()
        return Verdict(Next.WAIT, "flood wait", at=now + int(seconds * 1000) + 250)
    if isinstance(error, ChatMigrated):
        return Verdict(Next.MIGRATED, "migrated", new_chat_id=error.new_chat_id)
    if isinstance(error, MaybeSentError):
        return Verdict(Next.UNCERTAIN, error.message)
    if isinstance(error, InvalidToken):
        # A 404 for a rich message is the server's ignorance of the method; every server knows all others.
        if rich and "not found" in words:
            return Verdict(Next.HTML, error.message)
        return Verdict(Next.STOP, error.message, at=now + _pause(attempts, rng))
    if isinstance(error, (Forbidden, BadRequest)):
        for phrase, reason in _GONE.items():
            if phrase in words:
                return Verdict(Next.CHAT_REFUSES, reason)
        if isinstance(error, Forbidden):
            return Verdict(Next.CHAT_REFUSES, error.message)
        if any(phrase in words for phrase in _TOPIC_GONE):
            return Verdict(Next.TOPIC_GONE, error.message)
        if rich:
            return Verdict(Next.HTML, error.message)
        if not plain and any(phrase in words for phrase in _MARKUP):
            return Verdict(Next.PLAIN, error.message)
        return Verdict(Next.REFUSE, error.message)
    if is_fault_of_the_way(error):
        if now - first_tried_at > PATIENCE_MS:
            return Verdict(Next.REFUSE, f"tried for a day: {error.message}")
        return Verdict(Next.RETRY, error.message, at=now + _pause(attempts, rng))
    return Verdict(Next.REFUSE, error.message)


@dataclass(frozen=True, slots=True)
class AmendVerdict:
    """What a failed edit or deletion leads to: an end, or another try `at` (ms); `plain` asks for one at once.

    Where the `chat_refuses`, bot.delivery.refusals says when it is tried again.
    """

    state: AmendmentState | None
    reason: str
    at: int = 0
    plain: bool = False
    chat_refuses: bool = False


_VANISHED = ("message to edit not found", "message to delete not found", "message_id_invalid")


def amend_verdict(
    error: TelegramError, *, attempts: int, first_tried_at: int, now: int, plain: bool, rng: random.Random
) -> AmendVerdict:
    """Say what follows from `error` at the `attempts`-th try (from 1) to change a copy; repeats do no harm."""
    words = error.message.lower()
    if isinstance(error, RetryAfter):
        seconds = error._retry_after.total_seconds()
        return AmendVerdict(None, "flood wait", at=now + int(seconds * 1000) + 250)
    if isinstance(error, (Forbidden, BadRequest)):
        if "message is not modified" in words:
            return AmendVerdict(AmendmentState.CHANGED, "")
        if any(phrase in words for phrase in _VANISHED):
            return AmendVerdict(AmendmentState.GONE, error.message)
        reason = next((reason for phrase, reason in _GONE.items() if phrase in words), "")
        if reason or isinstance(error, Forbidden):
            if now - first_tried_at > PATIENCE_MS:
                # The chat takes messages, it is this copy that may not be touched.
                return AmendVerdict(AmendmentState.UNREACHABLE, reason or error.message)
            return AmendVerdict(None, reason or error.message, chat_refuses=True)
        if not plain and any(phrase in words for phrase in _MARKUP):
            return AmendVerdict(None, error.message, plain=True)
        return AmendVerdict(AmendmentState.LIVE, error.message)
    patient = isinstance(error, InvalidToken) or now - first_tried_at <= PATIENCE_MS
    if is_fault_of_the_way(error) and patient:
        return AmendVerdict(None, error.message, at=now + _pause(attempts, rng))
    return AmendVerdict(AmendmentState.LIVE, error.message)


def _pause(attempts: int, rng: random.Random) -> int:
    longest = min(_LONGEST_PAUSE_MS, _FIRST_PAUSE_MS << min(attempts - 1, 20))
    return int(longest * rng.uniform(0.5, 1.0))
