"""The settings of a chat by buttons: a person's own, or those of a channel or group that they look after.

Callback data: `set:CHAT:PAGE` shows a page, `set:CHAT:PAGE:VALUE` changes something on it.
"""

from dataclasses import replace

from bot.delivery.schedule_parser import read_schedule
from bot.delivery.timing import parse_quiet
from bot.errors import NotFoundError, UserError
from bot.newsroom.permissions import Right, may
from bot.render.message import Button, Keyboard, Message
from handlers.chats import admission_card
from handlers.core import menus
from handlers.core.context import HandlerContext
from handlers.core.guards import administers
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

DIALOGUE = "schedule"
"""The dialogue in which a person writes a schedule or quiet hours of their own; data: chat, field."""

SCHEDULES = ("instant", "every 30m", "every 1h", "every 3h", "at 08:00,20:00", "at 21:00")
"""The schedules that have a button."""
_QUIETS = ("", "23:00-07:00", "00:00-08:00")
_PINS = (0, 60, 6 * 60, 24 * 60)
_SWITCHES = {
    "pause": "paused",
    "plain": "plain_text",
    "silent": "silent",
    "rush": "breaking_passes_quiet",
}
"""The settings that are on or off, by their name in callback data."""


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
    await ctx.send(await main_page(ctx, chat))


async def press(ctx: HandlerContext) -> None:
    """A press on a panel."""
    _, chat_id, page, *rest = ctx.data.split(":", 3)
    chat = await mine(ctx, int(chat_id))
    if rest:
        chat = await _change(ctx, chat, page, rest[0])
        page = {"when": "when", "quiet": "quiet", "rush": "quiet", "pin": "pin"}.get(page, "main")
    if page == "close":
        await ctx.set_buttons()
    elif page == "when":
        await ctx.show(_schedules(ctx, chat))
    elif page == "quiet":
        await ctx.show(_quiets(ctx, chat))
    elif page == "pin":
        await ctx.show(_pins(ctx, chat))
    else:
        await ctx.show(await main_page(spoken(ctx, chat), chat))
    await ctx.toast("noted" if rest else "")


async def own_words(ctx: HandlerContext, data: dict[str, object]) -> None:
    """Words written in the panel's dialogue: a schedule or quiet hours. Raises UserError where they are neither."""
    chat = await mine(ctx, int(str(data["chat"])))
    if data["field"] == "schedule":
        schedule = read_schedule(ctx.words)
        if schedule is None:
            raise UserError("schedule-unreadable")
        changed = await ctx.services.chats.change(chat.id, by=as_staff(ctx, chat), schedule=str(schedule))
    else:
        if parse_quiet(ctx.words) is None:
            raise UserError("quiet-unreadable")
        quiet = _clean_quiet(ctx.words)
        changed = await ctx.services.chats.change(chat.id, by=as_staff(ctx, chat), quiet=quiet)
    await ctx.close_dialogue()
    assert changed is not None, "it was there a moment ago"
    await ctx.send(await main_page(ctx, changed))


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


async def _change(ctx: HandlerContext, chat: Chat, page: str, value: str) -> Chat:
    services = ctx.services
    by = as_staff(ctx, chat)
    changes: dict[str, object] = {}
    if page == "when":
        changes["schedule"] = SCHEDULES[int(value) % len(SCHEDULES)]
    elif page == "quiet":
        changes["quiet"] = _QUIETS[int(value) % len(_QUIETS)]
    elif page == "pin":
        changes["pin_minutes"] = _PINS[int(value) % len(_PINS)]
    elif page in _SWITCHES:
        changes[_SWITCHES[page]] = value == "1"
    elif page == "lang" and value in services.catalog.languages:
        changes["language"] = value
    elif page == "own":
        data = {"chat": chat.id, "field": "schedule" if value == "when" else "quiet"}
        await ctx.open_dialogue(DIALOGUE, data)
        await ctx.say("schedule-ask" if value == "when" else "quiet-ask")
    changed = await services.chats.change(chat.id, by=by, **changes) if changes else chat
    assert changed is not None, "it was there a moment ago"
    if page == "lang" and chat.id == ctx.user_id:
        await menus.set_persons_menu(services, changed, ctx.role)
    return changed


