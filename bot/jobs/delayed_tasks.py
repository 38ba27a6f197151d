"""Messages that follow an answer a moment later and delay nobody."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram.error import TelegramError

from storage.errors import UnavailableError

_PAUSE_SECONDS = 1.5
"""Long enough that the chat may be written to again, and for a look at what was answered."""

_log = structlog.get_logger(__name__)


class DelayedTasks:
    """One thing at a time for each chat. It is lost where the desk ends: only for what comes up again by itself."""

    def __init__(self, pause: float = _PAUSE_SECONDS) -> None:
        self._pause = pause
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def begin(self, chat_id: int, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` in a moment, unless something is to be done for the chat already."""
        if chat_id not in self._tasks:
            self._tasks[chat_id] = asyncio.create_task(self._do(chat_id, work))

    async def stop(self) -> None:
        """Let go of all that was not done."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _do(self, chat_id: int, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await asyncio.sleep(self._pause)
            await work()
        except (TelegramError, UnavailableError) as error:
            _log.info("delayed_task_not_done", reason=str(error))
        except Exception:  # noqa: BLE001 - nobody waits for it who could be told
            _log.exception("delayed_task_failed")
        finally:
            del self._tasks[chat_id]
