"""Pages of the content management systems that are known by name."""

from zoneinfo import ZoneInfo

import pytest

from bot.ingest.items import PageArticle
from bot.ingest.markup.sanitise import text_of
from bot.ingest.page.article_page import parse_page
from bot.ingest.raw_document import RawDocument
from persian.jalali import format_ascii
from storage.records import BlockKind

_ZONE = ZoneInfo("Asia/Tehran")
_NOW = 1_900_000_000_000
_TITLE = "باغ گیاه‌شناسی نوآباد پس از بازسازی باز شد"
_LEAD = "باغ گیاه‌شناسی نوآباد پس از دو سال بازسازی از امروز پذیرای بازدیدکنندگان است."
_FIRST = "در این باغ بیش از سه هزار گونهٔ گیاهی از سراسر کشور گرد آمده و در شش گلخانه نگهداری می‌شود."
_HEADING = "گلخانه‌های تازه"
_SECOND = "دو گلخانهٔ تازه ویژهٔ گیاهان کویری است و آب آن از باران گرد می‌آید."
_SHORT = "بلیت رایگان است."
_OTHER = "خبری دیگر که نباید در متن این خبر بیاید"
_TEXT = f"<p>{_FIRST}</p><h3>{_HEADING}</h3><p>{_SECOND}</p><p>{_SHORT}</p>"
_RELATED = (
    f"<h4>اخبار مرتبط</h4><ul><li><a href='/n/1'>{_OTHER}</a></li><li><a href='/n/2'>{_OTHER} نیز</a></li></ul>"
)
_MENU = "<ul id='menu'>" + "".join(f"<li><a href='/{n}'>بخش {n}</a></li>" for n in range(9)) + "</ul>"
_FOOT = f"<div class='side'>{_RELATED}</div><div class='comments'><p>{_OTHER}، به نوشتهٔ یک خواننده.</p></div>"

_PAGES = {
    "nastooh": f"""<meta name="generator" content="Nastooh Saba Newsroom"></head><body>{_MENU}<article>
        <div class="item-nav"><ol class="breadcrumb"><li><a href="/c">علمی</a></li></ol><div class="item-date">۳ دی ۱۴۰۴ - ۱۵:۱۶</div>
        <div class="item-code">کد خبر: ۵۵</div></div><div class="item-title"><h1 class="title">{_TITLE}</h1></div>
        <div class="item-summary"><p class="introtext">{_LEAD}</p></div>
        <div class="item-body"><div class="item-text">{_TEXT}<p>انتهای پیام</p></div></div></article>{_FOOT}""",
    "sepehr": f"""</head><body>{_MENU}<div class="news_path"><a href="/fa/c">علمی</a></div><div class="news_id_c">کد خبر: ۵۵</div>
        <div class="news_pdate_c">تاریخ انتشار: ۰۳ دی ۱۴۰۴ - ۱۵:۱۶ - 24 December 2025</div><h1 class="Htag">{_TITLE}</h1>
        <div class="subtitle">{_LEAD}</div><div id="news"><div class="body">{_TEXT}</div></div>{_FOOT}""",
    "asam": f"""</head><body>{_MENU}<main><ul class="breadcrumb_list"><li><a href="/c">علمی</a></li></ul><article>
        <h1 class="title">{_TITLE}</h1><span class="news_time">۳ دی ۱۴۰۴ - ۱۵:۱۶</span><span class="news_code">کد خبر: 55</span><p class="lead">{_LEAD}</p>
        <div class="article_body"><div id="echo_detail">{_TEXT}</div><div class="article_tag"><a>باغ</a></div></div></article></main>{_FOOT}""",
    "studio-khabar": f"""</head><body>{_MENU}<div class="doc_content"><div class="doc-section-info"><a href="/c">علمی</a></div>
        <h1 id="docDiv3TitrMain">{_TITLE}</h1><div id="docDiv3Date">تاریخ انتشار : ۳ دی ۱۴۰۴ ساعت ۱۵:۱۶</div><div>کد مطلب: 55</div>
        <div id="docDivLead1">{_LEAD}</div><div id="doctextarea"><article>{_TEXT}</article></div></div>{_FOOT}""",
    "wordpress": f"""<meta name="generator" content="WordPress 6.6"><link rel="shortlink" href="/?p=55">
        <meta property="article:published_time" content="2025-12-24T11:46:00+00:00"></head><body class="single-post">{_MENU}
        <article><header class="entry-header"><span class="cat-links"><a href="/c">علمی</a></span><h1 class="entry-title">{_TITLE}</h1></header>
        <p class="lead">{_LEAD}</p><div class="entry-content">{_TEXT}<div class="sharedaddy share">{_OTHER}</div></div></article>{_FOOT}""",
    "drupal": f"""<meta name="Generator" content="Drupal 10 (https://www.drupal.org)"></head><body>{_MENU}<article class="node">
        <h1 class="page-title">{_TITLE}</h1><div class="field--name-field-category"><a href="/c">علمی</a></div><time datetime="2025-12-24T15:16:00+03:30">۳ دی</time>
        <div class="field--name-field-lead">{_LEAD}</div><div class="field--name-body">{_TEXT}</div><b>کد خبر: 55</b></article>{_FOOT}""",
    "joomla": f"""<meta name="generator" content="Joomla! - Open Source Content Management"></head><body>{_MENU}
        <div class="item-page" itemscope><h1 itemprop="headline">{_TITLE}</h1><dd class="category-name"><a href="/c">علمی</a></dd>
        <time itemprop="datePublished" datetime="2025-12-24T15:16:00+03:30">۳ دی</time><p class="lead">{_LEAD}</p>
        <div itemprop="articleBody">{_TEXT}</div><b>کد خبر: 55</b></div>{_FOOT}""",
}


def _read(name: str) -> PageArticle:
    markup = f"<!doctype html><html lang='fa'><head><title>{_TITLE} - نمونه‌خبر</title>{_PAGES[name]}</body></html>"
    return parse_page(
        RawDocument(markup.encode(), "text/html; charset=utf-8", "https://example.org/x"), _ZONE, now=_NOW
    )


@pytest.mark.parametrize("name", _PAGES)
def test_every_part_is_exact(name: str) -> None:
    page = _read(name)
    assert (page.profile, page.title, page.lead, page.number) == (name, _TITLE, _LEAD, "55")
    assert page.category_words == ("علمی",)
    assert [(block.kind, text_of(block.html)) for block in page.body] == [
        (BlockKind.PARAGRAPH, _FIRST),
        (BlockKind.HEADING, _HEADING),
        (BlockKind.PARAGRAPH, _SECOND),
        (BlockKind.PARAGRAPH, _SHORT),
    ]
    assert page.published_at is not None
    assert (format_ascii(page.published_at, _ZONE), page.date_is_day) == ("1404/10/03 15:16", False)
