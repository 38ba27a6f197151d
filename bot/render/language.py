"""The language and the time zone of the messages to a chat (pure)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.locales.catalog import Catalog, Texts
from bot.locales.zones import zone_of
from storage.records import Chat


class HasLanguage(Protocol):
    """The fields of a chat that decide its language."""

    @property
    def language(self) -> str:
        """The language chosen, "" for none."""

    @property
    def client_language(self) -> str:
        """Telegram's language_code, "" where none is known."""


def language_of(chat: HasLanguage | None, default: str, known: Collection[str], client: str = "") -> str:
    """Return the language that the chat chose, else that of the person's Telegram, else `default`.

    `client` is Telegram's language_code of whoever writes ("fa", "en-GB"), used where the chat has none kept.
    """
    if chat is not None and chat.language in known:
        return chat.language
    spoken = (chat.client_language if chat is not None and chat.client_language else client).lower()
    return next((code for code in (spoken, spoken.split("-")[0]) if code in known), default)


@dataclass(frozen=True, slots=True)
class ChatTexts:
    """Texts for chats; `language` and `zone` are the newsroom's, for where a chat has none of its own."""

    catalog: Catalog
    language: str
    zone: ZoneInfo

    def of(self, chat: Chat | None, client: str = "") -> Texts:
        """Return the texts for a chat in its language and zone; `client` is as for `language_of`."""
        language = language_of(chat, self.language, self.catalog.languages, client)
        return self.catalog.bind(language, zone_of(chat.timezone, self.zone) if chat is not None else self.zone)
