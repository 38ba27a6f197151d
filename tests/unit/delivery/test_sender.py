"""Ends of a send or of a change of a copy. Telegram is a script; time stands still unless it is moved."""

import asyncio
import random
from dataclasses import replace
from typing import Any, cast

import pytest
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot import counters
from bot.delivery.amendment_claims import PendingAmendment
from bot.delivery.delivery_claims import Sending
from bot.delivery.policy import NextStep
from bot.delivery.rendering import Composed
from bot.delivery.sender import LATE_MS, Sender
from bot.delivery.settlement import AmendOutcome, SendOutcome
from bot.render.message import SAME_MEDIA, Message
from bot.telegram.encoding import EncodedMessage, prepare
from bot.telegram.gateway import Gateway, RichRefusedError
from bot.telegram.photos import Photos
from bot.telegram.rate_limiter import Limiter
from bot.telegram.transport import MaybeSentError
from storage.records import AmendmentState, ArticleRevision, Form, Lane, MediaKind, Priority
from tests.values import post_style

NOW = 1_766_576_760_000


class _Script:
    """Telegram's answers to edits, None for a success; a deletion always succeeds."""

    def __init__(self, *answers: TelegramError | None) -> None:
        self._answers = list(answers)

    async def replace(self, _chat_id: int, _message_id: int, _message: Message) -> None:
        if (error := self._answers.pop(0)) is not None:
            raise error

    async def delete(self, _chat_id: int, _message_id: int) -> None: ...


async def _end(
    *answers: TelegramError | None, at: int = NOW, lost_at: int | None = None, delete: bool = False
) -> AmendOutcome:
    gateway = cast(Gateway, _Script(*answers))
    sender = Sender(gateway, Limiter(30), lambda: at, random.Random(1), photos=Photos(lambda: at))
    message = None if delete else Message("تازه")
    return await sender.amend(PendingAmendment(1, -100, 5, message, Message("سنگ"), _SHOWN, 1, at, lost_at))


async def test_an_edit_whose_answer_was_lost_leaves_the_instant_at_which_it_began() -> None:
    lost = await _end(MaybeSentError("no answer"))
    assert (lost.state, lost.lost_at) == (None, NOW)


async def test_an_edit_that_an_older_one_may_follow_is_done_once_more() -> None:
    for answer in (None, BadRequest("Message is not modified")):
        early = await _end(answer, at=NOW + 1_000, lost_at=NOW)
        assert (early.state, early.retry, early.lost_at) == (None, NOW + LATE_MS, NOW)
        late = await _end(answer, at=NOW + LATE_MS, lost_at=NOW)
        assert late.state is AmendmentState.CHANGED


async def test_trouble_forgets_no_lost_edit() -> None:
    refused = await _end(TelegramError("Bad Gateway"), at=NOW + 1, lost_at=NOW)
    assert refused.lost_at == NOW


class _Html:
    """Telegram on a server that knows no rich messages."""

    def __init__(self) -> None:
        self.shown = ""

    async def replace(self, _chat_id: int, _message_id: int, message: Message) -> None:
        if message.rich_html:
            raise RichRefusedError("unknown method")
        self.shown = message.html


@pytest.mark.parametrize(("html_does", "state", "shown"), [(True, "changed", "همه"), (False, "live", "")])
async def test_a_digest_is_changed_as_html_where_rich_text_is_refused_by_now_and_a_full_text_left(
    html_does: bool, state: str, shown: str
) -> None:
    telegram = _Html()
    sender = _sender(telegram)
    message = Message("همه", rich_html="<p>همه</p>", is_rtl=True)
    ended = await sender.amend(
        PendingAmendment(1, -100, 5, message, Message("سنگ"), _SHOWN, 1, NOW, html_does=html_does)
    )
    assert (ended.state, telegram.shown) == (state, shown)


async def test_a_deletion_is_final() -> None:
    assert (await _end(at=NOW + 1, lost_at=NOW, delete=True)).state is AmendmentState.DELETED


_SHOWN = (ArticleRevision(1, 2),)
_PHOTO = Message("<b>تیتر</b>", media="https://example.org/a.jpg")
_REFUSED = BadRequest("Wrong type of the web page content")


class _Pushed:
    """Telegram's answers to pushes: words that refuse every photo by address, an error, or a message."""

    def __init__(self, *answers: TelegramError | None, pause: float = 0) -> None:
        self._answers = list(answers)
        self._pause = pause
        self.methods: list[str] = []
        self.bodies: list[str] = []

    async def push(self, chat_id: int, prepared: EncodedMessage, **_: Any) -> dict[str, Any]:
        self.methods.append(prepared.method)
        self.bodies.append(prepared.body.decode())
        await asyncio.sleep(self._pause)
        error = self._answers.pop(0) if self._answers else None
        if error is not None:
            raise error
        photo = {"photo": [{"file_id": "small"}, {"file_id": "large"}]} if prepared.method == "sendPhoto" else {}
        return {"message_id": 7} | photo


