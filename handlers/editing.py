"""/edit and /correct: another title, lead, body, photo or category.

A draft is changed at once; what readers have goes on to a correction.
"""

from typing import Any

from bot.errors import ConflictError, NotFoundError, UserError
from bot.newsroom.composing import SPLIT_FROM, join_parts, with_part
from bot.render.headline import category_name
from bot.render.message import Button, Message
from handlers import correcting
from handlers.correcting import CATEGORY, PHOTO
from handlers.drafts import asked, cancel_keyboard, done_keyboard, editable, pages, send_preview, workable
from handlers.scene import Scene
from handlers.wording import in_rows
from storage import categories, dialogues
from storage.records import Article, ArticleState

DIALOGUE = "edit"
"""The dialogue in which a new title, lead or body is written; data: id, revision, field, parts."""

_WRITTEN = ("title", "lead", "body")


async def edit(scene: Scene) -> None:
    """/edit ID: which part to change."""
    await scene.send(_parts(scene, editable(scene, await asked(scene, "edit-usage"))))


async def correct(scene: Scene) -> None:
    """/correct ID: which part of a published article to change."""
    await scene.send(_parts(scene, await correcting.article_to_correct(scene)))


async def press(scene: Scene) -> None:
    """A press while editing: `edit:ARTICLE`, `edit:ARTICLE:FIELD`, `edit:ARTICLE:cat:CATEGORY`."""
    _, article_id, *rest = scene.data.split(":")
    found = editable(scene, await workable(scene, int(article_id)))
    if not rest:
        await scene.show(_parts(scene, found))
    elif rest[0] == "nophoto":
        await _change(scene, found, found.revision, PHOTO, "")
    elif rest[0] == "cat" and len(rest) == 1:
        known = await scene.services.subscriptions.categories()
        buttons = [Button(category_name(one, scene.texts), f"edit:{found.id}:cat:{one.id}") for one in known]
        await scene.show(Message(scene.texts.html("edit-category-ask"), in_rows(buttons, 2)))
    elif rest[0] == "cat":
        async with scene.services.database.read() as connection:
            if await categories.get(connection, int(rest[1])) is None:
                raise NotFoundError("category-gone")
        await _change(scene, found, found.revision, CATEGORY, rest[1])
    else:
        await _keep(scene, {"id": found.id, "revision": found.revision, "field": rest[0], "parts": []})
        keyboard = done_keyboard(scene) if rest[0] == "body" else cancel_keyboard(scene)
        await scene.ask(f"edit-{rest[0]}-ask", keyboard)


async def hear(scene: Scene, data: dict[str, Any]) -> None:
    """What is written, or sent as a photo, for a part."""
    if data["field"] == PHOTO:
        if not scene.photo:
            raise UserError("edit-photo-wanted")
        await finish(scene, data | {"parts": [scene.photo]})
        return
    if not scene.words:
        raise UserError("post-text-wanted")
    data = data | {"parts": [*data["parts"], scene.words]}
    if data["field"] == "body" and scene.units >= SPLIT_FROM:
        await _keep(scene, data)
    else:
        await finish(scene, data)


async def finish(scene: Scene, data: dict[str, Any]) -> None:
    """Take what was written as it is. It goes on top of the revision at which the editor began."""
    if not data["parts"]:
        raise UserError("post-not-finished")
    found = editable(scene, await workable(scene, data["id"]))
    try:
        await _change(scene, found, data["revision"], data["field"], join_parts(data["parts"]))
    except ConflictError:
        await _close(scene)  # what it began from is gone
        raise


async def _change(scene: Scene, found: Article, revision: int, part: str, text: str) -> None:
    """Store a draft's new part and show the preview; go on to a correction of what readers have."""
    if found.state is ArticleState.PUBLISHED:
        await correcting.begin(scene, found, revision, part, text)
        return
    changed = await scene.services.newsroom.edit(
        found.id,
        with_part(found, part, text),
        expected=revision,
        editor_id=scene.user_id,
        category_id=int(text) if part == CATEGORY else None,
    )
    if scene.press is not None and part in (PHOTO, CATEGORY):
        await scene.show(pages(scene, changed)[0])
        return
    await _close(scene)
    await send_preview(scene, changed)


async def _keep(scene: Scene, data: dict[str, Any]) -> None:
    async with scene.services.database.write() as tx:
        await dialogues.put(tx, scene.chat_id, scene.user_id, DIALOGUE, data, now=scene.services.clock())


async def _close(scene: Scene) -> None:
    async with scene.services.database.write() as tx:
        await dialogues.close(tx, scene.chat_id, scene.user_id)


def _parts(scene: Scene, article: Article) -> Message:
    texts = scene.texts
    buttons = [Button(texts(f"button-edit-{field}"), f"edit:{article.id}:{field}") for field in _WRITTEN]
    buttons.append(Button(texts("button-edit-category"), f"edit:{article.id}:cat"))
    buttons.append(Button(texts("button-edit-photo"), f"edit:{article.id}:{PHOTO}"))
    if article.content.photo:
        buttons.append(Button(texts("button-remove-photo"), f"edit:{article.id}:nophoto"))
    back = (Button(texts("button-back"), f"view:{article.id}:0"),)
    key = "edit-which-published" if article.state is ArticleState.PUBLISHED else "edit-which"
    heading = texts.html(key, id=texts.digits(str(article.id)), title=article.content.title)
    return Message(heading, (*in_rows(buttons, 2), back))
