"""Pages of no class names that anyone knows, and what stands on them beside the article."""

from zoneinfo import ZoneInfo

import pytest

from bot.ingest.items import PageArticle
from bot.ingest.markup.sanitise import text_of
from bot.ingest.page.article_page import parse_page
from bot.ingest.raw_document import RawDocument
from persian.jalali import format_ascii
from storage.records import BlockKind

_ZONE = ZoneInfo("Asia/Tehran")
_NOW = 1_800_000_000_000
_TITLE = "همایش بزرگ دریانوردی در بندر نوآباد برگزار شد"
_LEAD = "دریانوردان دوازده کشور در همایشی دو روزه در بندر نوآباد تجربه‌های خود را در میان گذاشتند."
_FIRST = "پیک‌نیوز-گروه بین‌الملل: دریانوردان دوازده کشور در همایشی دو روزه گرد آمدند و سخن گفتند."
_HEADING = "کارگاه‌های آموزشی"
_SECOND = "در کنار همایش پنج کارگاه آموزشی برگزار شد که هر کدام بیش از پنجاه شرکت‌کننده داشت."
_FOREIGN = "متن بیگانه‌ای که نباید در این خبر بیاید، هرچند بلند است و به نظر بخشی از آن می‌رسد."
_LABELS = "<span>شناسه خبر : 264802</span><span>تاریخ انتشار : چهارشنبه 1404/10/03 ساعت 15:16</span>"
_TEXT = f"<p>{_FIRST}</p><h3>{_HEADING}</h3><p>{_SECOND}</p>"
_COMMENTS = f'<div class="comments"><h2>گفته‌های شما</h2><i>کد خبر: 999</i><i>تاریخ انتشار: 1404/12/01 12:00</i><p>{_FOREIGN}</p></div>'
_LATEST = f"<div><h4>آخرین اخبار</h4><ul><li><a href='/news/1/x'>{_FOREIGN}</a></li></ul></div>"


def _read(body: str, head: str = "", title: str = f"{_TITLE} - پیک‌نیوز") -> PageArticle:
    markup = f"<!doctype html><html lang='fa'><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return parse_page(
        RawDocument(markup.encode(), "text/html; charset=utf-8", "https://example.org/news/55/x"), _ZONE, now=_NOW
    )


def _seen(page: PageArticle) -> str:
    return format_ascii(page.published_at, _ZONE) if page.published_at is not None else ""


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("شناسه: 91001", "91001"),
        ("شناسه‌ی مقاله : ۹۱۰۰۲", "91002"),
        ("کد یادداشت: 91003 | 42 بازدید", "91003"),
        ("News ID 91004", "91004"),
        ("رمز الخبر: ٩١٠٠٥", "91005"),
        # The number of something else
        ("شناسه کاربر: 91006", ""),
        ("کد پستی: 91007", ""),
        ("شناسه ملی: 14001234567", ""),
        ("کد: 12.345", ""),
        ("تاریخ خبر و شناسه: 91008", ""),
    ],
)
def test_a_number_without_the_word_for_news_begins_its_line(label: str, number: str) -> None:
    markup = (
        f"<html lang='fa'><body><h1>{_TITLE}</h1><div><span>{label}</span></div><div>{_TEXT}</div></body></html>"
    )
    address = "https://example.org/stories/sailors-meet-in-the-port"
    page = parse_page(RawDocument(markup.encode(), "text/html; charset=utf-8", address), _ZONE, now=_NOW)
    assert page.number == number


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"<div class='q7'>{_TEXT}</div>", id="unknown class"),
        pytest.param(f"<div class='q7'>{_TEXT}<div>کپی لینک</div></div>", id="a tool within"),
        pytest.param(f"<div class='news-body'>{_FIRST}<br><br><b>{_HEADING}</b><br>{_SECOND}</div>", id="breaks"),
        pytest.param(f"<div class='news-body'><p>{_FIRST}<br><b>{_HEADING}</b><br>{_SECOND}</p></div>", id="one p"),
        pytest.param(
            f"<div class='q7'><p>{_FIRST}</p><div><span>بیشتر بخوانید</span><ul><li><a href='/news/4/x'>{_FOREIGN}</a></li>"
            f"</ul></div><h3>{_HEADING}</h3><p>بیشتر بخوانید: <a href='/news/3/x'>{_FOREIGN}</a></p><p>{_SECOND}</p></div>",
            id="related news within",
        ),
    ],
)
def test_the_text_alone_comes_out_with_its_sub_headings(text: str) -> None:
    page = _read(f"<a>بین‌الملل</a>{_LABELS}<h1>{_TITLE}</h1><h5>{_LEAD}</h5>{text}{_COMMENTS}{_LATEST}")
    assert (page.title, page.lead, page.number, page.section) == (_TITLE, _LEAD, "264802", "گروه بین‌الملل")
    assert [(block.kind, text_of(block.html)) for block in page.body] == [
        (BlockKind.PARAGRAPH, _FIRST),
        (BlockKind.HEADING, _HEADING),
        (BlockKind.PARAGRAPH, _SECOND),
    ]
    assert _seen(page) == "1404/10/03 15:16"
    assert page.category_words == ("بین‌الملل",)


