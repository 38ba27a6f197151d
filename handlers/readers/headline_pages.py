"""Pages of headlines, and the buttons that turn them."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.render.article import paging
from bot.render.callback_data import CallbackData, Cursor
from bot.render.message import Keyboard
from handlers.core.context import HandlerContext
from storage.records import Article


@dataclass(frozen=True, slots=True)
class HeadlinePage:
    """One page of headlines, newest first, and whether there are newer and older ones."""

    articles: list[Article]
    newer: bool
    older: bool


def page_buttons(ctx: HandlerContext, at: Callable[[Cursor], CallbackData], page: HeadlinePage) -> Keyboard:
    """Return the buttons that turn a list's pages; `at` gives the button of the page at a place."""
    return paging(
        ctx.texts,
        at(Cursor(after=page.articles[0].ordinal)).pack() if page.newer else "",
        at(Cursor(before=page.articles[-1].ordinal)).pack() if page.older else "",
    )
