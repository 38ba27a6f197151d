"""Metrics in Prometheus' text format: numbers of the database, cached, and those that the process counts."""

import hmac
import ipaddress
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy.exc import SQLAlchemyError

from bot import counters
from bot.clock import Clock
from bot.web.answer import Handler, answer
from bot.web.cached import Cached
from bot.web.figures import Figures, exposition, pool_exposition, read_figures
from storage.engine.database import Database

_CACHED_SECONDS = 10.0
_CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4.partition(";")[0]

_log = structlog.get_logger(__name__)


class Metrics:
    """Reads and shows the metrics; the database is asked at most once in 10 s, on a connection of its own."""

    def __init__(self, database: Database, clock: Clock, zone: ZoneInfo) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone
        self._figures = Cached(self._read, _CACHED_SECONDS)

    async def get_metrics(self, _request: web.BaseRequest) -> web.Response:
        """Answer /metrics; 503 where the database does not answer."""
        try:
            figures = await self._figures.get()
        except SQLAlchemyError as error:
            _log.warning("metrics_not_read", reason=str(error).partition("\n")[0])
            return answer(503)
        own = generate_latest(counters.REGISTRY) + pool_exposition(self._database.waits())
        return answer(200, exposition(figures) + own, content_type=_CONTENT_TYPE)

    async def close(self) -> None:
        """Stop reading."""
        await self._figures.close()

    async def _read(self) -> Figures:
        async with self._database.monitor() as connection:
            return await read_figures(connection, self._zone, self._clock())


def with_token(show: Handler, token: str) -> Handler:
    """Return `show` for those who send `token` as a bearer token (RFC 6750)."""
    expected = f"Bearer {token}".encode()

    async def handle(request: web.BaseRequest) -> web.Response:
        sent = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(sent, expected):
            return answer(401, headers={"WWW-Authenticate": "Bearer"})
        return await show(request)

    return handle


def on_this_machine(show: Handler) -> Handler:
    """Return `show` for clients on this machine; to others there is nothing."""

    async def handle(request: web.BaseRequest) -> web.Response:
        try:
            local = ipaddress.ip_address(request.remote or "").is_loopback
        except ValueError:
            local = False
        return await show(request) if local else answer(404)

    return handle
