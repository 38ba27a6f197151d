"""The pages of a chat's panel. See chat_settings."""

from collections.abc import Iterator
from functools import partial

from bot.locales.catalog import Texts
from bot.newsroom.permissions import Right, may
from bot.render.message import Button, Keyboard, Message
from handlers.chats import admission_card
from handlers.chats.callbacks import (
    AskOwn,
    BackToChannels,
    ChooseLanguage,
    ChoosePin,
    ChooseQuiet,
    ChooseSchedule,
    ClosePanel,
    LetBreakingThrough,
    Panel,
    PanelCategories,
    PinPage,
    PostStylePage,
    QuietPage,
    ReportPage,
    SchedulePage,
    SwitchSetting,
    ZonePage,
)
from handlers.chats.setting_choices import PIN_MINUTES, QUIET_HOURS, SCHEDULE
from handlers.core.context import HandlerContext
from handlers.core.labels import (
    chat_state_in_words,
    followed_in_words,
    in_rows,
    marked,
    quiet_in_words,
    schedule_in_words,
    zone_in_words,
)
from storage.records import Chat, ChatKind


async def main_page(ctx: HandlerContext, chat: Chat) -> Message:
    """Return the panel's first page."""
    services, texts = ctx.services, ctx.texts
    known = await services.subscriptions.categories()
    followed = await services.subscriptions.of(chat.id)
    own = chat.id == ctx.user_id
    lines = [
        texts.html("settings-own") if own else texts.html("settings-of", title=chat.title or str(chat.id)),
        texts.html(
            "settings-state",
            state=chat_state_in_words(chat, texts),
            names=followed_in_words(followed, known, texts),
            schedule=schedule_in_words(chat.schedule, texts),
            quiet=quiet_in_words(chat.quiet, texts),
            zone=zone_in_words(chat.timezone, texts, services.clock()),
            language=services.catalog.names.get(chat.language, services.catalog.names[texts.language]),
        ),
    ]
    return Message("\n\n".join(lines), tuple(_rows(ctx, chat, own=own)))


def _rows(ctx: HandlerContext, chat: Chat, *, own: bool) -> list[tuple[Button, ...]]:
    """Return the buttons of the first page; `own` is a person's chat with the bot."""
    services, texts = ctx.services, ctx.texts
    languages = [
        Button(marked(name, code == (chat.language or texts.language)), ChooseLanguage(chat.id, code).pack())
        for code, name in services.catalog.names.items()
    ]
    pause = SwitchSetting(chat.id, "pause", on=int(not chat.paused))
    silent = _switch(texts("button-silent"), SwitchSetting(chat.id, "silent", on=int(not chat.silent)))
    return [
        (
            Button(texts("button-categories"), PanelCategories(chat.id).pack()),
            Button(texts("button-schedule"), SchedulePage(chat.id).pack()),
        ),
        (
            Button(texts("button-quiet"), QuietPage(chat.id).pack()),
            Button(texts("button-unpause" if chat.paused else "button-pause"), pause.pack()),
        ),
        *in_rows(languages, 3),
        (silent,) if own else (silent, Button(texts("button-pin"), PinPage(chat.id).pack())),
        (
            Button(texts("button-look"), PostStylePage(chat.id).pack()),
            Button(texts("button-zone"), ZonePage(chat.id).pack()),
        ),
        *_rows_of_kind(chat, texts),
        *_rows_by_right(ctx, chat, own=own),
    ]


def _rows_of_kind(chat: Chat, texts: Texts) -> Iterator[tuple[Button, ...]]:
    """Yield the settings that only some kinds of chats have."""
    if chat.kind is not ChatKind.CHANNEL:
        plain = SwitchSetting(chat.id, "plain", on=int(not chat.plain_text))
        yield (_switch(texts("button-plain"), plain),)
    if chat.kind is not ChatKind.PRIVATE:
        rich = SwitchSetting(chat.id, "rich", on=int(not chat.rich_digests))
        yield (_switch(texts("button-rich-digests"), rich),)


def _rows_by_right(ctx: HandlerContext, chat: Chat, *, own: bool) -> Iterator[tuple[Button, ...]]:
    """Yield what depends on the rights of whoever looks, and the button that closes the panel."""
    texts = ctx.texts
    if chat.id == ctx.services.settings.desk_chat_or_owner and may(ctx.role, Right.STATS):
        yield (Button(texts("button-report"), ReportPage(chat.id).pack()),)
    if not own and may(ctx.role, Right.APPROVE_CHATS):
        yield from admission_card.choices(chat, texts)
    close = Button(texts("button-close"), ClosePanel(chat.id).pack())
    if not own and may(ctx.role, Right.CHANNELS):
        yield (close, Button(texts("button-channels"), BackToChannels(chat.id).pack()))
    else:
        yield (close,)


def _switch(label: str, press: SwitchSetting) -> Button:
    """Return the button of a setting, marked where a press switches it off."""
    return Button(marked(label, not press.on), press.pack())


def schedule_page(ctx: HandlerContext, chat: Chat) -> Message:
    """Return the page on which a chat's schedule is chosen."""
    buttons = SCHEDULE.buttons(ctx.texts, chat.schedule, partial(ChooseSchedule, chat.id))
    own = (Button(ctx.texts("button-own-schedule"), AskOwn(chat.id, "when").pack()),)
    return Message(ctx.texts.html("settings-schedule"), (*in_rows(buttons, 2), own, *_back(ctx, chat)))


def quiet_page(ctx: HandlerContext, chat: Chat) -> Message:
    """Return the page on which a chat's quiet hours are chosen."""
    texts = ctx.texts
    buttons = QUIET_HOURS.buttons(texts, chat.quiet, partial(ChooseQuiet, chat.id))
    own = (Button(texts("button-own-quiet"), AskOwn(chat.id, "quiet").pack()),)
    passes = chat.breaking_passes_quiet
    rush = (Button(marked(texts("button-rush"), passes), LetBreakingThrough(chat.id, on=int(not passes)).pack()),)
    return Message(texts.html("settings-quiet"), (*in_rows(buttons, 1), own, rush, *_back(ctx, chat)))


def pin_page(ctx: HandlerContext, chat: Chat) -> Message:
    """Return the page on which it is chosen how long breaking news stays pinned."""
    texts = ctx.texts
    buttons = PIN_MINUTES.buttons(texts, chat.pin_minutes, partial(ChoosePin, chat.id))
    return Message(texts.html("settings-pin"), (*in_rows(buttons, 2), *_back(ctx, chat)))


def _back(ctx: HandlerContext, chat: Chat) -> Keyboard:
    return ((Button(ctx.texts("button-back"), Panel(chat.id).pack()),),)
