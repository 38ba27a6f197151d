"""What a change of a copy ends in. Telegram is a script; time stands still unless it is moved."""

import random
from typing import cast

from telegram.error import BadRequest, TelegramError

from bot.delivery.changes import Amending
from bot.delivery.gateway import Gateway
from bot.delivery.limiter import Limiter
from bot.delivery.outcome import AmendOutcome
from bot.delivery.photos import Photos
from bot.delivery.sender import LATE_MS, Sender
from bot.delivery.transport import MaybeSentError
from bot.render.message import Message
from storage.records import AmendmentState

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
    sender = Sender(gateway, Limiter(30), lambda: at, random.Random(1), Photos(lambda: at))
    message = None if delete else Message("تازه")
    return await sender.amend(Amending(1, -100, 5, message, Message("سنگ"), ((1, 2),), 1, at, lost_at))


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


async def test_a_deletion_is_final() -> None:
    assert (await _end(at=NOW + 1, lost_at=NOW, delete=True)).state is AmendmentState.DELETED
