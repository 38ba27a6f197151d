"""/post and /import: an article written or handed in, step by step or all at once, up to its preview.

The dialogue's data: `step` (category, title, lead, body, text, material), what was answered so far, `parts` of a
text that may be longer than one message, and what `material.gathered` adds. It survives a restart; every step is
stored before it is answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.bounds import FILE_BYTES
from bot.errors import UserError
from bot.ingest.candidate import Candidate
from bot.ingest.upsert import Outcome
from bot.newsroom.formatting import FormattedText
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
from bot.render.callback_data import CallbackData, CategoryId
from bot.render.headline import category_name
from bot.render.message import Button
from handlers.core.callbacks import SkipLead, SkipSource
from handlers.core.category_names import unknown_category
from handlers.core.context import HandlerContext
from handlers.core.keyboards import cancel_keyboard, done_keyboard
from handlers.core.labels import in_rows
from handlers.core.router import Router
from handlers.staff import message_content
from handlers.staff.drafts import send_preview
from storage import articles, categories, dialogues
from storage.records import Provenance

POST, IMPORT = "post", "import"
"""The kinds of dialogue of this module."""

COLLECT_MS = 10 * 60_000
"""The time (ms) in which further messages belong to a text that has begun."""

router = Router()


@dataclass(frozen=True, slots=True)
class ChooseCategory(CallbackData, prefix="post"):
    """Chooses the category of the post that is begun."""

    category_id: CategoryId


@router.command("post", right=Right.WRITE)
async def post(ctx: HandlerContext) -> None:
    """/post: the first question; with a category and text behind it the whole article at once."""
    brought = message_content.gathered(ctx.message, {})
    if not ctx.words:
        await _save(ctx, POST, brought | {"step": "category"})
        await _question(ctx, "category")
        return
    if "\n" not in ctx.words:
        async with ctx.services.database.read() as connection:
            category = await categories.find(connection, ctx.words, ctx.texts.sections)
        if category is None:
            await unknown_category(ctx, ctx.words)
            return
        await _save(ctx, POST, brought | {"step": "title", "category": category.id})
        await _question(ctx, "title")
        return
    await _collect_or_finish(
        ctx, POST, brought | {"step": "text", "parts": [message_content.written(ctx).to_json()]}
    )


@router.command("import", right=Right.WRITE)
async def import_(ctx: HandlerContext) -> None:
    """/import URL, or with a page's text or a file; alone it asks for one of these."""
    if ctx.document:
        await _import_file(ctx)
    elif not ctx.words:
        await _save(ctx, IMPORT, {"step": "material"})
        await ctx.ask("import-ask", cancel_keyboard(ctx))
    else:
        await _material(ctx, {"step": "material"})


@router.callback(ChooseCategory, right=Right.WRITE)
async def choose_category(ctx: HandlerContext, button: ChooseCategory) -> None:
    """Keep the category of the post, and ask for its title."""
    async with ctx.services.database.read() as connection:
        category = await categories.get(connection, button.category_id)
        dialogue = await dialogues.get(connection, ctx.chat_id, ctx.user_id)
    if category is None or dialogue is None or dialogue.kind != POST or dialogue.data.get("step") != "category":
        raise UserError("stale-button")
    await _save(ctx, POST, dialogue.data | {"step": "title", "category": category.id})
    await ctx.toast()
    await ctx.set_buttons()
    await _question(ctx, "title")


async def skip_lead(ctx: HandlerContext) -> None:
    """Leave the lead out, and ask for the body."""
    data = await _at_step(ctx, "lead")
    await _save(ctx, POST, data | {"step": "body", "lead": "", "parts": []})
    await ctx.toast()
    await ctx.set_buttons()
    await _question(ctx, "body")


async def skip_source(ctx: HandlerContext) -> None:
    """Leave out where the text was forwarded from."""
    data = await _at_step(ctx, "body")
    await _save(ctx, POST, data | {"origin": None})
    await ctx.toast("noted")
    await ctx.set_buttons(done_keyboard(ctx))


