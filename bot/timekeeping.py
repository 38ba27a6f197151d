"""The keeper of the time: notices that the machine's clock was set, and mends what a wrong clock left behind."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from bot.clock import TOLERANCE_MS, Jump, Stage, SteadyClock, elapsed_ms, now_ms
from storage import instants, key_value
from storage.engine.database import Database
from storage.engine.dialect import CLOCK_LOCK, advisory_lock
from storage.instants import InstantKind

NOTED = "clock_jump"
"""The key under which the last jump of the clock is noted: "AT BY STAGE", both in milliseconds."""

LOOK_SECONDS = 2.0
"""The seconds between two comparisons of the clocks."""

_BEAT_MS = 10_000
_CHECK_MS = 60_000
_LONGEST_ANSWER_MS = 1_000  # a time that took longer to come is no time
_SHIFTED = "clock_shifted"
_WITHIN_MS = 60_000

_log = structlog.get_logger(__name__)


async def wall_clock(database: Database) -> int | None:
    """Return the wall clock (ms): the machine's, on PostgreSQL the server's; None where that took long to come."""
    if database.path is not None:
        return now_ms()
    began = elapsed_ms()
    async with database.read() as connection:
        at = await instants.database_now(connection)
    took = elapsed_ms() - began
    return None if at is None or took > _LONGEST_ANSWER_MS else at + took // 2


class Timekeeper:
    """Corrects `clock` after a jump, and the database's instants with it.

    `wall` reads the wall clock: on PostgreSQL all processes have the server's. `longest` are the bounds of
    `storage.instants.bounds`. Of a jump that is believed `listeners` hear by how many milliseconds. `follow` works
    out anew when what waits for a chat is due, by the chat's schedules.
    """

    def __init__(
        self,
        database: Database,
        clock: SteadyClock,
        *,
        longest: Mapping[str, int],
        follow: Callable[[int], Awaitable[None]],
        listeners: Sequence[Callable[[int], None]] = (),
        wall: Callable[[Database], Awaitable[int | None]] = wall_clock,
    ) -> None:
        self._database = database
        self.clock = clock
        self._longest = longest
        self._follow = follow
        self._listeners = listeners
        self._wall = wall
        self._beat_at = 0
        self._check_at = 0

    async def start(self) -> None:
        """Start from the wall clock, and correct the stored instants if it was set back while nothing ran."""
        wall = await self._wall(self._database)
        if wall is not None:
            self.clock.set(wall)
        async with self._database.read() as connection:
            behind = self.clock() - await instants.newest(connection)
        if behind < -TOLERANCE_MS:
            jump = Jump(behind, Stage.HELD)
            _log.warning("clock_was_set_back", by_seconds=behind / 1000, hint="while the bot did not run")
            await self._record_jump(jump)
            await self._mend(jump)
        await self._check()
        await self._beat()

    async def run(self, pull_in_jobs: Callable[[], None]) -> None:
        """Compare the clocks every two seconds until cancelled; `pull_in_jobs` is called each time."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                pull_in_jobs()
                await self.step()
            except Exception:  # noqa: BLE001 - the clock has to be watched whatever happens
                _log.exception("clock_not_compared")

    async def step(self) -> None:
        """Compare the clocks once, and do what is due by that."""
        wall = await self._wall(self._database)
        jump = self.clock.compare(wall) if wall is not None else None
        if jump is not None:
            await self._heed(jump)
        now = elapsed_ms()
        if now >= self._beat_at:
            self._beat_at = now + _BEAT_MS
            await self._beat()
        if now >= self._check_at:
            self._check_at = now + _CHECK_MS
            await self._check()

    async def _heed(self, jump: Jump) -> None:
        seconds = jump.by / 1000
        match jump.stage:
            case Stage.SEEN:
                _log.warning("clock_jumped", by_seconds=seconds, hint="the bot goes on by the time from before")
                await self._record_jump(jump)
            case Stage.OVER:
                _log.warning("clock_came_back", by_seconds=seconds, hint="nothing was done by the wrong time")
                await self._record_jump(jump)
            case Stage.HELD:
                await self._believe(jump)
                _log.warning("clock_believed", by_seconds=seconds, hint="what waits was moved along")
                await self._record_jump(jump)

    async def _believe(self, jump: Jump) -> None:
        """Apply the new time in an order in which no pending row becomes due in between."""
        if jump.by > 0:
            await self._mend(jump)
        self.clock.accept(jump)
        for listener in self._listeners:
            listener(jump.by)
        if jump.by < 0:
            await self._mend(jump)

    async def _mend(self, jump: Jump) -> None:
        """Move what waits along with the clock, and bring back what lies ahead of it."""
        async with self._database.write() as tx:
            await advisory_lock(tx, CLOCK_LOCK)
            now = self.clock() + max(jump.by, 0)
            alone = self._database.path is not None
            if alone or not _is_same(jump, await key_value.value(tx, _SHIFTED), now):
                await instants.shift(tx, jump.by)
                await key_value.store(tx, _SHIFTED, f"{now} {jump.by}")
                await key_value.store(tx, instants.SEEN_AT, str(now))
        if jump.by > 0:
            return
        await self._pull_in(InstantKind.DUE, InstantKind.LEASE, InstantKind.BEGAN, InstantKind.FACT)
        await self._settle_articles()
        await self._retime(all_=True)

    async def _check(self) -> None:
        await self._pull_in(InstantKind.DUE, InstantKind.LEASE)
        await self._retime(all_=False)

    async def _pull_in(self, *kinds: InstantKind) -> None:
        async with self._database.read() as connection:
            ahead = await instants.far_ahead(connection, kinds, self._longest, self.clock())
        for instant in ahead:
            async with self._database.write() as tx:
                rows = await instants.pull_in(tx, instant, self._longest, self.clock())
            _log.warning("future_work_moved_to_now", column=str(instant.column), rows=rows)

    async def _settle_articles(self) -> None:
        while True:
            async with self._database.write() as tx:
                if await instants.settle_articles(tx, self.clock()) == 0:
                    return

    async def _retime(self, *, all_: bool) -> None:
        async with self._database.read() as connection:
            chats = await instants.chats_out_of_time(connection, self.clock(), all_=all_)
        for chat_id in chats:
            await self._follow(chat_id)

    async def _beat(self) -> None:
        """Store the time, for the next start and for `peyk doctor`."""
        async with self._database.write() as tx:
            await key_value.store(tx, instants.SEEN_AT, str(self.clock()))

    async def _record_jump(self, jump: Jump) -> None:
        async with self._database.write() as tx:
            await key_value.store(tx, NOTED, f"{self.clock()} {jump.by} {jump.stage}")


def _is_same(jump: Jump, shifted: str | None, now: int) -> bool:
    """Return whether another process has moved everything along by the same jump a moment ago."""
    if shifted is None:
        return False
    at, by = (int(part) for part in shifted.split())
    return abs(now - at) < _WITHIN_MS and abs(jump.by - by) <= 2 * TOLERANCE_MS
