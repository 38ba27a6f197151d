"""The registered handlers: only data that is exactly a button's reaches its handler."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler

from bot.render.callbacks import PreviewPage
from handlers.core.context import SERVICES
from handlers.register import register


@cache
def _handlers() -> list[CallbackQueryHandler[Any, Any]]:
    application: Application[Any, Any, Any, Any, Any, Any] = ApplicationBuilder().token("1:x").updater(None).build()
    application.bot_data[SERVICES] = SimpleNamespace(bot_id=1, bot_username="x")
    register(application)
    return [handler for handler in application.handlers[0] if isinstance(handler, CallbackQueryHandler)]


def _is_heard(data: str) -> bool:
    return any(handler.pattern(data) for handler in _handlers() if callable(handler.pattern))


def test_a_buttons_data_is_heard() -> None:
    assert _is_heard(PreviewPage(264802).pack())


@pytest.mark.parametrize("data", ["view:۲۶۴:0", "view:264:0\n", "view:264", "view:264:0:", "xview:264:0"])
def test_what_only_resembles_a_buttons_data_is_heard_by_nobody(data: str) -> None:
    assert not _is_heard(data)
