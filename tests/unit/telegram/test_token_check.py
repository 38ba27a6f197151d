"""Health hears of a token that Telegram refuses, from the calls that are about the bot alone."""

from typing import Any

import pytest
import structlog
from telegram.error import InvalidToken, NetworkError

from bot.telegram.token_check import TELLING, TokenCheck

_REFUSED = InvalidToken("Unauthorized")


class _Asked:
    """Telegram, which takes our token or not; `methods` are what it was asked."""

    def __init__(self, check: TokenCheck) -> None:
        self.check = check
        self.error: Exception | None = None
        self.methods: list[str] = []

    async def call(self, method: str, _params: dict[str, Any]) -> None:
        self.methods.append(method)
        if isinstance(self.error, InvalidToken):
            self.check.refused(method, self.error)
        if self.error is not None:
            raise self.error
        self.check.answered(method)


@pytest.mark.parametrize("method", TELLING)
async def test_a_refused_token_is_told_once_and_well_again_when_it_is_taken(method: str) -> None:
    check = TokenCheck(lambda: 0.0)
    telegram = _Asked(check)
    with structlog.testing.capture_logs() as log:
        for _ in range(5):
            check.refused(method, _REFUSED)
    assert not check.is_taken
    assert [(entry["event"], "BOT_TOKEN" in entry["hint"]) for entry in log] == [("token_refused", True)]
    telegram.error = NetworkError("Bad Gateway")
    await check.check(telegram.call)
    assert not check.is_taken, "who does not answer says nothing about the token"
    telegram.error = None
    await check.check(telegram.call)
    assert check.is_taken


async def test_a_refusal_of_another_call_makes_us_ask_and_proves_nothing() -> None:
    check = TokenCheck(lambda: 0.0)
    telegram = _Asked(check)
    await check.check(telegram.call)
    assert telegram.methods == []
    check.refused("sendMessage", _REFUSED)
    check.answered("sendMessage")
    assert check.is_taken
    telegram.error = _REFUSED
    await check.check(telegram.call)
    assert telegram.methods == ["getMe"]
    assert not check.is_taken


async def test_where_nothing_is_polled_telegram_is_asked_now_and_then() -> None:
    now = 0.0
    check = TokenCheck(lambda: now)
    telegram = _Asked(check)
    for second in range(0, 600, 5):
        now = float(second)
        await check.check(telegram.call)
    assert 5 <= len(telegram.methods) <= 7
