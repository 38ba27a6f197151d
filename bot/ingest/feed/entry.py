"""One raw entry of a feed of any kind -> an item (pure)."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.errors import SourceError
from bot.ingest.items import FeedItem
from bot.ingest.markup.blocks import html_blocks
from bot.ingest.markup.sanitise import text_of
from bot.ingest.markup.text import cut, has_letters, one_line, plain
from bot.ingest.source_ids import number_of
from persian.normalise import match_key
from storage.records import Block, BlockKind

_KEY_CHARS = 1000
_TITLE_CHARS = 500
_SUMMARY_CHARS = 4000
_TITLE_FROM_SUMMARY = 100
# WordPress puts this under every summary and content, in the language of the site's own settings.
_APPEARED_FIRST = re.compile(
    r"(?:^|\s)(?:The post\s.{1,400}?\s(?:appeared first on|first appeared on)\s.{1,150}?$|"
    r"نوشته\s.{1,400}?\sاولین\s?بار\sدر\s.{1,150}?پدیدار شد\.?$)",
    re.DOTALL,
)
_TORN = re.compile(r"(?:\[(?:…|\.\.\.)\]|…|\.\.\.)\s*$")
_SECTION_PATH = re.compile(r"\s*[>»›|]\s*")
_MAIL = re.compile(r"\S+@\S+")
_MAX_CATEGORIES = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as its feed has it: `title`, `summary` and `content` may hold HTML, the rest is text."""

    guid: str
    url: str
    title: str
    summary: str
    content: str
    published_at: int | None
    categories: tuple[str, ...]
    photo: str
    byline: str
    base: str


def to_item(entry: Entry) -> FeedItem | None:
    """Return the item of an entry; None for one that has neither title nor text."""
    base = entry.url or entry.base
    blocks = _blocks(entry.content, base)
    described = _blocks(entry.summary, base)
    summary = _APPEARED_FIRST.sub("", _first_text(described) if described else plain(entry.summary))
    if not blocks and len(described) > 1:
        blocks = tuple(b for b in described if text_of(b.html) != summary)
    summary = cut(one_line(summary), _SUMMARY_CHARS)
    summary, blocks = _without_repeats(summary, blocks)
    title = plain(entry.title, _TITLE_CHARS) or cut(summary, _TITLE_FROM_SUMMARY)
    if not has_letters(title):
        return None
    number = number_of(entry.guid, entry.url)
    photo = entry.photo or next((b.url for b in (*blocks, *described) if b.kind is BlockKind.IMAGE), "")
    return FeedItem(
        key=_key(entry.guid or entry.url or f"{title}\n{entry.published_at}"),
        url=entry.url,
        title=title,
        summary=summary,
        body=blocks,
        published_at=entry.published_at,
        categories=_categories(entry.categories),
        photo=photo,
        byline=one_line(_MAIL.sub("", plain(entry.byline, 200))).strip("() "),
        number=number,
        desk=_path(entry.categories[0])[-1] if entry.categories else "",
    )


def unique(items: Iterable[FeedItem | None]) -> tuple[FeedItem, ...]:
    """Return the items, each once. Where a feed gives one guid to several links, the link is the key."""
    found: dict[str, FeedItem] = {}
    for item in items:
        if item is None:
            continue
        if item.key in found and found[item.key].url != item.url and item.url:
            found.setdefault(_key(item.url), _keyed_by_link(item))
        else:
            found.setdefault(item.key, item)
    return tuple(found.values())


def _key(name: str) -> str:
    """Return what tells an entry from the others: its name, or a hash where that is long or of several lines."""
    if len(name) <= _KEY_CHARS and "\n" not in name:
        return name
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()


def _keyed_by_link(item: FeedItem) -> FeedItem:
    return replace(item, key=_key(item.url))


def _blocks(markup: str, base: str) -> tuple[Block, ...]:
    if not markup.strip():
        return ()
    try:
        blocks = html_blocks(markup, base)
    except SourceError:
        return ()
    return tuple(b for b in blocks if not _APPEARED_FIRST.search(" " + one_line(text_of(b.html))))


def _first_text(blocks: tuple[Block, ...]) -> str:
    return next((one_line(text_of(b.html)) for b in blocks if b.kind is BlockKind.PARAGRAPH), "")


def _without_repeats(summary: str, blocks: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """Keep once what summary and body both say: a repeated first paragraph, or a summary torn off the body."""
    paragraphs = [index for index, b in enumerate(blocks) if b.kind is BlockKind.PARAGRAPH]
    if not summary or not paragraphs:
        return summary, blocks
    at = paragraphs[0]
    if match_key(text_of(blocks[at].html)) == match_key(summary):
        return summary, blocks[:at] + blocks[at + 1 :]
    if _TORN.search(summary):
        beginning = match_key(_TORN.sub("", summary))
        if match_key(" ".join(text_of(b.html) for b in blocks)).startswith(beginning):
            return "", blocks
    return summary, blocks


def _categories(raw: tuple[str, ...]) -> tuple[str, ...]:
    names = (name for term in raw for name in _path(term))
    return tuple(dict.fromkeys(name for name in names if name))[:_MAX_CATEGORIES]


def _path(term: str) -> list[str]:
    return [plain(part, 80) for part in _SECTION_PATH.split(plain(term, 300))]
