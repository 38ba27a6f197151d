"""One story in several articles: the list of those who report it, and a line on who reported it before (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.locales.catalog import Texts
from bot.render.article import source_of
from bot.render.html import cut, escape
from bot.render.message import Keyboard, Message
from persian.direction import alone
from storage.records import Article, ArticleState

PAGE_SIZE = 8
"""Tellings on one page."""

_TITLE = 200
_NAME = 60
_WAITING = (ArticleState.DRAFT, ArticleState.REVIEW, ArticleState.SCHEDULED)


@dataclass(frozen=True, slots=True)
class FirstReport:
    """The article that reported a story first, and the name of its source, "" where that is unknown."""

    article: Article
    source: str


def other_reports_page(
    article_id: int, tellings: Sequence[tuple[str, Article]], texts: Texts, keyboard: Keyboard
) -> Message:
    """Return one page of who else reports an article's story, as pairs of a source's name and its title."""
    lines = [f"<b>{texts.html('elsewhere-title', number=texts.digits(str(article_id)))}</b>"]
    for name, article in tellings:
        title = escape(alone(cut(article.content.title, _TITLE), rtl=texts.is_rtl))
        address = source_of(article)
        linked = f'<a href="{escape(address)}">{title}</a>' if address else title
        facts = texts.facts(_named(name, texts), texts.short(article.published_at or article.created_at))
        lines += ["", f"{texts.mark}▪️ {linked}", escape(facts)]
    return Message("\n".join(lines), keyboard)


def first_report_note(article: Article, first: FirstReport | None, texts: Texts) -> str:
    """Return the HTML of the note that `first` reported the story of an article before, "" for none."""
    if first is None:
        return ""
    state = first.article.state
    named = {"id": texts.digits(str(first.article.id)), "name": _named(first.source, texts)}
    if article.state is ArticleState.FOLDED:
        seen = "preview-folded-shown" if state is ArticleState.PUBLISHED else "preview-first-retracted"
        return f"{texts.html('preview-folded', **named)}\n{texts.html(seen)}"
    if article.state is ArticleState.PUBLISHED:
        return texts.html("preview-joined", **named)
    if article.state in _WAITING and state is ArticleState.PUBLISHED:
        return texts.html("story-known", **named)
    return ""


def _named(source: str, texts: Texts) -> str:
    return cut(" ".join(source.split()), _NAME) or texts("source-unnamed")
