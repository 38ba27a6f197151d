"""The leased job: claims due rows under a lease, works on each, and settles it as done, tried again or given up.

A lease is the row's own due time moved ahead: where a process dies, another one takes its rows up once their leases
have ended. So a row's work must do no harm when it is repeated.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar

import structlog
from telegram.error import TelegramError

from bot.clock import Clock
from bot.telegram.errors import Cause, failure_of
from storage.engine.connection import Connection
from storage.engine.database import Database

_log = structlog.get_logger(__name__)


class LeasedRow(Protocol):
    """A row of due work."""

    @property
    def attempts(self) -> int:
        """The number of earlier tries of the row."""


_Row = TypeVar("_Row", bound=LeasedRow)


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses (ms) between the tries of a row: the `first` doubles with each try up to the `longest`."""

    first: int
    longest: int

    def pause(self, attempts: int) -> int:
        """Return the pause (ms) before the next try of a row that was tried so often before."""
        return min(self.longest, self.first << min(attempts, 40))


async def _nothing(_tx: Connection) -> None:
    """Store nothing: the work itself has stored how it ended."""


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a row's work; `write` stores it in the transaction that settles the row."""

    write: Callable[[Connection], Awaitable[None]] = _nothing


@dataclass(frozen=True, slots=True)
class TryAgain:
    """A failed try: the row is due again `after` so many ms; None: as the job's backoff says."""

    after: int | None = None


def after_flood(error: TelegramError) -> TryAgain:
    """Return the next try of a send that failed: after Telegram's flood wait, if that is the cause."""
    failure = failure_of(error)
    return TryAgain(int(failure.wait_seconds * 1000)) if failure.cause is Cause.FLOOD_WAIT else TryAgain()


class LeasedJob(ABC, Generic[_Row]):
    """Work on the due rows of one table.

    A run takes up at most `batch` rows for `lease_ms`, one after the other or `side_by_side`. An unexpected error
    fails one row's try and no other row. A row is tried until its work is done.
    """

    batch: ClassVar[int] = 20
    lease_ms: ClassVar[int] = 60_000
    backoff: ClassVar[Backoff]
    side_by_side: ClassVar[bool] = False

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @abstractmethod
    async def any_due(self, connection: Connection, now: int) -> bool:
        """Return whether any row is due at `now` (ms); asked before anything is written."""

    @abstractmethod
    async def claim(self, tx: Connection, *, now: int, lease_until: int, limit: int) -> Sequence[_Row]:
        """Claim up to `limit` rows that are due at `now` (ms) until `lease_until` (ms)."""

    @abstractmethod
    async def work(self, row: _Row) -> Done | TryAgain:
        """Do the work of a row, outside of any transaction."""

    @abstractmethod
    async def put_off(self, tx: Connection, row: _Row, *, due_at: int) -> None:
        """Postpone a row until `due_at` (ms)."""

    async def run(self) -> None:
        """Work on what is due now."""
        async with self._database.read() as connection:
            if not await self.any_due(connection, self._clock()):
                return
        async with self._database.write() as tx:
            now = self._clock()
            rows = await self.claim(tx, now=now, lease_until=now + self.lease_ms, limit=self.batch)
        if self.side_by_side:
            await asyncio.gather(*(self._finish(row) for row in rows))
            return
        for row in rows:
            await self._finish(row)

    async def _finish(self, row: _Row) -> None:
        try:
            ended = await self.work(row)
        except Exception:  # noqa: BLE001 - one row's trouble must not keep the others from their turn
            _log.exception("leased_work_failed", job=type(self).__name__)
            ended = TryAgain()
        async with self._database.write() as tx:
            await self._settle(tx, row, ended)

    async def _settle(self, tx: Connection, row: _Row, ended: Done | TryAgain) -> None:
        match ended:
            case Done(write):
                await write(tx)
            case TryAgain(after):
                pause = self.backoff.pause(row.attempts) if after is None else after
                await self.put_off(tx, row, due_at=self._clock() + pause)


class LimitedJob(LeasedJob[_Row]):
    """A leased job that gives a row up when it fails after `tries` earlier tries."""

    tries: ClassVar[int]

    @abstractmethod
    async def give_up(self, tx: Connection, row: _Row) -> None:
        """End a row that has failed too often."""

    async def _settle(self, tx: Connection, row: _Row, ended: Done | TryAgain) -> None:
        if ended == TryAgain() and row.attempts >= self.tries:
            await self.give_up(tx, row)
        else:
            await super()._settle(tx, row, ended)
