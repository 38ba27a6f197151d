"""Public feeds of what is published, as RSS 2.0 and JSON Feed 1.1: of everything, and of each category.

https://www.rssboard.org/rss-specification and https://www.jsonfeed.org/version/1.1/ describe the formats.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from xml.sax.saxutils import escape, quoteattr

import msgspec
from aiohttp import web

from bot.clock import Clock
from bot.ingest.fetch.http_headers import http_date
from bot.newsroom.article_lists import ArticleLists
from bot.web.answer import answer
from bot.web.article_html import body_html
from bot.web.cached import Cached
from bot.web.route import Route, Routes
from storage.errors import UnavailableError
from storage.records import Article

_ITEMS = 30
_CACHED_SECONDS = 30.0
_ALL = "all"
_LETTERS_OF_BODIES = 500_000
"""The most letters of whole texts in a feed: a few readers that read slowly hold it in memory once each."""
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class FeedHeader:
    """The facts of a feed: its title, the address of the bot, and its language."""

    title: str
    home: str
    language: str


@dataclass(frozen=True, slots=True)
class _Document:
    """A feed as it is sent; it is `changed_at` so many seconds of the clock, whole ones as HTTP's dates are."""

    body: bytes
    etag: str
    changed_at: int


Renderer = Callable[[FeedHeader, Sequence[Article]], bytes]
"""Writes a feed."""


def feed_routes(lists: ArticleLists, clock: Clock, *, bot_username: str, language: str) -> Routes:
    """Return the route of the feeds: /feeds/all.xml, /feeds/politics.json and so on."""
    feeds = _Feeds(lists, clock, bot_username, language)
    return {"/feeds/": Route(("GET", "HEAD"), feeds.get_feed)}


class _Feeds:
    """Answers with feeds; each is read at most once in 30 s, however many ask."""

    def __init__(self, lists: ArticleLists, clock: Clock, bot_username: str, language: str) -> None:
        self._lists = lists
        self._clock = clock
        self._name = f"@{bot_username}"
        self._home = f"https://t.me/{bot_username}"
        self._language = language
        self._cached: dict[str, Cached[_Document]] = {}
        self._last: dict[str, _Document] = {}

    async def get_feed(self, request: web.BaseRequest) -> web.Response:
        """Answer with a feed, 304 where the client has it, 404 where there is no such category."""
        name, _, ending = request.path.rpartition("/")[2].rpartition(".")
        if ending not in _FORMATS or not name:
            return answer(404)
        try:
            document = await self._document(name, ending)
        except UnavailableError:
            return answer(503, headers={"Retry-After": "30"})
        if document is None:
            return answer(404)
        kept = {
            "ETag": document.etag,
            "Last-Modified": format_datetime(_time(document.changed_at * 1000), usegmt=True),
            "Cache-Control": "public, max-age=60",
        }
        if _is_known(request, document):
            return answer(304, headers=kept)
        return answer(200, document.body, content_type=_FORMATS[ending][0], headers=kept)

    async def _document(self, name: str, ending: str) -> _Document | None:
        known = self._cached.get(f"{name}.{ending}")
        if known is None:
            # Only what exists is kept: a stranger's guesses cost no memory.
            if name != _ALL and name not in {category.slug for category in await self._lists.categories()}:
                return None
            known = Cached(partial(self._read, name, ending), _CACHED_SECONDS)
            self._cached[f"{name}.{ending}"] = known
        return await known.get()

    async def _read(self, name: str, ending: str) -> _Document:
        category = None if name == _ALL else await self._lists.category(name)
        page = await self._lists.published(limit=_ITEMS, category_id=category.id if category else None)
        title = self._name if category is None else category.name_fa if self._language == "fa" else category.name_en
        body = _FORMATS[ending][1](FeedHeader(title, self._home, self._language), _bounded(page.articles))
        document = _dated(body, self._last.get(f"{name}.{ending}"), self._clock() // 1000)
        self._last[f"{name}.{ending}"] = document
        return document


def _bounded(articles: Sequence[Article]) -> list[Article]:
    """Return the articles without the bodies that a feed has no room for."""
    bounded, letters = [], 0
    for article in articles:
        letters += len(body_html(article.content.body))
        fits = letters <= _LETTERS_OF_BODIES
        bounded.append(article if fits else replace(article, content=replace(article.content, body=())))
    return bounded


def _dated(body: bytes, last: _Document | None, now: int) -> _Document:
    """Return a feed with the date of its change (`now` in seconds).

    The dates of articles do not tell it: where the newest one is retracted, they all lie further back.
    """
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if last is None:
        return _Document(body, etag, now)
    return last if last.etag == etag else _Document(body, etag, max(now, last.changed_at + 1))


def _is_known(request: web.BaseRequest, document: _Document) -> bool:
    """Return whether the client has the feed as it is (RFC 9110, section 13.2.2: a tag counts before a date)."""
    if (tags := request.headers.get("If-None-Match")) is not None:
        return tags.strip() == "*" or document.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = http_date(request.headers.get("If-Modified-Since", ""))
    return since is not None and _time(document.changed_at * 1000) <= since


def render_rss(header: FeedHeader, articles: Sequence[Article]) -> bytes:
    """Return an RSS document of articles."""
    items = "".join(_rss_item(header, article) for article in articles)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{escape(header.title)}</title><link>{escape(header.home)}</link>"
        f"<description>{escape(header.title)}</description><language>{escape(header.language)}</language>"
        f"{items}</channel></rss>\n"
    )
    return _NOT_IN_XML.sub("", text).encode()


