"""The time at which an article is published by itself, and /planned with what may be done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.errors import ConflictError, UserError
from bot.locales.catalog import Texts
from bot.newsroom.callbacks import PlanAt
from bot.newsroom.permissions import Right
from bot.newsroom.scheduling import parse_future_time, usual_times
from bot.newsroom.transitions import Act, require
from bot.render.callback_data import ArticleId, CallbackData, Offset
from bot.render.callbacks import PreviewPage
from bot.render.html import cut, escape
from bot.render.message import Button, Message
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.keyboards import cancel_keyboard
from handlers.core.labels import fetched_window, gone_line, in_rows, state_in_words, turns_by_offset
from handlers.core.router import Router
from handlers.staff.article_access import workable
from handlers.staff.article_preview import send_preview
from handlers.staff.callbacks import AskPublicationTime, CancelPlan
from handlers.staff.list_rows import in_place, listed
from handlers.staff.publication_messages import schedule_message
from storage import articles, audit, scheduled
from storage.records import Article, ArticleState

router = Router()


class PlanState(DialogueState, frozen=True, kw_only=True):
    """The article whose time is asked for, and its revision then."""

    id: int
    revision: int


PLAN = router.dialogue(Dialogue("plan", PlanState, right=Right.PUBLISH))
"""The dialogue in which the time of an article is written."""

_PAGE = 8
_TITLE = 100
_NAME = 40


@dataclass(frozen=True, slots=True)
class PlannedPage(CallbackData, prefix="planned"):
    """A page of what is planned."""

    offset: Offset


@dataclass(frozen=True, slots=True)
class OpenPlanned(CallbackData, prefix="planned:open"):
    """Answers with the preview of an article of the list."""

    article_id: ArticleId


@router.callback(AskPublicationTime, right=Right.PUBLISH)
async def prompt_for_time(ctx: HandlerContext, button: AskPublicationTime) -> None:
    """Prompt for the time of an article, or for another one."""
    article = await workable(ctx, button.article_id)
    require(Act.SCHEDULE, article)
    if article.revision != button.revision:
        raise ConflictError("article-changed-meanwhile", id=article.id)
    await PLAN.open(ctx, PlanState(id=article.id, revision=article.revision))
    id_ = ctx.texts.digits(str(article.id))
    keyboard = (*in_rows(_usual_times(ctx, article), 2), *cancel_keyboard(ctx))
    await ctx.prompt("plan-ask", keyboard, id=id_, title=cut(article.content.title, _TITLE))


@router.callback(PlanAt, right=Right.PUBLISH)
async def plan_at(ctx: HandlerContext, button: PlanAt) -> None:
    """Plan an article for the time on the button, and end the question for its time."""
    article = await workable(ctx, button.article_id)
    if button.at <= ctx.services.clock():
        raise UserError("plan-past")
    planned = await ctx.services.scheduling.schedule(
        article.id, button.at, actor_id=ctx.user_id, breaking=button.breaking, expected=button.revision
    )
    plan = await PLAN.here(ctx)
    if plan is not None and plan.id == article.id:
        await ctx.close_dialogue()
    await ctx.edit_or_send(schedule_message(ctx, planned))
    await ctx.answer_callback("noted")


@PLAN.on_message
async def on_message(ctx: HandlerContext, state: PlanState) -> None:
    """Read the time in the message; a time that cannot be read may be written again."""
    if not ctx.words:
        raise UserError("plan-unreadable", text="…")
    article = await workable(ctx, state.id)
    try:
        await schedule(ctx, article, ctx.words, expected=state.revision)
    except ConflictError:
        await ctx.close_dialogue()  # what it was asked for is gone
        raise
    await ctx.close_dialogue()


@router.callback(CancelPlan, right=Right.PUBLISH)
async def cancel(ctx: HandlerContext, button: CancelPlan) -> None:
    """Make a scheduled article a draft again."""
    article = await workable(ctx, button.article_id)
    draft = await ctx.services.scheduling.cancel(article.id, actor_id=ctx.user_id)
    texts = ctx.texts
    words = texts.html("plan-cancelled", id=texts.digits(str(draft.id)), title=draft.content.title)
    await ctx.edit_or_send(Message(words, ((Button(texts("button-view"), PreviewPage(draft.id).pack()),),)))
    await ctx.answer_callback("noted")


@router.command("planned", right=Right.PUBLISH)
async def calendar(ctx: HandlerContext) -> None:
    """/planned: what is published by itself, day by day."""
    await ctx.send(await _page(ctx, 0))


@router.callback(PlannedPage, right=Right.PUBLISH)
async def on_page(ctx: HandlerContext, button: PlannedPage) -> None:
    """Show another page of what is planned, or the same anew."""
    await ctx.edit_or_send(await _page(ctx, button.offset))
    await ctx.answer_callback()


@router.callback(OpenPlanned, right=Right.PUBLISH)
async def open_planned(ctx: HandlerContext, button: OpenPlanned) -> None:
    """Answer with the preview. The list stays: its rows keep their places and say how their articles stand."""
    try:
        await send_preview(ctx, await workable(ctx, button.article_id))
    finally:
        await ctx.edit_or_send(await _page_in_place(ctx))


async def schedule(ctx: HandlerContext, article: Article, words: str, *, expected: int | None = None) -> None:
    """Schedule an article for the time in `words`. Raises UserError where they name no time to come."""
    services = ctx.services
    require(Act.SCHEDULE, article)
    at = parse_future_time(words, ctx.texts.zone, services.clock())
    planned = await services.scheduling.schedule(article.id, at, actor_id=ctx.user_id, expected=expected)
    await ctx.send(schedule_message(ctx, planned, article.scheduled_at))


def _usual_times(ctx: HandlerContext, article: Article) -> list[Button]:
    """Return a button for each usual time of today and tomorrow."""
    texts, now = ctx.texts, ctx.services.clock()
    labels = {True: "button-plan-today", False: "button-plan-tomorrow"}
    return [
        Button(
            texts(labels[texts.weekday(at) == texts.weekday(now)], clock=texts.clock(at)),
            PlanAt(article.id, article.revision, at, article.breaking).pack(),
        )
        for at in usual_times(texts.zone, now)
    ]


async def _page(ctx: HandlerContext, offset: int) -> Message:
    texts = ctx.texts
    async with ctx.services.database.read() as connection:
        planned, offset = await fetched_window(
            lambda at: scheduled.page(connection, limit=_PAGE + 1, offset=at), offset
        )
        page = planned[:_PAGE]
        names = await audit.names(connection, {article.scheduled_by or 0 for article in page})
    if not page:
        return Message(texts.html("planned-none"))
    lines = _lines([article.id for article in page], {article.id: article for article in page}, names, texts)
    buttons = [_button(article.id, article, texts) for article in page]
    turns = turns_by_offset(texts, PlannedPage, offset, _PAGE, more=len(planned) > _PAGE)
    refresh = (Button(texts("button-refresh"), PlannedPage(offset).pack()),)
    return Message("\n".join(lines), (*in_rows(buttons, 1), *turns, refresh))


async def _page_in_place(ctx: HandlerContext) -> Message:
    """Return the list whose button was pressed: the same rows, and how their articles stand now."""
    texts, ids = ctx.texts, [button.article_id for button in listed(ctx, OpenPlanned)]
    async with ctx.services.database.read() as connection:
        by_id = {article.id: article for article in await articles.get_many(connection, ids)}
        names = await audit.names(connection, {article.scheduled_by or 0 for article in by_id.values()})
    rows = in_place(ctx, OpenPlanned, lambda row: (_button(row.article_id, by_id.get(row.article_id), texts),))
    return Message("\n".join(_lines(ids, by_id, names, texts)), rows)


def _lines(ids: Sequence[int], by_id: Mapping[int, Article], names: Mapping[int, str], texts: Texts) -> list[str]:
    """Return the articles by their days; what is not planned any more stays where it was."""
    lines, day = [texts.html("planned-title")], ""
    for article_id in ids:
        article = by_id.get(article_id)
        at = article.scheduled_at if article is not None and article.state is ArticleState.SCHEDULED else None
        if at is not None and (its_day := texts.weekday(at)) != day:
            lines += ["", f"<b>{escape(its_day)}</b>"]
            day = its_day
        if article is None:
            lines.append(gone_line(article_id, texts))
        else:
            lines.append(_line(article, names.get(article.scheduled_by or 0, ""), texts))
    return lines


def _line(article: Article, name: str, texts: Texts) -> str:
    number = f"<code>{texts.digits(str(article.id))}</code>"
    if article.state is not ArticleState.SCHEDULED or article.scheduled_at is None:
        return f"{texts.mark}{number} {escape(state_in_words(article, texts))}"
    mark = f"{texts('breaking-mark')} " if article.breaking else ""
    line = f"{escape(texts.clock(article.scheduled_at))} · {number} "
    line += escape(f"{mark}{texts.apart(cut(article.content.title, _TITLE))}")
    if name:
        line += escape(f" · {texts.apart(cut(name, _NAME))}")
    return texts.mark + line


def _button(article_id: int, article: Article | None, texts: Texts) -> Button:
    number, opens = texts.digits(str(article_id)), OpenPlanned(article_id).pack()
    if article is None:
        return Button(f"{number} · {texts('row-deleted')}", opens)
    planned = article.state is ArticleState.SCHEDULED
    name = cut(article.content.title, 24) if planned else state_in_words(article, texts)
    return Button(f"{number} · {name}", opens)