@pytest.mark.parametrize(
    ("head", "above", "below"),
    [
        pytest.param("", "", "<b>۳ دی ۱۴۰۴، ۱۵:۱۶</b>", id="in words behind the title"),
        pytest.param("", "<b>۳ دی ۱۴۰۴ - ۱۵:۱۶</b>", "", id="right above the title"),
        pytest.param(
            "", "<b>تاریخ: ۳ آذر ۱۴۰۵ ساعت ۱۰:۰۰</b><b>تاریخ انتشار: ۳ دی ۱۴۰۴ - ۱۵:۱۶</b>", "", id="today's above"
        ),
        pytest.param(
            '<meta property="article:published_time" content="2025-12-24T11:46:00Z">',
            "<b>تاریخ: 1405/09/03 10:00</b>",
            "",
            id="ISO",
        ),
        pytest.param(
            '<script type="application/ld+json">{broken</script><script type="application/ld+json">{"@graph":[{"@type":"WebSite"},'
            '{"@type":"NewsArticle","datePublished":"2025-12-24T15:16:00+03:30"}]}</script>',
            "<b>امروز ۳ آذر ۱۴۰۵ - ۱۰:۰۰</b>",
            "",
            id="JSON-LD alone",
        ),
    ],
)
def test_the_date_is_the_articles_own(head: str, above: str, below: str) -> None:
    page = _read(f"{above}<h1>{_TITLE}</h1>{below}<div class='q7'>{_TEXT}</div>{_COMMENTS}", head)
    assert _seen(page) == "1404/10/03 15:16"
    assert page.number == "55"


def test_neither_todays_date_nor_a_comments_is_taken() -> None:
    page = _read(f"<b>امروز ۳ آذر ۱۴۰۵ - ۱۰:۰۰</b><h1>{_TITLE}</h1><div class='q7'>{_TEXT}</div>{_COMMENTS}")
    assert page.published_at is None


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<h1>خبرگزاری بزرگ نمونهٔ ایران</h1><h2>{}</h2>", "{} | خبرگزاری بزرگ نمونهٔ ایران"),
        ("<b>{}</b>", "خبرگزاری نمونه | {}"),
        ("<h1>{}</h1>", "{} - خبرگزاری نمونه"),
    ],
)
def test_the_title_is_not_the_sites_name(heading: str, title: str) -> None:
    page = _read(heading.format(_TITLE) + f"<div class='q7'>{_TEXT}</div>", title=title.format(_TITLE))
    assert page.title == _TITLE
    assert text_of(page.body[0].html) == _FIRST


def test_pictures_that_load_late_keep_their_captions() -> None:
    picture = "<figure><img src='data:image/gif;base64,R0' data-src='/a.jpg'><figcaption>بندر</figcaption></figure>"
    page = _read(f"<h1>{_TITLE}</h1><div class='q7'><p>{_FIRST}</p>{picture}<p>{_SECOND}</p></div>")
    assert [(block.url, block.html) for block in page.body if block.kind is BlockKind.IMAGE] == [
        ("https://example.org/a.jpg", "بندر")
    ]
    assert page.photo == "https://example.org/a.jpg"
