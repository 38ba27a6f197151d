"""The part of `peyk doctor` that looks at the clock: is it what the database was written by?"""

from collections.abc import AsyncIterator

from bot.clock import Stage, now_ms
from bot.timekeeping import NOTED
from storage import instants, key_value
from storage.engine.database import Database

_DAY_MS = 24 * 3600 * 1000
_APART_MS = 5_000
_SILENT_MS = 60_000

_SAID = {
    Stage.SEEN: "the running bot goes on by the time from before until the new one has held for some minutes",
    Stage.OVER: "it came back before the running bot went by it",
    Stage.HELD: "the bot goes by it, and what waited was moved along",
}


async def clock_findings(database: Database, *, running: bool) -> AsyncIterator[tuple[str, str, str]]:
    """Yield what `peyk doctor` says of the clock, as its findings; `running` means that a bot runs."""
    async with database.read() as connection:
        server = await instants.database_now(connection)
        seen = await key_value.number(connection, instants.SEEN_AT)
        newest = await instants.newest(connection)
        jump = await key_value.read(connection, NOTED, _jump_in)
    machine = now_ms()
    now = machine if server is None else server
    warnings = [
        _beside_database(machine, now),
        _beside_what_was_written(now, newest, seen if running else 0),
        _after_jump(now, jump) if jump is not None else "",
    ]
    for warning in filter(None, warnings):
        yield "warning", "clock", warning
    if not any(warnings):
        yield "ok", "clock", "as it was when Peyk wrote last"


def _beside_database(machine: int, now: int) -> str:
    """Return how far this machine's clock is from `now`, by which Peyk goes; "" where it is near."""
    by = machine - now
    return f"this machine's is {_apart(by)} the database's, by which Peyk goes" if abs(by) > _APART_MS else ""


def _beside_what_was_written(now: int, newest: int, seen: int) -> str:
    """Return what is wrong with a clock beside the newest instant of the database, "" for nothing.

    `seen` is the time by the running bot, 0 where none runs.
    """
    if newest - now > _APART_MS:
        return f"it is {_apart(now - newest)} what Peyk has written: it was set back, or was wrong"
    if seen and now - seen > _SILENT_MS:
        return f"it is {_apart(now - seen)} the running bot's: it was set forward, or the bot hangs"
    return ""


def _after_jump(now: int, jump: tuple[int, int, Stage]) -> str:
    """Return what came of a jump of the clock, "" for one of long ago."""
    at, by, stage = jump
    if abs(now - at) >= max(_DAY_MS, 2 * abs(by)):
        return ""
    return f"it jumped to {_apart(by)} the time before; {_SAID[stage]}"


def _jump_in(value: str) -> tuple[int, int, Stage]:
    """Return when the clock jumped, by how much (ms each), and what became of it."""
    at, by, stage = value.split()
    return key_value.whole(at), key_value.whole(by), Stage(stage)


def _apart(by: int) -> str:
    """Return how far one clock is from another: `600 s behind`, `86400 s ahead of`."""
    seconds = round(abs(by) / 1000)
    return f"{seconds} s ahead of" if by > 0 else f"{seconds} s behind"
