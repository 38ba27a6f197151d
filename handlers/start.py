"""/start with its deep links, /help, /cancel, and what fits no command."""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.bounds import PAYLOAD
from bot.locales.catalog import Texts
from bot.newsroom.invitation_codes import is_seal
from bot.render.digest import ALL_NEWS
from bot.render.message import Button, Keyboard, Message
from handlers.chats import chat_membership, chat_settings, subscribing, subscription_settings
from handlers.core import menus
from handlers.core.commands import READER_COMMANDS, Command, staff_commands
from handlers.core.context import Scene
from handlers.core.guards import Act
from handlers.core.labels import category_buttons, in_rows
from handlers.readers import bookmarks, comments, digest, full_text, history, lists, search
from storage import dialogues, edit_locks

_ARTICLE = re.compile(r"a_(.+)")
_CATEGORY = re.compile(r"c_(.+)")
_COMMENT = re.compile(r"c(\d{1,13})")
_PANEL = re.compile(r"p_(-?\d{1,16})")
_FOLLOWED = re.compile(r"p_(-?\d{1,16})_(\d{1,16})")


MENU: dict[str, Act] = {
    "latest": lists.latest,
    "categories": lists.list_categories,
    "search": search.search,
    "digest": digest.show,
    "subscriptions": subscribing.subscriptions,
    "saved": bookmarks.show_saved,
    "history": history.show,
    "settings": chat_settings.settings,
}
"""The readers' commands that are buttons too."""


async def start(scene: Scene) -> None:
    """/start [payload]: what the link leads to, or a welcome; then what waited for this /start."""
    payload = PAYLOAD.cut(scene.words)
    if found := _ARTICLE.fullmatch(payload):
        await full_text.article(scene.as_command(found[1]))
    elif found := _CATEGORY.fullmatch(payload):
        await lists.category(scene.as_command(found[1]))
    elif payload == ALL_NEWS:
        await lists.all_news(scene)
    elif payload == search.PAYLOAD:
        await search.search(scene.as_command())
    elif not scene.private:
        assert scene.chat is not None, "a group is heard when it was let in"
        await scene.send(chat_membership.hello(scene.services, scene.chat))
    elif found := _COMMENT.fullmatch(payload):
        await comments.begin(scene, int(found[1]))
    elif payload == bookmarks.SAVED_PAYLOAD:
        await bookmarks.show_saved(scene)
    elif payload == history.PAYLOAD:
        await history.show(scene)
    elif is_seal(payload):
        scene = await _join(scene, payload)
    elif found := _PANEL.fullmatch(payload):
        await chat_settings.send_panel(scene, int(found[1]))
    elif found := _FOLLOWED.fullmatch(payload):
        await subscription_settings.send_panel(scene, int(found[1]), int(found[2]))
    else:
        if payload:
            await scene.say("link-unknown")
        await _welcome(scene)
    if not scene.private:
        return
    if scene.role is not None:
        assert scene.chat is not None, "a person's chat is kept when they write"
        await menus.set_persons_menu(scene.services, scene.chat, scene.role)
    await chat_membership.settle_debts(scene)


async def _welcome(scene: Scene) -> None:
    services = scene.services
    followed = await services.subscriptions.of(scene.chat_id)
    known = await services.subscriptions.categories()
    toggles = category_buttons(known, followed, scene.texts, "sub")
    await scene.ask("welcome", toggles + _menu(scene, [*MENU, "help"]))


async def _join(scene: Scene, seal: str) -> Scene:
    """Redeem an invitation; return the scene with the new role."""
    user = scene.update.effective_user
    role = await scene.services.staff.redeem(seal, scene.user_id, (user.full_name or "") if user else "")
    await scene.say("staff-welcome", role=scene.texts(f"role-{role}"))
    return replace(scene, role=role)


async def help_(scene: Scene) -> None:
    """/help: the commands that the person may use, with a line on each."""
    texts = scene.texts
    lines = [texts.html("help-title"), ""]
    lines += [_in_words(command, texts) for command in READER_COMMANDS]
    staff = staff_commands(scene.role) if scene.private else []
    if staff:
        lines += ["", texts.html("help-staff-title"), ""]
        lines += [_in_words(command, texts) for command in staff]
    lines += ["", texts.html("help-hint")]
    if scene.services.takes_inline:
        lines.append(texts.html("help-inline", bot=f"@{scene.services.bot_username}"))
    await scene.send(Message("\n".join(lines), _menu(scene, MENU)))


def _in_words(command: Command, texts: Texts) -> str:
    return f"{texts.mark}{texts.apart(f'/{command.name}')} {texts.html(command.text_key)}"


async def open_(scene: Scene) -> None:
    """A press that stands for a reader's command: `open:NAME`."""
    name = scene.data.split(":")[1]
    await (help_ if name == "help" else MENU[name])(scene.as_command())


def _menu(scene: Scene, names: Iterable[str]) -> Keyboard:
    """Return the readers' commands as buttons."""
    commands = {command.name: command for command in READER_COMMANDS}
    return in_rows([Button(scene.texts(commands[name].text_key), f"open:{name}") for name in names], 2)


async def cancel(scene: Scene) -> None:
    """/cancel: leave the open dialogue."""
    async with scene.services.database.write() as tx:
        closed = await dialogues.close(tx, scene.chat_id, scene.user_id)
        await edit_locks.let_go(tx, scene.user_id)
    await scene.say("cancelled" if closed else "nothing-to-cancel")


async def unknown(scene: Scene) -> None:
    """A command that is not ours, or not this person's."""
    await scene.say("unknown-command")


async def stale(scene: Scene) -> None:
    """A button of an earlier version, or invented data."""
    await scene.toast("stale-button", alert=True)
