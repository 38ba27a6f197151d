"""The content management systems that are known by name: where each keeps the parts of an article (pure)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.ingest.page.document import PageDocument

Selectors = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """CSS selectors of each part, tried in order. `category` finds every name of the path of sections.

    `body` is given where the system keeps the text alone in an element of its own; for others the text is found by
    what it looks like. `gallery` finds elements that hold an article's photos beside its text.
    """

    name: str
    title: Selectors = ()
    lead: Selectors = ()
    body: Selectors = ()
    gallery: Selectors = ()
    category: Selectors = ()
    number: Selectors = ()
    date: Selectors = ()
    photo: Selectors = ()
    byline: Selectors = ()


_ANY_TITLE = ("h1[itemprop=headline]", "h1.title", "article h1", "main h1", "h1")
# fmt: off
_ANY_LEAD = (
    "p.lead", "div.lead", "[class*=news-lead]", "[class*=newslead]", "[class*=news_lead]", ".article-lead",
    ".summary", ".introtext",
)
_ANY_GALLERY = (
    "[class*=photoGall]", "[class*=photo-gallery]", "[class*=photo_gallery]", "[class*=image-gallery]",
    "[class*=gallery-list]", "ul.gallery", "div.gallery", "section.gallery", "[class*=album_list]",
    "[class*=album-list]", ".album_content", "amp-carousel", ".slideshow", "[class*=photo-list]",
)
# fmt: on

NASTOOH = SiteProfile(
    "nastooh",
    title=(".item-title h1", "h1.title", "h1"),
    lead=(".item-summary .introtext", ".item-summary p", ".introtext", ".item-summary"),
    body=(".item-body .item-text", ".item-text", "[itemprop=articleBody]"),
    gallery=("section.photoGall", ".item-body .gallery", "#photos .gallery", *_ANY_GALLERY),
    category=(".item-nav .breadcrumb a", ".item-service a", ".breadcrumb a"),
    number=(".item-code", ".item-nav .item-code"),
    date=(".item-date", ".item-time"),
    photo=(".item-img img", ".item-header img", ".item-summary img", ".gallery img"),
    byline=(".item-author", ".item-writer"),
)
SEPEHR = SiteProfile(
    "sepehr",
    title=("h1.title", ".title h1", "h1.Htag", "h1.Htags", ".news-title h1", ".title-news", "h1", ".title"),
    lead=(".subtitle", ".news-subtitle", ".subtitle-news", ".news_strong", ".sub_ax", ".subtitle_photo", ".lead"),
    body=("#news .body", ".news_body .body", "div.body", ".khabar-matn", "[itemprop=articleBody]"),
    gallery=(".image_set", ".album_listi", ".album_content", *_ANY_GALLERY),
    category=(".news_path a", ".service_name", ".cat_name", ".news_cat_c a"),
    number=(".news_id_c",),
    date=(".news_pdate_c", ".photo_pdate"),
    photo=(".body img", ".lead_image img", ".image_set img"),
    byline=(".news_author", ".reporter"),
)
ASAM = SiteProfile(
    "asam",
    title=("h1.title", ".article_header h1", "h1", ".title"),
    lead=("p.lead", ".lead", ".news-lead", ".news_lead"),
    body=(
        ".article_body #echo_detail",
        ".article_body .echo_detail",
        "#echo_detail",
        "#echo_details",
        ".echo_detail",
        "#echo-detail",
        ".echo-detail",
        "#main-echo-detail",
        "#main_ck_editor",
    ),
    gallery=(".gallery_containar", ".album_content", ".more_album", ".primary_files", *_ANY_GALLERY),
    category=(".breadcrumb_list a", ".breadcrumb-list a", ".bread_crump a", ".bread_crumbs a", ".breadcrumb a"),
    number=(".news_code", ".news-code", ".news_id"),
    date=(".news_time", ".news-time", ".news_nav_title"),
    photo=(
        ".image_top_primary img",
        ".image-top-primary img",
        ".primary_image img",
        ".primary_files img",
        ".primary-files img",
        ".contain_img img",
    ),
    byline=(".news_author", ".author_name"),
)
TASNIM = SiteProfile(
    "tasnim",
    title=("article.single-news h1.title", "h1.title", "h1"),
    lead=("h3.lead", ".lead"),
    body=("article.single-news .story", ".story"),
    gallery=(".row.images", *_ANY_GALLERY),
    category=("article li.service a", "article li.service"),
    date=("article li.time", "article time", "article .time"),
    photo=("article.single-news > img", "article.single-news figure img"),
)
FARS = SiteProfile(
    "fars",
    title=("h1.title", ".title h1", "h1"),
    lead=(".news-box .lead", "p.lead", ".lead"),
    body=(".nt-body",),
    gallery=(".row.photos", *_ANY_GALLERY),
    category=(".category-name",),
    date=(".publish-time",),
    photo=(".news-box .top img", ".top figure img"),
)
STUDIO_KHABAR = SiteProfile(
    "studio-khabar",
    title=("#docDiv3TitrMain", "h1"),
    lead=("#docDivLead1", "#docDivLead"),
    body=("#doctextarea", "#docContentdiv"),
    gallery=_ANY_GALLERY,
    category=(".doc-section-info a",),
    date=("#docDiv3Date", ".docDiv3Date", ".doc_date"),
    photo=("#doc_div1Img img",),
)
NOUR = SiteProfile(
    "nour",
    title=_ANY_TITLE,
    lead=_ANY_LEAD,
    gallery=_ANY_GALLERY,
    category=(".news-path a", ".news-category"),
    photo=(".news-img img", ".news-image img"),
)
WORDPRESS = SiteProfile(
    "wordpress",
    title=("h1.entry-title", "h1.post-title", ".entry-header h1", "article h1", "h1"),
    lead=(".entry-lead", ".post-lead", "p.lead", ".single-lead"),
    gallery=(".wp-block-gallery", *_ANY_GALLERY),
    category=(
        ".cat-links a",
        "a[rel~=category]",
        ".entry-categories a",
        ".post-categories a",
        ".taxonomy-category a",
        ".entry-category a",
        ".td-category a",
    ),
    date=("time.entry-date", "time.published", ".entry-date", ".post-date", "time"),
    photo=(".post-thumbnail img", "img.wp-post-image"),
    byline=(".entry-author", ".author.vcard .fn"),
)
BLOGGER = SiteProfile(
    "blogger",
    title=(".post-title.entry-title", "h1.post-title", "h3.post-title", "h1"),
    category=(".post-labels a[rel=tag]",),
    date=(".date-header", ".post-timestamp"),
    byline=(".post-author .fn", ".post-author"),
)
DRUPAL = SiteProfile(
    "drupal",
    title=("h1.page-title", "h1.node__title", "h1.title", *_ANY_TITLE),
    lead=(".field--name-field-lead", ".field-name-field-lead", ".field--name-field-summary", *_ANY_LEAD),
    gallery=(".field--name-field-gallery", ".field-name-field-gallery", *_ANY_GALLERY),
    category=(".field--name-field-category a", ".field-name-field-category a", ".field--name-field-section a"),
    date=(".field--name-created", ".node__submitted", ".submitted"),
    photo=(".field--name-field-image img", ".field-name-field-image img"),
    byline=(".field--name-uid", ".node__submitted .username", ".submitted .username"),
)
JOOMLA = SiteProfile(
    "joomla",
    title=(".item-page [itemprop=headline]", ".item-page h1", ".item-page h2", ".itemTitle", "h1"),
    lead=(".itemIntroText", *_ANY_LEAD),
    gallery=_ANY_GALLERY,
    category=(".category-name a", ".itemCategory a"),
    date=("time[itemprop=datePublished]", ".published time", ".itemDateCreated", "dd.published", "dd.create"),
    photo=(".item-image img", ".itemImage img"),
    byline=(".createdby [itemprop=name]", ".itemAuthor a"),
)
UNKNOWN = SiteProfile("unknown", title=_ANY_TITLE, lead=_ANY_LEAD, gallery=_ANY_GALLERY)

# What a page's generator says, or an element that only this system writes.
_EVIDENCE = (
    (NASTOOH, "nastooh", ".item-body .item-text"),
    (SEPEHR, "iransamaneh", ".news_pdate_c, .news_id_c, .news_path"),
    (
        ASAM,
        "aasaam",
        "#echo_detail, #echo_details, .echo_detail, #echo-detail, .echo-detail, #main-echo-detail, #main_ck_editor",
    ),
    (TASNIM, "tasnim", "article.single-news .story"),
    (FARS, "farsnews", ".nt-body"),
    (STUDIO_KHABAR, "studiokhabar", "#doctextarea, #docDiv3TitrMain"),
    (BLOGGER, "blogger", ".post.hentry .post-body"),
    (WORDPRESS, "wordpress", "body.single-post, .entry-content, .wp-post-image"),
    (DRUPAL, "drupal", ".field--name-body, .field-name-body, article.node"),
    (JOOMLA, "joomla", ".item-page[itemscope], .com-content-article, #k2Container"),
)


def profile_of(page: PageDocument) -> SiteProfile:
    """Return the profile of a page, known by its generator, its own class names, its host or its labels."""
    generator = page.meta("generator").lower()
    for profile, name, selector in _EVIDENCE:
        if name in generator or page.tree.css_first(selector) is not None:
            return profile
    host = urlsplit(page.url).hostname or ""
    if host.removeprefix("www.") == "nournews.ir" or page.number_label:
        return NOUR
    return UNKNOWN
