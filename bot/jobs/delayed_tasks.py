"""Messages that follow an answer a moment later and delay nobody."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram.error import TelegramError

from storage.errors import UnavailableError

_PAUSE_SECONDS = 1.5
"""The limit on messages to one chat is over by then, and the person has seen the answer."""

_log = structlog.get_logger(__name__)


class DelayedTasks:
    """Runs tasks later, one at a time for each chat.

    A task is lost when the app stops, so use them only for work that comes up again.
    """

    def __init__(self, pause: float = _PAUSE_SECONDS) -> None:
        self._pause = pause
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def begin(self, chat_id: int, work: Callable[[], Awaitable[None]]) -> None:
        """Call `work` after the pause, unless a task waits for the chat already."""
        if chat_id not in self._tasks:
            self._tasks[chat_id] = asyncio.create_task(self._do(chat_id, work))

    async def stop(self) -> None:
        """Cancel the tasks that have not ended."""
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
