"""The HTTP server: the webhook, health and metrics."""

from bot.web.server import serve
from bot.web.webhook import WEBHOOK_PATH

__all__ = ["WEBHOOK_PATH", "serve"]
