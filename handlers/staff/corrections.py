"""A correction of what readers have: the new part, the note that they will see, the card, the yes."""

from typing import Any

from bot.errors import ConflictError, UserError
from bot.newsroom.post_parser import checked_note, with_part
from bot.render.difference import in_short
from bot.render.headline import category_name
from bot.render.message import Button, Message
from handlers.core import confirmations
from handlers.core.context import Scene
from handlers.staff import amendment_progress, conflicts, edit_lock
from handlers.staff.drafts import asked, cancel_keyboard, editable, workable
from storage import articles, categories, dialogues
from storage.records import Article, ArticleState, Dialogue

DIALOGUE = "correct"
"""The dialogue of a correction; data: id, revision, part, text (what `with_part` takes), step, note."""

CATEGORY, PHOTO, ATTACH, DETACH = "category", "photo", "attach", "detach"
"""Parts that are not written. A category's is its id."""


async def article_to_correct(scene: Scene) -> Article:
    """Return the article that /correct names. Raises UserError where there is nothing to correct."""
    found = editable(scene, await asked(scene, "correct-usage"))
    if found.state is not ArticleState.PUBLISHED:
        raise UserError("correct-unpublished", id=found.id)
    return found


async def begin(scene: Scene, article: Article, revision: int, part: str, text: Any) -> None:
    """Take the new part of a published article, and ask for the note.

    Raises UserError where it cannot be stored so or changes nothing, ConflictError where `revision` is not the
    newest any more.
    """
    if article.revision != revision:
        raise ConflictError(conflicts.CHANGED, id=article.id)
    same = (
        text == str(article.category.id) if part == CATEGORY else with_part(article, part, text) == article.content
    )
    if same:
        raise UserError("correct-nothing")
    data = {"id": article.id, "revision": revision, "part": part, "text": text, "step": "note"}
    await scene.open_dialogue(DIALOGUE, data)
    without = Button(scene.texts("button-no-note"), "dialogue:nonote")
    await scene.ask("correct-note-ask", ((without, *cancel_keyboard(scene)[0]),))


async def hear(scene: Scene, dialogue: Dialogue) -> None:
    """The note; after a crash it comes again, and the card is owed again."""
    note = checked_note(scene.words) if scene.words else ""
    if not note:
        raise UserError("correct-note-wanted")
    await edit_lock.take(scene, dialogue.data["id"])
    await _ask(scene, dialogue.data, note)


async def skip_note(scene: Scene) -> None:
    """A press that leaves the note as it is: `dialogue:nonote`."""
    async with scene.services.database.read() as connection:
        dialogue = await dialogues.get(connection, scene.chat_id, scene.user_id)
    if dialogue is None or dialogue.kind != DIALOGUE or confirmations.is_aside(dialogue):
        raise UserError("stale-button")
    await scene.toast()
    await scene.set_buttons()
    await _ask(scene, dialogue.data, "")


async def press(scene: Scene) -> None:
    """A press on the card: `fix:ARTICLE:REVISION:STAMP:y` corrects, `:n` leaves it."""
    _, article_id, revision, stamp, answer = scene.data.split(":")
    found = editable(scene, await workable(scene, int(article_id)))
    data = await confirmations.waiting(scene, DIALOGUE, int(stamp), about=found.id)
    if answer == "n":
        await confirmations.leave(scene, waits=data is not None)
        return
    if data is None:
        if not await _done_before(scene, found, int(revision)):
            raise UserError("stale-button")
        await amendment_progress.show_progress(scene, found)
        return
    try:
        corrected = await scene.services.newsroom.edit(
            found.id,
            with_part(found, data["part"], data["text"], note=data["note"]),
            expected=data["revision"],
            editor_id=scene.user_id,
            category_id=int(data["text"]) if data["part"] == CATEGORY else None,
        )
    except ConflictError:
        await conflicts.offer(scene, found.id, data["revision"], data["part"], data["text"])
        return
    await scene.close_dialogue()
    await amendment_progress.show_progress(scene, corrected)
    await scene.toast("noted")


async def _done_before(scene: Scene, article: Article, revision: int) -> bool:
    """Tell whether this very press was done: doubled, or stored before a crash and not answered."""
    async with scene.services.database.read() as connection:
        editor = await articles.last_editor(connection, article.id)
    return article.revision == revision + 1 and editor == scene.user_id


async def _ask(scene: Scene, data: dict[str, Any], note: str) -> None:
    """Show the card: old and new, the note, what it means for the copies."""
    texts, article = scene.texts, editable(scene, await workable(scene, data["id"]))
    if article.revision != data["revision"]:
        await conflicts.offer(scene, article.id, data["revision"], data["part"], data["text"])
        return
    stamp = await confirmations.put_aside(scene, DIALOGUE, data | {"note": note})
    lines = [
        texts.html("correct-card", id=texts.digits(str(article.id)), title=article.content.title),
        "",
        *await _difference(scene, article, data["part"], data["text"]),
    ]
    if note:
        lines += ["", texts.html("article-note", note=note)]
    lines += ["", await amendment_progress.extent(scene, article), texts.html("correct-by-hand")]
    if data["part"] in (PHOTO, ATTACH, DETACH):
        lines.append(texts.html("correct-photo-limits"))
    keyboard = confirmations.yes_or_no(scene, "button-yes-correct", f"fix:{article.id}:{article.revision}:{stamp}")
    await scene.send(Message("\n".join(lines), keyboard))


async def _difference(scene: Scene, article: Article, part: str, text: Any) -> list[str]:
    """Return what the part said and will say, as two lines of HTML."""
    texts, old = scene.texts, article.content
    if part == CATEGORY:
        async with scene.services.database.read() as connection:
            chosen = await categories.get(connection, int(text))
        if chosen is None:
            raise UserError("category-gone")
        return conflicts.old_and_new(scene, category_name(article.category, texts), category_name(chosen, texts))
    new = with_part(article, part, text)
    changed = "media" if part in (ATTACH, DETACH) else part
    return conflicts.old_and_new(scene, *in_short(changed, old, new, texts))
