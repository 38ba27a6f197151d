"""Lists of headlines, each with its number and linked to its full text (pure)."""

from collections.abc import Sequence

from bot.locales.catalog import Texts
from bot.render.headline import article_link, category_name
from bot.render.html import cut, escape, length, strip_tags
from bot.render.message import Keyboard, Message
from persian.direction import alone
from storage.records import Article

PAGE_SIZE = 8
"""Headlines on one page."""
MOST_LISTED = 30
"""Headlines that one list may have; the more there are, the shorter their titles are cut."""

_PAYLOAD = 64
_TITLE = 200
_NAME = 30
_LIST_UNITS = 3800
_LINE_UNITS = 75  # number, category and date under a title


def category_link(bot_username: str, slug: str) -> str:
    """Return the deep link that opens a category's list, "" for a slug that is too long to be one."""
    return f"https://t.me/{bot_username}?start=c_{slug}" if len(slug) <= _PAYLOAD - len("c_") else ""


def listing(
    title: str,
    articles: Sequence[Article],
    texts: Texts,
    bot_username: str,
    *,
    keyboard: Keyboard = (),
    lines: Sequence[str] = (),
    new_above: int | None = None,
) -> Message:
    """Return one page of at most MOST_LISTED headlines under `title` (HTML).

    Those with an ordinal above `new_above` bear a mark.
    `lines` (HTML, none or one for each article) stand under the headlines; an empty one is left out.
    """
    longest = max((length(strip_tags(line)) for line in lines), default=0)
    room = min(_TITLE, _LIST_UNITS // max(1, len(articles)) - _LINE_UNITS - longest)
    mark = texts.mark
    shown = [f"{mark}<b>{title}</b>"]
    for article, line in zip(articles, lines or [""] * len(articles), strict=True):
        link = escape(article_link(bot_username, article.id))
        when = escape(texts.short(article.published_at))
        name = escape(texts.apart(cut(category_name(article.category, texts), _NAME)))
        sign = "🆕" if new_above is not None and (article.ordinal or 0) > new_above else "▪️"
        words = escape(alone(cut(article.content.title, room), rtl=texts.is_rtl))
        shown += ["", f'{mark}{sign} <a href="{link}">{words}</a>']
        shown += [f"{mark}{line}"] if line else []
        shown.append(f"{mark}<code>{texts.digits(str(article.id))}</code> · {name} · {when}")
    return Message("\n".join(shown), keyboard)
