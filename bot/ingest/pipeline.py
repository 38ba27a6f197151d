"""The pipeline from sources to articles: when each source is read, how many at once. Due work is always a row."""

import asyncio
from collections import defaultdict

import structlog

from bot.clock import Clock
from bot.ingest.page_visits import PageVisits
from bot.ingest.source_reader import SourceReader
from storage import sources
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import Source

MAX_IN_FLIGHT = 96
"""Sources that are read at once, without those that wait for their turn at a site."""

_SLOW_AT_ONCE = MAX_IN_FLIGHT // 3
_MOST_WAITING = 200
"""Sources that wait for their turns, of the slow ones and of the others each: what is held is memory."""
_ROOM = 16
# Renewed at each look; a fetch whose process died begins anew after so long.
_LEASE_MS = 10_000

_log = structlog.get_logger(__name__)


class Pipeline:
    """Reads sources as they become due, those that wait longest first.

    A source whose site was slow may take its whole time at each try: such sources have a third of the places, and
    so never hold up the others. Whoever waits for a turn at a site holds no place: a site may have many sources.
    """

    def __init__(self, database: Database, reader: SourceReader, visits: PageVisits, clock: Clock) -> None:
        self._database = database
        self._reader = reader
        self._visits = visits
        self._clock = clock
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._slow: set[int] = set()
        self._held_until: dict[int, int] = {}
        self._looking = asyncio.Lock()
        self._more = False
        self._again: asyncio.Task[None] | None = None
        self._is_stopped = False

    @property
    def is_busy(self) -> bool:
        """True while more sources are due than can be read at once."""
        return self._more

    async def start_due(self) -> None:
        """Start the due fetches and return; a source whose last fetch still runs, here or elsewhere, is skipped."""
        async with self._looking:
            if self._is_stopped:
                return
            room = self._room()
            async with self._database.write() as tx:
                now = self._clock()
                lease_until = now + _LEASE_MS
                renewed = await self._renew(tx, lease_until)
                due = await sources.claim(tx, slow=False, now=now, lease_until=lease_until, limit=room)
                self._more = len(due) == room
                left = self._room_for_slow(room - len(due))
                due += await sources.claim(tx, slow=True, now=now, lease_until=lease_until, limit=left)
            self._held_until |= {source_id: lease_until for source_id in renewed if source_id in self._under_way}
            for source in due:
                if self._is_stopped:
                    return  # what was claimed is due again when its lease ends
                self._held_until[source.id] = lease_until
                if source.id not in self._under_way:
                    self._under_way[source.id] = asyncio.create_task(self._run(source))
                    # The first step of each takes a millisecond: readers are not to wait for those of a hundred.
                    await asyncio.sleep(0)

    def _room(self) -> int:
        """Return for how many more sources there is room."""
        waiting = self._under_way.keys() & self._reader.waiting
        most_held = MAX_IN_FLIGHT + _MOST_WAITING
        held, at_work = self._under_way.keys() - self._slow, len(self._under_way) - len(waiting)
        return max(0, min(MAX_IN_FLIGHT - at_work, most_held - len(held)))

    def _room_for_slow(self, room: int) -> int:
        """Return how many of the places may go to more slow sources."""
        at_work = len(self._slow - self._reader.waiting)
        return max(0, min(room, _SLOW_AT_ONCE - at_work, _SLOW_AT_ONCE + _MOST_WAITING - len(self._slow)))

    async def _renew(self, tx: Connection, lease_until: int) -> list[int]:
        """Renew the leases of the fetches under way; return the sources whose lease was renewed."""
        by_end: defaultdict[int, list[int]] = defaultdict(list)
        for source_id in self._under_way:
            by_end[self._held_until[source_id]].append(source_id)
        renewed: list[int] = []
        for held_until, source_ids in by_end.items():
            renewed += await sources.renew_lease(tx, source_ids, held_until=held_until, lease_until=lease_until)
        return renewed

    async def visit_pages(self) -> None:
        """Begin the visits to pages for which there is room, while no source waits to be read."""
        if not self.is_busy:
            await self._visits.start_due()

    async def stop(self) -> None:
        """Cancel the fetches under way, and begin no more; items that were not stored come with the next fetch."""
        self._is_stopped = True
        tasks = [*self._under_way.values(), *([self._again] if self._again else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._visits.stop()

    async def _run(self, source: Source) -> None:
        if source.is_slow:
            self._slow.add(source.id)
        try:
            await self._reader.read(source)
        except Exception:  # noqa: BLE001 - its lease ends, and it is read again
            _log.exception("source_unsettled", source=source.id)
        finally:
            del self._under_way[source.id], self._held_until[source.id]
            self._slow.discard(source.id)
            self._go_on()

    def _go_on(self) -> None:
        """Run again soon where more was due than there was room for."""
        idle = self._again is None or self._again.done()
        if self._more and idle and self._room() >= _ROOM:
            self._again = asyncio.create_task(self.start_due())
