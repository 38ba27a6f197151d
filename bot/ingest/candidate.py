"""Candidates: articles that were read and are not stored yet (pure)."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from bot.ingest.identity.addresses import host_of
from bot.ingest.items import FeedItem, PageArticle
from bot.ingest.markup.lead_picture import MOST_PICTURES
from bot.ingest.markup.media import merged
from bot.ingest.markup.sanitise import text_of
from bot.ingest.markup.text import cut, torn_beginning
from bot.newsroom.bodies import bounded
from bot.newsroom.limits import LEAD_LIMIT, TITLE_LIMIT
from bot.newsroom.source_media import foreign, medium_key
from persian.direction import is_rtl, runs_rtl
from persian.normalise import match_key
from storage.records import Article, BlockKind, Content, Provenance

_MOST_TAGS = 10
_DAY_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that is not stored yet. `category_words` are its source's own names of its sections.

    `pictures` are those that may be its photo, that itself first: the next stands in for one that turns out to be
    the source's own sign.
    """

    content: Content
    category_words: tuple[str, ...]
    provenance: Provenance
    pictures: tuple[str, ...] = ()

    def digest(self) -> str:
        """Return a hash of what readers would see; of media it is what tells them apart."""
        content = repr(asdict(replace(self.content, media=())))
        media = "".join(map(medium_key, self.content.media))
        return hashlib.sha256(f"{content}{media}".encode(errors="replace")).hexdigest()


def from_page(page: PageArticle, *, author_id: int | None = None) -> Candidate:
    """Return the article of a page, or of pasted text."""
    content = Content(
        title=cut(page.title, TITLE_LIMIT),
        lead=cut(page.lead, LEAD_LIMIT),
        body=bounded(page.body),
        photo=page.photo,
        media=page.media,
        section=page.section or (page.category_words[-1] if page.category_words else ""),
        byline=page.byline,
        tags=page.category_words[:_MOST_TAGS],
    )
    provenance = Provenance(
        url=page.url,
        origin=host_of(page.url),
        number=page.number,
        published_at=page.published_at or 0,
        language=page.language,
        author_id=author_id,
    )
    return Candidate(content, page.category_words, provenance, page.pictures)


def from_item(item: FeedItem, language: str) -> Candidate:
    """Return the article of a feed's entry by itself; `language` is the feed's."""
    rtl = is_rtl(item.title)
    content = Content(
        title=cut(item.title, TITLE_LIMIT),
        lead=cut(item.summary, LEAD_LIMIT),
        body=bounded(
            tuple(block for block in item.body if block.kind is not BlockKind.IMAGE or block.url != item.photo)
        ),
        photo=item.photo,
        media=item.media,
        section=item.section,
        byline=item.byline,
        tags=item.categories[:_MOST_TAGS],
    )
    provenance = Provenance(
        url=item.url,
        origin=host_of(item.url),
        number=item.number,
        published_at=item.published_at or 0,
        language=language if language and runs_rtl(language) == rtl else ("fa" if rtl else "en"),
    )
    return Candidate(content, item.categories, provenance, item.pictures)


def from_article(article: Article) -> Candidate:
    """Return what is stored already, as if its source had said so."""
    provenance = Provenance(
        url=article.url,
        origin=article.origin,
        number=article.source_number,
        published_at=article.published_at,
        language=article.language,
    )
    photo = article.content.photo
    return Candidate(article.content, (), provenance, (photo,) if "://" in photo else ())


def with_tags(candidate: Candidate, tags: Sequence[str]) -> Candidate:
    """Return a candidate with further tags behind its own, as many as an article may have."""
    if not tags:
        return candidate
    together = _distinct((*candidate.content.tags[: _MOST_TAGS - len(tags)], *tags))[:_MOST_TAGS]
    return replace(candidate, content=replace(candidate.content, tags=together))


def with_page(known: Candidate, page: PageArticle) -> Candidate:
    """Return what a feed's entry and its page say together: the page has the last word where it says anything.

    So it is with the date, too: some feeds write their local time as if it were GMT. A day without a time never
    replaces an instant on that day.
    """
    read = from_page(page)
    content = replace(
        read.content,
        lead=read.content.lead or (known.content.lead if not _within(known.content.lead, read.content) else ""),
        body=read.content.body or known.content.body,
        photo=read.content.photo or known.content.photo,
        media=merged(read.content.media, foreign(known.content.media)),
        section=read.content.section or known.content.section,
        byline=read.content.byline or known.content.byline,
        tags=_distinct((*read.content.tags, *known.content.tags))[:_MOST_TAGS],
    )
    provenance = replace(
        known.provenance,
        number=known.provenance.number or read.provenance.number,
        published_at=_date_of(known.provenance.published_at, page),
        language=read.provenance.language,
    )
    words = _distinct((*read.category_words, *known.category_words))
    pictures = tuple(dict.fromkeys((*read.pictures, *known.pictures)))[:MOST_PICTURES]
    return Candidate(content, words, provenance, pictures)


def _date_of(known: int, page: PageArticle) -> int:
    """Return the date (ms, 0 for none) of an article whose feed says `known`."""
    page_date = page.published_at or 0
    if known and page.date_is_day and page_date <= known < page_date + _DAY_MS:
        return known
    return page_date or known


def _distinct(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return each word once, whatever its spellings."""
    by_key: dict[str, str] = {}
    for word in words:
        by_key.setdefault(match_key(word), word)
    return tuple(by_key.values())


def _within(lead: str, content: Content) -> bool:
    """Return whether a text holds a lead, or the beginning of a sentence that one breaks off from."""
    bare = " ".join(lead.split())
    if any(bare in " ".join(text_of(block.html).split()) for block in content.body):
        return True
    beginning = match_key(torn_beginning(lead))
    return beginning != "" and beginning in match_key(" ".join(text_of(block.html) for block in content.body))
