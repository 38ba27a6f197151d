"""The article of a page that shows none itself: its scripts would, from the state that it hands to them (pure)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.ingest.markup.text import has_letters, plain
from bot.ingest.page.alignment import key_of
from bot.ingest.page.client_state import nested_state
from bot.ingest.page.rich_text import RichText
from persian.foreign_text import one_line

# fmt: off
_BODIES = frozenset((
    "body", "content", "articlebody", "text", "html", "fulltext", "bodyhtml", "description", "blocks",
    "contentelements", "elements", "paragraphs", "components", "document", "contentblocks", "articlecontent",
    "storybody", "maincontent", "richtext", "bodytext", "contenthtml",
))
# fmt: on
_TITLES = ("title", "headline", "headlines", "newstitle", "name")
_LEADS = (
    "lead",
    "standfirst",
    "excerpt",
    "summary",
    "subheadlines",
    "dek",
    "introtext",
    "intro",
    "teaser",
    "subtitle",
    "abstract",
)
_DATES = (
    "datepublished",
    "publishedat",
    "publisheddate",
    "publishdate",
    "publicationdate",
    "publishedon",
    "publishtime",
    "publishedtime",
    "firstpublishdate",
    "firstpublishedat",
    "pubdate",
    "displaydate",
    "releasedate",
    "dategmt",
    "date",
    "createdat",
)
_AUTHORS = ("author", "authors", "byline", "writer", "reporter", "credits")
_PICTURES = (
    "image",
    "mainimage",
    "leadimage",
    "coverimage",
    "cover",
    "thumbnail",
    "photo",
    "featuredimage",
    "picture",
)
_TEXT_IN = ("basic", "rendered", "main", "fa", "text", "value")
_ADDRESS_IN = ("url", "src", "large", "original", "path")
_OF_READERS = re.compile(r"comment(?!ary)|repl(?:y|ies)$|discussion|disqus", re.IGNORECASE)
"""Names of values in which a site's readers have written: they may call themselves by the headline."""
_NO_LETTER = re.compile(r"[^a-z]")
_SITE_BESIDE = re.compile(r"\s[|–—•·»«:-]\s|\s?\|\s?")
_TELLING_KEY = 10
_NO_ZONE = re.compile(r"[\d-]{8,10}T[\d:]{5,8}")
_LEAST_BODY = 200
_BEGINNING = 400
_MOST_VALUES = 50_000
_MOST_TITLES = 500
_LONGEST_BODY = 500_000
_LONGEST_TITLE = 300
_LEAD_CHARS = 1000
_MOST_AUTHORS = 5
_MOST_UNIX = 10**13


@dataclass(frozen=True, slots=True)
class StateArticle:
    """An article as a page's state has it: `body` is HTML or plain text, the rest text; "" where it has none."""

    body: str
    lead: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    picture: str = ""


def state_article(state: Any, title: str) -> StateArticle | None:
    """Return the article in a state that bears the page's `title`, that of the longest text where several do.

    Where none does, the only text of an article is taken, without the rest; of several, any may be another's. None
    where there is none.
    """
    texts = _Texts(key_of(title))
    for record in _records(state):
        texts.read(record)
    if not texts.is_titled:
        return StateArticle(texts.longest) if len(texts.beginnings) == 1 else None
    record = texts.record
    return StateArticle(
        texts.longest,
        next(filter(None, (_lead(record.get(name)) for name in _LEADS)), ""),
        next(filter(None, (_in_utc(name, _date(record.get(name))) for name in _DATES)), ""),
        next(filter(None, (tuple(_names(record.get(name))) for name in _AUTHORS)), ()),
        next(filter(None, (_address(record.get(name)) for name in _PICTURES)), ""),
    )


@dataclass(slots=True)
class _Texts:
    """The texts of articles in a state: the longest, of which one in a record that bears the title comes first."""

    title_key: str
    reading: RichText = field(default_factory=RichText)
    beginnings: set[str] = field(default_factory=set)
    is_titled: bool = False
    longest: str = ""
    record: dict[str, Any] = field(default_factory=dict)

    def read(self, record: dict[str, Any]) -> None:
        """Read the texts of a record; where the title was found, those of others are left out."""
        is_titled = any(_is_title(text, self.title_key) for text in _short_texts(record))
        for name, value in record.items():
            if name in _BODIES and (is_titled or not self.is_titled) and _size(value) >= _LEAST_BODY:
                self._weigh(self.reading.markup(value)[:_LONGEST_BODY], record, is_titled=is_titled)

    def _weigh(self, text: str, record: dict[str, Any], *, is_titled: bool) -> None:
        if len(text) < _LEAST_BODY:
            return
        self.beginnings.add(key_of(text[:_BEGINNING]))
        if (is_titled, len(text)) > (self.is_titled, len(self.longest)):
            self.is_titled, self.longest, self.record = is_titled, text, record


def state_titles(state: Any) -> Iterator[str]:
    """Yield titles in a state."""
    for at, title in enumerate(title for record in _records(state) for title in _titles(record)):
        if at >= _MOST_TITLES:
            return
        yield title


def _records(state: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a state, the outer ones first, with the names of their values in small letters alone."""
    waiting = [state]
    for value in waiting:  # grows while it is walked
        if len(waiting) > _MOST_VALUES:
            return
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += (part for name, part in value.items() if not _OF_READERS.search(str(name)))
            yield {_NO_LETTER.sub("", str(name).lower()): part for name, part in value.items()}
        elif isinstance(value, str) and (nested := nested_state(value)) is not None:
            waiting.append(nested)


def _is_title(text: str, key: str) -> bool:
    """Return whether a text is the title of a `key`, alone or beside the name of the site."""
    named = key_of(text)
    return named == key or (
        len(key) >= _TELLING_KEY and key in named and any(key_of(part) == key for part in _SITE_BESIDE.split(text))
    )


def _short_texts(record: Mapping[str, Any]) -> Iterator[str]:
    texts = (_text(value) for value in record.values())
    yield from (text for text in texts if 0 < len(text) <= _LONGEST_TITLE)


def _titles(record: Mapping[str, Any]) -> Iterator[str]:
    titles = (_text(record.get(name)) for name in _TITLES)
    yield from (one_line(title) for title in titles if 0 < len(title) <= _LONGEST_TITLE)


def _size(value: Any) -> int:
    """Return the most characters that a value may hold; of what is no text, as many as there may be."""
    return len(value) if isinstance(value, str) else _LONGEST_BODY


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = next((part for name in _TEXT_IN if isinstance(part := value.get(name), str) and part), "")
    return value if isinstance(value, str) else ""


def _lead(value: Any) -> str:
    return plain(_text(value), _LEAD_CHARS)


def _date(value: Any) -> str:
    is_unix = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _MOST_UNIX
    return str(int(value)) if is_unix else _text(value)


def _in_utc(name: str, date: str) -> str:
    """Return a date with its zone, which WordPress tells by the name of the value alone."""
    return f"{date}Z" if name == "dategmt" and _NO_ZONE.fullmatch(date) else date


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("by"), list):
        value = value["by"]
    for part in (value if isinstance(value, list) else [value])[:_MOST_AUTHORS]:
        name = part.get("name") or part.get("fullName") or part.get("title") if isinstance(part, dict) else part
        if isinstance(name, str) and has_letters(name):
            yield one_line(name)


def _address(value: Any) -> str:
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else ""
        if isinstance(value, dict):
            value = next((value[name] for name in _ADDRESS_IN if value.get(name)), "")
    return value if isinstance(value, str) else ""
