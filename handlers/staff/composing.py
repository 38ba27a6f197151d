"""/post and /import: an article written or handed in, step by step or all at once, up to its preview.

The dialogue's data: `step` (category, title, lead, body, text, material), what was answered so far, `parts` of a
text that may be longer than one message, and what `material.gathered` adds. It survives a restart; every step is
stored before it is answered.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.bounds import FILE_BYTES
from bot.errors import UserError
from bot.ingest.candidate import Candidate
from bot.ingest.upsert import Outcome
from bot.newsroom.formatting import Written
from bot.newsroom.permissions import Right, may
from bot.newsroom.post_parser import (
    SPLIT_FROM,
    Origin,
    Post,
    checked,
    content_of,
    join_parts,
    media_of,
    parse_post,
    with_more,
)
from bot.newsroom.tags import take_tags
from bot.render.headline import category_name
from bot.render.message import Button
from handlers.core.context import Scene
from handlers.core.labels import in_rows
from handlers.readers import lists
from handlers.staff import message_content
from handlers.staff.drafts import cancel_keyboard, done_keyboard, send_preview
from storage import articles, categories, dialogues
from storage.records import Provenance

POST, IMPORT = "post", "import"
"""The kinds of dialogue of this module."""

COLLECT_MS = 10 * 60_000
"""How long (ms) further messages belong to a text that has begun."""


async def post(scene: Scene) -> None:
    """/post: the first question; with a category and text behind it the whole article at once."""
    brought = message_content.gathered(scene.message, {})
    if not scene.words:
        await _save(scene, POST, brought | {"step": "category"})
        await _question(scene, "category")
        return
    if "\n" not in scene.words:
        async with scene.services.database.read() as connection:
            found = await categories.find(connection, scene.words, scene.texts.sections)
        if found is None:
            await lists.unknown_category(scene, scene.words)
            return
        await _save(scene, POST, brought | {"step": "title", "category": found.id})
        await _question(scene, "title")
        return
    await _collect_or_finish(
        scene, POST, brought | {"step": "text", "parts": [message_content.written(scene).to_json()]}
    )


async def import_(scene: Scene) -> None:
    """/import URL, or with a page's text or a file; alone it asks for one of these."""
    if scene.document:
        await _import_file(scene)
    elif not scene.words:
        await _save(scene, IMPORT, {"step": "material"})
        await scene.ask("import-ask", cancel_keyboard(scene))
    else:
        await _material(scene, {"step": "material"})


async def choose_category(scene: Scene) -> None:
    """A press on a category: `post:CATEGORY`."""
    async with scene.services.database.read() as connection:
        found = await categories.get(connection, int(scene.data.split(":")[1]))
        dialogue = await dialogues.get(connection, scene.chat_id, scene.user_id)
    if found is None or dialogue is None or dialogue.kind != POST or dialogue.data.get("step") != "category":
        raise UserError("stale-button")
    await _save(scene, POST, dialogue.data | {"step": "title", "category": found.id})
    await scene.toast()
    await scene.set_buttons()
    await _question(scene, "title")


async def skip_lead(scene: Scene) -> None:
    """A press that leaves the lead out: `dialogue:nolead`."""
    data = await _at_step(scene, "lead")
    await _save(scene, POST, data | {"step": "body", "lead": "", "parts": []})
    await scene.toast()
    await scene.set_buttons()
    await _question(scene, "body")


async def skip_source(scene: Scene) -> None:
    """A press that leaves out where the text was forwarded from: `dialogue:nosource`."""
    data = await _at_step(scene, "body")
    await _save(scene, POST, data | {"origin": None})
    await scene.toast("noted")
    await scene.set_buttons(done_keyboard(scene))


async def _at_step(scene: Scene, step: str) -> dict[str, Any]:
    async with scene.services.database.read() as connection:
        dialogue = await dialogues.get(connection, scene.chat_id, scene.user_id)
    if dialogue is None or dialogue.kind != POST or dialogue.data.get("step") != step:
        raise UserError("stale-button")
    return dialogue.data


async def continue_post(scene: Scene, before: dict[str, Any]) -> None:
    """The next message of a post."""
    if before.get("seen") == scene.message_id:
        # The desk was stopped between this step and its answer: the step is done, the answer is owed.
        await _question(scene, before["step"])
        return
    data = message_content.gathered(scene.message, before)
    step, words = data["step"], scene.words
    if not words:
        await _save(scene, POST, data)
        if not message_content.continues_album(scene.message, before):
            keyboard = done_keyboard(scene) if step in ("body", "text") else cancel_keyboard(scene)
            await scene.ask("attachments-kept", keyboard, count=message_content.count(data))
    elif step == "category":
        async with scene.services.database.read() as connection:
            found = await categories.find(connection, words, scene.texts.sections)
        if found is None:
            await lists.unknown_category(scene, words)
            return
        await _save(scene, POST, data | {"step": "title", "category": found.id})
        await _question(scene, "title")
    elif step == "title":
        title = await _checked(scene, data | {"title": words})
        await _save(scene, POST, data | {"step": "lead", "title": title.title})
        await _question(scene, "lead")
    elif step == "lead":
        lead = await _checked(scene, data | {"lead": words})
        await _save(scene, POST, data | {"step": "body", "lead": lead.lead, "parts": []})
        await _question(scene, "body")
    elif step == "body":
        await _save(scene, POST, data | {"parts": with_more(data["parts"], message_content.written(scene))})
        if data.get("origin") and not before.get("origin"):
            without = Button(scene.texts("button-no-source"), "dialogue:nosource")
            await scene.ask("post-forwarded", (*done_keyboard(scene), (without,)), name=data["origin"][0])
        elif len(data["parts"]) == 0:
            await scene.ask("post-body-more", done_keyboard(scene))
    else:
        parts = with_more(data["parts"], message_content.written(scene))
        await _collect_or_finish(scene, POST, data | {"parts": parts})


