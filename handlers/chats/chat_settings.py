"""The settings of a chat by buttons: a person's own, or those of a channel or group that they look after."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, Unpack

from bot.errors import NotFoundError
from bot.newsroom.permissions import Right, may
from bot.render.message import Button, Message
from handlers.chats import settings_pages as pages
from handlers.chats.callbacks import (
    AskOwn,
    ChooseLanguage,
    ChoosePin,
    ChooseQuiet,
    ChooseSchedule,
    ClosePanel,
    LetBreakingThrough,
    Panel,
    PinPage,
    QuietPage,
    SchedulePage,
    SwitchSetting,
)
from handlers.chats.setting_choices import PIN_MINUTES, QUIET_HOURS, SCHEDULE
from handlers.core import menus
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue, DialogueState
from handlers.core.guards import administers
from handlers.core.router import Place, Router
from storage.chats import ChatChanges
from storage.records import Chat, ChatKind

router = Router()


class ChatDialogueState(DialogueState, frozen=True, kw_only=True):
    """The state of a dialogue about the settings of a chat."""

    chat: int


class OwnTimesState(ChatDialogueState, frozen=True, kw_only=True):
    """The setting that is written."""

    field: Literal["schedule", "quiet"]


OWN_TIMES = router.dialogue(Dialogue("schedule", OwnTimesState, ends_on=NotFoundError))
"""The dialogue in which a person writes a schedule or quiet hours of their own."""

_SWITCHES: dict[str, Callable[[bool], ChatChanges]] = {
    "pause": lambda on: {"paused": on},
    "plain": lambda on: {"plain_text": on},
    "silent": lambda on: {"silent": on},
}
"""The settings of the first page that are on or off, by their name in callback data."""
_OWN: dict[str, tuple[Literal["schedule", "quiet"], str]] = {
    "when": ("schedule", SCHEDULE.question),
    "quiet": ("quiet", QUIET_HOURS.question),
}
"""The settings that a person writes: the field and the question, by the page that offers it."""


@router.command("settings", place=Place.ANYWHERE)
async def settings(ctx: HandlerContext) -> None:
    """/settings: the panel of the person's own chat; in a group a link to its panel."""
    if ctx.private:
        await send_panel(ctx, ctx.chat_id)
        return
    link = f"https://t.me/{ctx.services.bot_username}?start=p_{ctx.chat_id}"
    await ctx.ask("group-settings", ((Button(ctx.texts("button-settings"), url=link),),))


async def send_panel(ctx: HandlerContext, chat_id: int) -> None:
    """Answer with the panel of a chat that the person may look after. Raises NotFoundError otherwise."""
    chat = await mine(ctx, chat_id)
    await ctx.send(await pages.main_page(ctx, chat))


@router.callback(Panel)
async def show_panel(ctx: HandlerContext, button: Panel) -> None:
    """Show the panel's first page."""
    await _show_main(ctx, await mine(ctx, button.chat_id))


@router.callback(ClosePanel)
async def close_panel(ctx: HandlerContext, button: ClosePanel) -> None:
    """Take the buttons from a panel."""
    await mine(ctx, button.chat_id)
    await ctx.set_buttons()


@router.callback(SchedulePage)
async def show_schedules(ctx: HandlerContext, button: SchedulePage) -> None:
    """Show the schedules that a chat may have."""
    await ctx.show(pages.schedule_page(ctx, await mine(ctx, button.chat_id)))


@router.callback(ChooseSchedule)
async def choose_schedule(ctx: HandlerContext, button: ChooseSchedule) -> None:
    """Give a chat a schedule."""
    await _choose(ctx, button.chat_id, pages.schedule_page, schedule=SCHEDULE.at(button.place))


@router.callback(QuietPage)
async def show_quiets(ctx: HandlerContext, button: QuietPage) -> None:
    """Show the quiet hours that a chat may have."""
    await ctx.show(pages.quiet_page(ctx, await mine(ctx, button.chat_id)))


@router.callback(ChooseQuiet)
async def choose_quiet(ctx: HandlerContext, button: ChooseQuiet) -> None:
    """Give a chat quiet hours, or none."""
    await _choose(ctx, button.chat_id, pages.quiet_page, quiet=QUIET_HOURS.at(button.place))


@router.callback(LetBreakingThrough)
async def let_breaking_through(ctx: HandlerContext, button: LetBreakingThrough) -> None:
    """Let breaking news through in a chat's quiet hours, or no more."""
    await _choose(ctx, button.chat_id, pages.quiet_page, breaking_passes_quiet=button.on == 1)


