"""Consequences of Telegram's answers: the table, row by row."""

import random

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.delivery.policy import (
    PATIENCE_MS,
    AmendVerdict,
    Attempt,
    NextStep,
    SendVerdict,
    Traits,
    amend_verdict,
    verdict,
)
from bot.telegram.errors import About, failure_of
from bot.telegram.transport import MaybeSentError, NotSentError
from storage.records import AmendmentState

_NOW = 1_700_000_000_000


def _verdict(
    error: TelegramError,
    *,
    first: int = _NOW,
    plain: bool = False,
    attempts: int = 1,
    by_address: bool = False,
    rich: bool = False,
) -> SendVerdict:
    message = Traits(is_plain=plain, has_media=by_address, by_address=by_address, is_rich=rich)
    return verdict(failure_of(error), Attempt(attempts, first, _NOW), message, random.Random(1))


def _refuses_photo(error: TelegramError) -> bool:
    return About.UNUSABLE in failure_of(error).about


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RetryAfter(7), NextStep.WAIT),
        (Forbidden("Forbidden: bot was blocked by the user"), NextStep.CHAT_REFUSES),
        (Forbidden("Forbidden: user is deactivated"), NextStep.CHAT_REFUSES),
        (Forbidden("Forbidden: bot was kicked from the channel chat"), NextStep.CHAT_REFUSES),
        (BadRequest("Chat not found"), NextStep.CHAT_REFUSES),
        (BadRequest("Need administrator rights in the channel chat"), NextStep.CHAT_REFUSES),
        (ChatMigrated(-100123), NextStep.MIGRATED),
        (BadRequest("Can't parse entities: unsupported start tag"), NextStep.PLAIN),
        (BadRequest("TOPIC_CLOSED"), NextStep.TOPIC_GONE),
        (BadRequest("Message thread not found"), NextStep.TOPIC_GONE),
        (BadRequest("Message is too long"), NextStep.REFUSE),
        (NetworkError("Bad Gateway"), NextStep.RETRY),
        (NotSentError("no connection"), NextStep.RETRY),
        (MaybeSentError("no answer"), NextStep.UNCERTAIN),
    ],
)
def test_each_answer_has_its_consequence(error: TelegramError, expected: NextStep) -> None:
    assert _verdict(error).next is expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (InvalidToken("Not Found"), NextStep.HTML),
        (InvalidToken("Unauthorized"), NextStep.STOP),
        (BadRequest("Can't parse rich message: unsupported start tag"), NextStep.HTML),
        (BadRequest("Rich message is too long"), NextStep.HTML),
        (BadRequest("Chat not found"), NextStep.CHAT_REFUSES),
        (BadRequest("TOPIC_CLOSED"), NextStep.TOPIC_GONE),
        (Forbidden("Forbidden: bot was blocked by the user"), NextStep.CHAT_REFUSES),
        (MaybeSentError("no answer"), NextStep.UNCERTAIN),
    ],
)
def test_a_rich_message_that_is_refused_is_said_as_html(error: TelegramError, expected: NextStep) -> None:
    assert _verdict(error, rich=True).next is expected


def test_a_flood_wait_is_kept_to_the_letter() -> None:
    assert _verdict(RetryAfter(7)).at >= _NOW + 7000


def test_markup_that_is_plain_already_is_refused() -> None:
    assert _verdict(BadRequest("Can't parse entities"), plain=True).next is NextStep.REFUSE


def test_a_server_in_trouble_is_tried_for_a_day_with_growing_pauses() -> None:
    pauses = [_verdict(NetworkError("Bad Gateway"), attempts=n).at - _NOW for n in (1, 5, 30)]
    assert pauses[0] < pauses[1] < pauses[2] <= 5 * 60_000
    assert _verdict(NetworkError("Bad Gateway"), first=_NOW - PATIENCE_MS - 1).next is NextStep.REFUSE


_NO_PHOTO = [
    BadRequest("Wrong file identifier/http url specified"),
    BadRequest("Failed to get http url content"),
    BadRequest("Wrong type of the web page content"),
    BadRequest("Webpage_media_empty"),
    BadRequest("Image_process_failed"),
    BadRequest("Photo_invalid_dimensions"),
    BadRequest("File of size 6291456 bytes is too big for a photo"),
    NetworkError("Request Entity Too Large (413)"),
]


@pytest.mark.parametrize("error", _NO_PHOTO)
def test_a_photo_that_telegram_cannot_fetch_is_left_out_and_no_trouble_of_markup(error: TelegramError) -> None:
    assert _verdict(error, by_address=True).next is NextStep.TEXT
    assert _refuses_photo(error)
    assert _verdict(error).next is not NextStep.TEXT, "what the newsroom attached is not left out unseen"


def test_where_no_photos_may_be_sent_the_text_goes_and_the_photo_is_good_for_others() -> None:
    error = BadRequest("Not enough rights to send photos to the chat")
    assert _verdict(error, by_address=True).next is NextStep.TEXT
    assert not _refuses_photo(error)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RetryAfter(7), NextStep.WAIT),
        (Forbidden("Forbidden: bot was blocked by the user"), NextStep.CHAT_REFUSES),
        (BadRequest("Can't parse entities: unsupported start tag"), NextStep.PLAIN),
        (BadRequest("Not enough rights to send text messages to the chat"), NextStep.CHAT_REFUSES),
        (MaybeSentError("too large a pause: no answer"), NextStep.UNCERTAIN),
    ],
)
def test_a_photo_by_address_changes_nothing_of_what_else_may_happen(
    error: TelegramError, expected: NextStep
) -> None:
    assert _verdict(error, by_address=True).next is expected
    assert not _refuses_photo(error)


def _amend(error: TelegramError, *, first: int = _NOW, plain: bool = False) -> AmendVerdict:
    return amend_verdict(failure_of(error), Attempt(1, first, _NOW), is_plain=plain, rng=random.Random(1))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (BadRequest("Message is not modified: specified new message content is the same"), AmendmentState.CHANGED),
        (BadRequest("Message to edit not found"), AmendmentState.GONE),
        (BadRequest("Message to delete not found"), AmendmentState.GONE),
        (BadRequest("Message can't be edited"), AmendmentState.LIVE),
        (BadRequest("Message can't be deleted for everyone"), AmendmentState.LIVE),
    ],
)
def test_each_answer_to_a_change_has_its_end(error: TelegramError, expected: AmendmentState) -> None:
    assert _amend(error).state is expected


@pytest.mark.parametrize(
    "error", [Forbidden("Forbidden: bot was blocked by the user"), BadRequest("Chat not found"), Forbidden("?")]
)
def test_a_change_waits_with_a_chat_that_refuses_but_no_longer_than_a_day(error: TelegramError) -> None:
    assert (_amend(error).state, _amend(error).chat_refuses) == (None, True)
    assert _amend(error, first=_NOW - PATIENCE_MS - 1).state is AmendmentState.UNREACHABLE


@pytest.mark.parametrize("error", [RetryAfter(7), NetworkError("Bad Gateway"), MaybeSentError("no answer")])
def test_a_change_is_safe_to_repeat(error: TelegramError) -> None:
    change = _amend(error)
    assert change.state is None
    assert change.at > _NOW


def test_a_change_whose_markup_is_refused_is_tried_plain_and_then_left() -> None:
    error = BadRequest("Can't parse entities")
    assert _amend(error).plain
    assert _amend(error, plain=True).state is AmendmentState.LIVE
