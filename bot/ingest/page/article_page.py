"""An article's page -> its parts (pure): known forms by selectors, any other by trafilatura.

Runs in the parser's own process (bot.ingest.parser).
"""

import re
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from bot.errors import SourceError
from bot.ingest.items import PageArticle
from bot.ingest.markup.blocks import to_blocks
from bot.ingest.markup.charset import decode
from bot.ingest.markup.dom import first, meta, node_text, parse_html
from bot.ingest.markup.sanitise import absolute_url, text_of
from bot.ingest.markup.text import cut, has_letters, one_line
from bot.ingest.page.body import LEAST_TEXT, find_body, letters
from bot.ingest.page.boilerplate import is_tool
from bot.ingest.page.boundaries import above_number, before_end, drop_comments
from bot.ingest.page.json_ld import Described, described
from bot.ingest.page.metadata_labels import desk_of, is_news_number, labelled_number
from bot.ingest.page.publication_date import find_date
from bot.ingest.page.site_profiles import Form, Selectors, form_of
from bot.ingest.source_ids import number_of
from persian.direction import runs_rtl
from persian.jalali import parse_clock
from persian.normalise import match_key
from storage.records import Block, BlockKind

_TITLE_CHARS = 300
_LEAD_CHARS = 2000
_LABELS_WITHIN = 20_000
_OPENING_BLOCKS = 4
_SITE_NAME = re.compile(r"\s+[|–—-]\s+[^|–—-]{2,60}$")
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff]")
_TORN = ("…", "...", "[…]", "[...]")


def parse_page(body: bytes, content_type: str, url: str, zone: ZoneInfo, now: int) -> PageArticle:
    """Read the article of a page that was fetched from `url` ("" for a file). `now` (ms) is the latest date.

    Raises SourceError where there is none: no title, or no text.
    """
    markup = decode(body, content_type)
    tree = parse_html(markup)
    if tree.body is None:
        raise SourceError("the page is empty")
    drop_comments(tree)
    address = url or _own_address(tree)
    form = form_of(tree, address)
    title = _title(tree, form)
    if not has_letters(title):
        raise SourceError("no title found on the page")
    article = before_end(tree, title)
    page_text = node_text(article.body)[:_LABELS_WITHIN]
    blocks = find_body(tree, form.body, article.html or markup, address)
    lead = _lead(tree, form) or _lead_above(article, title, blocks)
    blocks = _without_heading(blocks, title, lead)
    if not lead:
        lead, blocks = _described(tree, blocks)
    if letters(blocks) + len(lead) < LEAST_TEXT:
        raise SourceError("no text of an article found on the page")
    told = described(tree)
    published_at = find_date(tree, form, page_text, title, told.published, zone)
    photo = _photo(tree, form, told, address)
    return PageArticle(
        title=cut(title, _TITLE_CHARS),
        lead=cut(lead, _LEAD_CHARS),
        body=tuple(b for b in blocks if b.kind is not BlockKind.IMAGE or b.url != photo),
        category_words=_categories(tree, form, told, title),
        number=_number(tree, form, page_text, address),
        desk=next((d for b in blocks[:2] if (d := desk_of(text_of(b.html)))), ""),
        byline=cut(node_text(first(tree, form.byline)) or told.author, 100),
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
    site = match_key(meta(tree, "og:site_name"))
    headings = [node_text(node) for node in tree.css("h1, h2")]
    # Where a site's name stands in the h1, the longest heading that the page's own title repeats is the headline.
    fitting = [h for h in headings if has_letters(h) and len(h) > 12 and match_key(h) in match_key(named)]
    if headline := max((h for h in fitting if match_key(h) != site), key=len, default=""):
        return headline
    first_name, _, rest = named.partition(" | ")
    if len(first_name) * 2 < len(rest) and not _SITE_NAME.search(rest):
        named = rest  # the site's name comes first
    return node_text(first(tree, form.title)) or _SITE_NAME.sub("", named)


def _lead(tree: LexborHTMLParser, form: Form) -> str:
    return node_text(first(tree, form.lead))


def _lead_above(article: LexborHTMLParser, title: str, body: tuple[Block, ...]) -> str:
    """Return the one text that stands between the title and the body, where no class name tells of a lead."""
    if article.body is None or not body:
        return ""
    texts = [one_line(text_of(block.html)) for block in to_blocks(article.body, "")]
    keys = [match_key(text) for text in texts]
    opening = match_key(text_of(next((b.html for b in body if b.html), "")))
    if opening not in keys or match_key(title) not in keys[: keys.index(opening)]:
        return ""
    end = keys.index(opening)
    begin = max(at for at, key in enumerate(keys[:end]) if key == match_key(title))
    between = [text for text in texts[begin + 1 : end] if len(text) >= LEAST_TEXT and parse_clock(text) is None]
    return between[0] if len(between) == 1 else ""


def _without_heading(blocks: tuple[Block, ...], title: str, lead: str) -> tuple[Block, ...]:
    """Drop what stands above the text and is kept elsewhere: the title, the lead, number and date."""
    known = {match_key(title), match_key(lead)} - {""}
    opening = [match_key(text_of(block.html)) for block in blocks[:_OPENING_BLOCKS]]
    kept = list(blocks[opening.index(match_key(title)) if match_key(title) in opening else 0 :])
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
    if lead.endswith(_TORN) or len(lead) < LEAST_TEXT:
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


def _categories(tree: LexborHTMLParser, form: Form, told: Described, title: str) -> tuple[str, ...]:
    words: list[str] = []
    for selector in form.category:
        words = [node_text(node) for node in tree.css(selector)[:8]]
        if any(words):
            break
    words += [meta(tree, "article:section"), told.section]
    if not any(words):
        words.append(above_number(tree))
    kept = (cut(word.strip(" /›»>:"), 60) for word in words if not is_tool(word))
    others = (match_key(title), match_key(meta(tree, "og:site_name")))
    return tuple(dict.fromkeys(word for word in kept if has_letters(word) and match_key(word) not in others))


def _photo(tree: LexborHTMLParser, form: Form, told: Described, address: str) -> str:
    for named in (meta(tree, "og:image", "twitter:image"), told.image):
        if photo := absolute_url(named, address):
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
        return declared if runs_rtl(declared) else "fa"
    return declared if declared.isalpha() and not runs_rtl(declared) else "en"
