"""Notices to the desk chat that Peyk uses another route to Telegram: at most one an hour, from any app."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import counters
from bot.clock import Clock
from bot.telegram.routes import ApiRoute
from storage import key_value, notices
from storage.engine.database import Database

_TOLD = "route_told"
_CALM_MS = 3_600_000
"""The time within which a further switch is not reported: routes may come and go."""

_log = structlog.get_logger(__name__)


class RouteNotices:
    """Enqueues notices about switches between routes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._telling: set[asyncio.Task[None]] = set()

    def switched(self, before: ApiRoute, after: ApiRoute) -> None:
        """Count a switch, log it, and notify the desk chat."""
        counters.ROUTE_SWITCHES.inc()
        _log.warning("telegram_route_switched", before=before.label, after=after.label)
        telling = asyncio.create_task(self._enqueue_notice(before, after))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)

    async def _enqueue_notice(self, before: ApiRoute, after: ApiRoute) -> None:
        try:
            async with self._database.write() as tx:
                now = self._clock()
                if now - _CALM_MS < await key_value.number(tx, _TOLD) <= now:
                    return
                await key_value.store(tx, _TOLD, str(now))
                args: dict[str, str | int] = {"before": before.label, "after": after.label}
                await notices.enqueue(tx, notices.DESK_CHAT, "route-switched", args, now=now)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("route_switch_not_told", reason=str(error).partition("\n")[0])