def as_staff(ctx: HandlerContext, chat: Chat) -> int | None:
    """Return who changes a channel or group as a member of staff: that is written down."""
    return ctx.user_id if chat.kind is not ChatKind.PRIVATE and ctx.role is not None else None


def spoken(ctx: HandlerContext, chat: Chat) -> HandlerContext:
    """Return the context in the language and time zone that a person may just have chosen for themselves."""
    return replace(ctx, texts=ctx.services.texts(chat)) if chat.id == ctx.user_id else ctx


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
    data = f"set:{chat.id}"
    languages = [
        Button(marked(name, code == (chat.language or texts.language)), f"{data}:lang:{code}")
        for code, name in services.catalog.names.items()
    ]
    rows: list[tuple[Button, ...]] = [
        (Button(texts("button-categories"), f"{data}:cats"), Button(texts("button-schedule"), f"{data}:when")),
        (
            Button(texts("button-quiet"), f"{data}:quiet"),
            Button(texts("button-unpause"), f"{data}:pause:0")
            if chat.paused
            else Button(texts("button-pause"), f"{data}:pause:1"),
        ),
        *in_rows(languages, 3),
    ]
    silent = Button(marked(texts("button-silent"), chat.silent), f"{data}:silent:{int(not chat.silent)}")
    rows.append((silent,) if own else (silent, Button(texts("button-pin"), f"{data}:pin")))
    rows.append((Button(texts("button-look"), f"{data}:look"), Button(texts("button-zone"), f"{data}:zone")))
    if chat.kind is not ChatKind.CHANNEL:
        plain = Button(marked(texts("button-plain"), chat.plain_text), f"{data}:plain:{int(not chat.plain_text)}")
        rows.append((plain,))
    if not own and may(ctx.role, Right.APPROVE_CHATS):
        rows += admission_card.choices(chat, texts)
    rows.append((Button(texts("button-close"), f"{data}:close"),))
    return Message("\n\n".join(lines), tuple(rows))


def _schedules(ctx: HandlerContext, chat: Chat) -> Message:
    data = f"set:{chat.id}"
    buttons = [
        Button(marked(schedule_in_words(schedule, ctx.texts), schedule == chat.schedule), f"{data}:when:{index}")
        for index, schedule in enumerate(SCHEDULES)
    ]
    own = (Button(ctx.texts("button-own-schedule"), f"{data}:own:when"),)
    return Message(ctx.texts.html("settings-schedule"), (*in_rows(buttons, 2), own, *_back(ctx, chat)))


def _quiets(ctx: HandlerContext, chat: Chat) -> Message:
    data, texts = f"set:{chat.id}", ctx.texts
    buttons = [
        Button(
            marked(quiet_in_words(quiet, texts), quiet == chat.quiet),
            f"{data}:quiet:{index}",
        )
        for index, quiet in enumerate(_QUIETS)
    ]
    own = (Button(texts("button-own-quiet"), f"{data}:own:quiet"),)
    passes = chat.breaking_passes_quiet
    rush = (Button(marked(texts("button-rush"), passes), f"{data}:rush:{int(not passes)}"),)
    return Message(texts.html("settings-quiet"), (*in_rows(buttons, 1), own, rush, *_back(ctx, chat)))


def _pins(ctx: HandlerContext, chat: Chat) -> Message:
    texts = ctx.texts
    buttons = [
        Button(
            marked(texts("pin-hours", hours=minutes // 60), minutes == chat.pin_minutes),
            f"set:{chat.id}:pin:{index}",
        )
        for index, minutes in enumerate(_PINS)
    ]
    return Message(texts.html("settings-pin"), (*in_rows(buttons, 2), *_back(ctx, chat)))


def _back(ctx: HandlerContext, chat: Chat) -> Keyboard:
    return ((Button(ctx.texts("button-back"), f"set:{chat.id}:main"),),)


def _clean_quiet(words: str) -> str:
    found = parse_quiet(words)
    assert found is not None, "parsed a moment ago"
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in found)
