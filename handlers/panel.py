"""The settings of a chat by buttons: a person's own, or those of a channel or group that they look after.

Callback data: `set:CHAT:PAGE` shows a page, `set:CHAT:PAGE:VALUE` changes something on it.
"""

from dataclasses import replace

from bot.delivery.schedule_words import read_schedule
from bot.delivery.timing import parse_quiet
from bot.errors import NotFoundError, UserError
from bot.newsroom.rights import Right, may
from bot.render.message import Button, Keyboard, Message
from handlers import admission_card, menus
from handlers.guards import administers
from handlers.scene import Scene
from handlers.wording import (
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


async def settings(scene: Scene) -> None:
    """/settings: the panel of the person's own chat; in a group a link to its panel."""
    if scene.private:
        await send_panel(scene, scene.chat_id)
        return
    link = f"https://t.me/{scene.services.bot_username}?start=p_{scene.chat_id}"
    await scene.ask("group-settings", ((Button(scene.texts("button-settings"), url=link),),))


async def send_panel(scene: Scene, chat_id: int) -> None:
    """Answer with the panel of a chat that the person may look after. Raises NotFoundError otherwise."""
    chat = await mine(scene, chat_id)
    await scene.send(await main_page(scene, chat))


async def press(scene: Scene) -> None:
    """A press on a panel."""
    _, chat_id, page, *rest = scene.data.split(":", 3)
    chat = await mine(scene, int(chat_id))
    if rest:
        chat = await _change(scene, chat, page, rest[0])
        page = {"when": "when", "quiet": "quiet", "rush": "quiet", "pin": "pin"}.get(page, "main")
    if page == "close":
        await scene.set_buttons()
    elif page == "when":
        await scene.show(_schedules(scene, chat))
    elif page == "quiet":
        await scene.show(_quiets(scene, chat))
    elif page == "pin":
        await scene.show(_pins(scene, chat))
    else:
        await scene.show(await main_page(spoken(scene, chat), chat))
    await scene.toast("noted" if rest else "")


async def own_words(scene: Scene, data: dict[str, object]) -> None:
    """Words written in the panel's dialogue: a schedule or quiet hours. Raises UserError where they are neither."""
    chat = await mine(scene, int(str(data["chat"])))
    if data["field"] == "schedule":
        schedule = read_schedule(scene.words)
        if schedule is None:
            raise UserError("schedule-unreadable")
        changed = await scene.services.chats.change(chat.id, by=as_staff(scene, chat), schedule=str(schedule))
    else:
        if parse_quiet(scene.words) is None:
            raise UserError("quiet-unreadable")
        quiet = _clean_quiet(scene.words)
        changed = await scene.services.chats.change(chat.id, by=as_staff(scene, chat), quiet=quiet)
    await scene.close_dialogue()
    assert changed is not None, "it was there a moment ago"
    await scene.send(await main_page(scene, changed))


async def mine(scene: Scene, chat_id: int) -> Chat:
    """Return the chat if the person may look after it, looked up each time. Raises NotFoundError otherwise."""
    chat = await scene.services.chats.get(chat_id)
    if chat is None or not await looks_after(scene, chat):
        raise NotFoundError("chat-unknown")
    return chat


async def looks_after(scene: Scene, chat: Chat) -> bool:
    """Tell whether the person decides about a chat: it is their own, they are staff, or they administer it."""
    if chat.id == scene.user_id:
        return True
    # Nobody sees another person's settings, whatever their role; of a lost chat only staff can be asked.
    if chat.kind is ChatKind.PRIVATE:
        return False
    if may(scene.role, Right.CHANNELS):
        return True
    return chat.lost_at is None and await administers(scene.services, chat.id, scene.user_id)


async def _change(scene: Scene, chat: Chat, page: str, value: str) -> Chat:
    services = scene.services
    by = as_staff(scene, chat)
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
        await scene.open_dialogue(DIALOGUE, data)
        await scene.say("schedule-ask" if value == "when" else "quiet-ask")
    changed = await services.chats.change(chat.id, by=by, **changes) if changes else chat
    assert changed is not None, "it was there a moment ago"
    if page == "lang" and chat.id == scene.user_id:
        await menus.set_persons_menu(services, changed, scene.role)
    return changed


def as_staff(scene: Scene, chat: Chat) -> int | None:
    """Return who changes a channel or group as a member of staff: that is written down."""
    return scene.user_id if chat.kind is not ChatKind.PRIVATE and scene.role is not None else None


def spoken(scene: Scene, chat: Chat) -> Scene:
    """Return the scene in the language and time zone that a person may just have chosen for themselves."""
    return replace(scene, texts=scene.services.texts(chat)) if chat.id == scene.user_id else scene


async def main_page(scene: Scene, chat: Chat) -> Message:
    """Return the panel's first page."""
    services, texts = scene.services, scene.texts
    known = await services.subscriptions.categories()
    followed = await services.subscriptions.of(chat.id)
    own = chat.id == scene.user_id
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
    if not own and may(scene.role, Right.APPROVE_CHATS):
        rows += admission_card.choices(chat, texts)
    rows.append((Button(texts("button-close"), f"{data}:close"),))
    return Message("\n\n".join(lines), tuple(rows))


def _schedules(scene: Scene, chat: Chat) -> Message:
    data = f"set:{chat.id}"
    buttons = [
        Button(marked(schedule_in_words(schedule, scene.texts), schedule == chat.schedule), f"{data}:when:{index}")
        for index, schedule in enumerate(SCHEDULES)
    ]
    own = (Button(scene.texts("button-own-schedule"), f"{data}:own:when"),)
    return Message(scene.texts.html("settings-schedule"), (*in_rows(buttons, 2), own, *_back(scene, chat)))


def _quiets(scene: Scene, chat: Chat) -> Message:
    data, texts = f"set:{chat.id}", scene.texts
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
    return Message(texts.html("settings-quiet"), (*in_rows(buttons, 1), own, rush, *_back(scene, chat)))


def _pins(scene: Scene, chat: Chat) -> Message:
    texts = scene.texts
    buttons = [
        Button(
            marked(texts("pin-hours", hours=minutes // 60), minutes == chat.pin_minutes),
            f"set:{chat.id}:pin:{index}",
        )
        for index, minutes in enumerate(_PINS)
    ]
    return Message(texts.html("settings-pin"), (*in_rows(buttons, 2), *_back(scene, chat)))


def _back(scene: Scene, chat: Chat) -> Keyboard:
    return ((Button(scene.texts("button-back"), f"set:{chat.id}:main"),),)


def _clean_quiet(words: str) -> str:
    found = parse_quiet(words)
    assert found is not None, "parsed a moment ago"
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in found)
