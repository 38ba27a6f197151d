"""Health: the answer to load balancers and monitors whether the app can work now."""

import asyncio
import json
from collections.abc import Callable, Mapping

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.web.answer import answer
from bot.web.cached import Cached
from storage import key_value
from storage.engine.database import Database

Checks = Mapping[str, Callable[[], bool]]
"""The other conditions of health, by name: functions that return at once whether each holds."""

_CACHED_SECONDS = 5.0
_PATIENCE_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class HealthCheck:
    """Reports what does not work: the database, where it cannot be written in 5 s, and each of `checks`.

    The database is tried at most once in 5 s, by a write of its own on a connection of its own.
    """

    def __init__(self, database: Database, clock: Clock, checks: Checks) -> None:
        self._database = database
        self._clock = clock
        self._checks = checks
        self._writable = Cached(self._try_to_write, _CACHED_SECONDS)

    async def failing(self) -> list[str]:
        """Return the names of what does not work."""
        failing = [name for name, works in self._checks.items() if not works()]
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                writable = await self._writable.get()
        except TimeoutError:
            _log.warning("database_not_writable", reason=f"no answer within {_PATIENCE_SECONDS:g} s")
            writable = False
        return failing if writable else ["database", *failing]

    async def ready(self, _request: web.BaseRequest) -> web.Response:
        """Answer /readyz and /healthz: 200, or 503 with the names of what does not work."""
        failing = await self.failing()
        report = {"status": "failing", "failing": failing} if failing else {"status": "ok"}
        return answer(503 if failing else 200, json.dumps(report).encode(), content_type="application/json")

    async def alive(self, _request: web.BaseRequest) -> web.Response:
        """Answer /livez: 200 as long as the event loop runs. A database that is away is no reason to restart."""
        return answer(200, b'{"status": "ok"}', content_type="application/json")

    async def close(self) -> None:
        """Stop trying."""
        await self._writable.close()

    async def _try_to_write(self) -> bool:
        try:
            async with self._database.probe() as tx:
                await key_value.store(tx, key_value.PROBED_AT, str(self._clock()))
        except (SQLAlchemyError, OSError) as error:
            _log.warning("database_not_writable", reason=str(error).partition("\n")[0])
            return False
        return True
