"""Dialogues: what a person has begun in a chat and goes on with by their next messages or the buttons of a card.

The state of a dialogue is a frozen struct of its module. It is stored as JSON in the person's row
(`storage.dialogues`), so it survives a restart. Its fields keep their names, because rows outlive upgrades.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import msgspec
import structlog

from bot.errors import UserError
from bot.newsroom.permissions import Right, may
from handlers.core.context import HandlerContext
from storage import dialogues
from storage.records import Role, StoredDialogue

CONFIRM = "confirm"
"""The step of a dialogue that is put aside: it waits for a press under a card (see handlers.core.confirmations)."""

_log = structlog.get_logger(__name__)


class DialogueState(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a dialogue. Subclasses add fields of types that msgspec reads from JSON.

    `step` tells dialogues of one kind apart where they ask for one thing after the other. `seen` is the id of the
    message that was taken last: after a crash it comes again.
    """

    step: str = ""
    seen: int | None = None

    @property
    def is_aside(self) -> bool:
        """Return whether the dialogue only waits for a press."""
        return self.step == CONFIRM


S = TypeVar("S", bound=DialogueState)
StateHandler = Callable[[HandlerContext, S], Awaitable[None]]


class DialogueStateError(ValueError):
    """A stored dialogue is not of the form that its kind has now."""


@dataclass(slots=True)
class Dialogue(Generic[S]):
    """A kind of dialogue: the form of its state, the right that it needs, and what a message and a finish do.

    `right` None is everybody's. At the `collecting_step` it ends where the next part of a text comes too late. At
    the `card_step` it waits for words or for a press under its card, whichever comes first. A dialogue that
    `takes_every_word` has no word that finishes it. One that `takes_secrets` takes words that begin like a command,
    too, and a message is deleted where the dialogue has ended before it came. `unreadable` is the key of the answer
    to a sticker or the like. An error of the type `ends_on`, raised by a message, ends it.
    """

    kind: str
    state: type[S]
    right: Right | None = None
    collecting_step: str | None = None
    card_step: str | None = None
    takes_every_word: bool = False
    takes_secrets: bool = False
    unreadable: str = "unreadable-message"
    ends_on: type[UserError] | None = None
    _begin: StateHandler[S] | None = field(default=None, init=False)
    _message: StateHandler[S] | None = field(default=None, init=False)
    _finish: StateHandler[S] | None = field(default=None, init=False)

    def on_begin(self, act: StateHandler[S]) -> StateHandler[S]:
        """Register the decorated function as what stores the first state and asks, where another module begins."""
        self._begin = act
        return act

    def on_message(self, act: StateHandler[S]) -> StateHandler[S]:
        """Register the decorated function as the handler of the dialogue's messages."""
        self._message = act
        return act

    def on_finish(self, act: StateHandler[S]) -> StateHandler[S]:
        """Declare the decorated function as what the word or button that finishes the dialogue does."""
        self._finish = act
        return act

    async def begin(self, ctx: HandlerContext, state: S) -> None:
        """Begin the dialogue as its module declares."""
        assert self._begin is not None, f"a dialogue of the kind {self.kind} is begun by its own module"
        await self._begin(ctx, state)

    async def go_on(self, ctx: HandlerContext, state: S) -> None:
        """Continue the dialogue with the message of the context."""
        assert self._message is not None, f"a dialogue of the kind {self.kind} takes no message"
        try:
            await self._message(ctx, state)
        except UserError as error:
            if self.ends_on is not None and isinstance(error, self.ends_on):
                await ctx.close_dialogue()
            raise

    async def finish(self, ctx: HandlerContext, state: S) -> None:
        """Finish the dialogue with what it has collected. Raises UserError where it cannot be finished."""
        if self._finish is None:
            raise UserError("post-not-finished")
        await self._finish(ctx, state)

    async def open(self, ctx: HandlerContext, state: S) -> int:
        """Store the first or next state and the message that it was taken from; return its stamp (ms UTC)."""
        seen = state.seen if ctx.press else ctx.message_id
        return await self._put(ctx, msgspec.structs.replace(state, seen=seen))

    async def put_aside(self, ctx: HandlerContext, state: S) -> int:
        """Store what a card asks about in place of an open dialogue; return the stamp (ms UTC) of its buttons."""
        return await self._put(ctx, msgspec.structs.replace(state, step=CONFIRM, seen=ctx.message_id))

    async def of_press(self, ctx: HandlerContext) -> S:
        """Return the state for a button under the dialogue's question. Raises UserError where it is not open."""
        stored = await stored_dialogue(ctx)
        state = None
        if stored is not None and self._is_open(ctx, stored):
            state = self.read(stored)
        elif stored is not None and (stored.ended or stored.kind == self.kind):
            await ctx.close_dialogue()
        if state is None or state.is_aside:
            raise UserError("stale-button")
        return state

    async def here(self, ctx: HandlerContext) -> S | None:
        """Return the state of the dialogue that the person has here, None where it is of another kind or none."""
        stored = await stored_dialogue(ctx)
        if stored is None or stored.ended or stored.kind != self.kind:
            return None
        return self.read(stored)

    async def waiting(self, ctx: HandlerContext, stamp: int) -> S | None:
        """Return what the card with that stamp asks about; None where it is done, or something else was begun."""
        stored = await stored_dialogue(ctx)
        if stored is None or stored.ended or stored.kind != self.kind or stored.updated_at != stamp:
            return None
        state = self.read(stored)
        has_card = state is not None and (state.is_aside or state.step == self.card_step)
        return state if has_card else None

    def _is_open(self, ctx: HandlerContext, stored: StoredDialogue) -> bool:
        return stored.kind == self.kind and not stored.ended and self.is_open_to(ctx.role)

    def is_open_to(self, role: Role | None) -> bool:
        """Return whether a person with that role may go on with dialogues of this kind."""
        return self.right is None or may(role, self.right)

    def takes_message(self, state: S, message_id: int) -> bool:
        """Return whether a message belongs to the dialogue.

        None belongs to one that is put aside, except for the one that brought it so far, before a crash.
        """
        return not state.is_aside or (self._message is not None and state.seen == message_id)

    def read(self, stored: StoredDialogue) -> S | None:
        """Return the state of a stored dialogue, None where it is not of the form of its kind, which is logged."""
        try:
            return decoded(self.state, stored.data)
        except DialogueStateError as error:
            _log.error("dialogue_unreadable", kind=stored.kind, reason=str(error))
            return None

    async def _put(self, ctx: HandlerContext, state: S) -> int:
        return await ctx.services.dialogues.put(ctx.chat_id, ctx.user_id, self.kind, encoded(state))


async def stored_dialogue(ctx: HandlerContext) -> StoredDialogue | None:
    """Return the dialogue that the person has in this chat, open or put aside, as it is stored."""
    async with ctx.services.database.read() as connection:
        return await dialogues.get(connection, ctx.chat_id, ctx.user_id)


def is_aside(stored: StoredDialogue) -> bool:
    """Return whether a stored dialogue of any kind, known or not, only waits for a press."""
    try:
        return decoded(DialogueState, stored.data).is_aside
    except DialogueStateError:
        return False


def encoded(state: DialogueState) -> str:
    """Return a state as JSON."""
    return msgspec.json.encode(state).decode()


def decoded(kind: type[S], data: str) -> S:
    """Return the state in a JSON text, without fields that its type does not have. Raises DialogueStateError."""
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        raise DialogueStateError(str(error)) from error
