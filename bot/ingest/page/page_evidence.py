"""The places on a page from which the parts of its article come (pure)."""

from collections.abc import Iterable, Iterator

from bot.ingest.identity.source_ids import number_of
from bot.ingest.items import PageArticle
from bot.ingest.markup.dom import node_text
from bot.ingest.markup.excluded_markup import is_never_text
from bot.ingest.markup.metadata_labels import labelled_number
from bot.ingest.markup.own_blocks import letters
from bot.ingest.markup.pictures import is_same_picture
from bot.ingest.markup.sanitise import absolute_url, text_of
from bot.ingest.page.byline import AUTHOR_META
from bot.ingest.page.document import PageDocument
from bot.ingest.page.photo import PHOTO_META
from bot.ingest.page.sections import TRAILS
from bot.ingest.page.site_profiles import Selectors, SiteProfile
from bot.ingest.source_report import FieldOrigin, Omission
from persian.foreign_text import one_line
from persian.normalise import match_key
from storage.records import Block, BlockKind

Place = tuple[str, str]
"""The name of a place, and the text that stands there."""

_MOST_NODES = 20
_MOST_PLACES = 4


def page_fields(page: PageDocument, profile: SiteProfile, article: PageArticle) -> tuple[FieldOrigin, ...]:
    """Return the fields of an article that its page has, but for the date and the sections, with their places."""
    data = page.data
    titles = [("JSON-LD headline", data.headline), ("og:title", page.meta("og:title"))]
    titles += [*_texts(page, ("h1", "h2")), ("title", node_text(page.tree.css_first("title")))]
    leads = [*_texts(page, profile.lead), *((name, page.meta(name)) for name in ("og:description", "description"))]
    numbers = [(sel, labelled_number(text) or text) for sel, text in _texts(page, profile.number)]
    numbers += [("label of the number", page.number_label or ""), ("address", number_of(page.url))]
    authors = [("JSON-LD author", " ".join(data.authors)), *((name, page.meta(name)) for name in AUTHOR_META)]
    fields = (
        FieldOrigin("title", article.title, places_of(article.title, titles)),
        FieldOrigin("lead", article.lead, places_of(article.lead, leads) or "text above the body"),
        FieldOrigin("body", extent_of(article.body), _body_place(page, profile, article.body)),
        FieldOrigin("number", article.number, places_of(article.number, numbers) or "short link"),
        FieldOrigin("byline", article.byline, places_of(article.byline, [*authors, *_texts(page, profile.byline)])),
        FieldOrigin("photo", article.photo, _photo_place(page, article.photo)),
        FieldOrigin("section", article.section, "dateline of the text"),
        FieldOrigin("language", article.language, "lang of the page, and the letters of the title"),
        FieldOrigin("own address", article.canonical, "link[rel=canonical] or og:url"),
        FieldOrigin("system", article.profile, "its generator, class names or labels"),
    )
    return tuple(field for field in fields if field.value)


def page_sections(page: PageDocument, profile: SiteProfile, article: PageArticle) -> tuple[FieldOrigin, ...]:
    """Return the names that a page gives its article's sections, with their places."""
    data = page.data
    places = [
        *_texts(page, profile.category),
        *(("JSON-LD breadcrumb", name) for name in data.breadcrumbs),
        *_texts(page, TRAILS),
        ("article:section", page.meta("article:section")),
        *(("JSON-LD articleSection", name) for name in data.sections),
    ]
    above, words = "line above the news number", article.category_words[:_MOST_NODES]
    return tuple(FieldOrigin("section", word, places_of(word, places) or above) for word in words)


def page_omissions(page: PageDocument, article: PageArticle) -> tuple[Omission, ...]:
    """Return what of a page is no part of its article."""
    kept = {match_key(text) for text in (article.title, article.lead, *map(_text, article.body))} | {""}
    outside = sum(match_key(_text(placed.block)) not in kept for placed in page.blocks(is_never_text))
    named = absolute_url(page.meta("og:image"), page.base)
    passed_over = named != "" and article.photo != "" and not is_same_picture(named, article.photo)
    omissions = (
        Omission("comments", page.comments, "readers' comments are not the article's"),
        Omission("blocks", outside, "menus, lists and other text outside of the article"),
        Omission("picture", int(passed_over), "og:image is a logo, a placeholder or not the article's"),
    )
    return tuple(omission for omission in omissions if omission.count)


def places_of(value: str, places: Iterable[Place]) -> str:
    """Return the names of those of the places at which a value stands, alone or else within more; "" for none."""
    key = match_key(value)
    if not key:
        return ""
    held = [(name, match_key(text)) for name, text in places if text]
    alone = dict.fromkeys(name for name, text in held if text == key)
    within = dict.fromkeys(f"within {name}" for name, text in held if _one_holds_the_other(key, text))
    return ", ".join(list(alone or within)[:_MOST_PLACES])


def _one_holds_the_other(key: str, text: str) -> bool:
    return key in text or (len(text) > 2 and text in key)


def extent_of(body: Iterable[Block]) -> str:
    """Return how much text and how many pictures a body has, "" for none."""
    blocks = tuple(body)
    pictures = sum(block.kind is BlockKind.IMAGE for block in blocks)
    return f"{len(blocks)} blocks, {letters(blocks)} characters, {pictures} pictures" if blocks else ""


def _texts(page: PageDocument, selectors: Selectors) -> Iterator[Place]:
    for selector in selectors:
        for node in page.tree.css(selector)[:_MOST_NODES]:
            yield selector, node_text(node)


def _body_place(page: PageDocument, profile: SiteProfile, body: tuple[Block, ...]) -> str:
    opening = match_key(next((text for block in body if (text := _text(block))), ""))
    if not opening:
        return "gallery"
    if selector := next((name for name, text in _texts(page, profile.body) if opening in match_key(text)), ""):
        return selector
    visible = match_key(page.whole_text)
    return "text that is recognised by its shape" if opening in visible else "data of the page for its scripts"


def _photo_place(page: PageDocument, photo: str) -> str:
    named = [(name, page.meta(name)) for name in PHOTO_META] + [("JSON-LD image", page.data.image)]
    places = (name for name, address in named if address and absolute_url(address, page.base) == photo)
    return next(places, "picture in or above the text")


def _text(block: Block) -> str:
    return one_line(" ".join(text_of(part) for part in (block.html, *block.items)))
