"""The progress of an announcement and of its retraction: a card that follows it."""

from dataclasses import dataclass
from typing import Annotated, Literal

from bot.locales.catalog import Texts
from bot.newsroom.permissions import Right
from bot.newsroom.transitions import Act, allows
from bot.render.callback_data import CallbackData, number
from bot.render.message import Button, ButtonStyle, Message, UnderWay
from handlers.core.context import HandlerContext
from handlers.core.keyboards import question_keyboard
from handlers.core.labels import broadcast_line
from handlers.core.router import Router
from handlers.staff.copies import fate_of_copies
from handlers.staff.work_cards import show_work
from storage import articles, progress
from storage.engine.connection import Connection
from storage.records import Article, ArticleState, Card, CardKind

router = Router()

AnnouncementNumber = Annotated[int, number(9)]
"""The number of an announcement: its id as an article without the minus."""


@dataclass(frozen=True, slots=True)
class AnnouncementProgress(CallbackData, prefix="told"):
    """Shows the progress of an announcement."""

    number: AnnouncementNumber


@dataclass(frozen=True, slots=True)
class AskToRetractAnnouncement(CallbackData, prefix="told"):
    """Asks whether an announcement is to be retracted."""

    number: AnnouncementNumber
    word: Literal["ask"] = "ask"


@dataclass(frozen=True, slots=True)
class RetractAnnouncement(CallbackData, prefix="told"):
    """Retracts an announcement."""

    number: AnnouncementNumber
    word: Literal["pull"] = "pull"


async def show_announcement(ctx: HandlerContext, sent: Article) -> None:
    """Show how far an announcement has come, or its retraction, in a message that follows it."""
    async with ctx.services.database.read() as connection:
        drawn = await _progress(connection, sent, ctx.texts, ctx.services.settings.bulk_rate)
    await show_work(ctx, CardKind.ANNOUNCEMENT, sent.id, drawn)
    await ctx.answer_callback("noted")


async def render_card(
    connection: Connection, card: Card, texts: Texts, *, rate: float
) -> Message | UnderWay | None:
    """Return how far an announcement has come; None where it is gone."""
    sent = await articles.get(connection, card.subject_id)
    return await _progress(connection, sent, texts, rate) if sent is not None else None


@router.callback(AnnouncementProgress, right=Right.ANNOUNCE)
async def refresh_progress(ctx: HandlerContext, button: AnnouncementProgress) -> None:
    """Show how far an announcement has come now."""
    await show_announcement(ctx, await ctx.services.announcements.get(-button.number))


@router.callback(AskToRetractAnnouncement, right=Right.ANNOUNCE)
async def confirm_retraction(ctx: HandlerContext, button: AskToRetractAnnouncement) -> None:
    """Ask whether an announcement is to be retracted; for one that already is, show how far that has come."""
    texts, sent = ctx.texts, await ctx.services.announcements.get(-button.number)
    if not allows(Act.RETRACT, sent.state):
        await show_announcement(ctx, sent)
        return
    yes = Button(texts("button-yes-retract"), RetractAnnouncement(button.number).pack(), style=ButtonStyle.DANGER)
    back = Button(texts("button-back"), AnnouncementProgress(button.number).pack())
    # The announcement's own message goes on to say how far it has come.
    question = texts.html("announce-retract-sure", title=sent.content.title)
    await ctx.send(Message(question, question_keyboard(ctx, yes, back)))
    await ctx.answer_callback()


@router.callback(RetractAnnouncement, right=Right.ANNOUNCE)
async def retract(ctx: HandlerContext, button: RetractAnnouncement) -> None:
    """Retract an announcement unless it is retracted already, and show how far that has come."""
    sent = await ctx.services.announcements.get(-button.number)
    if allows(Act.RETRACT, sent.state):
        sent = await ctx.services.newsroom.retract(sent.id, "", actor_id=ctx.user_id)
    await show_announcement(ctx, sent)


async def _progress(connection: Connection, sent: Article, texts: Texts, rate: float) -> Message | UnderWay:
    """Return how far an announcement has come, or its retraction, with what can be done about it."""
    refresh = Button(texts("button-refresh"), AnnouncementProgress(-sent.id).pack())
    if sent.state is ArticleState.RETRACTED:
        fate = await fate_of_copies(connection, sent, texts, rate)
        words = "\n".join([texts.html("announce-retracted"), "", *fate.lines])
        return UnderWay(Message(words, ((refresh,),))) if fate.under_way else Message(words)
    reached = await progress.broadcast(connection, sent.id)
    key = "announce-arrived" if reached.ended else "announce-sent"
    lines = [texts.html(key, title=sent.content.title)]
    lines.append(texts.html("announce-soon") if reached.growing else broadcast_line(reached, rate, texts))
    retracting = Button(texts("button-retract"), AskToRetractAnnouncement(-sent.id).pack())
    words = "\n".join(lines)
    if not reached.ended:
        return UnderWay(Message(words, ((retracting, refresh),)))
    # Those that wait for the times of their chats are followed by nobody: somebody may look again.
    return Message(words, ((retracting, refresh) if reached.later else (retracting,),))
