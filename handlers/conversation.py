"""What is written in a private chat without a command: it belongs to the open dialogue, else it is a search."""

from typing import Any

from bot.errors import UserError
from bot.newsroom.composing import SPLIT_FROM, join_parts
from bot.newsroom.rights import Right, may
from handlers import composing, drafts, panel, reading, searching
from handlers.scene import Scene
from persian.digits import parse_int
from persian.normalise import match_key
from storage import dialogues
from storage.records import Dialogue

_WORDS_SEPARATOR = "|"


async def hear(scene: Scene) -> None:
    """A text, photo or document that is no command."""
    dialogue = await _open_dialogue(scene)
    if dialogue is not None:
        await _continue(scene, dialogue)
    elif not scene.words:
        await scene.say("unreadable-message")
    elif parse_int(scene.words) is not None:
        await reading.article(scene)
    else:
        await searching.search(scene)


async def hear_file(scene: Scene) -> None:
    """A photo or document: its caption may be a command."""
    caption = scene.message.caption or ""
    command = caption.split(maxsplit=1)[0].partition("@")[0].lower() if caption.strip() else ""
    if command == "/post" and may(scene.role, Right.WRITE):
        await composing.post(scene)
    elif command == "/import" and may(scene.role, Right.WRITE):
        await composing.import_(scene)
    elif command.startswith("/"):
        await scene.say("unknown-command")
    else:
        await hear(scene)


async def press(scene: Scene) -> None:
    """A press under a question: `dialogue:done`, `dialogue:cancel`, `dialogue:nolead`."""
    what = scene.data.split(":")[1]
    if what == "nolead":
        await composing.skip_lead(scene)
        return
    dialogue = await _open_dialogue(scene)
    if dialogue is None:
        raise UserError("stale-button")
    await scene.toast()
    await scene.services.gateway.edit_keyboard(scene.chat_id, scene.message_id, ())
    await (_cancel(scene) if what == "cancel" else _finish(scene, dialogue))


async def _open_dialogue(scene: Scene) -> Dialogue | None:
    """Return the person's dialogue; one that only collected parts ends after ten minutes."""
    async with scene.services.database.read() as connection:
        found = await dialogues.get(connection, scene.chat_id, scene.user_id)
    if found is None:
        return None
    staff_only = found.kind in (composing.POST, composing.IMPORT, drafts.DIALOGUE)
    idle = scene.services.clock() - found.updated_at
    collecting = found.data.get("step") == "text" and idle > composing.COLLECT_MS
    if (staff_only and not may(scene.role, Right.WRITE)) or collecting:
        async with scene.services.database.write() as tx:
            await dialogues.close(tx, scene.chat_id, scene.user_id)
        if collecting:
            await scene.say("collecting-ended")
        return None
    return found


async def _continue(scene: Scene, dialogue: Dialogue) -> None:
    if _is_word(scene, "words-cancel"):
        await _cancel(scene)
    elif _is_word(scene, "words-done"):
        await _finish(scene, dialogue)
    elif dialogue.kind == composing.POST:
        await composing.continue_post(scene, dialogue.data)
    elif dialogue.kind == composing.IMPORT:
        await composing.continue_import(scene, dialogue.data)
    elif dialogue.kind == drafts.DIALOGUE:
        await _continue_edit(scene, dialogue.data)
    else:
        await panel.own_words(scene, dialogue.data)


async def _finish(scene: Scene, dialogue: Dialogue) -> None:
    if dialogue.kind in (composing.POST, composing.IMPORT):
        await composing.finish(scene, dialogue.kind, dialogue.data)
    elif dialogue.kind == drafts.DIALOGUE and dialogue.data["parts"]:
        await _apply(scene, dialogue.data)
    else:
        raise UserError("post-not-finished")


async def _continue_edit(scene: Scene, data: dict[str, Any]) -> None:
    if not scene.words:
        await scene.say("post-text-wanted")
        return
    data = data | {"parts": [*data["parts"], scene.words]}
    if data["field"] == "body" and scene.units >= SPLIT_FROM:
        async with scene.services.database.write() as tx:
            await dialogues.put(tx, scene.chat_id, scene.user_id, drafts.DIALOGUE, data, now=scene.services.clock())
        return
    await _apply(scene, data)


async def _apply(scene: Scene, data: dict[str, Any]) -> None:
    text = join_parts(data["parts"])
    await drafts.apply_edit(scene, data["id"], data["revision"], data["field"], text)
    async with scene.services.database.write() as tx:
        await dialogues.close(tx, scene.chat_id, scene.user_id)


async def _cancel(scene: Scene) -> None:
    async with scene.services.database.write() as tx:
        await dialogues.close(tx, scene.chat_id, scene.user_id)
    await scene.say("cancelled")


def _is_word(scene: Scene, key: str) -> bool:
    words = scene.texts(key).split(_WORDS_SEPARATOR)
    return match_key(scene.words) in {match_key(word) for word in words}