async def continue_import(scene: Scene, data: dict[str, Any]) -> None:
    """The next message of an import."""
    if scene.document:
        await _import_file(scene)
    elif not scene.words:
        await scene.say("import-text-wanted")
    elif data.get("seen") == scene.message_id:
        await _question(scene, "text")
    elif data["step"] == "text":
        await _collect_or_finish(scene, IMPORT, data | {"parts": with_more(data["parts"], Written(scene.words))})
    else:
        await _material(scene, data)


async def finish(scene: Scene, kind: str, data: dict[str, Any]) -> None:
    """Store what was collected as a draft and show its preview; the dialogue ends with it."""
    text = join_parts([Written.kept(part) for part in data.get("parts") or []])
    if kind == IMPORT:
        if not text.text:
            raise UserError("import-text-wanted")
        candidate = await scene.services.importer.read_text(text.text, author_id=scene.user_id)
        await _store_import(scene, candidate)
        return
    if data["step"] == "text":
        async with scene.services.database.read() as connection:
            found = parse_post(text, await categories.all_(connection), scene.texts.sections)
    elif data["step"] == "body":
        body, tags = take_tags(text.lines())
        found = replace(await _checked(scene, data, body), tags=tags)
    else:
        raise UserError("post-not-finished")
    origin = Origin(*data["origin"]) if data.get("origin") else None
    content = content_of(found, data.get("photo") or "", media_of(data.get("media") or ()), origin)
    provenance = Provenance(author_id=scene.user_id, language=_language(found.title))
    draft = await scene.services.newsroom.draft(content, found.category.id, provenance)
    await scene.close_dialogue()
    await send_preview(scene, draft)


async def _collect_or_finish(scene: Scene, kind: str, data: dict[str, Any]) -> None:
    """Wait for the rest of a text that a client had to split, and of an album; finish any other."""
    if scene.units < SPLIT_FROM and scene.message.media_group_id is None:
        try:
            await finish(scene, kind, data)
        except UserError as error:
            if len(data["parts"]) > 1:
                await scene.close_dialogue()
            if error.key == "category-unknown":
                await lists.unknown_category(scene, str(error.text_args["name"]))
                return
            raise
        return
    await _save(scene, kind, data)
    if len(data["parts"]) == 1:
        key = "collecting" if scene.message.media_group_id is None else "collecting-album"
        await scene.ask(key, done_keyboard(scene))


async def _material(scene: Scene, data: dict[str, Any]) -> None:
    """An address or a page's text."""
    words = scene.words
    if words.lower().startswith(("http://", "https://")) and len(words.split()) == 1:
        await scene.say("import-reading")
        await _store_import(scene, await scene.services.importer.read_address(words, author_id=scene.user_id))
        return
    await _collect_or_finish(scene, IMPORT, {"step": "text", "parts": [words]})


async def _import_file(scene: Scene) -> None:
    body = None
    if scene.document_bytes <= FILE_BYTES:
        body = await scene.services.gateway.download(scene.document, most_bytes=FILE_BYTES)
    if body is None:
        raise UserError("import-too-large", megabytes=FILE_BYTES // 1_000_000)
    await _store_import(scene, await scene.services.importer.read_file(body, author_id=scene.user_id))


async def _store_import(scene: Scene, candidate: Candidate) -> None:
    kept = await scene.services.importer.store(candidate, editor=may(scene.role, Right.EDIT))
    await scene.close_dialogue()
    async with scene.services.database.read() as connection:
        stored = await articles.get(connection, kept.article_id)
    assert stored is not None, "stored a moment ago"
    if kept.outcome is Outcome.SAME:
        await scene.say("import-known", id=scene.texts.digits(str(stored.id)))
    elif kept.outcome is Outcome.REVISED:
        await scene.say("import-revised", id=scene.texts.digits(str(stored.id)))
    await send_preview(scene, stored)


async def _checked(scene: Scene, data: dict[str, Any], body: Sequence[Written] = ()) -> Post:
    async with scene.services.database.read() as connection:
        category = await categories.get(connection, data["category"])
    if category is None:
        raise UserError("category-gone")
    return checked(category, data.get("title") or "", data.get("lead") or "", body)


async def _question(scene: Scene, step: str) -> None:
    """Ask what a step of a post waits for."""
    if step == "category":
        known = await scene.services.subscriptions.categories()
        buttons = [Button(category_name(one, scene.texts), f"post:{one.id}") for one in known]
        await scene.ask("post-category-ask", in_rows(buttons, 2) + cancel_keyboard(scene))
    elif step == "lead":
        without = Button(scene.texts("button-no-lead"), "dialogue:nolead")
        await scene.ask("post-lead-ask", ((without, *cancel_keyboard(scene)[0]),))
    elif step == "title":
        await scene.ask("post-title-ask", cancel_keyboard(scene))
    else:
        await scene.ask("post-body-ask" if step == "body" else "collecting", done_keyboard(scene))


async def _save(scene: Scene, kind: str, data: dict[str, Any]) -> None:
    """Store a step, and which message it was taken from: after a crash the message comes again."""
    kept = data | ({} if scene.press else {"seen": scene.message_id})
    await scene.open_dialogue(kind, kept)


def _language(title: str) -> str:
    return "fa" if any("\u0600" <= letter <= "\u06ff" for letter in title) else "en"
