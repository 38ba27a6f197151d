"""/post and /import: an article written or handed in, step by step or all at once, up to its preview."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, assert_never

from msgspec.structs import replace

from bot.bounds import FILE_BYTES
from bot.errors import SourceError, UserError
from bot.ingest.candidate import Candidate
from bot.ingest.storing.upsert import Outcome
from bot.newsroom.formatting import FormattedText, StoredText
from bot.newsroom.permissions import Right, may
from bot.newsroom.post_parser import (
    SPLIT_FROM,
    Post,
    checked,
    content_of,
    join_parts,
    parse_post,
    with_more,
)
from bot.newsroom.tags import split_off_tags
from bot.render.callback_data import CallbackData, CategoryId
from bot.render.headline import category_label
from bot.render.message import Button
from handlers.core import message_media
from handlers.core.category_names import unknown_category
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.keyboards import cancel_keyboard, done_keyboard
from handlers.core.labels import in_rows
from handlers.core.progress_message import progress_message
from handlers.core.router import Router
from handlers.staff import copy_editing, import_offers, message_content
from handlers.staff.article_preview import send_preview
from handlers.staff.callbacks import ImportAddress
from storage import articles, categories
from storage.records import ArticleState, Provenance

router = Router()


class PostState(message_content.MaterialState, frozen=True, kw_only=True):
    """The answers so far, and the `parts` of a text that may be longer than one message."""

    step: Literal["category", "title", "lead", "body", "text"]
    category: int | None = None
    title: str = ""
    lead: str = ""
    parts: tuple[StoredText, ...] = ()


class ImportState(DialogueState, frozen=True, kw_only=True):
    """The `parts` of a page's text."""

    step: Literal["material", "text"] = "material"
    parts: tuple[StoredText, ...] = ()


POST = router.dialogue(Dialogue("post", PostState, right=Right.WRITE, collecting_step="text"))
"""The dialogue of /post."""
IMPORT = router.dialogue(Dialogue("import", ImportState, right=Right.WRITE, collecting_step="text"))
"""The dialogue of /import."""

_T = TypeVar("_T", PostState, ImportState)


@dataclass(frozen=True, slots=True)
class ChooseCategory(CallbackData, prefix="post"):
    """Chooses the category of the post that is begun."""

    category_id: CategoryId


@dataclass(frozen=True, slots=True)
class SkipLead(CallbackData, prefix="dialogue:nolead"):
    """Leaves the lead of a post out."""


@dataclass(frozen=True, slots=True)
class SkipSource(CallbackData, prefix="dialogue:nosource"):
    """Leaves out where the text of a post was forwarded from."""


@router.command("post", right=Right.WRITE)
async def post(ctx: HandlerContext) -> None:
    """/post: the first question; with a category and text behind it the whole article at once."""
    state = message_content.gathered(ctx.message, PostState(step="category"))
    if not ctx.words:
        await POST.open(ctx, state)
        await _question(ctx, "category")
    elif "\n" not in ctx.words:
        await _set_category(ctx, state)
    else:
        await _collect_or_finish(
            ctx, POST, replace(state, step="text", parts=(message_content.written(ctx).to_json(),))
        )


@router.command("import", right=Right.WRITE)
async def import_(ctx: HandlerContext) -> None:
    """/import URL, or with a page's text or a file; alone it asks for one of these."""
    if ctx.document:
        await _import_file(ctx)
    elif not ctx.words:
        await IMPORT.open(ctx, ImportState())
        await ctx.prompt("import-ask", cancel_keyboard(ctx))
    else:
        await _material(ctx)


@router.callback(ImportAddress, right=Right.WRITE)
async def import_address(ctx: HandlerContext, _button: ImportAddress) -> None:
    """Import the article of the address in the message."""
    address = next(iter(ctx.message.parse_entities(["code"]).values()), "")
    if import_offers.ADDRESS.fullmatch(address) is None:
        raise UserError("stale-button")
    await ctx.answer_callback("import-reading")
    await _store_import(ctx, await _read_page(ctx, address))
    await ctx.set_buttons()


@router.callback(ChooseCategory, right=Right.WRITE)
async def choose_category(ctx: HandlerContext, button: ChooseCategory) -> None:
    """Store the category of the post, and ask for its title."""
    async with ctx.services.database.read() as connection:
        category = await categories.get(connection, button.category_id)
    state = await _at_step(ctx, "category")
    if category is None:
        raise UserError("stale-button")
    await POST.open(ctx, replace(state, step="title", category=category.id))
    await ctx.answer_callback()
    await ctx.set_buttons()
    await _question(ctx, "title")


