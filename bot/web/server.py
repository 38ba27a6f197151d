"""The server on LISTEN and METRICS_LISTEN: its paths, and who is answered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from aiohttp import web

from bot import counters
from bot.clock import Clock
from bot.config import Settings
from bot.errors import ConfigError
from bot.file_limit import connections_within
from bot.ingest.sources.websub import WEBSUB_PATH, CallbackKey
from bot.updates.receiver import Receiver
from bot.web.admission import ConnectionAdmission
from bot.web.answer import Handler, answer
from bot.web.connection import ClientConnection
from bot.web.health import Checks, HealthCheck
from bot.web.metrics import Metrics, on_this_machine, with_token
from bot.web.route import Route, Routes
from bot.web.webhook import WEBHOOK_PATH, webhook
from bot.web.websub import websub
from storage.engine.database import Database

_MONITORS = 32  # connections of METRICS_LISTEN, which only operators know
_GOODBYE_SECONDS = 5.0

_log = structlog.get_logger(__name__)


def webhook_routes(settings: Settings, receiver: Receiver) -> Routes:
    """Return the route of Telegram's posts, none without WEBHOOK_SECRET."""
    if settings.webhook_secret is None:
        return {}
    return {WEBHOOK_PATH: Route(("POST",), webhook(receiver, settings.webhook_secret.get_secret_value()))}


def websub_routes(database: Database, key: CallbackKey, clock: Clock) -> Routes:
    """Return the route of what WebSub hubs send."""
    return {WEBSUB_PATH: Route(("GET", "POST"), websub(database, key, clock))}


@asynccontextmanager
async def serve(
    settings: Settings,
    database: Database,
    clock: Clock,
    *,
    public: Routes,
    checks: Checks,
    files: int,
) -> AsyncIterator[None]:
    """Serve until the end what the settings ask for.

    `public` are the routes of LISTEN besides health and metrics, which may have an address of their own.
    `files` is how many the process may have open. Raises ConfigError where an address cannot be bound.
    """
    health, metrics = HealthCheck(database, clock, checks), Metrics(database, clock, settings.zone)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(health.close)
        stack.push_async_callback(metrics.close)
        monitoring = _monitoring(settings, health, metrics)
        if settings.listen:
            routes = public if settings.metrics_listen else {**monitoring, **public}
            admission = ConnectionAdmission(connections_within(files))
            await stack.enter_async_context(_listening("LISTEN", settings.listen, routes, admission))
        if settings.metrics_listen:
            await stack.enter_async_context(
                _listening("METRICS_LISTEN", settings.metrics_listen, monitoring, ConnectionAdmission(_MONITORS))
            )
        yield


def _monitoring(settings: Settings, health: HealthCheck, metrics: Metrics) -> Routes:
    """Return the routes of health and metrics; metrics only where it is plain who may read them.

    Behind the proxy that a webhook needs, every client seems to be on this machine.
    """
    asking = ("GET", "HEAD")
    ready, alive = Route(asking, health.ready), Route(asking, health.alive)
    routes = {"/healthz": ready, "/readyz": ready, "/livez": alive}
    if settings.metrics_token is not None:
        handler = with_token(metrics.get_metrics, settings.metrics_token.get_secret_value())
    elif settings.metrics_listen:
        handler = metrics.get_metrics
    elif not settings.webhook_url:
        handler = on_this_machine(metrics.get_metrics)
    else:
        return routes
    return {**routes, "/metrics": Route(asking, handler)}


@asynccontextmanager
async def _listening(
    setting: str, address: str, routes: Routes, admission: ConnectionAdmission
) -> AsyncIterator[None]:
    host, _, port = address.rpartition(":")
    server = web.Server(_dispatcher(routes))
    try:
        listener = await asyncio.get_running_loop().create_server(
            lambda: ClientConnection(server, admission), host.strip("[]"), int(port)
        )
    except OSError as error:
        raise ConfigError(f"{setting}: {address} cannot be had ({error.strerror})") from error
    _log.info("listening", setting=setting, address=address)
    try:
        yield
    finally:
        listener.close()
        server.pre_shutdown()
        await server.shutdown(_GOODBYE_SECONDS)


def _dispatcher(routes: Routes) -> Handler:
    async def dispatch(request: web.BaseRequest) -> web.Response:
        connection = request.protocol
        assert isinstance(connection, ClientConnection), "the listener makes no others"
        connection.begin()
        response = await _answered(routes, request)
        connection.end(response)
        counters.REQUESTS.labels(response.status).inc()
        return response

    return dispatch


async def _answered(routes: Routes, request: web.BaseRequest) -> web.Response:
    # A route that ends in a slash answers every path below it.
    route = routes.get(request.path) or routes.get(request.path[: request.path.rfind("/") + 1])
    if route is None:
        return answer(404)
    if request.method not in route.methods:
        return answer(405, headers={"Allow": ", ".join(route.methods)})
    return await route.handle(request)
