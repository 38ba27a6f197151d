"""Publications of invented agencies: feeds and article pages in the form of Iranian sites, always the same."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from benchmarks.library import prose

SECTIONS = ("سیاسی", "بین‌الملل", "اقتصادی", "اجتماعی", "فرهنگی", "ورزشی", "علم و فناوری", "عمومی")
"""The sections of every agency, as Peyk calls its categories."""
FIRST_NUMBER = 100_000
"""The news number of an agency's oldest item."""

_SPREAD = timedelta(days=2)
_SEED = 1405
_TITLE_WORDS, _LEAD_WORDS, _SENTENCE_WORDS = 9, 56, 16
_PARAGRAPHS, _SENTENCES = 8, 5
_MENU_ENTRIES, _RELATED, _COMMENTS = 90, 20, 12
_STYLE_RULES = 160


def agency_name(index: int) -> str:
    """Return the name of an agency, which is a tag of all that it publishes."""
    return f"خبرگزاری {index}"


@dataclass(frozen=True, slots=True)
class _Item:
    number: int
    title: str
    lead: str
    section: str


class Agency:
    """A site at `root` whose feed holds the newest `size` of its items.

    `published_at` is when the newest of the first ones appeared.
    """

    def __init__(self, index: int, root: str, size: int, published_at: datetime) -> None:
        self._index = index
        self._root = root
        self._size = size
        self._added = 0
        step = _SPREAD / size
        self._at = [published_at - ago * step for ago in reversed(range(size))]
        # The newest first, as in the feed.
        self._entries = [self._entry(FIRST_NUMBER + place) for place in reversed(range(size))]

    @property
    def version(self) -> str:
        """The feed's entity tag."""
        return f'"{self._added}"'

    def appear(self, at: datetime) -> None:
        """Publish one more item."""
        self._added += 1
        self._at.append(at)
        self._entries.insert(0, self._entry(FIRST_NUMBER + len(self._at) - 1))
        del self._entries[self._size :]

    def feed(self) -> bytes:
        """Return the feed (RSS 2.0)."""
        head = (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
            f"<title>{agency_name(self._index)}</title><link>{self._root}/</link>"
            "<description>آخرین اخبار</description><language>fa</language>"
        )
        return b"".join((head.encode(), *self._entries, b"</channel></rss>"))

    def page(self, number: int) -> bytes:
        """Return the page of an item."""
        item = self._item(number)
        rng = random.Random(f"{self._index}/{number}/page")
        some = prose(rng)
        body = "\n".join(f"<p>{_sentences(some, _SENTENCES)}</p>" for _ in range(_PARAGRAPHS))
        words = (
            f"<title>{item.title} - {agency_name(self._index)}</title>\n"
            f'<meta property="og:title" content="{item.title}">\n<meta name="description" content="{item.lead}">\n'
            f'<link rel="canonical" href="{self._link(number)}">\n'
            f'<meta property="article:published_time" content="{self._at[number - FIRST_NUMBER].isoformat()}">\n'
        )
        text = (
            f'<div class="breadcrumb"><a href="/">خانه</a> / <a href="/section">{item.section}</a></div>\n'
            f'<article class="news"><h1 class="title">{item.title}</h1>\n'
            f'<div class="news-id">کد خبر: {number}</div>\n<p class="lead introtext">{item.lead}</p>\n'
            f'<div class="item-text" itemprop="articleBody">\n{body}\n</div>\n'
            f'<div class="tags"><a rel="tag" href="/tag/1">{agency_name(self._index)}</a></div></article>\n'
        )
        return b"".join(
            (_FRAME.head, words.encode(), _FRAME.menu, text.encode(), *_FRAME.beside(rng), b"</body></html>")
        )

    def has(self, number: int) -> bool:
        """Return whether an item of that number was ever published."""
        return 0 <= number - FIRST_NUMBER < len(self._at)

    def _item(self, number: int) -> _Item:
        rng = random.Random(f"{self._index}/{number}")
        some = prose(rng)
        return _Item(number, some(_TITLE_WORDS), f"{some(_LEAD_WORDS)}.", rng.choice(SECTIONS))

    def _entry(self, number: int) -> bytes:
        item = self._item(number)
        link = self._link(number)
        return (
            f"<item><title>{item.title}</title><link>{link}</link><guid>{link}</guid>"
            f"<description>{item.lead}</description><category>{item.section}</category>"
            f"<category>{agency_name(self._index)}</category>"
            f"<pubDate>{format_datetime(self._at[number - FIRST_NUMBER])}</pubDate></item>\n"
        ).encode()

    def _link(self, number: int) -> str:
        return f"{self._root}/news/{number}/story"


class _Frame:
    """Parts that all pages share: styles, the menu, and the headlines and comments that stand beside an article."""

    def __init__(self) -> None:
        rng = random.Random(_SEED)
        some = prose(rng)
        rules = "\n".join(
            f".block-{number} {{ margin: {number}px; padding: 4px 8px; color: #{number:06x}; float: right }}"
            for number in range(_STYLE_RULES)
        )
        self.head = (
            '<!doctype html>\n<html lang="fa" dir="rtl"><head><meta charset="utf-8">\n'
            f"<style>{rules}</style>\n<script>var analytics = {list(range(900))};</script>\n"
        ).encode()
        entries = "\n".join(
            f'<li class="menu-item"><a href="/section/{number}">{some(2)}</a></li>'
            for number in range(_MENU_ENTRIES)
        )
        self.menu = f'</head><body><header><nav><ul class="menu">{entries}</ul></nav></header>\n'.encode()
        self._headlines = [
            f'<li><a href="/news/{number}/story">{some(_TITLE_WORDS)}</a></li>\n'.encode() for number in range(300)
        ]
        self._comments = [
            f'<div class="comment"><b>{some(2)}</b><p>{some(25)}</p></div>\n'.encode() for _ in range(300)
        ]

    def beside(self, rng: random.Random) -> Sequence[bytes]:
        """Return related headlines and comments."""
        return (
            b'<aside class="related"><ul>\n',
            *rng.sample(self._headlines, _RELATED),
            b'</ul></aside>\n<section class="comments">\n',
            *rng.sample(self._comments, _COMMENTS),
            b"</section>\n",
        )


def _sentences(some: Callable[[int], str], count: int) -> str:
    return " ".join(f"{some(_SENTENCE_WORDS)}." for _ in range(count))


_FRAME = _Frame()
