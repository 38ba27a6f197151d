"""An error of a handler reaches whoever had the update handled: only so can it be handled again."""

from typing import Any

import pytest
from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, TypeHandler

from bot.updates.dispatch import Updates
from storage.errors import UnavailableError


async def test_a_handlers_error_is_raised_once() -> None:
    application = ApplicationBuilder().token("1:x").updater(None).build()
    application._initialized = True  # Telegram is not needed to hand an update on
    wrong = [UnavailableError("the server is away")]

    async def handler(_update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if wrong:
            raise wrong.pop()

    application.add_handler(TypeHandler(Update, handler))
    updates = Updates(application)
    raw: dict[str, Any] = {"update_id": 1}
    with pytest.raises(UnavailableError):
        await updates.handle(raw)
    await updates.handle(raw)
