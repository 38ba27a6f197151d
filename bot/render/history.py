"""The list of messages that a chat got (pure)."""

from collections.abc import Mapping, Sequence

from bot.locales.catalog import Texts
from bot.render.headline import article_link
from bot.render.html import cut, escape
from bot.render.message import Keyboard, Message
from persian.direction import alone
from storage.history import Sent
from storage.records import Article, ArticleState

FULL_PAGE = 8
"""Headlines after which a page of the history takes no further message."""

_LIST_UNITS = 3800
_LINE_UNITS = 60  # number and time under a title
_TITLE = 200


def fitting(sent: Sequence[Sent]) -> Sequence[Sent]:
    """Return the first of the messages, as many as a page takes: whole ones, and one at least."""
    headlines = 0
    for place, message in enumerate(sent):
        if headlines >= FULL_PAGE:
            return sent[:place]
        headlines += len(message.articles)
    return sent


def history(
    sent: Sequence[Sent], known: Mapping[int, Article], texts: Texts, bot_username: str, *, keyboard: Keyboard
) -> Message:
    """Return one page: each headline with its number and when it was sent, once, as it is now.

    For articles that readers may not see any more, only the number is shown; `known` are the articles that exist.
    """
    shown = {article_id: message.sent_at for message in reversed(sent) for article_id in message.articles}
    room = min(_TITLE, _LIST_UNITS // max(1, len(shown)) - _LINE_UNITS)
    mark = texts.mark
    lines = [f"{mark}<b>{escape(texts('history-title'))}</b>"]
    for article_id in dict.fromkeys(article_id for message in sent for article_id in message.articles):
        article = known.get(article_id)
        title = escape(texts("history-retracted"))
        if article is not None and article.state is ArticleState.PUBLISHED:
            link = escape(article_link(bot_username, article_id))
            words = escape(alone(cut(article.content.title, room), rtl=texts.is_rtl))
            title = f'<a href="{link}">{words}</a>'
        when = texts.html("history-sent", when=texts.short(shown[article_id]))
        lines += ["", f"{mark}▪️ {title}", f"{mark}<code>{texts.digits(str(article_id))}</code> · {when}"]
    return Message("\n".join(lines), keyboard)
