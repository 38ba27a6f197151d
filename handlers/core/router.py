"""A router for each handler module: its commands, buttons and dialogues, and who may use them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import wraps
from typing import Any, TypeVar

from bot.newsroom.commands import Command
from bot.newsroom.permissions import Right
from bot.render.callback_data import CallbackData
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, S
from handlers.core.guards import Act

C = TypeVar("C", bound=CallbackData)


class Place(Enum):
    """The kinds of chats in which a command or button works."""

    PRIVATE = "private"  # private chats
    ANYWHERE = "anywhere"  # private chats, and groups that were let in


@dataclass(frozen=True, slots=True)
class CommandRoute:
    """A command without its slash. `right` None is everybody's."""

    name: str
    act: Act
    right: Right | None
    place: Place

    @property
    def command(self) -> Command:
        """The command as /help and the menus have it."""
        return Command(self.name, self.right, in_groups=self.place is Place.ANYWHERE)


@dataclass(frozen=True, slots=True)
class CallbackRoute:
    """A kind of button. `right` None is everybody's; of a chat's buttons the act looks up whose they are."""

    kind: type[CallbackData]
    act: Act
    right: Right | None
    place: Place


@dataclass(slots=True)
class Router:
    """The commands, callbacks and dialogues of a module, in the order of their declaration."""

    commands: list[CommandRoute] = field(default_factory=list)
    callbacks: list[CallbackRoute] = field(default_factory=list)
    dialogues: list[Dialogue[Any]] = field(default_factory=list)

    def command(
        self, name: str, *, right: Right | None = None, place: Place = Place.PRIVATE
    ) -> Callable[[Act], Act]:
        """Declare the decorated function as the answer to a command."""

        def declare(act: Act) -> Act:
            self.commands.append(CommandRoute(name, act, right, place))
            return act

        return declare

    def callback(
        self, kind: type[C], *, right: Right | None = None, place: Place = Place.PRIVATE
    ) -> Callable[[Callable[[HandlerContext, C], Awaitable[None]]], Callable[[HandlerContext, C], Awaitable[None]]]:
        """Declare the decorated function as the answer to presses of a kind of button."""

        def declare(
            act: Callable[[HandlerContext, C], Awaitable[None]],
        ) -> Callable[[HandlerContext, C], Awaitable[None]]:
            @wraps(act)
            async def on_callback(ctx: HandlerContext) -> None:
                data = kind.unpack(ctx.data)
                assert data is not None, "the handler is registered for what matches the kind's pattern"
                await act(ctx, data)

            self.callbacks.append(CallbackRoute(kind, on_callback, right, place))
            return act

        return declare

    def dialogue(self, dialogue: Dialogue[S]) -> Dialogue[S]:
        """Declare a kind of dialogue and return it."""
        self.dialogues.append(dialogue)
        return dialogue
