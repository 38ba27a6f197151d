"""The command menus that Telegram shows: by language, by kind of chat, and for each member of staff."""

from collections.abc import Iterable
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.locales.catalog import Texts
from bot.newsroom.commands import WHISPERED, Command
from handlers.core.context import Services
from storage.records import Chat, Role

_log = structlog.get_logger(__name__)


async def set_menus(services: Services) -> None:
    """Set the readers' menus of private chats and groups, in every language. A refusal is only logged."""
    commands, default = services.commands, services.settings.default_language
    for language in services.catalog.languages:
        texts = services.catalog.bind(language, services.settings.zone)
        # Telegram takes codes of two letters alone.
        codes = ([""] if language == default else []) + ([language] if len(language) == 2 else [])
        for code in codes:
            await _set(services, commands.readers, texts, {"type": "all_private_chats"}, code=code)
            await _set(services, commands.in_groups, texts, {"type": "all_group_chats"}, code=code)


async def set_persons_menu(services: Services, chat: Chat, role: Role | None) -> None:
    """Set the menu of one person's chat: what their role uses daily, in the language that they chose."""
    if role is None and not chat.language:
        await drop_persons_menu(services, chat.id)
        return
    scope = {"type": "chat", "chat_id": chat.id}
    await _set(services, services.commands.menu_of(role), services.texts(chat), scope, code="")


async def drop_persons_menu(services: Services, chat_id: int) -> None:
    """Restore the readers' menu of a former member of staff."""
    await _call(services, "deleteMyCommands", {"scope": {"type": "chat", "chat_id": chat_id}})


async def _set(
    services: Services, commands: Iterable[Command], texts: Texts, scope: dict[str, Any], *, code: str
) -> None:
    listed: list[dict[str, Any]] = [
        {"command": command.name, "description": texts(command.text_key)} for command in commands
    ]
    if scope["type"] == "all_group_chats":
        # A server that does not know the field passes it over.
        listed = [entry | ({"is_ephemeral": True} if entry["command"] in WHISPERED else {}) for entry in listed]
    await _call(services, "setMyCommands", {"commands": listed, "scope": scope, "language_code": code or None})


async def _call(services: Services, method: str, params: dict[str, Any]) -> None:
    try:
        await services.gateway.call(method, params)
    except TelegramError as error:
        _log.warning("menu_not_set", method=method, scope=params["scope"]["type"], reason=error.message)