@router.callback(SkipLead)
async def skip_lead(ctx: HandlerContext, _button: SkipLead) -> None:
    """Skip the lead, and prompt for the body."""
    state = await _at_step(ctx, "lead")
    await POST.open(ctx, replace(state, step="body", lead="", parts=()))
    await ctx.answer_callback()
    await ctx.set_buttons()
    await _question(ctx, "body")


@router.callback(SkipSource)
async def skip_source(ctx: HandlerContext, _button: SkipSource) -> None:
    """Leave out where the text was forwarded from."""
    state = await _at_step(ctx, "body")
    await POST.open(ctx, replace(state, origin=None))
    await ctx.answer_callback("noted")
    await ctx.set_buttons(done_keyboard(ctx))


async def _at_step(ctx: HandlerContext, step: str) -> PostState:
    state = await POST.of_press(ctx)
    if state.step != step:
        raise UserError("stale-button")
    return state


@POST.on_message
async def continue_post(ctx: HandlerContext, before: PostState) -> None:
    """Continue a post with its next message."""
    if before.seen == ctx.message_id:
        # The app was stopped between this step and its answer: the step is done, the answer is owed.
        await _question(ctx, before.step)
        return
    state, words = message_content.gathered(ctx.message, before), ctx.words
    if not words:
        await _add_attachment(ctx, before, state)
        return
    match state.step:
        case "category":
            await _set_category(ctx, state)
        case "title":
            title = await _checked(ctx, replace(state, title=words))
            await POST.open(ctx, replace(state, step="lead", title=title.title))
            await _question(ctx, "lead")
        case "lead":
            lead = await _checked(ctx, replace(state, lead=words))
            await POST.open(ctx, replace(state, step="body", lead=lead.lead, parts=()))
            await _question(ctx, "body")
        case "body":
            await _add_body(ctx, before, state)
        case "text":
            parts = with_more(state.parts, message_content.written(ctx))
            await _collect_or_finish(ctx, POST, replace(state, parts=parts))
        case _:
            assert_never(state.step)


async def _add_attachment(ctx: HandlerContext, before: PostState, state: PostState) -> None:
    await POST.open(ctx, state)
    if not message_media.continues_album(ctx.message, before.group):
        keyboard = done_keyboard(ctx) if state.step in ("body", "text") else cancel_keyboard(ctx)
        await ctx.prompt("attachments-kept", keyboard, count=state.attachments)


async def _set_category(ctx: HandlerContext, state: PostState) -> None:
    """Set the category that the message names, and prompt for the title."""
    async with ctx.services.database.read() as connection:
        category = await categories.find(connection, ctx.words, ctx.texts.sections)
    if category is None:
        await unknown_category(ctx, ctx.words)
        return
    await POST.open(ctx, replace(state, step="title", category=category.id))
    await _question(ctx, "title")


async def _add_body(ctx: HandlerContext, before: PostState, state: PostState) -> None:
    await POST.open(ctx, replace(state, parts=with_more(state.parts, message_content.written(ctx))))
    if state.origin and not before.origin:
        without = Button(ctx.texts("button-no-source"), SkipSource().pack())
        await ctx.prompt("post-forwarded", (*done_keyboard(ctx), (without,)), name=state.origin.name)
    elif not state.parts:
        await ctx.prompt("post-body-more", done_keyboard(ctx))


@IMPORT.on_message
async def continue_import(ctx: HandlerContext, state: ImportState) -> None:
    """Continue an import with its next message."""
    if ctx.document:
        await _import_file(ctx)
    elif not ctx.words:
        await ctx.reply("import-text-wanted")
    elif state.seen == ctx.message_id:
        await _question(ctx, "text")
    elif state.step == "text":
        parts = with_more(state.parts, FormattedText(ctx.words))
        await _collect_or_finish(ctx, IMPORT, replace(state, parts=parts))
    else:
        await _material(ctx)


@POST.on_finish
async def finish_post(ctx: HandlerContext, state: PostState) -> None:
    """Store what was collected as a draft and show its preview; the dialogue ends with it."""
    text = _joined(state)
    if state.step == "text":
        async with ctx.services.database.read() as connection:
            written = parse_post(text, await categories.all_(connection), ctx.texts.sections)
    elif state.step == "body":
        body, tags = split_off_tags(text.lines())
        written = dataclasses.replace(await _checked(ctx, state, body), tags=tags)
    else:
        raise UserError("post-not-finished")
    content = content_of(written, state.photo, state.media, state.origin)
    provenance = Provenance(author_id=ctx.user_id, language=_language(written.title))
    draft = await ctx.services.newsroom.draft(content, written.category.id, provenance)
    await ctx.close_dialogue()
    await copy_editing.send_corrected_preview(ctx, draft)