def _sending(message: Message, message_id: int = 1) -> Sending:
    composed = Composed("1.1:fa:UTC", Form.HEADLINE, "fa", message, prepare(message), "")
    return Sending(
        message_id,
        -100 - message_id,
        0,
        Priority.of(Lane.HEADLINE),
        False,
        False,
        composed,
        (ArticleRevision(1, 1),),
        1,
        NOW,
    )


def _sender(gateway: object, *, wait: float = 5.0, at: int = NOW) -> Sender:
    return Sender(
        cast(Gateway, gateway), Limiter(30), lambda: at, random.Random(1), photos=Photos(lambda: at, wait=wait)
    )


async def _sent(sender: Sender, *messages: Message) -> list[SendOutcome]:
    sends = [sender.send(_sending(message, number), paid=False) for number, message in enumerate(messages, 1)]
    return list(await asyncio.gather(*sends))


async def test_a_photo_is_fetched_once_whoever_gets_it_at_the_same_time() -> None:
    telegram = _Pushed(pause=0.01)
    outcomes = await _sent(_sender(telegram), *[_PHOTO] * 5)
    assert telegram.methods == ["sendPhoto"] * 5
    assert ["example.org" in body for body in telegram.bodies] == [True, False, False, False, False]
    assert all('"photo":"large"' in body for body in telegram.bodies[1:])
    assert not any(outcome.as_text for outcome in outcomes)


async def test_a_refused_photo_is_left_out_at_once_and_tried_for_no_other_chat() -> None:
    telegram = _Pushed(_REFUSED)
    outcomes = await _sent(_sender(telegram), *[_PHOTO] * 3)
    assert telegram.methods == ["sendPhoto", "sendMessage", "sendMessage", "sendMessage"]
    assert [(outcome.telegram_id, outcome.as_text, outcome.refusal) for outcome in outcomes] == [(7, True, "")] * 3


async def test_a_text_without_its_photo_may_have_trouble_of_its_own() -> None:
    telegram = _Pushed(_REFUSED, BadRequest("Can't parse entities"))
    (outcome,) = await _sent(_sender(telegram), _PHOTO)
    assert telegram.methods == ["sendPhoto", "sendMessage", "sendMessage"]
    assert outcome.as_text
    assert "parse" in outcome.refusal


async def test_what_the_newsroom_attached_is_not_left_out() -> None:
    telegram = _Pushed(_REFUSED)
    (outcome,) = await _sent(_sender(telegram), replace(_PHOTO, media="file-id"))
    assert telegram.methods == ["sendPhoto"]
    assert outcome.telegram_id is None


async def test_where_no_photos_may_be_sent_others_get_it_all_the_same() -> None:
    telegram = _Pushed(BadRequest("Not enough rights to send photos to the chat"))
    outcomes = await _sent(_sender(telegram), _PHOTO, _PHOTO)
    assert [outcome.as_text for outcome in outcomes] == [True, False]


@pytest.mark.parametrize("media", ["https://example.org/a.jpg", "file-id"])
async def test_a_chat_that_takes_no_media_gets_the_text_and_is_not_taken_for_one_that_refuses(media: str) -> None:
    telegram = _Pushed(BadRequest("Not enough rights to send photos to the chat"))
    (outcome,) = await _sent(_sender(telegram), replace(_PHOTO, media=media))
    assert telegram.methods == ["sendPhoto", "sendMessage"]
    assert outcome.as_text


async def test_a_chat_that_takes_no_texts_refuses() -> None:
    telegram = _Pushed(BadRequest("Not enough rights to send text messages to the chat"))
    (outcome,) = await _sent(_sender(telegram), replace(_PHOTO, media="file-id"))
    assert outcome.verdict is not None
    assert (outcome.verdict.next, outcome.verdict.reason) == (NextStep.CHAT_REFUSES, "rights taken")


async def test_a_slow_photo_brings_only_one_message_in_doubt() -> None:
    class _Slow(_Pushed):
        async def push(self, chat_id: int, prepared: EncodedMessage, **more: Any) -> dict[str, Any]:
            if "example.org" in prepared.body.decode():
                self.methods.append(prepared.method)
                await asyncio.sleep(0.2)
                raise MaybeSentError("no answer")
            return await super().push(chat_id, prepared, **more)

    telegram = _Slow()
    sender = _sender(telegram, wait=0.02)
    first, *others = await _sent(sender, *[_PHOTO] * 4)
    assert first.telegram_id is None
    assert all(outcome.as_text for outcome in others)
    (again,) = await _sent(sender, _PHOTO)
    assert again.as_text, "the same send, made ready again, is not in doubt again"
    assert telegram.methods.count("sendPhoto") == 1


