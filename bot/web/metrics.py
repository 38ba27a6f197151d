"""Metrics in Prometheus' text format: numbers of the database, cached, and those that the process counts."""

import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy.exc import SQLAlchemyError

from bot import counters
from bot.clock import Clock
from bot.ingest.sources.source_condition import SourceCondition, count_by_condition
from bot.web.answer import Handler, answer
from bot.web.cached import Cached
from storage import articles, chats, deliveries, outbox, sources
from storage.engine.database import Database
from storage.records import Admission, ChatKind, DeliveryState, Reachability

_CACHED_SECONDS = 10.0
_CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4.partition(";")[0]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of the database; `oldest_ready` is since when the first ready delivery waits (ms; None: none)."""

    deliveries: Mapping[DeliveryState, int]
    published: int
    chats: list[tuple[ChatKind, Admission, Reachability, int]]
    oldest_ready: int | None
    sources: Mapping[SourceCondition, int]


class Metrics:
    """Reads and shows the metrics; the database is asked at most once in 10 s, on a connection of its own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._figures = Cached(self._read, _CACHED_SECONDS)

    async def show(self, _request: web.BaseRequest) -> web.Response:
        """Answer /metrics; 503 where the database does not tell."""
        try:
            figures = await self._figures.get()
        except SQLAlchemyError as error:
            _log.warning("metrics_not_read", reason=str(error).partition("\n")[0])
            return answer(503)
        return answer(200, _exposition(figures) + generate_latest(counters.REGISTRY), content_type=_CONTENT_TYPE)

    async def close(self) -> None:
        """Stop reading."""
        await self._figures.close()

    async def _read(self) -> Figures:
        async with self._database.monitor() as connection:
            return Figures(
                deliveries=await deliveries.counts(connection),
                published=await articles.count_published(connection),
                chats=await chats.count_by_kind(connection),
                oldest_ready=await outbox.oldest_ready(connection),
                sources=count_by_condition(await sources.vitals(connection), self._clock()),
            )


def _exposition(figures: Figures) -> bytes:
    registry = CollectorRegistry()
    by_state = Gauge("peyk_deliveries", "Deliveries by state", ["state"], registry=registry)
    for state, count in figures.deliveries.items():
        by_state.labels(state).set(count)
    Gauge("peyk_articles_published", "Articles that readers can see", registry=registry).set(figures.published)
    by_kind = Gauge("peyk_chats", "Chats", ["kind", "admission", "reachability"], registry=registry)
    for kind, admission, reachability, count in figures.chats:
        by_kind.labels(kind, admission, reachability).set(count)
    by_condition = Gauge("peyk_sources", "Sources by condition", ["condition"], registry=registry)
    for condition, count in figures.sources.items():
        by_condition.labels(condition).set(count)
    if figures.oldest_ready is not None:
        name = "peyk_delivery_oldest_ready_timestamp_seconds"
        Gauge(name, "Since when the first ready delivery waits", registry=registry).set(figures.oldest_ready / 1000)
    return generate_latest(registry)


def with_token(show: Handler, token: str) -> Handler:
    """Return `show` for those who send `token` as a bearer token (RFC 6750)."""
    expected = f"Bearer {token}".encode()

    async def handle(request: web.BaseRequest) -> web.Response:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
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
