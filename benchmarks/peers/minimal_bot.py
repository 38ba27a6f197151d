"""The readers' commands as one would write them first: python-telegram-bot over the same tables, nothing kept.

It answers the same questions with as many headlines or the same article; words are sought as they are typed. It
needs Peyk's interpreter, for the drivers of its databases.
"""

import asyncio
import html
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import aiosqlite
import asyncpg
from telegram import Update
from telegram.constants import ParseMode
from telegram.ext import ApplicationBuilder, CommandHandler, ContextTypes

_IN_FLIGHT = 8  # the number at which its transport is fastest
_PAGE = 8
_LONGEST = 4000

_HEADLINES = """
    SELECT a.id, r.title, c.name_fa FROM article a
    JOIN revision r ON r.article_id = a.id AND r.number = a.revision JOIN category c ON c.id = a.category_id
"""
_LATEST = f"{_HEADLINES} WHERE a.state = 'published' ORDER BY a.ordinal DESC LIMIT {_PAGE}"
_CATEGORY = (
    f"{_HEADLINES} WHERE a.state = 'published' AND a.category_id = (SELECT id FROM category WHERE slug = $1) "
    f"ORDER BY a.ordinal DESC LIMIT {_PAGE}"
)
_ARTICLE = (
    "SELECT r.title, r.lead, r.body FROM article a "
    "JOIN revision r ON r.article_id = a.id AND r.number = a.revision WHERE a.id = $1 AND a.state = 'published'"
)
_SEARCH = {
    False: f"{_HEADLINES} WHERE a.ordinal IN (SELECT rowid FROM article_search WHERE article_search MATCH $1 "
    f"ORDER BY rowid DESC LIMIT {_PAGE}) ORDER BY a.ordinal DESC",
    True: f"{_HEADLINES} WHERE a.ordinal IN (SELECT ordinal FROM article_search WHERE document @@ "
    f"plainto_tsquery('simple', $1) ORDER BY ordinal DESC LIMIT {_PAGE}) ORDER BY a.ordinal DESC",
}
"""The search, on SQLite and on PostgreSQL (True)."""

Fetch = Callable[..., Awaitable[list[Any]]]


def bot(url: str, token: str, fetch: Fetch, *, postgresql: bool) -> Any:
    """Return the application: four commands, each a query and an answer."""

    async def headlines(update: Update, rows: list[Any]) -> None:
        lines = [f"▪️ <b>{html.escape(title)}</b>\n{number} · {name}" for number, title, name in rows]
        assert update.message is not None, "commands only"
        await update.message.reply_text("\n\n".join(lines) or "—", parse_mode=ParseMode.HTML)

    async def latest(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        await headlines(update, await fetch(_LATEST))

    async def category(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await headlines(update, await fetch(_CATEGORY, (context.args or [""])[0]))

    async def search(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        words = [word.strip('"-') for word in context.args or []]
        query = " ".join(words) if postgresql else " ".join(f'"{word}"' for word in words)
        await headlines(update, await fetch(_SEARCH[postgresql], query))

    async def article(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None, "commands only"
        rows = await fetch(_ARTICLE, int((context.args or ["0"])[0]))
        if not rows:
            await update.message.reply_text("—")
            return
        title, lead, body = rows[0]
        text = "\n\n".join(
            [f"<b>{html.escape(title)}</b>", html.escape(lead), *(block["html"] for block in json.loads(body))]
        )
        await update.message.reply_text(text[:_LONGEST], parse_mode=ParseMode.HTML)

    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{url}/bot")
        .concurrent_updates(_IN_FLIGHT)
        .connection_pool_size(_IN_FLIGHT)
        .build()
    )
    for name, callback in (("latest", latest), ("category", category), ("search", search), ("article", article)):
        application.add_handler(CommandHandler(name, callback))
    return application


async def main(url: str, token: str, database: str) -> None:
    """Answer until the process is ended."""
    if database.startswith("sqlite"):
        connection = await aiosqlite.connect(f"file:{database.removeprefix('sqlite:///')}?mode=ro", uri=True)

        async def fetch(sql: str, *values: Any) -> list[Any]:
            return list(await connection.execute_fetchall(sql.replace("$1", "?"), values))

        await _answer(bot(url, token, fetch, postgresql=False))
    else:
        async with asyncpg.create_pool(database, min_size=_IN_FLIGHT, max_size=_IN_FLIGHT) as pool:
            await _answer(bot(url, token, pool.fetch, postgresql=True))


async def _answer(application: Any) -> None:
    async with application:
        await application.start()
        await application.updater.start_polling(poll_interval=0)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
