"""Dialogues: what a person has begun in a chat and goes on with by their next messages.

The state of a dialogue is a frozen dataclass of its module. It is stored as JSON in the row of the dialogue
(`storage.dialogues`), so it survives a restart; fields keep their names, since rows outlive upgrades.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from bot.newsroom.permissions import Right
from handlers.core.context import HandlerContext


class DialogueState:
    """The state of dialogues of one `kind`. Subclasses are frozen dataclasses of types that JSON has."""

    kind: ClassVar[str]

    def __init_subclass__(cls, *, kind: str = "") -> None:
        # A dataclass with slots is made a second time, from the attributes of the first.
        if kind:
            cls.kind = kind


S = TypeVar("S", bound=DialogueState)


class DialogueStateError(ValueError):
    """A stored dialogue is not of the form that its kind has now."""


@dataclass(frozen=True, slots=True)
class DialogueRoute(Generic[S]):
    """A kind of dialogue: who may go on with it, and what a message and a finish do.

    `right` None is everybody's. `on_message` gets what is written; `on_finish`, where there is one, the word or
    button that ends it. A dialogue that `takes_every_word` has no word that ends it.
    """

    state: type[S]
    right: Right | None
    on_message: Callable[[HandlerContext, S], Awaitable[None]]
    on_finish: Callable[[HandlerContext, S], Awaitable[None]] | None = None
    takes_every_word: bool = False


async def open_dialogue(ctx: HandlerContext, state: DialogueState) -> None:
    """Begin a dialogue, or store its next state: what the person writes here next belongs to it."""
    await ctx.open_dialogue(state.kind, to_json(state))


def to_json(state: DialogueState) -> dict[str, Any]:
    """Return the state as it is stored."""
    stored: dict[str, Any] = msgspec.to_builtins(state)
    return stored


def from_json(kind: type[S], stored: dict[str, Any]) -> S:
    """Return the state that was stored, without fields that the kind does not know. Raises DialogueStateError."""
    try:
        return msgspec.convert(stored, kind)
    except msgspec.ValidationError as error:
        raise DialogueStateError(f"{kind.kind}: {error}") from error
