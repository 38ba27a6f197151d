"""The page forms that are known by name: where each keeps the parts of an article (pure)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from bot.ingest.markup.dom import meta, node_text
from bot.ingest.page.metadata_labels import labelled_number

Selectors = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """CSS selectors of each part, tried in order. `category` finds every name of the path of sections."""

    name: str
    title: Selectors = ()
    lead: Selectors = ()
    body: Selectors = ()
    category: Selectors = ()
    number: Selectors = ()
    date: Selectors = ()
    photo: Selectors = ()
    byline: Selectors = ()


_ANY_TITLE = ("h1[itemprop=headline]", "h1.title", "article h1", "main h1", "h1")
# fmt: off
_ANY_LEAD = (
    "p.lead", "div.lead", "[class*=news-lead]", "[class*=newslead]", ".article-lead", ".summary", ".introtext",
)
_ANY_BODY = (
    "[itemprop=articleBody]", ".news-body", ".newsbody", ".news-content", ".article-body", ".post-content",
    "[class*=news-text]",
)
# fmt: on
_ANY_CATEGORY = (
    ".breadcrumb a",
    ".breadcrumbs a",
    "[itemtype*=BreadcrumbList] a",
    "nav.breadcrumb a",
    ".news-category",
)

NASTOOH = Form(
    "nastooh",
    title=(".item-title h1", "h1.title", "h1"),
    lead=(".item-summary .introtext", ".item-summary p", ".introtext"),
    body=(".item-body .item-text", ".item-text", "[itemprop=articleBody]"),
    category=(".item-nav .breadcrumb a", ".item-service a", ".breadcrumb a"),
    number=(".item-code", ".item-nav .item-code"),
    date=(".item-date",),
    photo=(".item-img img", ".item-header img", ".gallery img"),
    byline=(".item-author", ".item-writer"),
)
SEPEHR = Form(
    "sepehr",
    title=("h1.title", ".title h1", "h1.Htag", "h1.Htags", "h1", ".title"),
    lead=(".subtitle", ".news_strong", ".lead"),
    body=("#news .body", ".news_body .body", "div.body", ".khabar-matn", "[itemprop=articleBody]"),
    category=(".news_path a", ".service_name", ".cat_name", ".news_cat_c a"),
    number=(".news_id_c",),
    date=(".news_pdate_c", ".photo_pdate"),
    photo=(".body img", ".lead_image img", ".image_set img"),
    byline=(".news_author", ".reporter"),
)
WORDPRESS = Form(
    "wordpress",
    title=("h1.entry-title", "h1.post-title", ".entry-header h1", "article h1", "h1"),
    lead=(".entry-summary", ".post-excerpt", ".entry-lead", "p.lead", ".excerpt"),
    body=(".entry-content", ".post-content", ".td-post-content", ".single-content", "article .content"),
    category=(".cat-links a", "a[rel~=category]", ".entry-categories a", ".post-categories a", ".breadcrumb a"),
    date=("time.entry-date", "time.published", ".entry-date", ".post-date", "time"),
    photo=(".post-thumbnail img", "img.wp-post-image"),
    byline=(".author .fn", "a[rel=author]", ".entry-author", ".author-name"),
)
NOUR = Form(
    "nour",
    title=_ANY_TITLE,
    lead=_ANY_LEAD,
    body=_ANY_BODY,
    category=(".news-path a", *_ANY_CATEGORY),
    photo=(".news-img img", ".news-image img"),
)
UNKNOWN = Form("unknown", title=_ANY_TITLE, lead=_ANY_LEAD, body=_ANY_BODY, category=_ANY_CATEGORY)


def form_of(tree: LexborHTMLParser, url: str) -> Form:
    """Return the form of a page, known by its generator, its own class names, its host or its labels."""
    generator = meta(tree, "generator").lower()
    if "nastooh" in generator or tree.css_first(".item-body .item-text") is not None:
        return NASTOOH
    if "iransamaneh" in generator or tree.css_first(".news_pdate_c, .news_id_c, .news_path") is not None:
        return SEPEHR
    if "wordpress" in generator or tree.css_first("body.single-post, .entry-content, .wp-post-image") is not None:
        return WORDPRESS
    host = urlsplit(url).hostname or ""
    if host.removeprefix("www.") == "nournews.ir" or labelled_number(node_text(tree.body)[:20_000]):
        return NOUR
    return UNKNOWN
