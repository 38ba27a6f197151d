"""The number of members of channels and groups: Peyk asks Telegram about each of them once a day, slowly."""

from collections.abc import Sequence
from functools import partial

import structlog
from telegram.error import TelegramError

from bot.clock import Clock
from bot.jobs.leased_job import Backoff, Done, LeasedJob, TryAgain
from bot.telegram.gateway import Gateway
from storage import membership
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.membership import CountDue

_HOUR_MS = 3600 * 1000

_log = structlog.get_logger(__name__)


class Membership(LeasedJob[CountDue]):
    """Counts the members of channels and groups, one chat at each run, the never counted ones first.

    If Telegram does not answer, Peyk asks again an hour later.
    """

    batch = 1
    backoff = Backoff(first=_HOUR_MS, longest=_HOUR_MS)

    def __init__(self, database: Database, gateway: Gateway, clock: Clock) -> None:
        super().__init__(database, clock)
        self._gateway = gateway

    async def any_due(self, connection: Connection, now: int) -> bool:
        """Return whether a channel or group is to be counted."""
        return await membership.any_due(connection, now)

    async def claim(self, tx: Connection, *, now: int, lease_until: int, limit: int) -> Sequence[CountDue]:
        """Claim channels and groups that are to be counted, those counted longest ago first."""
        return await membership.claim(tx, now=now, lease_until=lease_until, limit=limit)

    async def work(self, row: CountDue) -> Done | TryAgain:
        """Ask Telegram for the number of members."""
        try:
            members = int(await self._gateway.call("getChatMemberCount", {"chat_id": row.chat_id}))
        except TelegramError as error:
            _log.info("members_not_counted", reason=error.message)
            return TryAgain()
        return Done(partial(self._store, chat_id=row.chat_id, members=members))

    async def put_off(self, tx: Connection, row: CountDue, *, due_at: int) -> None:
        """Postpone the count of a chat until `due_at` (ms)."""
        await membership.put_off(tx, row.chat_id, due_at=due_at)

    async def _store(self, tx: Connection, chat_id: int, members: int) -> None:
        await membership.store(tx, chat_id, members, now=self._clock())