@router.callback(AskOwn)
async def ask_own(ctx: HandlerContext, button: AskOwn) -> None:
    """Ask for a schedule or quiet hours that have no button."""
    chat = await mine(ctx, button.chat_id)
    written, question = _OWN[button.page]
    await OWN_TIMES.open(ctx, OwnTimesState(chat=chat.id, field=written))
    await ctx.say(question)
    await _show_main(ctx, chat)
    await ctx.toast("noted")


@router.callback(PinPage)
async def show_pins(ctx: HandlerContext, button: PinPage) -> None:
    """Show how long breaking news may stay pinned."""
    await ctx.show(pages.pin_page(ctx, await mine(ctx, button.chat_id)))


@router.callback(ChoosePin)
async def choose_pin(ctx: HandlerContext, button: ChoosePin) -> None:
    """Choose how long breaking news stays pinned."""
    await _choose(ctx, button.chat_id, pages.pin_page, pin_minutes=PIN_MINUTES.at(button.place))


@router.callback(SwitchSetting)
async def switch_setting(ctx: HandlerContext, button: SwitchSetting) -> None:
    """Turn a setting of the first page on or off."""
    chat = await mine(ctx, button.chat_id)
    await _show_main(ctx, await change(ctx, chat, **_SWITCHES[button.setting](button.on == 1)))
    await ctx.toast("noted")


@router.callback(ChooseLanguage)
async def choose_language(ctx: HandlerContext, button: ChooseLanguage) -> None:
    """Choose the language that a chat is written to in."""
    chat = await mine(ctx, button.chat_id)
    if button.code in ctx.services.catalog.languages:
        chat = await change(ctx, chat, language=button.code)
    if chat.id == ctx.user_id:
        await menus.set_persons_menu(ctx.services, chat, ctx.role)
    await _show_main(ctx, chat)
    await ctx.toast("noted")


async def _show_main(ctx: HandlerContext, chat: Chat) -> None:
    await ctx.show(await pages.main_page(spoken(ctx, chat), chat))


@OWN_TIMES.on_message
async def own_words(ctx: HandlerContext, state: OwnTimesState) -> None:
    """Take a schedule or quiet hours, written in the panel's dialogue. Raises UserError where they are neither."""
    chat = await mine(ctx, state.chat)
    if state.field == "schedule":
        changed = await change(ctx, chat, schedule=SCHEDULE.written(ctx.words))
    else:
        changed = await change(ctx, chat, quiet=QUIET_HOURS.written(ctx.words))
    await ctx.close_dialogue()
    await ctx.send(await pages.main_page(ctx, changed))


async def mine(ctx: HandlerContext, chat_id: int) -> Chat:
    """Return the chat if the person may look after it, looked up each time. Raises NotFoundError otherwise."""
    chat = await ctx.services.chats.get(chat_id)
    if chat is None or not await looks_after(ctx, chat):
        raise NotFoundError("chat-unknown")
    return chat


async def looks_after(ctx: HandlerContext, chat: Chat) -> bool:
    """Tell whether the person decides about a chat: it is their own, they are staff, or they administer it."""
    if chat.id == ctx.user_id:
        return True
    # Nobody sees another person's settings, whatever their role; of a lost chat only staff can be asked.
    if chat.kind is ChatKind.PRIVATE:
        return False
    if may(ctx.role, Right.CHANNELS):
        return True
    return chat.lost_at is None and await administers(ctx.services, chat.id, ctx.user_id)


async def _choose(
    ctx: HandlerContext,
    chat_id: int,
    page: Callable[[HandlerContext, Chat], Message],
    **changes: Unpack[ChatChanges],
) -> None:
    """Change a setting by a press on its page, and show the page anew."""
    await ctx.show(page(ctx, await change(ctx, await mine(ctx, chat_id), **changes)))
    await ctx.toast("noted")


async def change(ctx: HandlerContext, chat: Chat, **changes: Unpack[ChatChanges]) -> Chat:
    """Change settings of a chat that the person may look after, and return it."""
    changed = await ctx.services.chats.change(chat.id, by=as_staff(ctx, chat), **changes)
    assert changed is not None, "it was there a moment ago"
    return changed


def as_staff(ctx: HandlerContext, chat: Chat) -> int | None:
    """Return who changes a channel or group as a member of staff: that is written down."""
    return ctx.user_id if chat.kind is not ChatKind.PRIVATE and ctx.role is not None else None


def spoken(ctx: HandlerContext, chat: Chat) -> HandlerContext:
    """Return the context in the language and time zone that a person may just have chosen for themselves."""
    return replace(ctx, texts=ctx.services.texts(chat)) if chat.id == ctx.user_id else ctx
