"""The digest: many headlines in one message, under their categories; rich, and as HTML (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.locales.catalog import Texts
from bot.render.headline import article_link, category_name
from bot.render.html import TEXT_LIMIT, cut, escape, length, strip_tags
from bot.render.message import Button, Keyboard, Message
from bot.render.rich import MOST_CHARACTERS
from storage.records import Article

MOST_IN_DIGEST = 100
"""Headlines that one rich digest holds."""
MOST_IN_ROUNDUP = 30
"""Headlines that the same holds as HTML; so many always fit into one message, and make no hundred entities."""

ALL_NEWS = "news"
"""The payload of the link to all news."""

_ROOMS = (250, 160, 120, 90, 60, 40)
"""Lengths of a title (UTF-16 units), tried in order until everything fits."""
_NAME = 24


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading, and the headlines under it, each with what stands behind its title."""

    name: str
    headlines: list[tuple[Article, str]]


def digest(
    articles: Sequence[Article],
    texts: Texts,
    bot_username: str,
    at: int,
    *,
    rich: bool,
    left: int = 0,
) -> Message:
    """Return one message with headlines, each linked to its full text, with its number and time.

    It is dated `at` (ms). Breaking news stands first, then the categories in their own order, the newest headline
    first in each. There may be MOST_IN_DIGEST of them in a `rich` one, else MOST_IN_ROUNDUP; it says how many are
    `left` besides, and has a button to them. The HTML of a rich one has the first of them.
    """
    sections = _sections(articles, texts, at)
    title = texts("digest-title", day=texts.weekday(at))
    ending = texts("digest-counted", count=len(articles))
    keyboard: Keyboard = ()
    if left:
        # A link, not a press: in channels, too, all news open in the reader's own chat.
        keyboard = ((Button(texts("button-all-news"), url=f"https://t.me/{bot_username}?start={ALL_NEWS}"),),)
        ending = texts("digest-left", count=len(articles), left=left)
    draw, most = (_rich, MOST_CHARACTERS) if rich else (_html, TEXT_LIMIT)
    names = [part.name for part in sections]
    for room in _ROOMS:
        lines = [_lines(part, room, bot_username, texts=texts) for part in sections]
        drawn = draw(title, names, lines, ending, texts=texts)
        if length(strip_tags(drawn)) <= most:
            break
    if not rich:
        return Message(drawn, keyboard)
    newest = [article for part in sections for article, _ in part.headlines][:MOST_IN_ROUNDUP]
    beyond = left + len(articles) - len(newest)
    html = digest(newest, texts, bot_username, at, rich=False, left=beyond).html
    return Message(html, keyboard, rich_html=drawn, is_rtl=texts.is_rtl)


def _sections(articles: Sequence[Article], texts: Texts, at: int) -> list[_Section]:
    """Return breaking news, if any, and the categories that have some of the rest."""
    newest_first = sorted(articles, key=lambda article: (article.published_at, article.id), reverse=True)
    urgent = [article for article in newest_first if article.breaking]
    sections = [_breaking(urgent, texts, at)] if urgent else []
    rest = [article for article in newest_first if not article.breaking]
    for category_id in sorted({article.category.id for article in rest}):
        own = [(article, _facts(article, texts, at)) for article in rest if article.category.id == category_id]
        sections.append(_Section(_name(own[0][0], texts), own))
    return sections


def _breaking(articles: Sequence[Article], texts: Texts, at: int) -> _Section:
    """Return breaking news of all categories, each with the name of its own."""
    named = [
        (article, f"{_facts(article, texts, at)} · {texts.apart(_name(article, texts))}") for article in articles
    ]
    return _Section(texts("breaking-mark"), named)


def _facts(article: Article, texts: Texts, at: int) -> str:
    """Return an article's number and time, with the day where that is not the digest's."""
    days = [datetime.fromtimestamp(ms / 1000, texts.zone).date() for ms in (article.published_at, at)]
    when = texts.clock(article.published_at) if days[0] == days[1] else texts.short(article.published_at)
    return f"{texts.digits(str(article.id))} · {when}"


def _lines(section: _Section, room: int, bot_username: str, *, texts: Texts) -> list[str]:
    """Return the headlines of a section as `_line` does."""
    return [_line(article, facts, room, bot_username, texts=texts) for article, facts in section.headlines]


def _line(article: Article, facts: str, room: int, bot_username: str, *, texts: Texts) -> str:
    """Return a headline as HTML without its bullet, its title cut to so many units."""
    # A title of another direction would take the number behind it along.
    title = texts.apart(cut(" ".join(article.content.title.split()), room)) or str(article.id)
    link = escape(article_link(bot_username, article.id))
    return f'<a href="{link}">{escape(title)}</a> · {escape(facts)}'


def _rich(title: str, names: Sequence[str], lines: Sequence[Sequence[str]], ending: str, *, texts: Texts) -> str:
    blocks = [f"<h1>{escape(title)}</h1>"]
    for name, section in zip(names, lines, strict=True):
        items = "".join(f"<li>{texts.mark}{line}</li>" for line in section)
        blocks.append(f"<h2>{escape(name)}</h2><ul>{items}</ul>")
    return "".join([*blocks, f"<footer>{escape(ending)}</footer>"])


def _html(title: str, names: Sequence[str], lines: Sequence[Sequence[str]], ending: str, *, texts: Texts) -> str:
    shown = [f"{texts.mark}<b>{escape(title)}</b>"]
    for name, section in zip(names, lines, strict=True):
        shown += ["", f"{texts.mark}<b>{escape(name)}</b>", *(f"{texts.mark}▪️ {line}" for line in section)]
    return "\n".join([*shown, "", f"{texts.mark}{escape(ending)}"])


def _name(article: Article, texts: Texts) -> str:
    return cut(" ".join(category_name(article.category, texts).split()), _NAME)
