"""Lists of headlines, each with its number and linked to its full text (pure)."""

from collections.abc import Sequence

from bot.locales.catalog import Texts
from bot.render.headline import article_link, category_name
from bot.render.html import cut, escape
from bot.render.message import Keyboard, Message
from persian.direction import RLM
from storage.records import Article

PAGE_SIZE = 8
"""Headlines on one page."""
MOST_LISTED = 30
"""Headlines that one list may have; the more there are, the shorter their titles are cut."""

_TITLE = 200
_NAME = 30
_LIST_UNITS = 3800
_LINE_UNITS = 75  # number, category and date under a title


def listing(
    title: str, articles: Sequence[Article], texts: Texts, bot_username: str, keyboard: Keyboard = ()
) -> Message:
    """Return one page of at most MOST_LISTED headlines under `title` (HTML)."""
    room = min(_TITLE, _LIST_UNITS // max(1, len(articles)) - _LINE_UNITS)
    mark = RLM if texts.is_rtl else ""
    lines = [f"{mark}<b>{title}</b>"]
    for article in articles:
        link = escape(article_link(bot_username, article.id))
        when = escape(texts.short(article.published_at))
        name = escape(cut(category_name(article.category, texts), _NAME))
        lines += [
            "",
            f'{mark}▪️ <a href="{link}">{escape(cut(article.content.title, room))}</a>',
            f"{mark}<code>{texts.digits(str(article.id))}</code> · {name} · {when}",
        ]
    return Message("\n".join(lines), keyboard)
