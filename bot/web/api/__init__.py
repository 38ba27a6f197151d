"""The HTTP API: other systems create, publish, correct and retract articles, by the rights of their tokens."""

from bot.web.api.acts import ApiServices
from bot.web.api.quota import Quota
from bot.web.api.routes import api_routes

__all__ = ["ApiServices", "Quota", "api_routes"]
