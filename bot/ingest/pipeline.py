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
"""Sources that are read at once; the fetcher bounds how many of them a site sees."""

_FAILING_AT_ONCE = MAX_IN_FLIGHT // 4
_ROOM = 16
# Renewed at each look; a fetch whose process died begins anew after so long.
_LEASE_MS = 10_000

_log = structlog.get_logger(__name__)


class Pipeline:
    """Reads sources as they become due, those that wait longest first.

    A source that fails may take its whole time at each try: such sources have a quarter of the places, and so
    never hold up those that are well.
    """

    def __init__(self, database: Database, reader: SourceReader, visits: PageVisits, clock: Clock) -> None:
        self._database = database
        self._reader = reader
        self._visits = visits
        self._clock = clock
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._failing: set[int] = set()
        self._held_until: dict[int, int] = {}
        self._looking = asyncio.Lock()
        self._more = False
        self._again: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """True while more sources are due than can be read at once."""
        return self._more

    async def start_due(self) -> None:
        """Start the due fetches and return; a source whose last fetch still runs, here or elsewhere, is skipped."""
        async with self._looking:
            room = MAX_IN_FLIGHT - len(self._under_way)
            async with self._database.write() as tx:
                now = self._clock()
                lease_until = now + _LEASE_MS
                renewed = await self._renew(tx, lease_until)
                due = await sources.claim(tx, failing=False, now=now, lease_until=lease_until, limit=room)
                self._more = len(due) == room
                left = min(room - len(due), _FAILING_AT_ONCE - len(self._failing))
                due += await sources.claim(tx, failing=True, now=now, lease_until=lease_until, limit=left)
            self._held_until |= {source_id: lease_until for source_id in renewed if source_id in self._under_way}
            for source in due:
                self._held_until[source.id] = lease_until
                if source.id not in self._under_way:
                    self._under_way[source.id] = asyncio.create_task(self._run(source))
                    # The first step of each takes a millisecond: readers are not to wait for those of a hundred.
                    await asyncio.sleep(0)

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
        """Cancel the fetches under way; items that were not stored come with the next fetch."""
        tasks = [*self._under_way.values(), *([self._again] if self._again else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._visits.stop()

    async def _run(self, source: Source) -> None:
        if source.failures:
            self._failing.add(source.id)
        try:
            await self._reader.read(source)
        except Exception:  # noqa: BLE001 - its lease ends, and it is read again
            _log.exception("source_unsettled", source=source.id)
        finally:
            del self._under_way[source.id], self._held_until[source.id]
            self._failing.discard(source.id)
            self._go_on()

    def _go_on(self) -> None:
        """Run again soon where more was due than there was room for."""
        idle = self._again is None or self._again.done()
        if self._more and idle and MAX_IN_FLIGHT - len(self._under_way) >= _ROOM:
            self._again = asyncio.create_task(self.start_due())