@IMPORT.on_finish
async def finish_import(ctx: HandlerContext, state: ImportState) -> None:
    """Store what was collected of a page's text as a draft and show its preview; the dialogue ends with it."""
    text = _joined(state)
    if not text.text:
        raise UserError("import-text-wanted")
    candidate = await ctx.services.importer.read_text(text.text, author_id=ctx.user_id)
    await _store_import(ctx, candidate)


def _joined(state: PostState | ImportState) -> FormattedText:
    return join_parts([FormattedText.from_json(part) for part in state.parts])


async def _collect_or_finish(ctx: HandlerContext, dialogue: Dialogue[_T], state: _T) -> None:
    """Wait for the rest of a text that a client had to split, and of an album; finish any other."""
    if ctx.units < SPLIT_FROM and ctx.message.media_group_id is None:
        try:
            await dialogue.finish(ctx, state)
        except UserError as error:
            if len(state.parts) > 1:
                await ctx.close_dialogue()
            if error.key == "category-unknown":
                await unknown_category(ctx, str(error.text_args["name"]))
                return
            raise
        return
    await dialogue.open(ctx, state)
    if len(state.parts) == 1:
        key = "collecting" if ctx.message.media_group_id is None else "collecting-album"
        await ctx.prompt(key, done_keyboard(ctx))


async def _material(ctx: HandlerContext) -> None:
    """An address or a page's text."""
    words = ctx.words
    if words.lower().startswith(("http://", "https://")) and len(words.split()) == 1:
        async with progress_message(ctx, "import-reading"):
            await _store_import(ctx, await _read_page(ctx, words))
        return
    await _collect_or_finish(ctx, IMPORT, ImportState(step="text", parts=(words,)))


async def _read_page(ctx: HandlerContext, address: str) -> Candidate:
    """Read the page at an address as the source asks for it that it belongs to. Raises UserError."""
    try:
        profile = await ctx.services.source_requests.profile_for(address)
    except SourceError as error:
        raise UserError("import-unreadable", reason=str(error)) from error
    return await ctx.services.importer.read_address(address, author_id=ctx.user_id, profile=profile)


async def _import_file(ctx: HandlerContext) -> None:
    body = None
    if ctx.document_bytes <= FILE_BYTES:
        body = await ctx.services.gateway.download(ctx.document, most_bytes=FILE_BYTES)
    if body is None:
        raise UserError("import-too-large", megabytes=FILE_BYTES // 1_000_000)
    await _store_import(ctx, await ctx.services.importer.read_file(body, author_id=ctx.user_id))


async def _store_import(ctx: HandlerContext, candidate: Candidate) -> None:
    upserted = await ctx.services.importer.store(candidate, editor=may(ctx.role, Right.EDIT))
    await ctx.close_dialogue()
    async with ctx.services.database.read() as connection:
        stored = await articles.get(connection, upserted.article_id)
    assert stored is not None, "stored a moment ago"
    if upserted.outcome is Outcome.SAME:
        await ctx.reply("import-known", id=ctx.texts.digits(str(stored.id)))
    elif upserted.outcome.is_revision:
        await ctx.reply("import-revised", id=ctx.texts.digits(str(stored.id)))
    elif stored.state is ArticleState.DRAFT:
        await copy_editing.send_corrected_preview(ctx, stored)
        return
    await send_preview(ctx, stored, with_cover=True)


async def _checked(ctx: HandlerContext, state: PostState, body: Sequence[FormattedText] = ()) -> Post:
    async with ctx.services.database.read() as connection:
        category = await categories.get(connection, state.category) if state.category is not None else None
    if category is None:
        raise UserError("category-gone")
    return checked(category, state.title, state.lead, body)


async def _question(ctx: HandlerContext, step: str) -> None:
    """Prompt for the answer of a step of a post."""
    if step == "category":
        known = await ctx.services.subscriptions.categories()
        buttons = [
            Button(category_label(category, ctx.texts), ChooseCategory(category.id).pack()) for category in known
        ]
        await ctx.prompt("post-category-ask", in_rows(buttons, 2) + cancel_keyboard(ctx))
    elif step == "lead":
        without = Button(ctx.texts("button-no-lead"), SkipLead().pack())
        await ctx.prompt("post-lead-ask", ((without, *cancel_keyboard(ctx)[0]),))
    elif step == "title":
        await ctx.prompt("post-title-ask", cancel_keyboard(ctx))
    else:
        await ctx.prompt("post-body-ask" if step == "body" else "collecting", done_keyboard(ctx))


def _language(title: str) -> str:
    return "fa" if any("\u0600" <= letter <= "\u06ff" for letter in title) else "en"
