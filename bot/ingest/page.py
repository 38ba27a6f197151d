"""An article's page -> its parts (pure): known forms by selectors, any other by trafilatura.

Runs in the parser's own process (bot.ingest.parser).
"""

import re
from zoneinfo import ZoneInfo

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from bot.errors import SourceError
from bot.ingest.blocks import html_blocks, to_blocks
from bot.ingest.charset import decode
from bot.ingest.dates import read_date
from bot.ingest.dom import first, meta, node_text, parse_html
from bot.ingest.forms import Form, Selectors, form_of
from bot.ingest.items import PageArticle
from bot.ingest.labels import desk_of, ends_article, is_news_number, labelled_date, labelled_number
from bot.ingest.numbers import number_of
from bot.ingest.page_borders import above_number, before_end
from bot.ingest.sanitise import absolute_url, text_of
from bot.ingest.text import cut, has_letters, one_line
from persian.jalali import parse_clock, parse_datetime
from persian.normalise import match_key
from storage.records import Block, BlockKind

_TITLE_CHARS = 300
_LEAD_CHARS = 2000
_LABELS_WITHIN = 20_000
_NEAR_CHARS = 400
_SITE_NAME = re.compile(r"\s+[|–—-]\s+[^|–—-]{2,60}$")
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff]")
_TORN = ("…", "...", "[…]", "[...]")
_LEAST_TEXT = 40


def parse_page(body: bytes, content_type: str, url: str, zone: ZoneInfo, now: int) -> PageArticle:
    """Read the article of a page that was fetched from `url` ("" for a file). `now` (ms) is the latest date.

    Raises SourceError where there is none: no title, or no text.
    """
    markup = decode(body, content_type)
    tree = parse_html(markup)
    if tree.body is None:
        raise SourceError("the page is empty")
    address = url or _own_address(tree)
    form = form_of(tree, address)
    title = _title(tree, form)
    if not has_letters(title):
        raise SourceError("no title found on the page")
    lead = _lead(tree, form)
    blocks = _without_heading(_body(tree, form, markup, address), title, lead)
    if not lead:
        lead, blocks = _described(tree, blocks)
    if _letters(blocks) + len(lead) < _LEAST_TEXT:
        raise SourceError("no text of an article found on the page")
    desk = next((d for b in blocks[:2] if (d := desk_of(text_of(b.html)))), "")
    page_text = node_text(tree.body)[:_LABELS_WITHIN]
    published_at = _date(tree, form, page_text, title, zone)
    photo = _photo(tree, form, address)
    return PageArticle(
        title=cut(title, _TITLE_CHARS),
        lead=cut(lead, _LEAD_CHARS),
        body=tuple(b for b in blocks if b.kind is not BlockKind.IMAGE or b.url != photo),
        category_words=_categories(tree, form, title),
        number=_number(tree, form, page_text, address),
        desk=desk,
        byline=cut(node_text(first(tree, form.byline)), 100),
        photo=photo,
        published_at=min(published_at, now) if published_at is not None else None,
        language=_language(tree, title),
        url=address,
        form=form.name,
    )


def _own_address(tree: LexborHTMLParser) -> str:
    link = tree.css_first("link[rel=canonical]")
    address = (link.attributes.get("href") or "") if link is not None else ""
    return absolute_url(address, "") or absolute_url(meta(tree, "og:url"), "")


def _title(tree: LexborHTMLParser, form: Form) -> str:
    named = meta(tree, "og:title") or node_text(tree.css_first("title"))
    found = node_text(first(tree, form.title))
    headings = [node_text(node) for node in tree.css("h1, h2")]
    # Where a site's name stands in the h1, the heading that the page's own title repeats is the headline.
    for heading in headings:
        if has_letters(heading) and len(heading) > 12 and match_key(heading) in match_key(named):
            return heading
    return found or _SITE_NAME.sub("", named)


def _lead(tree: LexborHTMLParser, form: Form) -> str:
    return node_text(first(tree, form.lead))


def _body(tree: LexborHTMLParser, form: Form, markup: str, address: str) -> tuple[Block, ...]:
    for selector in form.body:
        for node in tree.css(selector):
            blocks = _until_end(to_blocks(node, address))
            if _letters(blocks) >= _LEAST_TEXT:
                return blocks
    whole = _extracted(markup, address)
    short = _extracted(before_end(markup), address)
    # Where the first word of comments is a mere link above the text, the cut took the text itself.
    return short if _letters(short) >= _LEAST_TEXT * 2 or not whole else whole


def _extracted(markup: str, address: str) -> tuple[Block, ...]:
    found = trafilatura.extract(
        markup,
        output_format="html",
        include_comments=False,
        include_formatting=True,
        include_links=True,
        include_images=False,
        favor_recall=True,
    )
    return _until_end(html_blocks(found, address)) if found else ()


def _letters(blocks: tuple[Block, ...]) -> int:
    return sum(len(text_of(block.html)) for block in blocks)


