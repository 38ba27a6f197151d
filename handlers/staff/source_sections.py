"""Names of sections that a source has learned: learned by a yes, listed, and forgotten."""

import hashlib
from dataclasses import dataclass
from typing import Annotated

from bot.errors import NotFoundError
from bot.ingest.sources.callbacks import SourceId
from bot.ingest.sources.source_admin import find_source
from bot.newsroom.permissions import Right
from bot.render.callback_data import CallbackData
from bot.render.headline import category_name
from bot.render.html import cut, escape
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from handlers.core.labels import distinct_labels, in_rows, turns_by_offset, window
from handlers.core.router import Router
from handlers.staff.callbacks import AnswerSection, EditSource, ListSections
from handlers.staff.list_rows import settled_rows
from handlers.staff.source_labels import linked
from storage import categories, source_rules

router = Router()

SectionDigest = Annotated[str, "[0-9a-f]{12}"]
"""The digest that stands for a name of a section in callback data."""

_PAGE = 10
_ON_A_BUTTON = 24


@dataclass(frozen=True, slots=True)
class ForgetSection(CallbackData, prefix="learned"):
    """Deletes the mapping of a source's section name."""

    source_id: SourceId
    digest: SectionDigest


@router.callback(AnswerSection, right=Right.SOURCES)
async def answer(ctx: HandlerContext, button: AnswerSection) -> None:
    """Learn what was offered, or leave it."""
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        offer = await source_rules.section_offer(connection, button.offer_id)
        category = await categories.get(connection, offer.category_id) if offer else None
    if offer is None or category is None:
        raise NotFoundError("source-unknown")
    if button.answer == "n":
        await ctx.edit_or_send(Message(texts.html("learning-left", section=offer.name)))
        await ctx.answer_callback()
        return
    await ctx.services.source_admin.learn_section(offer.source_id, offer.name, category.id, actor_id=ctx.user_id)
    listed = Button(texts("button-sections"), ListSections(offer.source_id, 0).pack())
    done = texts.html("learning-done", section=offer.name, category=category_name(category, texts))
    await ctx.edit_or_send(Message(done, ((listed,),)))
    await ctx.answer_callback("noted")


@router.callback(ListSections, right=Right.SOURCES)
async def list_sections(ctx: HandlerContext, button: ListSections) -> None:
    """Show a page of the names that a source has learned."""
    await ctx.edit_or_send(await _list(ctx, button.source_id, button.offset))


@router.callback(ForgetSection, right=Right.SOURCES)
async def forget(ctx: HandlerContext, button: ForgetSection) -> None:
    """Delete the mapping of a name; the list keeps its rows."""
    async with ctx.services.database.read() as connection:
        await find_source(connection, button.source_id)
        learned = await source_rules.sections(connection, button.source_id)
    for section in learned:
        if _digest(section.key) == button.digest:
            await ctx.services.source_admin.forget_section(button.source_id, section.key, actor_id=ctx.user_id)
    left = [ForgetSection(button.source_id, _digest(learned_section.key)) for learned_section in learned]
    forgotten = ForgetSection(button.source_id, button.digest)
    await ctx.set_buttons(
        settled_rows(ctx, ForgetSection, [forget_section for forget_section in left if forget_section != forgotten])
    )
    await ctx.answer_callback("noted")


async def _list(ctx: HandlerContext, source_id: int, offset: int) -> Message:
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        source = await find_source(connection, source_id)
        learned = await source_rules.sections(connection, source_id)
        known = {category.id: category_name(category, texts) for category in await categories.all_(connection)}
    page, offset = window(learned, offset, _PAGE)
    lines = [linked(source, texts), texts.html("sections-learned" if learned else "sections-none")]
    lines += [f"{texts.mark}• {escape(texts.facts(section.name, known[section.category_id]))}" for section in page]
    names = distinct_labels([cut(section.name, _ON_A_BUTTON) for section in page], texts)
    buttons = [
        Button(texts("button-forget-section", section=name), ForgetSection(source_id, _digest(section.key)).pack())
        for section, name in zip(page, names, strict=True)
    ]
    more = offset + len(page) < len(learned)
    turns = turns_by_offset(texts, lambda at: ListSections(source_id, at), offset, _PAGE, more=more)
    back = ((Button(texts("button-back"), EditSource(source_id).pack()),),)
    return Message("\n".join(lines), (*in_rows(buttons, 1), *turns, *back))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]
