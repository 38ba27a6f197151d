"""The first calls to Telegram and the database, repeated until they are answered."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TypeVar

import structlog
from telegram.error import InvalidToken, TelegramError

from bot import web
from bot.config import Settings
from bot.errors import ConfigError
from bot.telegram.gateway import Gateway
from bot.updates.polling_turn import PollingTurn
from bot.updates.receiver import ALLOWED_UPDATES, Receiver
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.errors import UnavailableError

T = TypeVar("T")

_LONGEST_PAUSE = 30.0

_log = structlog.get_logger(__name__)


class StoppedError(Exception):
    """We were told to stop before Telegram or the database answered."""


async def retry(call: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T:
    """Repeat `call` until Telegram answers, and return its result.

    Raises ConfigError where Telegram does not know the token, StoppedError where `stop` was set first.
    """
    pause = 1.0
    while not stop.is_set():
        try:
            return await call()
        except InvalidToken as error:
            raise ConfigError("BOT_TOKEN: Telegram does not know this token") from error
        except TelegramError as error:
            _log.warning("telegram_unreachable", reason=error.message, again_in=pause)
        pause = await _wait(pause, stop)
    raise StoppedError


async def retry_database(settings: Settings, stack: AsyncExitStack, stop: asyncio.Event) -> Database:
    """Open the database as soon as it is available, register its closing with `stack`, and return it.

    Raises StoppedError where `stop` was set first, and what `opened` raises but UnavailableError.
    """
    pause = 1.0
    while not stop.is_set():
        try:
            return await stack.enter_async_context(opened(settings.database_url, settings.zone))
        except UnavailableError as error:
            _log.warning("database_unreachable", reason=str(error), again_in=pause)
        pause = await _wait(pause, stop)
    raise StoppedError


async def _wait(seconds: float, stop: asyncio.Event) -> float:
    """Wait that long, or until `stop` is set; return how long to wait the next time."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
    return min(seconds * 2, _LONGEST_PAUSE)


async def receive(
    settings: Settings, gateway: Gateway, receiver: Receiver, stop: asyncio.Event, *, turn: PollingTurn | None
) -> "asyncio.Task[None] | None":
    """Start to receive updates by the webhook that bot.web serves (None), or by a task that polls in its `turn`."""
    if not settings.webhook_url:
        await retry(lambda: gateway.call("deleteWebhook", {}), stop)
        return asyncio.create_task(receiver.poll(gateway, turn))
    assert settings.webhook_secret is not None, "config holds the two together"
    params = {
        "url": settings.webhook_url + web.WEBHOOK_PATH,
        "secret_token": settings.webhook_secret.get_secret_value(),
        "allowed_updates": list(ALLOWED_UPDATES),
    }
    await retry(lambda: gateway.call("setWebhook", params), stop)
    return None
