"""Buttons that do what a command of the newsroom does."""

from collections.abc import Iterable

from bot.errors import UserError
from bot.newsroom.permissions import may
from handlers.core.context import HandlerContext
from handlers.core.router import CommandRoute, Router
from handlers.staff.callbacks import OpenStaffCommand


class CommandButtons:
    """Runs the commands that the modules declare by the buttons that name them."""

    def __init__(self, routes: Iterable[CommandRoute]) -> None:
        self._routes = {route.name: route for route in routes}
        self.router = Router()
        self.router.callback(OpenStaffCommand)(self.on_command_button)

    async def on_command_button(self, ctx: HandlerContext, button: OpenStaffCommand) -> None:
        """Run a command without arguments. Raises UserError for a person who may not use it."""
        route = self._routes[button.name]
        if route.right is not None and not may(ctx.role, route.right):
            raise UserError("not-allowed")
        await route.act(ctx.as_command())
