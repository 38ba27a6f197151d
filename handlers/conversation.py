"""Messages without a command in a private chat: they go to the open dialogue, or else are a search."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog

from bot.errors import UserError
from handlers.core.callbacks import CancelDialogue, FinishDialogue
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState, is_aside, stored_dialogue
from handlers.core.router import Router
from handlers.core.secret_messages import discard_message, is_edit_of_secret
from handlers.readers import full_text, lists, search
from handlers.staff import import_offers
from persian.digits import parse_int
from persian.normalise import match_key
from storage.records import StoredDialogue

COLLECT_MS = 10 * 60_000
"""The time (ms) in which further messages belong to a text that has begun."""

_WORDS_SEPARATOR = "|"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Open:
    """The dialogue that a message or a press goes on with; `updated_at` (ms UTC) is when it was stored."""

    dialogue: Dialogue[Any]
    state: DialogueState
    updated_at: int

    async def go_on(self, ctx: HandlerContext) -> None:
        await self.dialogue.go_on(ctx, self.state)

    async def finish(self, ctx: HandlerContext) -> None:
        await self.dialogue.finish(ctx, self.state)

    def collected_too_long(self, now: int) -> bool:
        """Return whether it only collected parts of a text, and the last one came too long ago."""
        step = self.dialogue.collecting_step
        return step is not None and self.state.step == step and now - self.updated_at > COLLECT_MS


class Conversation:
    """Passes a person's messages to their open dialogue, by the kinds that the modules declare."""

    def __init__(self, kinds: Iterable[Dialogue[Any]]) -> None:
        """Know these kinds of dialogues. Raises ValueError where two have one name."""
        self._dialogues: dict[str, Dialogue[Any]] = {}
        for dialogue in kinds:
            if dialogue.kind in self._dialogues:
                raise ValueError(f"two dialogues are of the kind {dialogue.kind}")
            self._dialogues[dialogue.kind] = dialogue
        self.router = Router()
        self.router.callback(FinishDialogue)(self.on_done)
        self.router.callback(CancelDialogue)(self.on_cancel)

    async def on_message(self, ctx: HandlerContext) -> None:
        """Pass a text, photo, video or document to the open dialogue, or search for the text where none is open."""
        current = await self._current(ctx)
        if current is not None and current.collected_too_long(ctx.services.clock()):
            await ctx.close_dialogue()
            await ctx.reply("collecting-ended")
            if _is_word(ctx, "words-done") or _is_word(ctx, "words-cancel"):
                return
            current = None
        if current is not None:
            await _continue(ctx, current)
        elif not ctx.words:
            await ctx.reply("unreadable-message")
        elif parse_int(ctx.words) is not None:
            await full_text.article(ctx)
        elif not await import_offers.offered(ctx) and not await lists.category_tagged(ctx):
            await search.search(ctx)

    async def unknown_command(self, ctx: HandlerContext) -> None:
        """Answer a command that is not ours, or not this person's; a secret may begin like one."""
        stored = await stored_dialogue(ctx)
        dialogue = self._dialogues.get(stored.kind) if stored is not None else None
        current = await self._current(ctx) if dialogue is not None and dialogue.takes_secrets else None
        if current is None:
            await ctx.reply("unknown-command")
        else:
            await current.go_on(ctx)

    async def unreadable(self, ctx: HandlerContext) -> None:
        """Answer a sticker, a voice message or the like."""
        current = await self._current(ctx)
        await ctx.reply("unreadable-message" if current is None else current.dialogue.unreadable)

    async def edited(self, ctx: HandlerContext) -> None:
        """Answer the edit of a message: what it asked for was answered when it was sent.

        One that may hold a secret by now is deleted.
        """
        stored = await stored_dialogue(ctx)
        dialogue = self._dialogues.get(stored.kind) if stored is not None else None
        if (dialogue is not None and dialogue.takes_secrets) or await is_edit_of_secret(ctx):
            await discard_message(ctx)
        await ctx.reply("edited-message")

    async def on_done(self, ctx: HandlerContext, _button: FinishDialogue) -> None:
        """Finish what the open dialogue collects. Where it cannot be finished yet, the buttons stay."""
        current = await self._of_press(ctx)
        if current.collected_too_long(ctx.services.clock()):
            await ctx.close_dialogue()
            raise UserError("collecting-ended")
        await current.finish(ctx)
        await ctx.answer_callback()
        await ctx.set_buttons()

    async def on_cancel(self, ctx: HandlerContext, _button: CancelDialogue) -> None:
        """Leave the open dialogue."""
        await self._of_press(ctx)
        await _cancel(ctx)
        await ctx.answer_callback()
        await ctx.set_buttons()

    async def _of_press(self, ctx: HandlerContext) -> _Open:
        """Return the person's dialogue. Raises UserError where none is open."""
        current = await self._current(ctx)
        if current is None:
            raise UserError("stale-button")
        return current

    async def _current(self, ctx: HandlerContext) -> _Open | None:
        """Return the dialogue that the update belongs to.

        Raises UserError for one whose right has ended, or whose state cannot be read: it ends, too.
        """
        stored = await stored_dialogue(ctx)
        if stored is None:
            return None
        dialogue = self._dialogues.get(stored.kind)
        if stored.ended or (dialogue is not None and not dialogue.is_open_to(ctx.role)):
            await _end(ctx, stored, dialogue, "unknown-command")
            return None
        if dialogue is None:
            _log.error("dialogue_unknown", kind=stored.kind)
        if dialogue is None or (state := dialogue.read(stored)) is None:
            await _end(ctx, stored, dialogue, "dialogue-ended")
            return None
        message_id = 0 if ctx.press else ctx.message_id
        return _Open(dialogue, state, stored.updated_at) if dialogue.takes_message(state, message_id) else None


async def _end(ctx: HandlerContext, stored: StoredDialogue, dialogue: Dialogue[Any] | None, key: str) -> None:
    """End a dialogue that cannot go on. Raises UserError, except for one that only waited for a press.

    A message that may hold a secret goes with it.
    """
    if dialogue is not None and dialogue.takes_secrets and ctx.press is None:
        await discard_message(ctx)
    await ctx.close_dialogue()
    if not is_aside(stored):
        raise UserError("stale-button" if ctx.press else key)


async def _continue(ctx: HandlerContext, current: _Open) -> None:
    if _is_word(ctx, "words-cancel"):
        await _cancel(ctx)
    elif _is_word(ctx, "words-done") and not current.dialogue.takes_every_word:
        await current.finish(ctx)
    else:
        await current.go_on(ctx)


async def _cancel(ctx: HandlerContext) -> None:
    await ctx.services.dialogues.cancel(ctx.chat_id, ctx.user_id)
    await ctx.reply("cancelled")


def _is_word(ctx: HandlerContext, key: str) -> bool:
    words = ctx.texts(key).split(_WORDS_SEPARATOR)
    return match_key(ctx.words) in {match_key(word) for word in words}
