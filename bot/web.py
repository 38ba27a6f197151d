"""What the desk serves on LISTEN: the webhook, /healthz and /metrics."""

import hmac
import json
from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from bot.receiver import Receiver
from storage import articles, chats, deliveries, outbox
from storage.database import Database

WEBHOOK_PATH = "/telegram"
"""Where Telegram posts updates; WEBHOOK_URL is the public address of this server's root."""

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, no secret
_LARGEST_UPDATE = 1 << 20


async def serve(listen: str, database: Database, receiver: Receiver | None, secret: str) -> web.AppRunner:
    """Serve on `listen` (host:port); the webhook only with a `receiver`. Clean up the runner in the end.

    Raises OSError where the address cannot be had.
    """
    host, _, port = listen.rpartition(":")
    app = web.Application(client_max_size=_LARGEST_UPDATE)
    app.router.add_get("/healthz", _health(database))
    app.router.add_get("/metrics", _metrics(database))
    if receiver is not None:
        app.router.add_post(WEBHOOK_PATH, _webhook(receiver, secret))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    return runner


def _webhook(receiver: Receiver, secret: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
        except ValueError:
            return web.Response(status=400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=400)
        # Telegram hears "taken" only once the update is stored.
        await receiver.take([update])
        return web.Response()

    return take


def _health(database: Database) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def health(_request: web.Request) -> web.Response:
        try:
            async with database.read() as connection:
                waiting = await outbox.next_due(connection)
        except SQLAlchemyError as error:
            return web.json_response({"ok": False, "reason": type(error).__name__}, status=503)
        return web.json_response({"ok": True, "oldest_due": waiting})

    return health


def _metrics(database: Database) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def metrics(_request: web.Request) -> web.Response:
        registry = CollectorRegistry()
        by_state = Gauge("peyk_deliveries", "Deliveries by state", ["state"], registry=registry)
        published = Gauge("peyk_articles_published", "Articles that readers can see", registry=registry)
        reached = Gauge("peyk_chats", "Chats", ["kind", "admission", "reachability"], registry=registry)
        async with database.read() as connection:
            for state, count in (await deliveries.counts(connection)).items():
                by_state.labels(state).set(count)
            published.set(await articles.count_published(connection))
            for kind, admission, reachability, count in await chats.count_by_kind(connection):
                reached.labels(kind, admission, reachability).set(count)
        return web.Response(body=generate_latest(registry), content_type="text/plain", charset="utf-8")

    return metrics
