"""Notices to the desk chat about outages of the database and of Telegram, and their ends."""

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import TelegramError

from bot.clock import Clock
from bot.locales.catalog import Texts
from bot.render.message import Message
from bot.telegram.circuit import Circuit
from bot.telegram.gateway import Gateway
from storage import process_leases
from storage.engine.database import Database
from storage.errors import DatabaseTrouble, UnusableError

_LEASE_MS = 60_000
_GRACE_MS = 10_000
"""The length of an outage that nobody is notified of: a server that restarts is no news."""
_MINUTE_MS = 60_000

_log = structlog.get_logger(__name__)


class OutageNotices:
    """Watches the database and the connection to Telegram, and reports each outage and its end to `desk_chat` once.

    Of several processes one sends notices: the last holder of the lease, which each check renews. `clock` is ms. An
    outage that begins while Telegram is away is reported when it is back.
    """

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        circuit: Circuit,
        texts: Texts,
        *,
        clock: Clock,
        holder: str,
        desk_chat: int | None,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._circuit = circuit
        self._texts = texts
        self._clock = clock
        self._holder = holder
        self._desk_chat = desk_chat
        self._tells = False
        self._database_since: int | None = None
        self._telegram_since: int | None = None
        self._told_database = self._told_damage = False

    @property
    def telegram_is_away(self) -> bool:
        """Return whether nothing that is sent gets through to Telegram."""
        return self._circuit.is_open

    async def run(self) -> None:
        """Check once."""
        trouble = await self._try_to_write()
        if trouble is None:
            await self._database_works()
        else:
            await self._database_fails(trouble)
        await self._check_database()
        await self._check_telegram()

    async def _try_to_write(self) -> DatabaseTrouble | None:
        try:
            async with self._database.probe() as tx:
                now = self._clock()
                self._tells = await process_leases.acquire(
                    tx, process_leases.OUTAGES, self._holder, now=now, lease_until=now + _LEASE_MS
                )
        except UnusableError as error:
            _log.warning("database_not_writable", reason=str(error), trouble=error.trouble)
            return error.trouble
        except (SQLAlchemyError, OSError) as error:
            _log.warning("database_not_writable", reason=str(error).partition("\n")[0])
            return DatabaseTrouble.AWAY
        return None

    async def _database_fails(self, trouble: DatabaseTrouble) -> None:
        now = self._clock()
        if self._database_since is None:
            self._database_since = now
        if not self._told_database and now - self._database_since >= _GRACE_MS:
            self._told_database = await self._report("outage-database", trouble=trouble)

    async def _database_works(self) -> None:
        if self._database_since is None:
            return
        lasted = self._clock() - self._database_since
        _log.info("database_works_again", seconds=lasted // 1000)
        if not self._told_database or await self._report("outage-database-over", minutes=_minutes(lasted)):
            self._database_since, self._told_database = None, False

    async def _check_database(self) -> None:
        if self._database.is_damaged and not self._told_damage:
            self._told_damage = await self._report("outage-database", trouble=DatabaseTrouble.DAMAGED)

    async def _check_telegram(self) -> None:
        now = self._clock()
        if self._circuit.is_open:
            if self._telegram_since is None:
                self._telegram_since = now
                _log.warning("telegram_away", hint="what waits is sent when it is back")
            return
        if self._telegram_since is None:
            return
        lasted = now - self._telegram_since
        if lasted < _MINUTE_MS or await self._report("outage-telegram-over", minutes=_minutes(lasted)):
            _log.info("telegram_is_back", seconds=lasted // 1000)
            self._telegram_since = None

    async def _report(self, key: str, **args: str | int) -> bool:
        """Notify the desk chat, unless another process does; return False where the notice must be tried again."""
        if not self._tells or self._desk_chat is None:
            return True
        try:
            await self._gateway.send(self._desk_chat, Message(self._texts.html(key, **args)))
        except TelegramError as error:
            _log.warning("outage_not_told", text=key, reason=error.message)
            return False
        return True


def _minutes(milliseconds: int) -> int:
    return max(1, round(milliseconds / _MINUTE_MS))
