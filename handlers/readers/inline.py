"""Inline mode: `@bot words` in any chat, in the language of the search."""

import time
from typing import Any

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.audience.user_rate_limit import RateDecision
from bot.bounds import QUERY
from bot.errors import UserError
from bot.locales.catalog import Texts
from bot.render.headline import category_name, headline
from bot.render.html import cut
from handlers.core.context import SERVICES, Services
from handlers.readers.search_request import PAYLOAD, today, understand
from persian.digits import parse_int
from storage import articles, search
from storage.errors import TooLongError
from storage.records import Article

_PAGE = 20
# Retracted articles must not be offered for long; and results are in the person's own language.
_CACHE = {"cache_time": 15, "is_personal": True}
_TOO_FAST = {"cache_time": 1, "is_personal": True}

_log = structlog.get_logger(__name__)


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer with the hits for the words typed, or the latest news for none; newest first, in pages.

    Where nothing is found a button leads to the bot's own search.
    """
    services: Services = context.application.bot_data[SERVICES]
    query = update.inline_query
    assert query is not None, "registered for inline queries only"
    params: dict[str, Any] = {"inline_query_id": query.id, "results": []}
    if services.user_rate_limits.consume(query.from_user.id, time.time()) is not RateDecision.ALLOWED:
        await _send(services, params | _TOO_FAST)
        return
    chat = await services.chats.get(query.from_user.id)
    texts = services.texts(chat, query.from_user.language_code or "")
    before = parse_int(query.offset)
    try:
        results = await _articles_page(services, QUERY.cut(query.query), texts, before)
        reason = "inline-nothing"
    except (UserError, TooLongError):
        results, reason = [], "inline-unclear"
    params["results"] = [_card(article, services, texts) for article in results]
    params["next_offset"] = str(results[-1].ordinal) if len(results) == _PAGE else ""
    if not results and before is None:
        params["button"] = {"text": texts(reason), "start_parameter": PAYLOAD}
    await _send(services, params | _CACHE)


async def leave(_update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """A card that a person sent by choosing it: it is where they wanted it."""


async def _articles_page(services: Services, words: str, texts: Texts, before: int | None) -> list[Article]:
    """Return a page of what is asked for. Raises UserError where it is not clear."""
    if not words.strip():
        async with services.database.read() as connection:
            return await articles.page(connection, limit=_PAGE, before=before)
    async with services.database.search() as connection:
        search_request = await understand(connection, words, today(services.clock, texts), texts)
        ordinals = await search.find(
            connection, search_request.query, search_request.within, limit=_PAGE, before=before
        )
        return await articles.by_ordinals(connection, ordinals)


async def _send(services: Services, params: dict[str, Any]) -> None:
    try:
        await services.gateway.call("answerInlineQuery", params)
    except TelegramError as error:
        _log.info("inline_not_answered", reason=error.message)


def _card(article: Article, services: Services, texts: Texts) -> dict[str, Any]:
    message = headline(article, texts, services.bot_username)
    button = message.keyboard[0][0]
    facts = texts.facts(category_name(article.category, texts), texts.short(article.published_at))
    card = {
        "type": "article",
        "id": str(article.id),
        "title": cut(article.content.title, 200),
        "description": cut(facts, 120),
        "input_message_content": {
            "message_text": message.html,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
        "reply_markup": {"inline_keyboard": [[{"text": button.text, "url": button.url}]]},
    }
    if article.content.photo.startswith(("http://", "https://")):
        card["thumbnail_url"] = article.content.photo
    return card
