"""The settings of a chat by buttons: a person's own, or those of a channel or group that they manage."""

from collections.abc import Callable
from typing import Literal, Unpack

from bot.errors import NotFoundError
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
from handlers.chats.managed_chats import ChatDialogueState, change_settings, in_chosen_language, managed_chat
from handlers.chats.setting_choices import PIN_MINUTES, QUIET_HOURS, SCHEDULE
from handlers.core import menus
from handlers.core.context import HandlerContext
from handlers.core.dialogues import Dialogue
from handlers.core.keyboards import cancel_keyboard
from handlers.core.router import Place, Router
from storage.chats import ChatChanges
from storage.records import Chat

router = Router()


class OwnTimesState(ChatDialogueState, frozen=True, kw_only=True):
    """The setting that is written."""

    field: Literal["schedule", "quiet"]


OWN_TIMES = router.dialogue(Dialogue("schedule", OwnTimesState, ends_on=NotFoundError))
"""The dialogue in which a person writes a schedule or quiet hours of their own."""

_SWITCHES: dict[str, Callable[[bool], ChatChanges]] = {
    "pause": lambda on: {"paused": on},
    "plain": lambda on: {"plain_text": on},
    "silent": lambda on: {"silent": on},
    "rich": lambda on: {"rich_digests": on},
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
    await ctx.prompt("group-settings", ((Button(ctx.texts("button-settings"), url=link),),))


async def send_panel(ctx: HandlerContext, chat_id: int) -> None:
    """Answer with the panel of a chat that the person manages. Raises NotFoundError otherwise."""
    chat = await managed_chat(ctx, chat_id)
    await ctx.send(await pages.main_page(ctx, chat))


@router.callback(Panel)
async def show_panel(ctx: HandlerContext, button: Panel) -> None:
    """Show the panel's first page."""
    await _show_main(ctx, await managed_chat(ctx, button.chat_id))


@router.callback(ClosePanel)
async def close_panel(ctx: HandlerContext, button: ClosePanel) -> None:
    """Remove the buttons from a panel."""
    await managed_chat(ctx, button.chat_id)
    await ctx.set_buttons()


@router.callback(SchedulePage)
async def show_schedules(ctx: HandlerContext, button: SchedulePage) -> None:
    """Show the schedules that a chat may have."""
    await ctx.edit_or_send(pages.schedule_page(ctx, await managed_chat(ctx, button.chat_id)))


@router.callback(ChooseSchedule)
async def choose_schedule(ctx: HandlerContext, button: ChooseSchedule) -> None:
    """Set a chat's schedule."""
    await _choose(ctx, button.chat_id, pages.schedule_page, schedule=SCHEDULE.at(button.place))


@router.callback(QuietPage)
async def show_quiets(ctx: HandlerContext, button: QuietPage) -> None:
    """Show the quiet hours that a chat may have."""
    await ctx.edit_or_send(pages.quiet_page(ctx, await managed_chat(ctx, button.chat_id)))


@router.callback(ChooseQuiet)
async def choose_quiet(ctx: HandlerContext, button: ChooseQuiet) -> None:
    """Set a chat's quiet hours, or remove them."""
    await _choose(ctx, button.chat_id, pages.quiet_page, quiet=QUIET_HOURS.at(button.place))


@router.callback(LetBreakingThrough)
async def let_breaking_through(ctx: HandlerContext, button: LetBreakingThrough) -> None:
    """Switch breaking news in a chat's quiet hours on or off."""
    await _choose(ctx, button.chat_id, pages.quiet_page, breaking_passes_quiet=button.on == 1)


@router.callback(AskOwn)
async def prompt_for_own_times(ctx: HandlerContext, button: AskOwn) -> None:
    """Prompt for a schedule or quiet hours that have no button."""
    chat = await managed_chat(ctx, button.chat_id)
    written, question = _OWN[button.page]
    await OWN_TIMES.open(ctx, OwnTimesState(chat=chat.id, field=written))
    await ctx.prompt(question, cancel_keyboard(ctx))
    await _show_main(ctx, chat)
    await ctx.answer_callback("noted")


@router.callback(PinPage)
async def show_pins(ctx: HandlerContext, button: PinPage) -> None:
    """Show how long breaking news may stay pinned."""
    await ctx.edit_or_send(pages.pin_page(ctx, await managed_chat(ctx, button.chat_id)))


@router.callback(ChoosePin)
async def choose_pin(ctx: HandlerContext, button: ChoosePin) -> None:
    """Choose how long breaking news stays pinned."""
    await _choose(ctx, button.chat_id, pages.pin_page, pin_minutes=PIN_MINUTES.at(button.place))


@router.callback(SwitchSetting)
async def switch_setting(ctx: HandlerContext, button: SwitchSetting) -> None:
    """Turn a setting of the first page on or off."""
    chat = await managed_chat(ctx, button.chat_id)
    await _show_main(ctx, await change_settings(ctx, chat, **_SWITCHES[button.setting](button.on == 1)))
    await ctx.answer_callback("noted")


@router.callback(ChooseLanguage)
async def choose_language(ctx: HandlerContext, button: ChooseLanguage) -> None:
    """Choose the language that a chat is written to in."""
    chat = await managed_chat(ctx, button.chat_id)
    if button.code in ctx.services.catalog.languages:
        chat = await change_settings(ctx, chat, language=button.code)
    if chat.id == ctx.user_id:
        await menus.set_persons_menu(ctx.services, chat, ctx.role)
    await _show_main(ctx, chat)
    await ctx.answer_callback("noted")


async def _show_main(ctx: HandlerContext, chat: Chat) -> None:
    await ctx.edit_or_send(await pages.main_page(in_chosen_language(ctx, chat), chat))


@OWN_TIMES.on_message
async def own_words(ctx: HandlerContext, state: OwnTimesState) -> None:
    """Set the schedule or quiet hours written in the panel's dialogue. Raises UserError where they are neither."""
    chat = await managed_chat(ctx, state.chat)
    if state.field == "schedule":
        changed = await change_settings(ctx, chat, schedule=SCHEDULE.written(ctx.words))
    else:
        changed = await change_settings(ctx, chat, quiet=QUIET_HOURS.written(ctx.words))
    await ctx.close_dialogue()
    await ctx.send(await pages.main_page(ctx, changed))


async def _choose(
    ctx: HandlerContext,
    chat_id: int,
    page: Callable[[HandlerContext, Chat], Message],
    **changes: Unpack[ChatChanges],
) -> None:
    """Change a setting by a press on its page, and show the page anew."""
    await ctx.edit_or_send(page(ctx, await change_settings(ctx, await managed_chat(ctx, chat_id), **changes)))
    await ctx.answer_callback("noted")
