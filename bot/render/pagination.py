"""Long Telegram HTML in pages, cut where a reader would turn one, every tag closed and opened again (pure).

Markup is taken apart once, into what a reader sees and the tags between; where a page ends is then a question of
plain text. A long article is in pages within milliseconds, and nobody waits for whoever reads it.
"""

import html
import re
from typing import NamedTuple

from bot.render.html import escape, length

MOST_ENTITIES = 90
"""Formatted runs a page may have; Telegram drops those past the hundredth."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*+)[^<>]*>")
_SEEN = re.compile(r"\S")
_MORE = "…"
_DEEPEST = 16
_SENTENCE_ENDS = ".!?؟…؛"


def split_html(markup: str, limit: int) -> list[str]:
    """Return pages of at most `limit` visible units (see html.length), each valid by itself.

    Cuts fall between paragraphs, else lines, sentences or words; a run without any is cut at the limit. White
    space at a page's border is dropped.
    """
    cursor, pages = _Cursor(markup), list[str]()
    while page := cursor.page(limit):
        pages.append(page)
    return pages


def cut_html(markup: str, limit: int) -> str:
    """Return the beginning of Telegram HTML, at most `limit` visible units, valid by itself; … tells of more."""
    cursor = _Cursor(markup)
    page = cursor.page(limit)
    return f"{_Cursor(markup).page(limit - len(_MORE))}{_MORE}" if cursor.page(limit) else page


def split_lines(markup: str) -> list[str]:
    """Return the lines of Telegram HTML that are not empty, each valid by itself."""
    if "<" not in markup:
        return [escape(line) for part in html.unescape(markup).split("\n") if (line := part.strip())]
    cursor, lines = _Cursor(markup), list[str]()
    while line := cursor.line():
        lines.append(line)
    return lines


def shallow(markup: str, depth: int) -> str:
    """Return Telegram HTML without the tags that are more than `depth` levels deep; their text stays."""
    open_tags: list[bool] = []
    kept = 0

    def stay(match: re.Match[str]) -> str:
        nonlocal kept
        if not match[1]:
            open_tags.append(kept < depth)
            kept += open_tags[-1]
            return match[0] if open_tags[-1] else ""
        stays = open_tags.pop() if open_tags else True
        kept -= stays
        return match[0] if stays else ""

    return _TAG.sub(stay, markup)


class _Tag(NamedTuple):
    """A tag, `at` so many characters of what is seen."""

    at: int
    html: str
    name: str
    closes: bool


class _Cursor:
    """Reads Telegram HTML from its beginning to its end, a page or a line at a time; "" tells that it is read."""

    def __init__(self, markup: str) -> None:
        # Every page opens again what is open: of absurdly many levels that would be most of it.
        markup = shallow(markup, _DEEPEST)
        runs, self._tags, place, at = list[str](), list[_Tag](), 0, 0
        for match in _TAG.finditer(markup):
            runs.append(html.unescape(markup[place : match.start()]))
            at += len(runs[-1])
            place = match.end()
            self._tags.append(_Tag(at, match[0], match[2], bool(match[1])))
        self._text = "".join((*runs, html.unescape(markup[place:])))
        self._at = 0
        self._next = 0  # the first tag that is not passed yet
        self._open: list[_Tag] = []

    def page(self, limit: int) -> str:
        """Return the next page, of at most `limit` units."""
        self._skip_space()
        return self._up_to(self._page_end(limit))

    def line(self) -> str:
        """Return the next line with a word."""
        self._skip_space()
        end = self._text.find("\n", self._at)
        return self._up_to(len(self._text) if end < 0 else end)

    def _skip_space(self) -> None:
        word = _SEEN.search(self._text, self._at)
        self._at = word.start() if word else len(self._text)
        while self._next < len(self._tags) and self._comes_before(self._tags[self._next], self._at):
            self._pass()

    def _up_to(self, end: int) -> str:
        """Return what comes before `end` as HTML that is valid by itself."""
        last = self._at + len(self._text[self._at : end].rstrip())
        if last == self._at:
            return ""
        parts = [tag.html for tag in self._open]
        while self._next < len(self._tags) and self._comes_before(self._tags[self._next], last):
            parts.append(escape(self._text[self._at : self._tags[self._next].at]))
            self._at = self._tags[self._next].at
            parts.append(self._pass())
        parts.append(escape(self._text[self._at : last]))
        self._at = end
        return "".join((*parts, *(f"</{tag.name}>" for tag in reversed(self._open))))

    @staticmethod
    def _comes_before(tag: _Tag, place: int) -> bool:
        """Return whether a tag belongs before `place`: at the place itself, tags may only close."""
        return tag.at < place or (tag.at == place and tag.closes)

    def _pass(self) -> str:
        """Skip a tag and return its HTML, "" for one that closes what is not open."""
        tag = self._tags[self._next]
        self._next += 1
        if not tag.closes:
            self._open.append(tag)
            return tag.html
        return f"</{self._open.pop().name}>" if self._open else ""

    def _page_end(self, limit: int) -> int:
        """Return where the page that begins here ends: the best border that is not too early."""
        most = min(self._at + _fitting(self._text[self._at : self._at + limit], limit), self._last_of_entities())
        if most >= len(self._text):
            return len(self._text)
        window = self._text[self._at : most + 1]
        borders = (
            (window.rfind("\n\n"), limit / 3),
            (window.rfind("\n"), limit / 2),
            (max(window.rfind(f"{end} ") for end in _SENTENCE_ENDS) + 1, limit / 2),
            (max(window.rfind(" "), window.rfind("\n")), 0),
        )
        for border, least in borders:
            if border > 0 and length(window[:border]) >= least:
                return self._at + border
        return max(most, self._at + 1)

    def _last_of_entities(self) -> int:
        """Return where the first formatted run begins that this page has no room for."""
        room = MOST_ENTITIES - len(self._open)
        for tag in self._tags[self._next : self._next + 2 * MOST_ENTITIES + 2]:
            room -= not tag.closes
            if room < 0:
                return tag.at
        return len(self._text)


def _fitting(text: str, limit: int) -> int:
    """Return how many of a text's first characters are at most `limit` units."""
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * limit]
    return len(units.decode("utf-16-le", "ignore"))