async def test_a_photo_that_is_refused_late_is_claimed_anew_and_goes_as_a_text() -> None:
    clock = [NOW]

    class _Late(_Pushed):
        async def push(self, chat_id: int, prepared: EncodedMessage, **more: Any) -> dict[str, Any]:
            clock[0] += 15_000
            return await super().push(chat_id, prepared, **more)

    telegram = _Late(_REFUSED)
    photos = Photos(lambda: clock[0])
    sender = Sender(cast(Gateway, telegram), Limiter(30), lambda: clock[0], random.Random(1), photos=photos)
    (outcome,) = await _sent(sender, _PHOTO)
    assert outcome.verdict is not None
    assert (outcome.verdict.next, outcome.verdict.at) == (NextStep.WAIT, NOW + 15_000), "its lease ends soon"
    assert photos.settled(_PHOTO).media == ""


async def test_a_text_is_no_photo_that_went_as_a_text() -> None:
    telegram = _Pushed()
    (outcome,) = await _sent(_sender(telegram), Message("متن"))
    assert (outcome.telegram_id, outcome.as_text) == (7, False)


async def test_the_words_under_a_photo_are_changed_where_the_new_photo_is_refused() -> None:
    tried: list[str] = []

    class _Edits:
        async def replace(self, _chat_id: int, _message_id: int, message: Message) -> None:
            tried.append(message.media)
            if "://" in message.media:
                raise _REFUSED

    sender = _sender(_Edits())
    for _ in range(2):
        outcome = await sender.amend(
            PendingAmendment(
                1,
                -100,
                5,
                _PHOTO,
                Message("سنگ"),
                _SHOWN,
                1,
                NOW,
                post_style=post_style("photo=any"),
            )
        )
        assert (outcome.state, outcome.post_style) == (AmendmentState.CHANGED, post_style("photo=any"))
    assert tried == [_PHOTO.media, SAME_MEDIA, SAME_MEDIA]


class _Media:
    """Telegram that refuses every address, and tells what was deleted."""

    def __init__(self) -> None:
        self.done: list[str] = []

    async def replace(self, _chat_id: int, _message_id: int, message: Message) -> None:
        if "://" in message.media:
            raise BadRequest("Failed to get HTTP URL content")
        self.done.append(f"replaced by {message.media}")

    async def delete(self, _chat_id: int, _message_id: int) -> None:
        self.done.append("deleted")


@pytest.mark.parametrize(
    ("media", "kind", "is_attachment", "done", "state"),
    [
        ("https://v.example/2.mp4", MediaKind.VIDEO, True, "deleted", AmendmentState.DELETED),
        ("file-2", MediaKind.VIDEO, True, "replaced by file-2", AmendmentState.CHANGED),
        ("file-2", MediaKind.VOICE, True, "deleted", AmendmentState.DELETED),
        (SAME_MEDIA, MediaKind.VOICE, True, "replaced by same", AmendmentState.CHANGED),
        ("https://v.example/2.jpg", MediaKind.PHOTO, False, "replaced by same", AmendmentState.CHANGED),
    ],
)
async def test_an_attachment_that_cannot_be_replaced_is_deleted_and_a_post_keeps_its_photo(
    media: str, kind: MediaKind, is_attachment: bool, done: str, state: AmendmentState
) -> None:
    telegram = _Media()
    sender = Sender(
        cast(Gateway, telegram), Limiter(30), lambda: NOW, rng=random.Random(1), photos=Photos(lambda: NOW)
    )
    message = Message("متن", media=media, media_kind=kind)
    amending = PendingAmendment(1, 5, 5, message, Message("سنگ"), _SHOWN, 1, NOW, is_attachment=is_attachment)
    assert (await sender.amend(amending)).state is state
    assert telegram.done == [done]


def _tried(outcome: str) -> float:
    labels = {"lane": "headline", "outcome": outcome}
    return counters.REGISTRY.get_sample_value("peyk_deliveries_tried_total", labels) or 0.0


async def test_each_try_is_counted_by_its_lane_and_outcome() -> None:
    before = {outcome: _tried(outcome) for outcome in ("sent", "wait", "refuse")}
    telegram = _Pushed(None, RetryAfter(3), BadRequest("message is too long"))
    await _sent(_sender(telegram), *[Message("تیتر")] * 3)
    assert {outcome: _tried(outcome) - count for outcome, count in before.items()} == {
        "sent": 1,
        "wait": 1,
        "refuse": 1,
    }
