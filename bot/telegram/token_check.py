"""The validity of the token, from Telegram's answers to getMe and getUpdates: those concern the bot alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram.error import InvalidToken, TelegramError

TELLING = ("getMe", "getUpdates")
"""The methods that every server knows and that need no more than the token."""

_ANSWER_LASTS_SECONDS = 90.0
_TRY_SECONDS = 20.0

_log = structlog.get_logger(__name__)


class TokenCheck:
    """The newest answer of Telegram about the token. `clock` is monotonic, in seconds.

    Of other methods a refusal is only a reason to ask again: it may be one of a server between, or of one chat.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._is_taken = True
        self._in_doubt = False
        self._told_at = clock()

    @property
    def is_taken(self) -> bool:
        """Return whether Telegram accepted the token in its latest answer."""
        return self._is_taken

    def answered(self, method: str) -> None:
        """A method was answered."""
        if method not in TELLING:
            return
        self._told_at, self._in_doubt = self._clock(), False
        if not self._is_taken:
            self._is_taken = True
            _log.info("token_taken_again")

    def refused(self, method: str, error: InvalidToken) -> None:
        """The token was refused; Telegram says the same of a method that a server does not know."""
        if method not in TELLING:
            self._in_doubt = True
            return
        self._told_at, self._in_doubt = self._clock(), False
        if self._is_taken:
            self._is_taken = False
            hint = "start Peyk with a valid BOT_TOKEN, of @BotFather; nothing is lost until then"
            _log.error("token_refused", reason=error.message, hint=hint)

    async def check(self, call: Callable[[str, dict[str, Any]], Awaitable[Any]]) -> None:
        """Call getMe where the token is refused or in doubt, or where no answer confirmed it for a while."""
        if self._is_taken and not self._in_doubt and self._clock() - self._told_at < _ANSWER_LASTS_SECONDS:
            return
        try:
            async with asyncio.timeout(_TRY_SECONDS):
                await call("getMe", {})
        except (TelegramError, TimeoutError) as error:
            _log.debug("token_not_told", reason=str(error))
