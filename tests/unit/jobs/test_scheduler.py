"""Periodic jobs, as APScheduler runs them."""

import asyncio
import logging

import pytest
from telegram.ext import Application

from bot.jobs.scheduler import ScheduledJobs


async def test_a_job_that_still_runs_is_not_run_beside_itself_and_nobody_is_warned(
    caplog: pytest.LogCaptureFixture,
) -> None:
    application = Application.builder().token("1:x").build()
    queue = application.job_queue
    assert queue is not None
    begun: list[str] = []
    ticks: list[None] = []
    end, again, ticked = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.append("work")
        if len(begun) > 1:
            again.set()
        await end.wait()

    async def tick() -> None:
        ticks.append(None)
        if len(ticks) == 20:
            ticked.set()

    ScheduledJobs(queue, {"long": (0.01, work), "tick": (0.01, tick)})
    with caplog.at_level(logging.WARNING, logger="apscheduler"):
        await queue.start()
        async with asyncio.timeout(30):
            await ticked.wait()
            assert begun == ["work"]
            end.set()
            await again.wait()
        warned = [record.getMessage() for record in caplog.records]
        await queue.stop(wait=False)
    assert warned == []
