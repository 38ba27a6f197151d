"""/stats: what is published and whom it reaches, as a picture, in words, and as a table."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from telegram.error import TelegramError

from bot.errors import ConflictError, NotFoundError, UserError
from bot.newsroom import stats as figures_of
from bot.newsroom.permissions import Right
from bot.newsroom.stats import DEFAULT_DAYS, MOST_DAYS, period_of
from bot.render.chart_spec import ChartSpec
from bot.render.message import Button, Keyboard, Message
from bot.subprocesses.client import SideProcessError
from bot.telegram import uploads
from handlers.core.context import HandlerContext
from handlers.core.router import Router
from handlers.staff import statistics_view
from handlers.staff.article_choice import ChoicePage
from handlers.staff.callbacks import STATISTICS_DAYS, StatisticsSpan
from persian.digits import to_ascii
from storage import articles
from storage.records import ArticleState

_ASKED = re.compile(
    r"(?:(?P<what>csv|#?\d{1,13})(?:\s+|$))?(?:(?P<days>\d{1,9})\s*(?:d|days?|روز)?)?", re.IGNORECASE
)
_DRAWN_OUTLETS, _LISTED_OUTLETS = 8, 5_000
_RELEASED = (ArticleState.PUBLISHED, ArticleState.RETRACTED)

_log = structlog.get_logger(__name__)

router = Router()


@dataclass(frozen=True, slots=True)
class StatisticsRequest:
    """The arguments of /stats: everything or one article, the days up to today, and whether as a table."""

    article_id: int | None = None
    days: int = DEFAULT_DAYS
    as_table: bool = False


def parse(words: str) -> StatisticsRequest:
    """Read what stands behind /stats: nothing, `ID`, `ID DAYS`, `DAYSd`, `csv` or `csv DAYS`.

    A lone number is an article's. Raises UserError for anything else, and for too many days.
    """
    match = _ASKED.fullmatch(to_ascii(words).strip())
    if match is None:
        raise UserError("stats-usage", most=MOST_DAYS)
    days = int(match["days"] or DEFAULT_DAYS)
    if not 1 <= days <= MOST_DAYS:
        raise UserError("stats-days", most=MOST_DAYS)
    subject = (match["what"] or "").removeprefix("#").casefold()
    return StatisticsRequest(int(subject) if subject.isdigit() else None, days, as_table=subject == "csv")


@router.command("stats", right=Right.STATS)
async def stats(ctx: HandlerContext) -> None:
    """/stats [ID] [days], /stats csv [days]."""
    request = parse(ctx.words)
    # Whoever asked sees at once that something is on its way.
    with contextlib.suppress(TelegramError):
        await uploads.show_uploading(ctx.services.gateway, ctx.chat_id)
    if request.as_table:
        await _send_table(ctx, request.days)
    else:
        await _show(ctx, request)


@router.callback(StatisticsSpan, right=Right.STATS)
async def change_span(ctx: HandlerContext, button: StatisticsSpan) -> None:
    """Show the figures over another span of days in place of those whose button was pressed."""
    await ctx.answer_callback("stats-drawing")
    await _show(ctx, StatisticsRequest(button.article_id, button.days))


async def _show(ctx: HandlerContext, request: StatisticsRequest) -> None:
    services, texts = ctx.services, ctx.texts
    words, plan = await (_overview(ctx, request) if request.article_id is None else _article(ctx, request))
    caption = Message(words, _spans(ctx, request))
    try:
        png = await services.charts.draw(plan())
    except SideProcessError as error:
        _log.error("picture_not_drawn", reason=str(error))
        await ctx.send(Message(f"{words}\n\n{texts.html('stats-not-drawn')}", caption.keyboard))
        return
    photo = ("stats.png", png, "image/png")
    if ctx.press is not None and ctx.message.photo:
        await uploads.replace_photo(services.gateway, ctx.chat_id, ctx.message_id, photo, caption=caption)
    else:
        await uploads.send_photo(services.gateway, ctx.chat_id, photo, caption)


async def _overview(ctx: HandlerContext, request: StatisticsRequest) -> tuple[str, Callable[[], ChartSpec]]:
    services, texts = ctx.services, ctx.texts
    period = period_of(request.days, services.clock(), services.settings.zone)
    async with services.database.read() as connection:
        overview = await figures_of.overview(connection, period, outlets=_DRAWN_OUTLETS)
    return statistics_view.overview_in_words(overview, texts), lambda: statistics_view.picture_of_overview(
        overview, texts
    )


async def _article(ctx: HandlerContext, request: StatisticsRequest) -> tuple[str, Callable[[], ChartSpec]]:
    services, texts = ctx.services, ctx.texts
    assert request.article_id is not None, "asked about one article"
    period = period_of(request.days, services.clock(), services.settings.zone)
    async with services.database.read() as connection:
        article = await articles.get(connection, request.article_id)
        if article is None:
            raise NotFoundError("stats-no-article", id=request.article_id)
        if article.state not in _RELEASED:
            raise ConflictError("stats-unpublished", id=request.article_id)
        reach = await figures_of.reach(connection, article, period, services.settings.zone)
    return statistics_view.reach_in_words(reach, texts), lambda: statistics_view.picture_of_reach(reach, texts)


async def _send_table(ctx: HandlerContext, days: int) -> None:
    services, texts = ctx.services, ctx.texts
    period = period_of(days, services.clock(), services.settings.zone)
    async with services.database.read() as connection:
        overview = await figures_of.overview(connection, period, outlets=_LISTED_OUTLETS)
    name = f"peyk-stats-{period.date(-1):%Y-%m-%d}-{days}d.csv"
    # A long one takes a while: nobody else waits for it.
    content = await asyncio.to_thread(statistics_view.table_of, overview, texts)
    document = (name, content, "text/csv")
    await uploads.send_document(
        services.gateway, ctx.chat_id, document, Message(statistics_view.overview_in_words(overview, texts))
    )


def _spans(ctx: HandlerContext, request: StatisticsRequest) -> Keyboard:
    """Return the buttons that show the same over other days, or the figures of one article."""
    button = Button(ctx.texts("button-stats-article"), ChoicePage("stats", "published", 0).pack())
    return (
        tuple(
            Button(ctx.texts("button-stats-days", days=days), StatisticsSpan(days, request.article_id).pack())
            for days in STATISTICS_DAYS
        ),
        (button,),
    )
