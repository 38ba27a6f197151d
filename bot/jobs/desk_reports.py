"""The report to the desk chat, each day at the time that it has chosen."""

from collections.abc import Sequence
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from telegram.error import TelegramError

from bot.clock import Clock
from bot.delivery.timing import next_due
from bot.jobs.leased_job import Backoff, Done, LimitedJob, TryAgain
from bot.locales.zones import zone_of
from bot.newsroom.desk_report import desk_report
from bot.render.desk_report import report_message
from bot.render.language import ChatTexts
from bot.telegram.gateway import Gateway
from persian.schedule import Schedule
from storage import chats, desk_reports
from storage.desk_reports import DueReport
from storage.engine.connection import Connection
from storage.engine.database import Database

_log = structlog.get_logger(__name__)


class DeskReports(LimitedJob[DueReport]):
    """Sends the report to `desk_chat`; that of any other chat ends. One that fails too often is left out."""

    backoff = Backoff(first=60_000, longest=3600 * 1000)
    tries = 6

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        texts: ChatTexts,
        clock: Clock,
        *,
        desk_chat: int | None,
        zone: ZoneInfo,
        bot_username: str,
    ) -> None:
        super().__init__(database, clock)
        self._gateway = gateway
        self._texts = texts
        self._desk_chat = desk_chat
        self._zone = zone
        self._bot_username = bot_username

    async def choose(self, chat_id: int, minute: int | None) -> None:
        """Set the minute of the day, by the chat's clock, at which a chat gets the report; None for no report."""
        async with self._database.write() as tx:
            if minute is None:
                await desk_reports.remove(tx, chat_id)
            else:
                await self._plan(tx, chat_id, minute)

    async def any_due(self, connection: Connection, now: int) -> bool:
        """Return whether a report is due."""
        return await desk_reports.any_due(connection, now)

    async def claim(self, tx: Connection, *, now: int, lease_until: int, limit: int) -> Sequence[DueReport]:
        """Claim due reports."""
        return await desk_reports.claim(tx, now=now, lease_until=lease_until, limit=limit)

    async def work(self, row: DueReport) -> Done | TryAgain:
        """Send a report and plan the next one."""
        if row.chat_id != self._desk_chat:
            return Done(partial(desk_reports.remove, chat_id=row.chat_id))
        async with self._database.read() as connection:
            chat = await chats.get(connection, row.chat_id)
            report = await desk_report(connection, now=self._clock())
        try:
            await self._gateway.send(row.chat_id, report_message(report, self._texts.of(chat), self._bot_username))
        except TelegramError as error:
            _log.warning("report_not_sent", reason=error.message)
            return TryAgain()
        return Done(partial(self._plan_next, chat_id=row.chat_id))

    async def put_off(self, tx: Connection, row: DueReport, *, due_at: int) -> None:
        """Postpone a report."""
        await desk_reports.postpone(tx, row.chat_id, due_at=due_at)

    async def give_up(self, tx: Connection, row: DueReport) -> None:
        """Leave this day's report out."""
        await self._plan_next(tx, row.chat_id)

    async def _plan_next(self, tx: Connection, chat_id: int) -> None:
        """Plan the next report by the time that is chosen now: it may have changed meanwhile."""
        minute = await desk_reports.minute_of(tx, chat_id)
        if minute is not None:
            await self._plan(tx, chat_id, minute)

    async def _plan(self, tx: Connection, chat_id: int, minute: int) -> None:
        chat = await chats.get(tx, chat_id)
        zone = zone_of(chat.timezone, self._zone) if chat is not None else self._zone
        due = next_due(Schedule(at=(minute,)), None, zone, self._clock())
        await desk_reports.put(tx, chat_id, minute, due_at=due.at)
