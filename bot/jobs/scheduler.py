"""The bot's periodic jobs: names and intervals. A job only looks for what is due; due work is always a row."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import structlog
from apscheduler.triggers.base import BaseTrigger
from telegram.ext import ContextTypes, JobQueue

Work = Callable[[], Awaitable[None]]

_log = structlog.get_logger(__name__)

# A late job is still wanted (APScheduler would skip it after 1 s), once, and never beside itself.
_RULES = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


class _Every(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Runs a job again `seconds` after it was looked at.

    APScheduler's own interval counts every run that was missed: after a clock was set forward by a day that is
    86,400 for each second's job, and by the fifty years of a machine that woke up in 1970, minutes of computing.
    """

    def __init__(self, seconds: float, first: float) -> None:
        self._first = timedelta(seconds=first)
        self.interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now + (self._first if previous_fire_time is None else self.interval)


class ScheduledJobs:
    """The jobs of a queue: name -> (seconds between runs, work). They run for as long as the queue does.

    Those of `first` begin so many seconds after the start, the others at once.
    """

    def __init__(
        self,
        queue: "JobQueue[Any]",
        jobs: Mapping[str, tuple[float, Work]],
        first: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        self._queue = queue
        # A job that still runs is looked at again later. APScheduler warns of it, on a busy machine each second.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        for name, (seconds, work) in jobs.items():
            trigger = _Every(seconds, first.get(name, 0.0))
            queue.run_custom(_guarded(name, work), {"trigger": trigger, **_RULES}, name=name)

    def pull_in(self) -> None:
        """Run at once what is planned further ahead than its interval: APScheduler goes by the wall clock."""
        for job in self._queue.scheduler.get_jobs():
            now = datetime.now(self._queue.scheduler.timezone)
            if job.next_run_time is not None and job.next_run_time > now + job.trigger.interval:
                job.modify(next_run_time=now)


def _guarded(name: str, work: Work) -> Callable[[ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]:
    async def run(_context: ContextTypes.DEFAULT_TYPE) -> None:
        try:
            await work()
        except Exception:  # noqa: BLE001 - the job runs again; one failure must not end it
            _log.exception("job_failed", job=name)

    return run
