"""The turn to poll: among several processes that could, one does, and another takes over when its lease ends."""

import asyncio

import structlog

from bot.clock import Clock
from storage import process_leases
from storage.engine.database import Database
from storage.errors import UnavailableError

_log = structlog.get_logger(__name__)


class PollingTurn:
    """One process's part in it. `holder` names the process, `lease` is milliseconds.

    `renew` is to be called several times in a lease. `lease_clock` (`clock`) is what others' leases are judged by.
    """

    def __init__(
        self, database: Database, clock: Clock, *, holder: str, lease: int, lease_clock: Clock | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._lease_clock = lease_clock or clock
        self._holder = holder
        self._lease = lease
        self._ours = asyncio.Event()

    @property
    def is_ours(self) -> bool:
        """Return whether this process is to poll."""
        return self._ours.is_set()

    async def wait(self) -> None:
        """Wait until this process is to poll."""
        await self._ours.wait()

    async def renew(self) -> None:
        """Acquire or renew the lease if possible. Raises as Database.write does."""
        async with self._database.write() as tx:
            acquired = await process_leases.acquire(
                tx,
                process_leases.POLLING,
                self._holder,
                now=self._lease_clock(),
                lease_until=self._clock() + self._lease,
            )
        if acquired is not self.is_ours:
            _log.info("polling_begins" if acquired else "polling_elsewhere")
        if acquired:
            self._ours.set()
        else:
            self._ours.clear()

    async def give_up(self) -> None:
        """Release the lease, so that another process polls at once; without the database it ends by itself."""
        if not self.is_ours:
            return
        self._ours.clear()
        try:
            async with self._database.write() as tx:
                await process_leases.release(tx, process_leases.POLLING, self._holder)
        except UnavailableError as error:
            _log.warning("polling_not_given_up", reason=str(error))