def _until_end(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    for index, block in enumerate(blocks):
        if ends_article(text_of(block.html)):
            return blocks[:index]
    return blocks


def _without_heading(blocks: tuple[Block, ...], title: str, lead: str) -> tuple[Block, ...]:
    """Drop what stands above the text and is kept elsewhere: the title, the lead, number and date."""
    known = {match_key(title), match_key(lead)} - {""}
    kept = list(blocks)
    while kept and kept[0].kind is not BlockKind.IMAGE:
        text = text_of(kept[0].html)
        label = len(text) < 100 and (labelled_number(text) is not None or parse_clock(text) is not None)
        if kept[0].items or not (match_key(text) in known or label):
            break
        kept.pop(0)
    return tuple(kept)


def _described(tree: LexborHTMLParser, blocks: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    """Return the lead that the page's description gives, and the blocks without a repetition of it."""
    if len(blocks) > 1 and blocks[0].kind is BlockKind.PARAGRAPH and desk_of(text_of(blocks[1].html)):
        # A dateline opens the text: what stands above it is the lead.
        return one_line(text_of(blocks[0].html)), blocks[1:]
    lead = meta(tree, "og:description", "description")
    if lead.endswith(_TORN) or len(lead) < _LEAST_TEXT:
        return "", blocks
    texts = [match_key(text_of(block.html)) for block in blocks[:3]]
    if match_key(lead) in texts:
        at = texts.index(match_key(lead))
        return lead, blocks[:at] + blocks[at + 1 :]
    whole = "".join(match_key(text_of(block.html)) for block in blocks)
    return ("", blocks) if match_key(lead) in whole else (lead, blocks)


def _number(tree: LexborHTMLParser, form: Form, page_text: str, address: str) -> str:
    for node in (first(tree, (selector,)) for selector in form.number):
        text = node_text(node)
        found = labelled_number(text) or one_line(text).rpartition(":")[2].strip()
        if is_news_number(found):
            return found
    labelled = labelled_number(page_text) or ""
    return labelled if is_news_number(labelled) else number_of(address, _shortlink(tree))


def _shortlink(tree: LexborHTMLParser) -> str:
    node = tree.css_first("link[rel=shortlink]")
    return (node.attributes.get("href") or "") if node is not None else ""


def _date(tree: LexborHTMLParser, form: Form, page_text: str, title: str, zone: ZoneInfo) -> int | None:
    """Return the date: a visible Jalali one wins, then ISO; one near the title is the last resort."""
    for selector in form.date:
        for node in tree.css(selector):
            if (at := parse_datetime(node_text(node), zone)) is not None:
                return at
    if (at := labelled_date(page_text, zone)) is not None:
        return at
    stamps = [meta(tree, "article:published_time", "og:article:published_time", "datePublished", "pubdate")]
    stamps += [node.attributes.get("datetime") or "" for node in tree.css("time[datetime]")[:3]]
    for stamp in stamps:
        if stamp and (at := read_date(stamp, zone)) is not None:
            return at
    return _seen_date(page_text, title, zone)


def _seen_date(page_text: str, title: str, zone: ZoneInfo) -> int | None:
    """Return a date with a clock that stands near the title: behind it first, for above it may stand today's."""
    at = page_text.rfind(title[:60]) if title else -1
    if at < 0:
        return None
    end = at + len(title)
    for near in (page_text[end : end + _NEAR_CHARS], page_text[max(0, at - _NEAR_CHARS // 2) : at]):
        if parse_clock(near) is not None and (found := parse_datetime(near, zone)) is not None:
            return found
    return None


def _categories(tree: LexborHTMLParser, form: Form, title: str) -> tuple[str, ...]:
    words: list[str] = []
    for selector in form.category:
        words = [node_text(node) for node in tree.css(selector)[:8]]
        if any(words):
            break
    words += [meta(tree, "article:section"), above_number(tree)]
    kept = (cut(word.strip(" /›»>:"), 60) for word in words if has_letters(word))
    return tuple(dict.fromkeys(word for word in kept if match_key(word) != match_key(title)))


def _photo(tree: LexborHTMLParser, form: Form, address: str) -> str:
    if photo := absolute_url(meta(tree, "og:image", "twitter:image"), address):
        return photo
    return _image_of(tree, form.photo, address)


def _image_of(tree: LexborHTMLParser, selectors: Selectors, address: str) -> str:
    for selector in selectors:
        node = tree.css_first(selector)
        if node is not None and (source := node.attributes.get("data-src") or node.attributes.get("src")):
            return absolute_url(source, address)
    return ""


def _language(tree: LexborHTMLParser, title: str) -> str:
    root = tree.root
    declared = ((root.attributes.get("lang") or "") if root is not None else "")[:2].lower()
    arabic = len(_ARABIC_SCRIPT.findall(title)) > len(title) / 4
    if arabic:
        return declared if declared in ("ar", "ur", "ps", "fa") else "fa"
    return declared if declared.isalpha() and declared not in ("fa", "ar") else "en"
