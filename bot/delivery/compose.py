"""What a delivery says to a chat: rendered once for each article, revision, language and form."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.locales.catalog import Catalog, Texts
from bot.render.headline import headline, roundup
from bot.render.message import Message
from storage.records import Article, Chat


@dataclass(frozen=True, slots=True)
class Composed:
    """A rendered message; equal keys stand for equal messages, None for one of its kind."""

    message: Message
    key: str | None
    article_id: int | None
    revision: int


class Composer:
    """Renders for chats in their language and time zone."""

    def __init__(self, catalog: Catalog, bot_username: str, default_language: str) -> None:
        self._catalog = catalog
        self._bot_username = bot_username
        self._default = default_language

    def compose(self, articles: Sequence[Article], chat: Chat) -> Composed:
        """Return the headline of one article, or the roundup of several."""
        texts = self._texts(chat)
        if len(articles) > 1:
            return Composed(roundup(articles, texts, self._bot_username), None, None, 0)
        article = articles[0]
        message = headline(article, texts, self._bot_username)
        key = f"{article.id}:{article.revision}:{texts.language}:{texts.zone.key}:headline"
        return Composed(message, key, article.id, article.revision)

    def _texts(self, chat: Chat) -> Texts:
        spoken = (chat.language, chat.client_language.split("-")[0], self._default)
        language = next(code for code in spoken if code in self._catalog.languages)
        return self._catalog.bind(language, ZoneInfo(chat.timezone))
