"""What is pushed: a headline, and several headlines in one roundup (pure)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.locales.catalog import Texts
from bot.render.attachments import cover
from bot.render.html import CAPTION_LIMIT, TEXT_LIMIT, cut, escape, length, strip_tags
from bot.render.message import Button, Message
from persian.direction import RLM, hashtag
from storage.records import Article, Category

MOST_IN_ROUNDUP = 10
"""Headlines that one roundup holds; so many always fit into one message."""

_TITLE = 250
_LEAD = 700
_NAME = 60
_TAGS = 5
_TAG = 40
_NOTE = 200


def article_link(bot_username: str, article_id: int) -> str:
    """Return the deep link that opens an article."""
    return f"https://t.me/{bot_username}?start=a_{article_id}"


def category_name(category: Category, texts: Texts) -> str:
    """Return the category's name in the language of `texts`."""
    return category.name_fa if texts.language == "fa" else category.name_en


def headline(
    article: Article, texts: Texts, bot_username: str, *, silent: bool = False, as_caption: bool = False
) -> Message:
    """Return one headline: title, lead, note of a correction, hashtags, date and number; a button to the full text.

    What goes with the article first comes with it. Above breaking news a line says so. `as_caption` keeps it as
    short as under an attachment, whether or not there is any.
    """
    content = article.content
    carried = cover(content)
    mark = f"{_line(texts('breaking-mark'), texts)}\n" if article.breaking else ""
    title = f"{mark}<b>{_line(cut(content.title, _TITLE), texts)}</b>"
    rest = f"{_line(hashtags(article, texts, most=_TAGS), texts)}\n{stamp(article, texts)}"
    if content.note:
        rest = f"{_line(texts('article-note', note=cut(content.note, _NOTE)), texts)}\n\n{rest}"
    parts = [title, rest]
    if content.lead:
        # Under a photo or file there is a quarter of the room: the lead gets what the rest, a mark and two blank
        # lines leave.
        room = (
            (CAPTION_LIMIT if carried or as_caption else TEXT_LIMIT)
            - length(strip_tags(f"{title}\n\n\n\n{rest}"))
            - len(RLM)
        )
        parts.insert(1, _line(cut(content.lead, min(_LEAD, room)), texts))
    button = Button(texts("button-full-text"), url=article_link(bot_username, article.id))
    message = Message("\n\n".join(parts), ((button,),), silent=silent)
    return replace(message, media=carried.file, media_kind=carried.kind) if carried else message


def roundup(articles: Sequence[Article], texts: Texts, bot_username: str) -> Message:
    """Return one message for at most MOST_IN_ROUNDUP headlines, each linked to its full text."""
    lines = [texts.html("roundup-title", count=len(articles))]
    for article in articles:
        title = _line(cut(article.content.title, _TITLE), texts)
        link = escape(article_link(bot_username, article.id))
        tag = _line(hashtags(article, texts, most=0), texts)
        mark = f"{escape(texts('breaking-mark'))} " if article.breaking else "▪️ "
        lines += [
            "",
            f'{RLM if texts.is_rtl else ""}{mark}<a href="{link}">{title}</a>',
            f"{tag} · {_number(article, texts)}",
        ]
    return Message("\n".join(lines))


def hashtags(article: Article, texts: Texts, *, most: int) -> str:
    """Return the hashtags of an article's category and of its first `most` tags, each named once."""
    names = [cut(category_name(article.category, texts), _NAME)]
    names += [cut(tag, _TAG) for tag in article.content.tags[:most]]
    return " ".join(dict.fromkeys(found for name in names if (found := hashtag(name))))


def stamp(article: Article, texts: Texts) -> str:
    """Return the line with an article's date and number, as HTML."""
    moment = escape(texts.datetime(article.published_at))
    return f"🗓 {moment}\n🔖 {texts.html('article-number', number=_number(article, texts))}"


def _number(article: Article, texts: Texts) -> str:
    return texts.digits(str(article.id))


def _line(text: str, texts: Texts) -> str:
    mark = RLM if texts.is_rtl and not text.startswith(RLM) else ""
    return escape(mark + text.replace("\n", " "))
