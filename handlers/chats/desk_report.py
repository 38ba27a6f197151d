"""The time of the report to the desk chat, chosen from the chat's panel."""

from bot.errors import NotFoundError
from bot.newsroom.permissions import Right
from bot.render.message import Button, Message
from handlers.chats.callbacks import ChooseReport, Panel, ReportPage
from handlers.chats.managed_chats import managed_chat
from handlers.chats.setting_choices import REPORT_TIMES
from handlers.core.context import HandlerContext
from handlers.core.labels import in_rows
from handlers.core.router import Router
from storage import desk_reports
from storage.records import Chat

router = Router()


@router.callback(ReportPage, right=Right.STATS)
async def show_times(ctx: HandlerContext, button: ReportPage) -> None:
    """Show the times of day at which the desk chat may get the report."""
    await ctx.edit_or_send(await _page(ctx, await _desk_chat(ctx, button.chat_id)))


@router.callback(ChooseReport, right=Right.STATS)
async def choose_time(ctx: HandlerContext, button: ChooseReport) -> None:
    """Set the time of day of the desk chat's report, or switch it off."""
    chat = await _desk_chat(ctx, button.chat_id)
    await ctx.services.desk_reports.choose(chat.id, REPORT_TIMES.at(button.place))
    await ctx.edit_or_send(await _page(ctx, chat))
    await ctx.answer_callback("noted")


async def _desk_chat(ctx: HandlerContext, chat_id: int) -> Chat:
    """Return the desk chat, where the person manages it. Raises NotFoundError for any other chat."""
    if chat_id != ctx.services.settings.desk_chat_or_owner:
        raise NotFoundError("chat-unknown")
    return await managed_chat(ctx, chat_id)


async def _page(ctx: HandlerContext, chat: Chat) -> Message:
    async with ctx.services.database.read() as connection:
        chosen = await desk_reports.minute_of(connection, chat.id)
    buttons = REPORT_TIMES.buttons(ctx.texts, chosen, lambda place: ChooseReport(chat.id, place=place))
    back = (Button(ctx.texts("button-back"), Panel(chat.id).pack()),)
    return Message(ctx.texts.html("settings-report"), (*in_rows(buttons, 3), back))