async def _at_step(ctx: HandlerContext, step: str) -> dict[str, Any]:
    async with ctx.services.database.read() as connection:
        dialogue = await dialogues.get(connection, ctx.chat_id, ctx.user_id)
    if dialogue is None or dialogue.kind != POST or dialogue.data.get("step") != step:
        raise UserError("stale-button")
    return dialogue.data


async def continue_post(ctx: HandlerContext, before: dict[str, Any]) -> None:
    """The next message of a post."""
    if before.get("seen") == ctx.message_id:
        # The desk was stopped between this step and its answer: the step is done, the answer is owed.
        await _question(ctx, before["step"])
        return
    data = message_content.gathered(ctx.message, before)
    step, words = data["step"], ctx.words
    if not words:
        await _save(ctx, POST, data)
        if not message_content.continues_album(ctx.message, before):
            keyboard = done_keyboard(ctx) if step in ("body", "text") else cancel_keyboard(ctx)
            await ctx.ask("attachments-kept", keyboard, count=message_content.count(data))
    elif step == "category":
        async with ctx.services.database.read() as connection:
            category = await categories.find(connection, words, ctx.texts.sections)
        if category is None:
            await unknown_category(ctx, words)
            return
        await _save(ctx, POST, data | {"step": "title", "category": category.id})
        await _question(ctx, "title")
    elif step == "title":
        title = await _checked(ctx, data | {"title": words})
        await _save(ctx, POST, data | {"step": "lead", "title": title.title})
        await _question(ctx, "lead")
    elif step == "lead":
        lead = await _checked(ctx, data | {"lead": words})
        await _save(ctx, POST, data | {"step": "body", "lead": lead.lead, "parts": []})
        await _question(ctx, "body")
    elif step == "body":
        await _save(ctx, POST, data | {"parts": with_more(data["parts"], message_content.written(ctx))})
        if data.get("origin") and not before.get("origin"):
            without = Button(ctx.texts("button-no-source"), SkipSource().pack())
            await ctx.ask("post-forwarded", (*done_keyboard(ctx), (without,)), name=data["origin"][0])
        elif len(data["parts"]) == 0:
            await ctx.ask("post-body-more", done_keyboard(ctx))
    else:
        parts = with_more(data["parts"], message_content.written(ctx))
        await _collect_or_finish(ctx, POST, data | {"parts": parts})


