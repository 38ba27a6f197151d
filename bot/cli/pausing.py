"""peyk pause, peyk resume: every push stops and waits, or goes out again."""

from bot.cli.context import command, complain, opened_database, wakes_nobody
from bot.clock import now_ms
from bot.newsroom.pausing import Pausing


@command
async def pause() -> None:
    """Stop every push; what is published waits in the outbox. Readers are still answered."""
    async with opened_database() as (_, database):
        if not await Pausing(database, now_ms, wakes_nobody).pause(actor_id=0):
            complain("pushes are paused already")


@command
async def resume() -> None:
    """Resume all pushes; those that waited go first."""
    async with opened_database() as (_, database):
        if not await Pausing(database, now_ms, wakes_nobody).resume(actor_id=0):
            complain("pushes are not paused")
