"""The HTTP server: the webhook, callbacks of WebSub, the API, feeds, health and metrics."""

from bot.web.api import ApiServices, Quota, api_routes
from bot.web.feeds import feed_routes
from bot.web.route import Routes
from bot.web.server import serve, webhook_routes, websub_routes
from bot.web.webhook import WEBHOOK_PATH

__all__ = [
    "WEBHOOK_PATH",
    "ApiServices",
    "Quota",
    "Routes",
    "api_routes",
    "feed_routes",
    "serve",
    "webhook_routes",
    "websub_routes",
]
