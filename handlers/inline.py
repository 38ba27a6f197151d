"""Inline mode: `@bot words` in any chat."""

import time
from typing import Any

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.audience.buckets import Take
from bot.locales.catalog import Texts
from bot.render.headline import category_name, headline
from bot.render.html import cut
from handlers.scene import SERVICES, Services
from persian.digits import parse_int
from persian.query import parse_query
from storage import articles, search
from storage.records import Article

_PAGE = 20
_CACHE_SECONDS = 15

_log = structlog.get_logger(__name__)


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer with the hits for the words typed, or the latest news for none; newest first, in pages."""
    services: Services = context.application.bot_data[SERVICES]
    query = update.inline_query
    assert query is not None, "registered for inline queries only"
    if services.buckets.take(query.from_user.id, time.time()) is not Take.ALLOWED:
        await _send(services, {"inline_query_id": query.id, "results": [], "cache_time": 1, "is_personal": True})
        return
    before = parse_int(query.offset)
    words = parse_query(query.query[:200])
    async with services.database.read() as connection:
        if words:
            ordinals = await search.find(connection, words, limit=_PAGE, before=before)
            found = await articles.by_ordinals(connection, ordinals)
        elif query.query.strip():
            found = []
        else:
            found = await articles.page(connection, limit=_PAGE, before=before)
    chat = await services.chats.get(query.from_user.id)
    texts = services.texts(chat, query.from_user.language_code or "")
    results = [_card(article, services, texts) for article in found]
    params = {
        "inline_query_id": query.id,
        "results": results,
        "cache_time": _CACHE_SECONDS,
        "is_personal": True,
        "next_offset": str(found[-1].ordinal) if len(found) == _PAGE else "",
    }
    await _send(services, params)


async def _send(services: Services, params: dict[str, Any]) -> None:
    try:
        await services.gateway.call("answerInlineQuery", params)
    except TelegramError as error:
        _log.info("inline_not_answered", reason=error.message)


def _card(article: Article, services: Services, texts: Texts) -> dict[str, Any]:
    message = headline(article, texts, services.bot_username)
    button = message.keyboard[0][0]
    card = {
        "type": "article",
        "id": str(article.id),
        "title": cut(article.content.title, 200),
        "description": cut(f"{category_name(article.category, texts)} · {texts.short(article.published_at)}", 120),
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
