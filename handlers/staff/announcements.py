"""/announce: a note to every chat, or to those that follow a category."""

from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from bot.delivery.paid import Estimate, estimate, spent_today, terms_of
from bot.errors import NotFoundError, UserError
from bot.newsroom.permissions import Right
from bot.render.announcement import MOST_UNITS, announcement
from bot.render.callback_data import Answer, CallbackData, CategoryId, Stamp
from bot.render.headline import category_label, category_name
from bot.render.html import length
from bot.render.message import Button, Message
from handlers.core import confirmations, message_media
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.keyboards import cancel_keyboard
from handlers.core.labels import EVERYTHING, duration_in_words, in_rows
from handlers.core.router import Router
from handlers.staff import message_content
from handlers.staff.announcement_progress import show_announcement
from storage import categories
from storage.records import Block, BlockKind

router = Router()


class AnnouncementState(DialogueState, frozen=True, kw_only=True):
    """To whom an announcement goes (EVERYTHING: all), and its inline HTML, as far as they were answered."""

    step: Literal["whom", "text", "confirm"] = "whom"
    category: int | None = None
    html: str | None = None


ANNOUNCEMENT = router.dialogue(
    Dialogue("announce", AnnouncementState, right=Right.ANNOUNCE, collecting_step="text")
)
"""The dialogue of an announcement, and the card that waits for its yes."""


@dataclass(frozen=True, slots=True)
class ChooseHearers(CallbackData, prefix="whom"):
    """Chooses to whom an announcement goes: those who follow a category, or everybody (EVERYTHING)."""

    category_id: CategoryId


@dataclass(frozen=True, slots=True)
class SendAnnouncement(CallbackData, prefix="say"):
    """Sends the announcement of a card, or leaves it."""

    stamp: Stamp
    answer: Answer


@router.command("announce", right=Right.ANNOUNCE)
async def announce(ctx: HandlerContext) -> None:
    """/announce, alone or with the text behind it: first of all, to whom."""
    brought = ctx.words or message_media.attachment(ctx.message)
    await ANNOUNCEMENT.open(ctx, AnnouncementState(html=_written(ctx) if brought else None))
    await _question(ctx, "whom")


@router.callback(ChooseHearers, right=Right.ANNOUNCE)
async def choose(ctx: HandlerContext, button: ChooseHearers) -> None:
    """Store to whom the announcement goes, and go on with it."""
    state = await ANNOUNCEMENT.of_press(ctx)
    if state.step != "whom":
        raise UserError("stale-button")
    await ctx.answer_callback()
    await ctx.set_buttons()
    await _go_on(ctx, replace(state, category=button.category_id))


@ANNOUNCEMENT.on_message
async def on_message(ctx: HandlerContext, state: AnnouncementState) -> None:
    """The next message of an announcement: its text, or the name of a category."""
    if state.is_aside:
        # The app was stopped between this step and its answer: the step is done, the answer is owed.
        await _go_on(ctx, state)
    elif state.seen == ctx.message_id:
        await _question(ctx, state.step)
    elif state.step == "whom":
        async with ctx.services.database.read() as connection:
            category = await categories.find(connection, ctx.words, ctx.texts.sections) if ctx.words else None
        if category is None:
            raise UserError("announce-whom-wanted")
        await _go_on(ctx, replace(state, category=category.id))
    else:
        await _go_on(ctx, replace(state, html=_written(ctx)))


@router.callback(SendAnnouncement, right=Right.ANNOUNCE)
async def answer_card(ctx: HandlerContext, button: SendAnnouncement) -> None:
    """Send the announcement of a card, once, or leave it."""
    services, key = ctx.services, f"{ctx.user_id}:{button.stamp}"
    state = await ANNOUNCEMENT.waiting(ctx, button.stamp)
    sent = await services.announcements.get_by_key(key)
    if sent is None and button.answer == "n":
        await confirmations.leave(ctx, waits=state is not None)
        return
    if sent is None:
        if state is None or state.html is None or state.category is None:
            raise UserError("stale-button")
        sent = await services.announcements.send(
            state.html,
            state.category or None,
            key=key,
            language=ctx.texts.language,
            author_id=ctx.user_id,
        )
    if state is not None:
        await ctx.close_dialogue()
    await show_announcement(ctx, sent)


async def _go_on(ctx: HandlerContext, state: AnnouncementState) -> None:
    """Prompt for what is missing; once all is there, show the announcement and the card that asks for a yes."""
    if state.html is None:
        await ANNOUNCEMENT.open(ctx, replace(state, step="text"))
        await _question(ctx, "text")
        return
    if state.category is None:
        raise UserError("announce-whom-wanted")
    texts, category_id = ctx.texts, state.category
    async with ctx.services.database.read() as connection:
        section = await categories.get(connection, category_id) if category_id != EVERYTHING else None
    if section is None and category_id != EVERYTHING:
        raise NotFoundError("category-gone")
    count = await ctx.services.announcements.count_recipients(section.id if section else None)
    if count == 0:
        raise UserError("announce-nobody")
    needed = await _estimate(ctx, count)
    stamp = await ANNOUNCEMENT.put_aside(ctx, state)
    whom = texts("announce-followers", name=category_name(section, texts)) if section else texts("announce-all")
    lines = [
        texts.html("announce-card", whom=whom),
        "",
        texts.html("announce-extent", count=count, duration=duration_in_words(needed.seconds, texts)),
    ]
    if needed.stars:
        lines.append(texts.html("announce-stars", stars=needed.stars))
    lines.append(texts.html("announce-quiet"))
    await ctx.send(announcement((Block(BlockKind.PARAGRAPH, state.html),), texts))
    keyboard = confirmations.yes_or_no(ctx, "button-yes-announce", lambda answer: SendAnnouncement(stamp, answer))
    await ctx.send(Message("\n".join(lines), keyboard))


async def _question(ctx: HandlerContext, step: str) -> None:
    if step == "text":
        await ctx.prompt("announce-text-ask", cancel_keyboard(ctx))
        return
    known = await ctx.services.subscriptions.categories()
    everybody = Button(ctx.texts("announce-all"), ChooseHearers(EVERYTHING).pack())
    buttons = [Button(category_label(category, ctx.texts), ChooseHearers(category.id).pack()) for category in known]
    await ctx.prompt("announce-whom-ask", ((everybody,), *in_rows(buttons, 2), *cancel_keyboard(ctx)))


async def _estimate(ctx: HandlerContext, count: int) -> Estimate:
    services = ctx.services
    async with services.database.read() as connection:
        spent = await spent_today(connection, services.settings.zone, services.clock())
    return estimate(count, services.settings.bulk_rate, terms_of(services.settings), spent)


def _written(ctx: HandlerContext) -> str:
    """Return the message's text as inline HTML. Raises UserError where it is none, or too long."""
    if message_media.attachment(ctx.message) or not ctx.words:
        raise UserError("announce-text-only")
    if (units := length(ctx.words)) > MOST_UNITS:
        raise UserError("announce-too-long", most=MOST_UNITS, length=units)
    return message_content.written(ctx).html()
