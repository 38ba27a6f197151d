"""Causes of failed calls: each answer of Telegram's, and each failure of the way, has one."""

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram.errors import NOTHING, About, Cause, about, failure_of
from bot.telegram.transport import MaybeSentError, NotSentError


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (RetryAfter(7), Cause.FLOOD_WAIT),
        (ChatMigrated(-100123), Cause.MIGRATED),
        (BadRequest("Chat not found"), Cause.CHAT_GONE),
        (Forbidden("Forbidden: whatever it may say"), Cause.CHAT_GONE),
        (BadRequest("TOPIC_CLOSED"), Cause.TOPIC_GONE),
        (BadRequest("Message is not modified: specified new message content is the same"), Cause.UNCHANGED),
        (BadRequest("Message to edit not found"), Cause.MESSAGE_GONE),
        (BadRequest("MESSAGE_ID_INVALID"), Cause.MESSAGE_GONE),
        (BadRequest("Can't parse entities: unsupported start tag"), Cause.REFUSED),
        (InvalidToken("Unauthorized"), Cause.TOKEN_REFUSED),
        (InvalidToken("Not Found"), Cause.TOKEN_REFUSED),
        (MaybeSentError("no answer"), Cause.PERHAPS_SENT),
        (NotSentError("no connection"), Cause.WAY_AT_FAULT),
        (NetworkError("Bad Gateway"), Cause.WAY_AT_FAULT),
        (TimedOut(), Cause.WAY_AT_FAULT),
        (Conflict("terminated by other getUpdates request"), Cause.WAY_AT_FAULT),
    ],
)
def test_each_answer_has_a_cause(error: TelegramError, cause: Cause) -> None:
    failure = failure_of(error)
    assert (failure.cause, failure.words) == (cause, error.message)
    ways = {Cause.TOKEN_REFUSED, Cause.PERHAPS_SENT, Cause.WAY_AT_FAULT}
    assert failure.is_outage is (cause in ways)


def test_a_cause_brings_its_facts() -> None:
    assert failure_of(RetryAfter(7)).wait_seconds == 7
    assert failure_of(ChatMigrated(-100123)).new_chat_id == -100123
    assert failure_of(Forbidden("Forbidden: bot was blocked by the user")).reason == "blocked"
    assert failure_of(BadRequest("CHAT_WRITE_FORBIDDEN")).reason == "rights taken"
    assert failure_of(Forbidden("Forbidden: no")).reason == "Forbidden: no"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Can't parse entities: unsupported start tag", About.MARKUP | About.RICH_FORM),
        ("BUTTON_URL_INVALID", About.MARKUP | About.BUTTONS),
        ("Wrong type of the web page content", About.MEDIA | About.UNUSABLE),
        ("Photo_invalid_dimensions", About.MEDIA | About.UNUSABLE),
        ("Not enough rights to send photos to the chat", About.MEDIA | About.MEDIA_HERE | About.RIGHTS),
        ("message to forward not found", About.MISSING | About.FORWARDING),
        ("Message is too long", NOTHING),
    ],
)
def test_words_name_what_they_are_about(words: str, named: About) -> None:
    assert about(words) == about(words.upper()) == named


def test_a_method_that_a_server_does_not_know_is_told_by_404_or_in_words() -> None:
    for error in (InvalidToken("Not Found"), BadRequest("method not found")):
        assert About.METHOD in failure_of(error).about
    assert About.METHOD not in failure_of(BadRequest("Chat not found")).about


@pytest.mark.parametrize("kind", [NotSentError, MaybeSentError])
def test_words_that_are_not_telegrams_are_about_nothing(kind: type[NetworkError]) -> None:
    assert failure_of(kind("the answer is too large: method not found")).about == NOTHING
