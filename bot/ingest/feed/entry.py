"""The reading of one entry of a feed of any kind as an item (pure)."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.ingest.feed.entry_text import blocks_of, lead_and_body, says_the_same, title_from, without_title
from bot.ingest.identity.addresses import redirect_target
from bot.ingest.identity.source_ids import number_of
from bot.ingest.items import FeedItem
from bot.ingest.markup.charset import REPLACEMENT, is_unreadable
from bot.ingest.markup.dom import parse_html
from bot.ingest.markup.lead_picture import PictureEvidence, lead_pictures
from bot.ingest.markup.media import media_in, merged
from bot.ingest.markup.page_counters import is_counter, without_counters
from bot.ingest.markup.pictures import is_same_picture
from bot.ingest.markup.sanitise import absolute_url, text_of
from bot.ingest.markup.signature import without_signature
from bot.ingest.markup.text import cut, has_letters, is_nobody, plain
from persian.direction import is_rtl
from persian.foreign_text import one_line
from storage.records import Block, BlockKind, Media

_GUID_CHARS = 1000
_TITLE_CHARS = 500
_SUMMARY_CHARS = 4000
_SECTION_PATH = re.compile("[>»›|]")
_MAIL = re.compile(r"(?<!\S)\S+@\S+")
_MAX_CATEGORIES = 20
_MOST_NAMES = 5
_LETTERS_FOR_ONE = 5
"""The letters that have to be left of a title for each that was lost."""
_PLAYS = re.compile("<(?:video|audio|iframe|amp-|script)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as its feed has it: `title`, `summary` and `content` may hold HTML, the rest is text.

    `gallery` are the addresses of its pictures where it is a report in several. Links in its text are seen from
    `text_base` where there is one, else from its own address, else from `base`.
    """

    guid: str
    url: str
    title: str
    summary: str
    content: str
    published_at: int | None
    categories: tuple[str, ...]
    pictures: tuple[PictureEvidence, ...]
    byline: str
    base: str
    written_date: str = ""
    media: tuple[Media, ...] = ()
    gallery: tuple[str, ...] = ()
    text_base: str = ""


def joined_names(names: Iterable[str]) -> str:
    """Return the names of several authors in one line."""
    people = list(dict.fromkeys(filter(None, (_byline(name) for name in names))))[:_MOST_NAMES]
    return ("، " if people and is_rtl(people[0]) else ", ").join(people)


def to_item(entry: Entry) -> FeedItem | None:
    """Return the item of an entry; None for one that has neither title nor text, or whose letters are lost."""
    target = redirect_target(entry.url)
    url = (target and absolute_url(target, entry.base)) or entry.url
    base = entry.text_base or url or entry.base
    content = blocks_of(entry.content, base)
    described = content if entry.summary == entry.content else blocks_of(entry.summary, base)
    title = without_counters(plain(entry.title, _TITLE_CHARS))
    lead, body = lead_and_body(
        without_title(_without_counters(described), title), without_title(_without_counters(content), title)
    )
    byline = _byline(entry.byline)
    body, signed = without_signature(body, byline, title)
    lead = without_counters(lead)
    title = _title(title, lead, body)
    if not title or _is_lost(title):
        return None
    summary = "" if says_the_same(lead, title) else cut(lead, _SUMMARY_CHARS)
    pictures = lead_pictures((*entry.pictures, *_pictured((*body, *described))))
    body += _gallery(entry.gallery, [*pictures[:1], *(block.url for block in (*body, *described) if block.url)])
    return FeedItem(
        guid=_bounded(entry.guid),
        url=url,
        title=title,
        summary=summary,
        body=body,
        published_at=entry.published_at,
        categories=_categories(entry.categories),
        photo=next(iter(pictures), ""),
        pictures=pictures,
        byline=byline or signed,
        number=number_of(entry.guid, url),
        section=_path(entry.categories[0])[-1] if entry.categories else "",
        written_date=one_line(entry.written_date),
        media=merged(entry.media, _played(entry.content or entry.summary, base)),
    )


def _is_lost(title: str) -> bool:
    """Return whether a good part of a title's letters, of whatever kind, was lost."""
    return is_unreadable(title) and title.count(REPLACEMENT) * _LETTERS_FOR_ONE >= sum(map(str.isalnum, title))


def _title(written: str, lead: str, body: tuple[Block, ...]) -> str:
    """Return the title of an entry, one made of its text where it has no letters; "" for none."""
    if has_letters(written):
        return written
    return title_from(lead, body) or (written if any(map(str.isalnum, written)) else "")


def _pictured(blocks: Iterable[Block]) -> Iterator[PictureEvidence]:
    """Yield the pictures that stand in a text."""
    yield from (PictureEvidence(block.url) for block in blocks if block.kind is BlockKind.IMAGE)


def _byline(written: str) -> str:
    """Return the name of an entry's author without an address of mail, "" for a system's account."""
    if not written:
        return ""
    name = one_line(_MAIL.sub("", plain(written, 200))).strip("() ")
    return "" if is_nobody(name) else name


def _gallery(pictures: Sequence[str], shown: Sequence[str]) -> tuple[Block, ...]:
    """Return the pictures of a gallery that are not shown yet, as blocks."""
    fresh = (picture for picture in pictures if not any(is_same_picture(picture, other) for other in shown))
    return tuple(Block(BlockKind.IMAGE, url=picture) for picture in fresh)


def _played(markup: str, base: str) -> tuple[Media, ...]:
    """Return the media that an entry's own text plays."""
    if not _PLAYS.search(markup):
        return ()
    return media_in(parse_html(markup), base)


def _without_counters(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks without those that count readers or comments and say nothing else."""
    return tuple(block for block in blocks if not (block.html and is_counter(text_of(block.html))))


def _bounded(guid: str) -> str:
    """Return a guid, a hash of one that is very long or of several lines."""
    if len(guid) <= _GUID_CHARS and "\n" not in guid:
        return guid
    return hashlib.sha256(guid.encode(errors="replace")).hexdigest()


def _categories(raw: tuple[str, ...]) -> tuple[str, ...]:
    names = (name for term in raw for name in _path(term))
    return tuple(dict.fromkeys(name for name in names if name))[:_MAX_CATEGORIES]


def _path(term: str) -> list[str]:
    return [plain(part, 80) for part in _SECTION_PATH.split(plain(term, 300))]