def _rss_item(header: FeedHeader, article: Article) -> str:
    content = article.content
    parts = [
        f"<title>{escape(content.title)}</title>",
        f"<link>{escape(_address(header, article))}</link>",
        f'<guid isPermaLink="false">{escape(_identity(header, article))}</guid>',
        f"<pubDate>{format_datetime(_time(article.published_at), usegmt=True)}</pubDate>",
        f"<category>{escape(article.category.name_fa)}</category>",
        *(f"<category>{escape(tag)}</category>" for tag in content.tags),
        f"<description>{escape(content.lead)}</description>",
    ]
    if _is_own(article) and content.body:
        parts.append(f"<content:encoded>{escape(body_html(content.body))}</content:encoded>")
    if "://" in content.photo:
        parts.append(f'<enclosure url={quoteattr(content.photo)} length="0" type="image/jpeg"/>')
    return f"<item>{''.join(parts)}</item>"


def render_json(header: FeedHeader, articles: Sequence[Article]) -> bytes:
    """Return a JSON Feed of articles."""
    return msgspec.json.encode(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": header.title,
            "home_page_url": header.home,
            "language": header.language,
            "items": [_json_item(header, article) for article in articles],
        }
    )


def _json_item(header: FeedHeader, article: Article) -> dict[str, object]:
    content = article.content
    item: dict[str, object] = {
        "id": _identity(header, article),
        "url": _address(header, article),
        "title": content.title,
        "date_published": _time(article.published_at).isoformat(),
        "date_modified": _time(article.updated_at).isoformat(),
        "language": article.language,
        "tags": [article.category.name_fa, *content.tags],
        "summary": content.lead,
    }
    own = _is_own(article) and content.body
    item |= {"content_html": body_html(content.body)} if own else {"content_text": content.lead or content.title}
    return item | ({"image": content.photo} if "://" in content.photo else {})


def _identity(header: FeedHeader, article: Article) -> str:
    return f"{header.home}?start=a_{article.id}"


def _address(header: FeedHeader, article: Article) -> str:
    """Return where an article can be read: at its source, else in the bot."""
    return article.url or article.content.link or _identity(header, article)


def _is_own(article: Article) -> bool:
    """Return whether the newsroom may give away the whole text: another site's article is read there."""
    return not article.url


def _time(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC)


_FORMATS: dict[str, tuple[str, Renderer]] = {
    "xml": ("application/rss+xml", render_rss),
    "json": ("application/feed+json", render_json),
}
