"""The parts of an article, from its page (pure): known systems by selectors, any other by trafilatura.

Runs in the parser's own process (bot.ingest.parsing.parser).
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.errors import SourceError
from bot.ingest.identity.source_ids import number_of
from bot.ingest.items import PageArticle
from bot.ingest.markup.charset import decode
from bot.ingest.markup.dom import attribute, first, node_text
from bot.ingest.markup.lead_picture import PictureEvidence, fitness
from bot.ingest.markup.metadata_labels import (
    dateline_section,
    is_news_number,
    labelled_number,
    line_number,
    may_number_lines,
)
from bot.ingest.markup.own_blocks import letters
from bot.ingest.markup.page_counters import is_counter, without_counters
from bot.ingest.markup.pictures import is_same_picture
from bot.ingest.markup.sanitise import absolute_url, text_of
from bot.ingest.markup.signature import without_signature
from bot.ingest.markup.text import cut, has_letters
from bot.ingest.page.body import LEAST_GALLERY, LEAST_TEXT, find_body
from bot.ingest.page.byline import byline_of
from bot.ingest.page.document import PageDocument
from bot.ingest.page.headline_lists import lists_articles
from bot.ingest.page.lead import with_lead
from bot.ingest.page.media import media_of
from bot.ingest.page.photo import background_picture, lead_picture, named_pictures
from bot.ingest.page.publication_date import find_date
from bot.ingest.page.sections import sections_of
from bot.ingest.page.site_profiles import SiteProfile, profile_of
from bot.ingest.page.telegram_post import telegram_post
from bot.ingest.page.title import title_of
from bot.ingest.raw_document import RawDocument
from persian.direction import is_in_arabic_script, runs_rtl
from persian.foreign_text import one_line
from storage.records import Block, BlockKind

_TITLE_CHARS = 300
_LEAD_CHARS = 2000


def parse_page(document: RawDocument, zone: ZoneInfo, now: int) -> PageArticle:
    """Read the article of a page that was fetched from `url` ("" for a file). `now` (ms) is the latest date.

    A photo that the page names does not stand in the body as well; where it names none, the first one of the body
    counts and stays there with its caption.

    Raises SourceError where there is no article: no title, or neither text nor a gallery.
    """
    page = PageDocument(decode(document.body, document.content_type), document.url)
    if page.tree.body is None:
        raise SourceError("the page is empty")
    if (post := telegram_post(page, zone, now=now)) is not None:
        return post
    profile = profile_of(page)
    title = _title(page, profile)
    lead, blocks, byline = _text(page, profile, title, zone)
    date = find_date(page, profile, title, zone, now=now)
    named = named_pictures(page, profile, title)
    body = [block for block in blocks if not _shows(block, next(iter(named), ""))]
    pictures = tuple(dict.fromkeys(filter(None, _pictures(page, title, named, blocks=blocks, body=body))))
    return PageArticle(
        title=cut(without_counters(title), _TITLE_CHARS),
        lead=cut(without_counters(lead), _LEAD_CHARS),
        body=tuple(block for block in body if not is_counter(text_of(block.html))),
        category_words=sections_of(page, profile, title),
        number=_number(page, profile),
        section=_dateline(blocks),
        byline=byline,
        photo=next(iter(pictures), ""),
        pictures=pictures,
        published_at=date.at if date is not None else None,
        date_is_day=date is not None and date.is_day,
        language=_language(page, title),
        url=page.url,
        canonical=page.canonical,
        shortlink=_shortlink(page),
        media=media_of(page),
        profile=profile.name,
        is_list=not profile.body and lists_articles(page, blocks),
    )


def _title(page: PageDocument, profile: SiteProfile) -> str:
    """Return the headline of a page. Raises SourceError where it has none."""
    title = title_of(page, profile)
    if not has_letters(title):
        raise SourceError("no title found on the page")
    return title


def _text(
    page: PageDocument, profile: SiteProfile, title: str, zone: ZoneInfo
) -> tuple[str, tuple[Block, ...], str]:
    """Return the lead of an article, its text and its author. Raises SourceError where it has too little text."""
    lead, blocks = with_lead(page, profile, title, find_body(page, profile, title, zone))
    byline = byline_of(page, profile, title)
    blocks, signed = without_signature(blocks, byline, title)
    if not _is_article(lead, blocks):
        raise SourceError("no text of an article found on the page")
    return lead, blocks, byline or signed


def _is_article(lead: str, blocks: Sequence[Block]) -> bool:
    """Return whether there is enough text for an article, or a gallery."""
    photos = sum(block.kind is BlockKind.IMAGE for block in blocks)
    return letters(blocks) + len(lead) >= LEAST_TEXT or photos >= LEAST_GALLERY


def _dateline(blocks: Sequence[Block]) -> str:
    """Return the section that the dateline above a text names, "" for none."""
    return next(filter(None, (dateline_section(text_of(block.html)) for block in blocks[:2])), "")


def _pictures(
    page: PageDocument, title: str, named: Sequence[str], *, blocks: Sequence[Block], body: Sequence[Block]
) -> tuple[str, ...]:
    """Return the pictures of an article, of which some may be "": those that its page names and its text shows."""
    first_shown = next((block.url for block in body if block.kind is BlockKind.IMAGE), "")
    if first_shown and named and fitness(PictureEvidence(named[0])) < fitness(PictureEvidence(first_shown)):
        return first_shown, *named
    if next(iter(named), "") or first_shown:
        return (*named, first_shown)
    return lead_picture(page, title, blocks), background_picture(page)


def _shows(block: Block, photo: str) -> bool:
    """Return whether a block is an article's photo, in whatever size."""
    return block.kind is BlockKind.IMAGE and photo != "" and is_same_picture(block.url, photo)


def _number(page: PageDocument, profile: SiteProfile) -> str:
    for node in (first(page.tree, (selector,)) for selector in profile.number):
        text = node_text(node)
        number = labelled_number(text) or one_line(text).rpartition(":")[2].strip()
        if is_news_number(number):
            return number
    labelled = page.number_label or ""
    if is_news_number(labelled):
        return labelled
    return number_of(page.url, _shortlink(page)) or _number_of_line(page)


def _number_of_line(page: PageDocument) -> str:
    if not may_number_lines(page.text):
        return ""
    return next(filter(None, map(line_number, page.lines)), "")


def _shortlink(page: PageDocument) -> str:
    node = page.tree.css_first("link[rel=shortlink]")
    return absolute_url(attribute(node, "href"), page.base)


def _language(page: PageDocument, title: str) -> str:
    root = page.tree.root
    declared = attribute(root, "lang")[:2].lower()
    arabic = is_in_arabic_script(title)
    if arabic:
        return declared if runs_rtl(declared) else "fa"
    return declared if declared.isalpha() and not runs_rtl(declared) else "en"
