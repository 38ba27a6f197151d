"""Telegram's refusals and the transport's failures, told apart by cause (pure).

This is the only module that reads the words of an error. The Bot API documents neither its descriptions nor their
case; the phrases here are those that its servers answer with (core.telegram.org/bots/api#making-requests names the
codes alone). python-telegram-bot capitalises them.
"""

import re
from dataclasses import dataclass
from enum import Enum, Flag, auto

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


class Cause(Enum):
    """The cause of a failed call."""

    FLOOD_WAIT = auto()  # too many requests: `FailedCall.wait_seconds`
    MIGRATED = auto()  # the group is a supergroup now: `FailedCall.new_chat_id`
    CHAT_GONE = auto()  # the bot may not write in the chat, or it is no chat: `FailedCall.reason`
    TOPIC_GONE = auto()  # the forum topic is closed or deleted
    UNCHANGED = auto()  # an edit that changes nothing
    MESSAGE_GONE = auto()  # the message to edit or delete is not there
    REFUSED = auto()  # any other refusal: `FailedCall.about` tells of what
    TOKEN_REFUSED = auto()  # no such bot, or no such method
    PERHAPS_SENT = auto()  # Telegram perhaps did it, and its answer is lost
    WAY_AT_FAULT = auto()  # no connection, a server in trouble, a second poller


class About(Flag):
    """Parts of a request that the words of a refusal name. One refusal may name several, or none."""

    METHOD = auto()  # the server does not know the method
    RICH_FORM = auto()  # the form of a rich message
    MARKUP = auto()  # formatting or buttons
    BUTTONS = auto()
    MEDIA = auto()  # a photo or another file, whatever is wrong with it
    UNUSABLE = auto()  # a photo or another file that Telegram can use nowhere, for its address or its content
    MEDIA_HERE = auto()  # a kind of media that this chat does not take; it may take texts
    RIGHTS = auto()  # a right that the bot has not got
    MISSING = auto()  # something that was not found
    FORWARDING = auto()
    TOPIC = auto()


NOTHING = About(0)


@dataclass(frozen=True, slots=True)
class FailedCall:
    """A failed call: its cause, and the words of whoever refused it.

    `about` is empty where the words are not Telegram's. `wait_seconds` belongs to FLOOD_WAIT, `new_chat_id` to
    MIGRATED. The `reason` of CHAT_GONE is a word of ours, such as "blocked" or "rights taken", or Telegram's words
    where there is none for them.
    """

    cause: Cause
    words: str
    about: About = NOTHING
    wait_seconds: float = 0.0
    new_chat_id: int = 0
    reason: str = ""

    @property
    def is_outage(self) -> bool:
        """Return whether the cause lies outside of the request: no answer, a server in trouble, a token refused."""
        return self.cause in (Cause.TOKEN_REFUSED, Cause.PERHAPS_SENT, Cause.WAY_AT_FAULT)


_GONE_REASONS = {
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

_CAUSES: tuple[tuple[Cause, tuple[str, ...]], ...] = (
    (Cause.UNCHANGED, ("not modified",)),
    (Cause.MESSAGE_GONE, ("message to edit not found", "message to delete not found", "message_id_invalid")),
    (Cause.CHAT_GONE, tuple(_GONE_REASONS)),
    (Cause.TOPIC_GONE, ("topic_closed", "topic_deleted", "message thread not found")),
)

_ABOUT: dict[About, re.Pattern[str]] = {
    About.METHOD: re.compile("method not found"),
    About.RICH_FORM: re.compile("rich|parse"),
    About.MARKUP: re.compile("can't parse|entit|button|reply markup|tag |byte offset"),
    About.BUTTONS: re.compile("button|reply markup"),
    About.MEDIA: re.compile("photo|media|image|file|http url|web ?page|video_|audio_|voice_"),
    About.UNUSABLE: re.compile(
        "wrong file identifier|wrong remote file|file_reference|file_id_invalid|wrong file_id|http url|"
        "web page content|webpage_|too big|too large|image_process_failed|photo_"
        "|media_empty|media_invalid|external_url_invalid"
    ),
    About.MEDIA_HERE: re.compile(
        "rights to send (?:photo|video|document|media|animation|audio|music|voice)"
        "|chat_send_(?:photos|videos|docs|media|gifs|audios|voices)_forbidden|voice_messages_forbidden"
    ),
    About.RIGHTS: re.compile("rights"),
    About.MISSING: re.compile("not found"),
    About.FORWARDING: re.compile("forward"),
    About.TOPIC: re.compile("topic|thread"),
}


def about(words: str) -> About:
    """Return the parts of a request that the words of Telegram's refusal name."""
    words, named = words.lower(), NOTHING
    for part, phrases in _ABOUT.items():
        if phrases.search(words):
            named |= part
    return named


def failure_of(error: TelegramError) -> FailedCall:
    """Return why a call failed that raised `error`."""
    words = error.message
    match error:
        case RetryAfter():
            # The public property is an int or a timedelta, depending on an environment variable.
            return FailedCall(Cause.FLOOD_WAIT, words, wait_seconds=error._retry_after.total_seconds())
        case ChatMigrated():
            return FailedCall(Cause.MIGRATED, words, new_chat_id=error.new_chat_id)
        case MaybeSentError():
            return FailedCall(Cause.PERHAPS_SENT, words)
        case NotSentError():
            return FailedCall(Cause.WAY_AT_FAULT, words)
        case InvalidToken():
            named = about(words)
            # A server says "Not Found" both of a token that is none and of a method that it does not know.
            return FailedCall(Cause.TOKEN_REFUSED, words, named | About.METHOD if About.MISSING in named else named)
        case BadRequest() | Forbidden():
            return _refusal(error)
        case NetworkError() | Conflict():
            return FailedCall(Cause.WAY_AT_FAULT, words, about(words))
    return FailedCall(Cause.REFUSED, words, about(words))


def _refusal(error: BadRequest | Forbidden) -> FailedCall:
    words, named = error.message.lower(), about(error.message)
    for cause, phrases in _CAUSES:
        if (phrase := next((candidate for candidate in phrases if candidate in words), None)) is not None:
            return FailedCall(cause, error.message, named, reason=_GONE_REASONS.get(phrase, ""))
        if cause is Cause.CHAT_GONE and isinstance(error, Forbidden):
            return FailedCall(cause, error.message, named, reason=error.message)
    return FailedCall(Cause.REFUSED, error.message, named)
