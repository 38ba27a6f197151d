"""The desk's periodic work: names and intervals. A job only looks for what is due; due work is always a row."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from telegram.ext import ContextTypes, JobQueue

Work = Callable[[], Awaitable[None]]

_log = structlog.get_logger(__name__)

# A late job is still wanted (APScheduler would skip it after 1 s), once, and never beside itself.
_RULES = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


def plan(queue: "JobQueue[Any]", jobs: dict[str, tuple[float, Work]]) -> None:
    """Have each job (name: seconds between runs, work) run now and then for as long as the queue runs."""
    for name, (seconds, work) in jobs.items():
        queue.run_repeating(_guarded(name, work), interval=seconds, first=0, name=name, job_kwargs=_RULES)


def _guarded(name: str, work: Work) -> Callable[[ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]:
    async def run(_context: ContextTypes.DEFAULT_TYPE) -> None:
        try:
            await work()
        except Exception:  # noqa: BLE001 - the job runs again; one failure must not end it
            _log.exception("job_failed", job=name)

    return run
