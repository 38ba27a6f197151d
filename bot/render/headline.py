"""The headline of an article (pure)."""

from dataclasses import replace

from bot.locales.catalog import Texts
from bot.render.attachments import cover
from bot.render.html import CAPTION_LIMIT, TEXT_LIMIT, cut, escape, length, strip_tags
from bot.render.message import Button, Keyboard, Message
from bot.render.pagination import cut_html
from bot.render.signature import SIGNATURE_UNITS
from persian.direction import alone, hashtag
from persian.normalise import match_key
from storage.post_style import USUAL_STYLE, PostStyle, Shape
from storage.records import Article, BlockKind, Category, Content

_TITLE = 250
_LEAD = 700
_NAME = 60
_LABEL_UNITS = 24
_TAGS = 5
_TAG = 40
_NOTE = 200
_PARAGRAPH_LEAST = 60
"""Less room than this is not worth the beginning of a paragraph."""
_MOST_MARKS = 60
"""Formatted runs of a paragraph: a message has a hundred, and Telegram makes some of hashtags and addresses."""
_BLANK = "\n\n"
_MARKS = 3  # of direction, around a lead


def article_link(bot_username: str, article_id: int) -> str:
    """Return the deep link that opens an article."""
    return f"https://t.me/{bot_username}?start=a_{article_id}"


def category_name(category: Category, texts: Texts) -> str:
    """Return the category's name in the language of `texts`; that of the newsroom's own is in the database."""
    return texts.sections.get(category.slug) or (category.name_fa if texts.is_rtl else category.name_en)


def category_label(category: Category, texts: Texts) -> str:
    """Return a category's name as it stands on a button: all categories have room on one keyboard."""
    return cut(category_name(category, texts), _LABEL_UNITS)


def headline(
    article: Article,
    texts: Texts,
    bot_username: str,
    *,
    style: PostStyle = USUAL_STYLE,
    silent: bool = False,
    as_caption: bool = False,
) -> Message:
    """Return one headline: title, lead, note of a correction, hashtags, date and number; a button to the full text.

    `style` leaves some of it out or puts the first paragraph and a signature to it. What goes with the article
    first comes with it. Above breaking news a line says so. `as_caption` keeps it as short as under an attachment,
    whether or not there is any.
    """
    content = article.content
    carried = cover(content, style.photo)
    mark = f"{_line(texts('breaking-mark'), texts)}\n" if article.breaking else ""
    title = f"{mark}<b>{_line(cut(content.title, _TITLE), texts)}</b>"
    below = [_line(texts("article-note", note=cut(content.note, _NOTE)), texts)] if content.note else []
    tags = f"{_tags(article, texts, most=_TAGS)}\n" if style.tags else ""
    below.append(f"{tags}{stamp(article, texts)}")
    if style.signature:
        below.append(_line(cut(style.signature, SIGNATURE_UNITS), texts))
    rest = "\n\n".join(below)
    # Under a photo or file there is a quarter of the room.
    limit = CAPTION_LIMIT if carried or as_caption else TEXT_LIMIT
    opening = _opening(content, style.shape, texts, limit - length(strip_tags(f"{title}\n\n{rest}")))
    keyboard: Keyboard = ()
    if style.buttons:
        keyboard = ((Button(texts("button-full-text"), url=article_link(bot_username, article.id)),),)
    message = Message("\n\n".join([title, *opening, rest]), keyboard, silent=silent)
    return replace(message, media=carried.file, media_kind=carried.kind) if carried else message


def _opening(content: Content, shape: Shape, texts: Texts, room: int) -> list[str]:
    """Return what stands between title and end, as far as there is room (units, with a blank line before each)."""
    parts: list[str] = []
    paragraph = _first_paragraph(content) if shape is Shape.PARAGRAPH else ""
    # Many a source begins its text with the lead.
    if content.lead and shape is not Shape.TITLE and not _says(paragraph, content.lead):
        parts.append(_line(cut(content.lead, min(_LEAD, room - len(_BLANK) - _MARKS)), texts))
        room -= length(strip_tags(parts[0])) + len(_BLANK)
    room -= len(_BLANK) + _MARKS
    if paragraph and room >= _PARAGRAPH_LEAST:
        parts.append(texts.mark + cut_html(paragraph, room))
    return parts


def _first_paragraph(content: Content) -> str:
    """Return the first paragraph as inline HTML on one line, without its marks where it has very many."""
    paragraph = next((block.html for block in content.body if block.kind is BlockKind.PARAGRAPH and block.html), "")
    if paragraph.count("</") > _MOST_MARKS:
        paragraph = strip_tags(paragraph, escaped=True)
    return paragraph.replace("\n", " ")


def _says(paragraph: str, lead: str) -> bool:
    return " ".join(strip_tags(paragraph).split()) == " ".join(lead.split())


def hashtags(article: Article, texts: Texts, *, most: int) -> str:
    """Return the hashtags of an article's category and of its first `most` tags, each named once.

    A tag that names the category in another language says nothing more.
    """
    own = {match_key(name) for name in (article.category.slug, article.category.name_fa, article.category.name_en)}
    names = [cut(category_name(article.category, texts), _NAME)]
    names += [cut(tag, _TAG) for tag in article.content.tags[:most] if match_key(tag) not in own]
    return " ".join(texts.apart(tag) for tag in dict.fromkeys(map(hashtag, names)) if tag)


def stamp(article: Article, texts: Texts) -> str:
    """Return the line with an article's date and number, as HTML."""
    moment = escape(texts.datetime(article.published_at))
    return f"🗓 {moment}\n🔖 {texts.html('article-number', number=_number(article, texts))}"


def _number(article: Article, texts: Texts) -> str:
    return texts.digits(str(article.id))


def _tags(article: Article, texts: Texts, *, most: int) -> str:
    return escape(texts.line(hashtags(article, texts, most=most)))


def _line(text: str, texts: Texts) -> str:
    """Return a text as a line of its own, as HTML; in a right-to-left language it runs so, however it begins."""
    flat = text.replace("\n", " ")
    return escape(texts.line(alone(flat, rtl=True) if texts.is_rtl else flat))