async def continue_import(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """The next message of an import."""
    if ctx.document:
        await _import_file(ctx)
    elif not ctx.words:
        await ctx.say("import-text-wanted")
    elif data.get("seen") == ctx.message_id:
        await _question(ctx, "text")
    elif data["step"] == "text":
        await _collect_or_finish(ctx, IMPORT, data | {"parts": with_more(data["parts"], FormattedText(ctx.words))})
    else:
        await _material(ctx, data)


async def finish(ctx: HandlerContext, kind: str, data: dict[str, Any]) -> None:
    """Store what was collected as a draft and show its preview; the dialogue ends with it."""
    text = join_parts([FormattedText.from_json(part) for part in data.get("parts") or []])
    if kind == IMPORT:
        if not text.text:
            raise UserError("import-text-wanted")
        candidate = await ctx.services.importer.read_text(text.text, author_id=ctx.user_id)
        await _store_import(ctx, candidate)
        return
    if data["step"] == "text":
        async with ctx.services.database.read() as connection:
            written = parse_post(text, await categories.all_(connection), ctx.texts.sections)
    elif data["step"] == "body":
        body, tags = take_tags(text.lines())
        written = replace(await _checked(ctx, data, body), tags=tags)
    else:
        raise UserError("post-not-finished")
    origin = Origin(*data["origin"]) if data.get("origin") else None
    content = content_of(written, data.get("photo") or "", media_of(data.get("media") or ()), origin)
    provenance = Provenance(author_id=ctx.user_id, language=_language(written.title))
    draft = await ctx.services.newsroom.draft(content, written.category.id, provenance)
    await ctx.close_dialogue()
    await send_preview(ctx, draft)


async def _collect_or_finish(ctx: HandlerContext, kind: str, data: dict[str, Any]) -> None:
    """Wait for the rest of a text that a client had to split, and of an album; finish any other."""
    if ctx.units < SPLIT_FROM and ctx.message.media_group_id is None:
        try:
            await finish(ctx, kind, data)
        except UserError as error:
            if len(data["parts"]) > 1:
                await ctx.close_dialogue()
            if error.key == "category-unknown":
                await unknown_category(ctx, str(error.text_args["name"]))
                return
            raise
        return
    await _save(ctx, kind, data)
    if len(data["parts"]) == 1:
        key = "collecting" if ctx.message.media_group_id is None else "collecting-album"
        await ctx.ask(key, done_keyboard(ctx))


async def _material(ctx: HandlerContext, data: dict[str, Any]) -> None:
    """An address or a page's text."""
    words = ctx.words
    if words.lower().startswith(("http://", "https://")) and len(words.split()) == 1:
        await ctx.say("import-reading")
        await _store_import(ctx, await ctx.services.importer.read_address(words, author_id=ctx.user_id))
        return
    await _collect_or_finish(ctx, IMPORT, {"step": "text", "parts": [words]})


async def _import_file(ctx: HandlerContext) -> None:
    body = None
    if ctx.document_bytes <= FILE_BYTES:
        body = await ctx.services.gateway.download(ctx.document, most_bytes=FILE_BYTES)
    if body is None:
        raise UserError("import-too-large", megabytes=FILE_BYTES // 1_000_000)
    await _store_import(ctx, await ctx.services.importer.read_file(body, author_id=ctx.user_id))


async def _store_import(ctx: HandlerContext, candidate: Candidate) -> None:
    kept = await ctx.services.importer.store(candidate, editor=may(ctx.role, Right.EDIT))
    await ctx.close_dialogue()
    async with ctx.services.database.read() as connection:
        stored = await articles.get(connection, kept.article_id)
    assert stored is not None, "stored a moment ago"
    if kept.outcome is Outcome.SAME:
        await ctx.say("import-known", id=ctx.texts.digits(str(stored.id)))
    elif kept.outcome is Outcome.REVISED:
        await ctx.say("import-revised", id=ctx.texts.digits(str(stored.id)))
    await send_preview(ctx, stored)


async def _checked(ctx: HandlerContext, data: dict[str, Any], body: Sequence[FormattedText] = ()) -> Post:
    async with ctx.services.database.read() as connection:
        category = await categories.get(connection, data["category"])
    if category is None:
        raise UserError("category-gone")
    return checked(category, data.get("title") or "", data.get("lead") or "", body)


async def _question(ctx: HandlerContext, step: str) -> None:
    """Ask what a step of a post waits for."""
    if step == "category":
        known = await ctx.services.subscriptions.categories()
        buttons = [
            Button(category_name(category, ctx.texts), ChooseCategory(category.id).pack()) for category in known
        ]
        await ctx.ask("post-category-ask", in_rows(buttons, 2) + cancel_keyboard(ctx))
    elif step == "lead":
        without = Button(ctx.texts("button-no-lead"), SkipLead().pack())
        await ctx.ask("post-lead-ask", ((without, *cancel_keyboard(ctx)[0]),))
    elif step == "title":
        await ctx.ask("post-title-ask", cancel_keyboard(ctx))
    else:
        await ctx.ask("post-body-ask" if step == "body" else "collecting", done_keyboard(ctx))


async def _save(ctx: HandlerContext, kind: str, data: dict[str, Any]) -> None:
    """Store a step, and which message it was taken from: after a crash the message comes again."""
    kept = data | ({} if ctx.press else {"seen": ctx.message_id})
    await ctx.open_dialogue(kind, kept)


def _language(title: str) -> str:
    return "fa" if any("\u0600" <= letter <= "\u06ff" for letter in title) else "en"
