"""The time for which an answer is tried: as long as nothing gets through. Time is virtual."""

import asyncio
from typing import Any, cast

import pytest
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot import counters
from bot.render.message import Message
from bot.telegram.circuit import Circuit
from bot.telegram.gateway import BotApi, CallObservers, Gateway
from bot.telegram.rate_limiter import Limiter
from bot.telegram.server_support import Feature
from bot.telegram.transport import AiohttpRequest, MaybeSentError, NotSentError


class _Memory:
    def works(self, feature: Feature) -> bool:
        return True

    async def failed(self, feature: Feature) -> None: ...


class _Way:
    """Telegram behind a way that is at fault until `back_at` (seconds); `times` are those of the tries."""

    def __init__(self, error: TelegramError, back_at: float, methods: tuple[str, ...] = ("sendMessage",)) -> None:
        self.now = 0.0
        self.error = error
        self.back_at = back_at
        self.methods = methods
        self.times: list[float] = []
        self.circuit = Circuit(lambda: self.now)

    def gateway(self, *, lasting: bool) -> Gateway:
        limiter = Limiter(30, clock=lambda: self.now, sleep=self.sleep)
        request = cast(AiohttpRequest, self)
        memory = _Memory()
        api = BotApi("http://x", "1:x")
        return Gateway(
            request, api, limiter, memory, watch=CallObservers(self.circuit), lasting=lasting, sleep=self.sleep
        )

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    async def call(self, url: str, params: dict[str, Any], *, timeout: float | None = None) -> Any:
        method = url.rsplit("/", 1)[1]
        if method in self.methods:
            self.times.append(self.now)
            if self.now < self.back_at:
                raise self.error
        return {"message_id": 7, "file_id": "f", "status": "member"}


_FAULTS = [
    NetworkError("Bad Gateway"),
    NotSentError("no connection"),
    MaybeSentError("no answer"),
    InvalidToken("Unauthorized"),
    InvalidToken("Not Found"),
]


@pytest.mark.parametrize("error", _FAULTS)
@pytest.mark.parametrize(("chat_id", "seconds"), [(5, 45), (-5, 45), (5, 6 * 3600)])
async def test_a_reader_is_answered_when_the_way_is_back_and_not_long_after(
    error: TelegramError, chat_id: int, seconds: float
) -> None:
    way = _Way(error, back_at=seconds)
    assert await way.gateway(lasting=True).send(chat_id, Message("پاسخ")) == 7
    assert seconds <= way.now <= seconds + 6 if chat_id > 0 else seconds <= way.now <= seconds + 70


async def test_where_others_get_through_an_answer_is_given_up_in_the_end() -> None:
    class _OthersGetThrough(_Way):
        async def call(self, url: str, params: dict[str, Any], *, timeout: float | None = None) -> Any:
            self.circuit.got_through()
            return await super().call(url, params, timeout=timeout)

    way = _OthersGetThrough(NetworkError("Bad Gateway"), back_at=1e9)
    with pytest.raises(NetworkError):
        await way.gateway(lasting=True).send(5, Message("پاسخ"))
    assert 500 < way.now < 800


async def test_what_has_a_row_is_tried_for_a_minute() -> None:
    way = _Way(NetworkError("Bad Gateway"), back_at=1e9)
    with pytest.raises(NetworkError):
        await way.gateway(lasting=False).send(5, Message("یادداشت"))
    assert 45 < way.now < 90


@pytest.mark.parametrize("method", ["getChatMember", "getFile", "deleteMessage"])
async def test_what_an_answer_needs_to_know_is_asked_again_too(method: str) -> None:
    way = _Way(MaybeSentError("no answer"), 45, (method,))
    assert await way.gateway(lasting=True).call_repeatable(method, {})
    assert way.now >= 45


async def test_a_refusal_is_told_at_once_and_a_flood_wait_is_kept() -> None:
    way = _Way(BadRequest("Chat not found"), back_at=10)
    with pytest.raises(BadRequest):
        await way.gateway(lasting=True).send(5, Message("پاسخ"))
    assert way.times == [0.0]
    way = _Way(RetryAfter(7), back_at=7)
    before = _flood_waits()
    await way.gateway(lasting=True).send(5, Message("پاسخ"))
    assert len(way.times) == 2
    assert _flood_waits() == before + 1


def _flood_waits() -> float:
    """Return how many flood waits of sendMessage were counted."""
    return counters.REGISTRY.get_sample_value("peyk_flood_waits_total", {"method": "sendMessage"}) or 0.0


async def test_a_press_that_cannot_be_answered_ends_no_act() -> None:
    for error in (*_FAULTS, BadRequest("Query is too old")):
        way = _Way(error, 1e9, ("answerCallbackQuery",))
        await way.gateway(lasting=True).answer_button("1")
        assert way.times == [0.0]
        assert not way.circuit.is_open
