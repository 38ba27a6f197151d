"""What is written in a private chat without a command: it belongs to the open dialogue, else it is a search."""

from bot.errors import NotFoundError, UserError
from bot.newsroom.permissions import Right, may
from handlers.chats import chat_settings, post_style, subscription_settings, time_zone
from handlers.core import confirmations
from handlers.core.context import HandlerContext
from handlers.readers import comments, full_text, lists, search
from handlers.staff import (
    announcements,
    breaking,
    composing,
    conflicts,
    corrections,
    editing,
    retractions,
    review,
    scheduling,
)
from persian.digits import parse_int
from persian.normalise import match_key
from storage import dialogues
from storage.records import Dialogue

_WORDS_SEPARATOR = "|"
_STAFFS = {
    composing.POST: Right.WRITE,
    composing.IMPORT: Right.WRITE,
    editing.DIALOGUE: Right.WRITE,
    corrections.DIALOGUE: Right.PUBLISH,
    conflicts.DIALOGUE: Right.WRITE,
    retractions.DIALOGUE: Right.PUBLISH,
    review.DIALOGUE: Right.PUBLISH,
    announcements.DIALOGUE: Right.ANNOUNCE,
    scheduling.DIALOGUE: Right.PUBLISH,
    breaking.DIALOGUE: Right.PUBLISH,
}
"""The newsroom's dialogues, and the right that each of them takes."""
_SETTINGS = {
    post_style.DIALOGUE: post_style.hear,
    time_zone.DIALOGUE: time_zone.hear,
    subscription_settings.DIALOGUE: subscription_settings.hear,
    chat_settings.DIALOGUE: chat_settings.own_words,
}
"""The dialogues about the settings of a chat."""
_SKIPS = {"nolead": composing.skip_lead, "nosource": composing.skip_source, "nonote": corrections.skip_note}


async def hear(ctx: HandlerContext) -> None:
    """A text, photo, video or document that is no command."""
    dialogue = await _open_dialogue(ctx)
    if dialogue is not None and _put_aside(ctx, dialogue):
        await ctx.close_dialogue()
        await ctx.say("collecting-ended")
        if _is_word(ctx, "words-done") or _is_word(ctx, "words-cancel"):
            return
        dialogue = None
    if dialogue is not None:
        await _continue(ctx, dialogue)
    elif not ctx.words:
        await ctx.say("unreadable-message")
    elif parse_int(ctx.words) is not None:
        await full_text.article(ctx)
    elif not await lists.category_tagged(ctx):
        await search.search(ctx)


async def unreadable(ctx: HandlerContext) -> None:
    """A sticker, a voice message or the like."""
    dialogue = await _open_dialogue(ctx)
    comment = dialogue is not None and dialogue.kind == comments.DIALOGUE
    await ctx.say("comment-text-wanted" if comment else "unreadable-message")


async def edited(ctx: HandlerContext) -> None:
    """A message that was changed after it was sent: what it asked for was answered then."""
    await ctx.say("edited-message")


async def press(ctx: HandlerContext) -> None:
    """A press under a question: `dialogue:done`, `dialogue:cancel`, or what is left out: `dialogue:no...`."""
    what = ctx.data.split(":")[1]
    dialogue = await _open_dialogue(ctx)
    if dialogue is None:
        raise UserError("stale-button")
    if what in _SKIPS:
        await _SKIPS[what](ctx)
        return
    if what == "done" and _put_aside(ctx, dialogue):
        await ctx.close_dialogue()
        raise UserError("collecting-ended")
    # Where it cannot be finished yet, the buttons stay.
    await (_cancel(ctx) if what == "cancel" else _finish(ctx, dialogue))
    await ctx.toast()
    await ctx.set_buttons()


async def _open_dialogue(ctx: HandlerContext) -> Dialogue | None:
    """Return the person's dialogue. Raises UserError for one of the newsroom whose right has ended: it ends, too.

    What only waits for a yes is none, unless it was just this message that brought it so far, before a crash.
    """
    async with ctx.services.database.read() as connection:
        found = await dialogues.get(connection, ctx.chat_id, ctx.user_id)
    if found is not None and _right_ended(ctx, found):
        await ctx.close_dialogue()
        if confirmations.is_aside(found):
            return None
        raise UserError("stale-button" if ctx.press else "unknown-command")
    if found is not None and confirmations.is_aside(found):
        again = ctx.press is None and found.data.get("seen") == ctx.message_id
        return found if again else None
    return found


def _right_ended(ctx: HandlerContext, dialogue: Dialogue) -> bool:
    needed = _STAFFS.get(dialogue.kind)
    return dialogue.kind == dialogues.ENDED or (needed is not None and not may(ctx.role, needed))


def _put_aside(ctx: HandlerContext, dialogue: Dialogue) -> bool:
    """Tell whether it only collected parts of a text, and the last one came too long ago."""
    idle = ctx.services.clock() - dialogue.updated_at
    return dialogue.data.get("step") == "text" and idle > composing.COLLECT_MS


async def _continue(ctx: HandlerContext, dialogue: Dialogue) -> None:
    if _is_word(ctx, "words-cancel"):
        await _cancel(ctx)
    elif dialogue.kind == comments.DIALOGUE:
        await comments.hear(ctx, dialogue.data)
    elif _is_word(ctx, "words-done"):
        await _finish(ctx, dialogue)
    elif dialogue.kind == composing.POST:
        await composing.continue_post(ctx, dialogue.data)
    elif dialogue.kind == composing.IMPORT:
        await composing.continue_import(ctx, dialogue.data)
    elif dialogue.kind == editing.DIALOGUE:
        await editing.hear(ctx, dialogue.data)
    elif dialogue.kind == corrections.DIALOGUE:
        await corrections.hear(ctx, dialogue)
    elif dialogue.kind == announcements.DIALOGUE:
        await announcements.hear(ctx, dialogue.data)
    elif dialogue.kind == conflicts.DIALOGUE:
        await conflicts.again(ctx, dialogue.data)
    elif dialogue.kind == review.DIALOGUE:
        await review.hear(ctx, dialogue.data)
    elif dialogue.kind == scheduling.DIALOGUE:
        await scheduling.hear(ctx, dialogue.data)
    else:
        await _continue_settings(ctx, dialogue)


async def _continue_settings(ctx: HandlerContext, dialogue: Dialogue) -> None:
    """Go on about a chat's settings; where the chat is gone, or not this person's any more, the dialogue ends."""
    try:
        await _SETTINGS[dialogue.kind](ctx, dialogue.data)
    except NotFoundError:
        await ctx.close_dialogue()
        raise


async def _finish(ctx: HandlerContext, dialogue: Dialogue) -> None:
    if dialogue.kind in (composing.POST, composing.IMPORT):
        await composing.finish(ctx, dialogue.kind, dialogue.data)
    elif dialogue.kind == editing.DIALOGUE:
        await editing.finish(ctx, dialogue.data)
    else:
        raise UserError("post-not-finished")


async def _cancel(ctx: HandlerContext) -> None:
    await ctx.services.dialogues.cancel(ctx.chat_id, ctx.user_id)
    await ctx.say("cancelled")


def _is_word(ctx: HandlerContext, key: str) -> bool:
    words = ctx.texts(key).split(_WORDS_SEPARATOR)
    return match_key(ctx.words) in {match_key(word) for word in words}
