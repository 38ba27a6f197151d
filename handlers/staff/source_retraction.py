"""Retraction of what a source has brought lately, as after an attack on its site."""

from dataclasses import dataclass
from typing import Annotated, Literal

from bot.errors import UserError
from bot.ingest.sources.callbacks import SourceId, SourcePage
from bot.ingest.sources.source_admin import find_source
from bot.newsroom.articles import MOST_RETRACTED
from bot.newsroom.permissions import Right
from bot.render.callback_data import CallbackData, number
from bot.render.html import cut, escape
from bot.render.message import Button, ButtonStyle, Message
from handlers.core.context import HandlerContext
from handlers.core.keyboards import question_keyboard
from handlers.core.router import Router
from handlers.staff.callbacks import AskSourceRetraction, EditSource
from handlers.staff.source_labels import linked, short_name
from storage import article_origin
from storage.records import Source

router = Router()

SPANS = (1, 6, 24)
"""The hours back to which a source's articles are retracted."""

_HOUR_MS = 3_600_000
_SHOWN = 5
_TITLE = 100

Hours = Annotated[int, number(2)]
"""The span of a retraction."""


@dataclass(frozen=True, slots=True)
class RetractFromSource(CallbackData, prefix="source:pull"):
    """Retracts what a source has brought in so many hours, and pauses it; asks first where nobody is `sure`."""

    source_id: SourceId
    hours: Hours
    sure: Literal["y"] | None = None


@router.callback(AskSourceRetraction, right=Right.PUBLISH)
async def show_spans(ctx: HandlerContext, button: AskSourceRetraction) -> None:
    """Show how many published articles a source has brought in each span."""
    texts, source = ctx.texts, await _source(ctx, button.source_id)
    counts = {hours: len(await _brought(ctx, source, hours)) for hours in SPANS}
    rows = tuple(
        (
            Button(
                texts("button-source-retract-span", hours=hours, count=count),
                RetractFromSource(source.id, hours).pack(),
            ),
        )
        for hours, count in counts.items()
        if count
    )
    back = ((Button(texts("button-back"), EditSource(source.id).pack()),),)
    question = texts.html("source-retract-ask" if rows else "source-retract-none")
    await ctx.edit_or_send(Message(f"{linked(source, texts)}\n\n{question}", rows + back))


@router.callback(RetractFromSource, right=Right.PUBLISH)
async def retract(ctx: HandlerContext, button: RetractFromSource) -> None:
    """Retract what a source has brought lately, after a yes."""
    if button.hours not in SPANS:
        raise UserError("stale-button")
    source = await _source(ctx, button.source_id)
    if not button.sure:
        await ctx.edit_or_send(await _confirmation(ctx, source, button.hours))
        return
    texts, name = ctx.texts, short_name(source)
    # Nothing more of the same kind comes in meanwhile.
    await ctx.services.source_admin.pause(source.id, actor_id=ctx.user_id)
    count = await ctx.services.newsroom.retract_from_source(
        source.id,
        since=_since(ctx, button.hours),
        reason=texts("source-retract-reason", name=name),
        actor_id=ctx.user_id,
    )
    page = Button(texts("button-source-page"), SourcePage(source.id).pack())
    await ctx.edit_or_send(Message(texts.html("source-retracted", count=count, name=name), ((page,),)))
    await ctx.answer_callback("noted")


async def _confirmation(ctx: HandlerContext, source: Source, hours: int) -> Message:
    """Return the question with the newest headlines that would be retracted."""
    texts = ctx.texts
    brought = await _brought(ctx, source, hours)
    if not brought:
        raise UserError("stale-button")
    span = texts("source-retract-span", hours=hours)
    lines = [texts.html("source-retract-sure", count=len(brought), name=short_name(source), span=span), ""]
    lines += [f"{texts.mark}• {escape(cut(title, _TITLE))}" for _, title in brought[:_SHOWN]]
    lines += [texts.html("source-retract-more", count=len(brought) - _SHOWN)] if len(brought) > _SHOWN else []
    lines += ["", texts.html("retract-means")]
    yes = Button(
        texts("button-yes-retract-all"),
        RetractFromSource(source.id, hours, "y").pack(),
        style=ButtonStyle.DANGER,
    )
    back = Button(texts("button-back"), AskSourceRetraction(source.id).pack())
    return Message("\n".join(lines), question_keyboard(ctx, yes, back, stacked=True))


async def _brought(ctx: HandlerContext, source: Source, hours: int) -> list[tuple[int, str]]:
    """Return numbers and headlines of what a source has brought in a span, the newest first."""
    since = _since(ctx, hours)
    async with ctx.services.database.read() as connection:
        return await article_origin.published_since(connection, source.id, since, limit=MOST_RETRACTED)


def _since(ctx: HandlerContext, hours: int) -> int:
    return ctx.services.clock() - hours * _HOUR_MS


async def _source(ctx: HandlerContext, source_id: int) -> Source:
    async with ctx.services.database.read() as connection:
        return await find_source(connection, source_id)
