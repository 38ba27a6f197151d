"""What is written in a private chat without a command: it belongs to the open dialogue, else it is a search."""

from bot.errors import NotFoundError, UserError
from bot.newsroom.permissions import Right, may
from handlers.chats import chat_settings, post_style, subscription_settings, time_zone
from handlers.core import confirmations
from handlers.core.context import Scene
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
from storage import edit_locks as locks
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


async def hear(scene: Scene) -> None:
    """A text, photo, video or document that is no command."""
    dialogue = await _open_dialogue(scene)
    if dialogue is not None and _put_aside(scene, dialogue):
        await scene.close_dialogue()
        await scene.say("collecting-ended")
        if _is_word(scene, "words-done") or _is_word(scene, "words-cancel"):
            return
        dialogue = None
    if dialogue is not None:
        await _continue(scene, dialogue)
    elif not scene.words:
        await scene.say("unreadable-message")
    elif parse_int(scene.words) is not None:
        await full_text.article(scene)
    elif not await lists.category_tagged(scene):
        await search.search(scene)


async def unreadable(scene: Scene) -> None:
    """A sticker, a voice message or the like."""
    dialogue = await _open_dialogue(scene)
    comment = dialogue is not None and dialogue.kind == comments.DIALOGUE
    await scene.say("comment-text-wanted" if comment else "unreadable-message")


async def edited(scene: Scene) -> None:
    """A message that was changed after it was sent: what it asked for was answered then."""
    await scene.say("edited-message")


async def press(scene: Scene) -> None:
    """A press under a question: `dialogue:done`, `dialogue:cancel`, or what is left out: `dialogue:no...`."""
    what = scene.data.split(":")[1]
    dialogue = await _open_dialogue(scene)
    if dialogue is None:
        raise UserError("stale-button")
    if what in _SKIPS:
        await _SKIPS[what](scene)
        return
    if what == "done" and _put_aside(scene, dialogue):
        await scene.close_dialogue()
        raise UserError("collecting-ended")
    # Where it cannot be finished yet, the buttons stay.
    await (_cancel(scene) if what == "cancel" else _finish(scene, dialogue))
    await scene.toast()
    await scene.set_buttons()


async def _open_dialogue(scene: Scene) -> Dialogue | None:
    """Return the person's dialogue. Raises UserError for one of the newsroom whose right has ended: it ends, too.

    What only waits for a yes is none, unless it was just this message that brought it so far, before a crash.
    """
    async with scene.services.database.read() as connection:
        found = await dialogues.get(connection, scene.chat_id, scene.user_id)
    if found is not None and _right_ended(scene, found):
        await scene.close_dialogue()
        if confirmations.is_aside(found):
            return None
        raise UserError("stale-button" if scene.press else "unknown-command")
    if found is not None and confirmations.is_aside(found):
        again = scene.press is None and found.data.get("seen") == scene.message_id
        return found if again else None
    return found


def _right_ended(scene: Scene, dialogue: Dialogue) -> bool:
    needed = _STAFFS.get(dialogue.kind)
    return dialogue.kind == dialogues.ENDED or (needed is not None and not may(scene.role, needed))


def _put_aside(scene: Scene, dialogue: Dialogue) -> bool:
    """Tell whether it only collected parts of a text, and the last one came too long ago."""
    idle = scene.services.clock() - dialogue.updated_at
    return dialogue.data.get("step") == "text" and idle > composing.COLLECT_MS


async def _continue(scene: Scene, dialogue: Dialogue) -> None:
    if _is_word(scene, "words-cancel"):
        await _cancel(scene)
    elif dialogue.kind == comments.DIALOGUE:
        await comments.hear(scene, dialogue.data)
    elif _is_word(scene, "words-done"):
        await _finish(scene, dialogue)
    elif dialogue.kind == composing.POST:
        await composing.continue_post(scene, dialogue.data)
    elif dialogue.kind == composing.IMPORT:
        await composing.continue_import(scene, dialogue.data)
    elif dialogue.kind == editing.DIALOGUE:
        await editing.hear(scene, dialogue.data)
    elif dialogue.kind == corrections.DIALOGUE:
        await corrections.hear(scene, dialogue)
    elif dialogue.kind == announcements.DIALOGUE:
        await announcements.hear(scene, dialogue.data)
    elif dialogue.kind == conflicts.DIALOGUE:
        await conflicts.again(scene, dialogue.data)
    elif dialogue.kind == review.DIALOGUE:
        await review.hear(scene, dialogue.data)
    elif dialogue.kind == scheduling.DIALOGUE:
        await scheduling.hear(scene, dialogue.data)
    else:
        await _continue_settings(scene, dialogue)


async def _continue_settings(scene: Scene, dialogue: Dialogue) -> None:
    """Go on about a chat's settings; where the chat is gone, or not this person's any more, the dialogue ends."""
    try:
        await _SETTINGS[dialogue.kind](scene, dialogue.data)
    except NotFoundError:
        await scene.close_dialogue()
        raise


async def _finish(scene: Scene, dialogue: Dialogue) -> None:
    if dialogue.kind in (composing.POST, composing.IMPORT):
        await composing.finish(scene, dialogue.kind, dialogue.data)
    elif dialogue.kind == editing.DIALOGUE:
        await editing.finish(scene, dialogue.data)
    else:
        raise UserError("post-not-finished")


async def _cancel(scene: Scene) -> None:
    await scene.close_dialogue()
    async with scene.services.database.write() as tx:
        await locks.let_go(tx, scene.user_id)
    await scene.say("cancelled")


def _is_word(scene: Scene, key: str) -> bool:
    words = scene.texts(key).split(_WORDS_SEPARATOR)
    return match_key(scene.words) in {match_key(word) for word in words}
