"""Title, date, sections, byline and addresses of a page."""

import json
from zoneinfo import ZoneInfo

import pytest

from bot.ingest.items import PageArticle
from bot.ingest.markup.signature import without_signature
from bot.ingest.page.article_page import parse_page
from bot.ingest.page.listing import parse_listing
from bot.ingest.raw_document import RawDocument
from persian.jalali import format_ascii
from storage.records import Block, BlockKind

_ZONE = ZoneInfo("Asia/Tehran")
_NOW = 1_900_000_000_000
_TEXT = "تیم ملی در دیداری نزدیک به پیروزی رسید و تماشاگران تا پایان بازی از جای خود برنخاستند."
_MORE = "سرمربی پس از بازی گفت که برای دیدار بعدی باید بسیار بهتر آماده شد و فرصت کوتاه است."
_TITLE = "نمایشگاه سفال در شهر نوآباد گشایش یافت"
_URL = "https://www.neyshkhabar.example/fa/news/55/x"


def _read(
    head: str = "", above: str = "", heading: str = f"<h1>{_TITLE}</h1>", url: str = _URL, body: str = ""
) -> PageArticle:
    text = body or f"<div class='q7'><p>{_TEXT}</p><p>{_MORE}</p></div>"
    markup = f"<!doctype html><html lang='fa'><head>{head}</head><body>{above}{heading}{text}</body></html>"
    return parse_page(RawDocument(markup.encode(), "text/html; charset=utf-8", url), _ZONE, now=_NOW)


def _ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def _seen(page: PageArticle) -> str:
    return format_ascii(page.published_at, _ZONE) if page.published_at is not None else ""


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ("<title>ایران ۲ - عراق ۱</title>", "", "ایران ۲ - عراق ۱"),
        (
            "<title>فینال: ایران ۲ - عراق ۱ - نیش‌خبر</title><meta property='og:site_name' content='نیش‌خبر'>",
            "",
            "فینال: ایران ۲ - عراق ۱",
        ),
        (
            "<meta property='og:title' content='پرسپولیس ۱ | سپاهان ۱'><title>پرسپولیس ۱ | سپاهان ۱</title>",
            "",
            "پرسپولیس ۱ | سپاهان ۱",
        ),
        (
            "<title>تهران – مشهد با قطار تازه | نیش‌خبر</title><meta name='application-name' content='نیش خبر'>",
            "",
            "تهران – مشهد با قطار تازه",
        ),
        (f"<title>{_TITLE} - NeyshKhabar</title>", "", _TITLE),
        (f"<title>{_TITLE} | neyshkhabar.example.ir</title>", "", _TITLE),
        (f"<title>{_TITLE} - پایگاه خبری نیش</title>", "", _TITLE),
        ("<title>Final: Neyshkhabar 2 - Iraq 1</title>", "", "Final: Neyshkhabar 2 - Iraq 1"),
        (
            "<title>دربی پایتخت - گزارش زنده</title>",
            "<h1>دربی پایتخت - گزارش زنده</h1>",
            "دربی پایتخت - گزارش زنده",
        ),
        (
            f"<title>روزنامهٔ بامداد تازه - {_TITLE}</title>{_ld({'@type': 'NewsArticle', 'publisher': {'name': 'روزنامهٔ بامداد تازه'}})}",
            "",
            _TITLE,
        ),
    ],
)
def test_only_a_sites_name_is_cut_from_a_title(head: str, heading: str, title: str) -> None:
    assert _read(head, heading=heading).title == title


@pytest.mark.parametrize(
    ("base", "picture", "link"),
    [
        ("https://cdn.example/x/", "https://cdn.example/x/i/a.jpg", "https://cdn.example/x/more"),
        ("/", "https://www.neyshkhabar.example/i/a.jpg", "https://www.neyshkhabar.example/more"),
        (
            "../photo/",
            "https://www.neyshkhabar.example/fa/news/photo/i/a.jpg",
            "https://www.neyshkhabar.example/fa/news/photo/more",
        ),
        (
            "javascript:alert(1)",
            "https://www.neyshkhabar.example/fa/news/55/i/a.jpg",
            "https://www.neyshkhabar.example/fa/news/55/more",
        ),
        (
            "http://[broken",
            "https://www.neyshkhabar.example/fa/news/55/i/a.jpg",
            "https://www.neyshkhabar.example/fa/news/55/more",
        ),
    ],
)
def test_links_and_photos_are_seen_from_the_base(base: str, picture: str, link: str) -> None:
    body = f"<div class='q7'><p>{_TEXT}</p><img src='i/a.jpg'><p>{_MORE} این هم <a href='more'>پیوندی</a> است.</p></div>"
    page = _read(f"<base href='{base}'>", body=body)
    assert [block.url for block in page.body if block.kind is BlockKind.IMAGE] == [picture]
    assert f'href="{link}"' in page.body[-1].html


def test_a_listing_honours_its_base() -> None:
    markup = (
        '<base href="/fa/"><a href="news/101/a">خبر نخست این فهرست</a><a href="https://ads.example/news/5">آگهی</a>'
    )
    links = parse_listing(RawDocument(markup.encode(), "", "https://news.example/archive/1"))
    assert [link.url for link in links] == ["https://news.example/fa/news/101/a"]


def _listed(markup: str) -> list[tuple[str, str]]:
    links = parse_listing(RawDocument(markup.encode(), "text/html; charset=utf-8", "https://news.example/archive"))
    return [(link.url.removeprefix("https://news.example"), link.text) for link in links]


def test_a_listing_names_an_article_once_whatever_forms_of_its_address_it_links() -> None:
    nastooh = (
        "<li><a href='/news/601763/dams'><img src='/i.jpg'></a><h3><a href='/news/601763/dams'>آب سدها بیشتر شد</a></h3>"
        "<time><a href='/news/601763'>۳ دی ۱۴۰۴، ۱۵:۱۶</a></time></li>"
    )
    asam = "<h2><a href='/بخش-جامعه-3/701763-dams'>پل تازه باز شد</a></h2><a href='/fa/tiny/news-701763'>لینک</a>"
    bare = "<a href='/news/801763/x'></a><a href='/news/801763'>جادهٔ شمال بسته شد</a>"
    assert _listed(nastooh + asam + bare) == [
        ("/news/601763/dams", "آب سدها بیشتر شد"),
        ("/بخش-جامعه-3/701763-dams", "پل تازه باز شد"),
        ("/news/801763", "جادهٔ شمال بسته شد"),
    ]


def test_articles_of_a_numbered_section_stay_apart_in_a_listing() -> None:
    section = (
        "<a href='/news/5/dams-are-full'>سدها پر شدند</a><a href='/news/5/roads-are-shut'>جاده‌ها بسته شدند</a>"
    )
    assert len(_listed(f"<a href='/news/5'>همهٔ خبرهای جامعه</a>{section}")) == 3


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ("<link rel='canonical' href='/fa/news/55'>", "https://www.neyshkhabar.example/fa/news/55"),
        ("<meta property='og:url' content='https://neyshkhabar.example/n/55'>", "https://neyshkhabar.example/n/55"),
        ("<link rel='canonical' href='/'>", ""),
        ("<link rel='canonical' href='https://www.neyshkhabar.example/fa/'>", ""),
        (
            "<link rel='canonical' href='/'><meta property='og:url' content='/fa/news/55'>",
            "https://www.neyshkhabar.example/fa/news/55",
        ),
        ("", ""),
    ],
)
def test_the_canonical_address(head: str, canonical: str) -> None:
    page = _read(head)
    assert (page.canonical, page.url) == (canonical, _URL)


@pytest.mark.parametrize(
    ("head", "above", "seen", "is_day"),
    [
        ("<meta property='article:published_time' content='2025-12-24'>", "", "1404/10/03 00:00", True),
        (
            "<meta property='article:published_time' content='2025-12-24T00:00:00+00:00'>",
            "",
            "1404/10/03 00:00",
            True,
        ),
        (
            f"<meta property='article:published_time' content='2025-12-24'>{_ld({'@type': 'NewsArticle', 'datePublished': '2025-12-24T15:16:00+03:30'})}",
            "",
            "1404/10/03 15:16",
            False,
        ),
        (
            "<meta property='article:published_time' content='2025-12-24T11:46:00Z'>",
            "<b>تاریخ انتشار: ۳ دی ۱۴۰۴</b>",
            "1404/10/03 15:16",
            False,
        ),
        (
            "<meta property='article:published_time' content='2025-12-30T11:46:00Z'>",
            "<b>تاریخ انتشار: ۳ دی ۱۴۰۴</b>",
            "1404/10/03 00:00",
            True,
        ),
        (
            "<meta property='article:published_time' content='2025-12-24T11:46:00Z'>",
            "<b>تاریخ انتشار: ۳ دی ۱۴۰۴ ساعت ۱۴:۰۰</b>",
            "1404/10/03 14:00",
            False,
        ),
        (
            _ld(
                {
                    "@graph": [
                        {
                            "@type": "WebPage",
                            "mainEntity": {"@type": "NewsArticle", "datePublished": "2025-12-24T15:16:00+03:30"},
                        }
                    ]
                }
            ),
            "",
            "1404/10/03 15:16",
            False,
        ),
        (
            _ld([[{"@type": ["Thing", "NewsArticle"], "datePublished": "2025-12-24T15:16:00+03:30"}]]),
            "",
            "1404/10/03 15:16",
            False,
        ),
        (
            '<script type="application/ld+json"><!--\n{"@type":"WebPage","mainEntityOfPage":{"@type":"Article","datePublished":"2025-12-24T15:16:00+03:30"}}\n--></script>',
            "",
            "1404/10/03 15:16",
            False,
        ),
    ],
)
def test_the_most_exact_of_the_trustworthy_dates_wins(head: str, above: str, seen: str, is_day: bool) -> None:
    page = _read(head, above)
    assert (_seen(page), page.date_is_day) == (seen, is_day)


def test_a_day_in_the_address_is_a_day() -> None:
    page = _read(url="https://www.neyshkhabar.example/news/2025/12/24/x")
    assert (_seen(page), page.date_is_day) == ("1404/10/03 00:00", True)


@pytest.mark.parametrize(
    ("above", "words"),
    [
        (f"<nav class='breadcrumb'><a href='/'>خانه</a><a href='/c'>فرهنگی</a><a>{_TITLE}</a></nav>", ("فرهنگی",)),
        (
            "<ol itemscope itemtype='https://schema.org/BreadcrumbList'><li><a><span itemprop='name'>فرهنگی</span></a></li></ol>",
            ("فرهنگی",),
        ),
        (
            "<ul class='menu'>"
            + "".join(f"<li><a href='/{n}'>بخش {n}</a></li>" for n in "الفبپتثجچ")
            + "</ul><b>کد خبر: 55</b>",
            (),
        ),
        ("<div>" + "".join(f"<a href='/{n}'>بخش {n}</a>" for n in "الفبپتثجچ") + "</div><b>کد خبر: 55</b>", ()),
        ("<div><a href='/c'>فرهنگی</a></div><b>کد خبر: 55</b>", ("فرهنگی",)),
        ("<div><span>۳ دی ۱۴۰۴ - ۱۵:۱۶</span></div><b>کد خبر: 55</b>", ()),
        ("<div><span>بازدید: ۱۲</span></div><b>کد خبر: 55</b>", ()),
    ],
)
def test_sections_are_recognised_by_evidence(above: str, words: tuple[str, ...]) -> None:
    assert _read(above=above).category_words == words


@pytest.mark.parametrize(
    "lines",
    [
        ("آخرین به‌روزرسانی: ۴ دی ۱۴۰۴ - ۱۲:۰۰", "انتشار: ۳ دی ۱۴۰۴ - ۱۵:۱۶"),
        ("ویرایش شده: ۴ دی ۱۴۰۴ ساعت ۱۲:۰۰", "زمان درج خبر ۳ دی ۱۴۰۴ ساعت ۱۵:۱۶"),
        ("۳ دی ۱۴۰۴ - ۱۵:۱۶", "به روز رسانی: ۴ دی ۱۴۰۴ - ۱۲:۰۰"),
    ],
)
@pytest.mark.parametrize("place", ["above", "below"])
def test_the_date_of_a_change_is_not_that_of_publication(lines: tuple[str, str], place: str) -> None:
    written = "".join(f"<div>{line}</div>" for line in lines)
    heading = f"<h1>{_TITLE}</h1>"
    page = _read(heading=f"{written}{heading}" if place == "above" else f"{heading}{written}")
    assert _seen(page) == "1404/10/03 15:16"


def test_data_about_another_article_says_nothing_of_this_one() -> None:
    other = {
        "@type": "NewsArticle",
        "url": "https://www.neyshkhabar.example/fa/news/12/y",
        "headline": "باران در شمال",
        "image": "https://www.neyshkhabar.example/files/12.jpg",
        "author": "کسی دیگر",
    }
    own = {"@type": "NewsArticle", "headline": f"{_TITLE} پس از دو سال", "author": "مریم نمونه"}
    assert (_read(_ld(other)).photo, _read(_ld(other)).byline) == ("", "")
    assert _read(_ld(other | {"url": f"{_URL}?utm_source=x"})).byline == "کسی دیگر"
    head = f"<title>{_TITLE} پس از دو سال - نیش‌خبر</title>"
    assert _read(f"{head}{_ld([other, own])}").byline == "مریم نمونه"


def test_data_of_the_page_s_canonical_address_are_its_own() -> None:
    address = "https://agency.example/news/77/z"
    data = {"@type": "NewsArticle", "mainEntityOfPage": address, "headline": "باران", "author": "مریم نمونه"}
    assert _read(_ld(data)).byline == ""
    assert _read(f"<link rel='canonical' href='{address}'>{_ld(data)}").byline == "مریم نمونه"


def test_a_person_comes_before_a_name_that_is_the_site_s_host() -> None:
    head = _ld({"@type": "NewsArticle", "author": {"@type": "Organization", "name": "NeyshKhabar"}})
    assert _read(head).byline == "NeyshKhabar"
    link = "<p>نوشتهٔ <a href='/author/maryam'>مریم نمونه</a></p>"
    assert _read(head, heading=f"<div><h1>{_TITLE}</h1>{link}</div>").byline == "مریم نمونه"


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("<div class='author'><button>Follow</button></div>", ""),
        ("<div class='author'>Nathan Willis March 25</div>", "Nathan Willis"),
        ("<div class='author'>Dec</div>", ""),
        ("<p>Von <a href='/autoren/lena-beispiel'>Lena Beispiel</a></p>", "Lena Beispiel"),
    ],
)
def test_words_beside_an_author_are_none_of_the_name(line: str, byline: str) -> None:
    assert _read(heading=f"<h1>{_TITLE}</h1>{line}").byline == byline


@pytest.mark.parametrize("line", ["نویسنده: مریم نمونه", "خبرنگار : مریم نمونه"])
def test_a_line_that_names_the_author_is_the_byline_and_no_text(line: str) -> None:
    for lines in ((line, _TEXT, _MORE), (_TEXT, _MORE, line)):
        page = _read(body="<div class='q7'>" + "".join(f"<p>{paragraph}</p>" for paragraph in lines) + "</div>")
        assert (page.byline, [block.html for block in page.body]) == ("مریم نمونه", [_TEXT, _MORE])


def test_a_question_that_a_reporter_asks_is_text() -> None:
    question = "خبرنگار: کی باز می‌شود؟"
    page = _read(body=f"<div class='q7'><p>{question}</p><p>{_TEXT}</p><p>{_MORE}</p></div>")
    assert [block.html for block in page.body] == [question, _TEXT, _MORE]


def test_sections_of_json_ld() -> None:
    items = [
        {"position": 2, "name": "فرهنگی"},
        {"position": 1, "item": {"name": "خانه"}},
        {"position": 3, "name": _TITLE},
    ]
    assert _read(_ld({"@type": "BreadcrumbList", "itemListElement": items})).category_words == ("فرهنگی",)


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        (
            _ld({"@type": "NewsArticle", "author": [{"name": "مریم نمونه"}, {"name": "بهرام آزمون"}]}),
            "مریم نمونه، بهرام آزمون",
        ),
        (
            _ld(
                {
                    "@graph": [
                        {"@type": "Article", "author": {"@id": "#p1"}},
                        {"@type": "Person", "@id": "#p1", "name": "مریم نمونه"},
                    ]
                }
            ),
            "مریم نمونه",
        ),
        ("<meta name='author' content='admin'>", ""),
        ("<meta name='author' content='نیش‌خبر'><meta property='og:site_name' content='نیش خبر'>", ""),
        ("<meta name='author' content='نویسنده: مریم نمونه'>", "مریم نمونه"),
        (
            _ld(
                {
                    "@type": "NewsArticle",
                    "author": [{"@type": "Person", "givenName": "مریم", "familyName": "نمونه"}],
                }
            ),
            "مریم نمونه",
        ),
        (
            "<meta name='author' content='مریم نمونه'><meta name='author' content='بهرام آزمون'>",
            "مریم نمونه، بهرام آزمون",
        ),
        (_ld({"@type": "NewsArticle", "author": "Trine Jensen og Tora Hansen"}), "Trine Jensen, Tora Hansen"),
        (_ld({"@type": "NewsArticle", "author": "Jean Ortega y Gasset"}), "Jean Ortega y Gasset"),
        (
            _ld({"@type": "NewsArticle", "author": f"مریم نمونه، پژوهشگر {'دانشکدهٔ آب و محیط زیست ' * 3}دانشگاه"}),
            "مریم نمونه",
        ),
        ("<meta property='article:author' content='https://social.example/profile.php?id=maryam'>", ""),
    ],
)
def test_the_byline_names_people(head: str, byline: str) -> None:
    assert _read(head).byline == byline


@pytest.mark.parametrize(
    "address",
    [
        "/files/logo.png",
        "/assets/images/site-logo.jpg",
        "/img/default-avatar.png",
        "/blank.gif",
        "/img/default.jpg",
        "/static/social-share.jpg",
        "/og-image.png",
        "/undefined",
        "https://www.neyshkhabar.example/",
    ],
)
def test_a_logo_in_the_metadata_is_no_photo(address: str) -> None:
    assert _read(f"<meta property='og:image' content='{address}'>").photo == ""


@pytest.mark.parametrize(
    "picture",
    [
        "<img data-src='/a-bridge-2026.jpg'>",
        "<noscript><img src='/a-bridge-2026.jpg'></noscript>",
        "<img srcset='/a-bridge-2026-300x200.jpg 300w, /a-bridge-2026.jpg 1200w' src='/blank.gif'>",
        "<img src='data:image/gif;base64,R0' data-lazy-src='/a-bridge-2026.jpg'>",
    ],
)
def test_a_picture_by_the_headline_is_the_photo(picture: str) -> None:
    above, below = (
        _read(above=f"<div class='top'>{picture}</div>"),
        _read(heading=f"<h1>{_TITLE}</h1><div>{picture}</div>"),
    )
    assert above.photo == below.photo == "https://www.neyshkhabar.example/a-bridge-2026.jpg"
    assert not [block for page in (above, below) for block in page.body if block.url]


def test_the_photo_does_not_stand_in_the_text_in_another_size() -> None:
    head = "<meta property='og:image' content='/up/bridge-2026-1024x576.jpg'>"
    picture = "<img data-src='/up/bridge-2026-300x169.jpg'><img src='/up/people-2026.jpg'>"
    page = _read(head, body=f"<div class='q7'><p>{_TEXT}</p>{picture}<p>{_MORE}</p></div>")
    assert page.photo.endswith("/up/bridge-2026-1024x576.jpg")
    assert [block.url.rpartition("/")[2] for block in page.body if block.url] == ["people-2026.jpg"]


_OG = "<meta property='og:title' content='باران آمد'>"


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        (f"<title>باران آمد</title>{_OG}", "<h1>پایگاه خبری دیدبان شمال ایران</h1>", "باران آمد"),
        (f"<title>باران آمد - دیدبان</title>{_OG}", "<h1>دیدبان</h1>", "باران آمد"),
        (f"<title>دیدبان شمال</title>{_OG}", "<h1>دیدبان شمال</h1>", "باران آمد"),
        (f"<title>باران آمد</title>{_OG}", "<h1>دیدبان شمال</h1>", "باران آمد"),
        (_OG, "<h1><a href='/'>دیدبان شمال</a></h1>", "باران آمد"),
        (_OG, "<h1>دیدبان شمال</h1><h2>باران آمد</h2>", "باران آمد"),
        ("<title>باران آمد | دیدبان</title>", "<h1>دیدبان</h1>", "باران آمد"),
        (_OG, "<h1>باران سنگین شمال را درنوردید</h1>", "باران سنگین شمال را درنوردید"),
        ("<title>دیدبان شمال</title>", "<h1>باران آمد</h1>", "باران آمد"),
        ("<title>باران آمد | دیدبان</title>", "<h1>باران آمد</h1>", "باران آمد"),
    ],
)
def test_a_sites_name_as_the_first_heading_is_not_the_headline(head: str, heading: str, title: str) -> None:
    assert _read(head, heading=heading).title == title


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        (
            f"<title>{_TITLE} - خبرگزاری نیش | اخبار ایران و جهان | Neysh News Agency</title>",
            "",
            _TITLE,
        ),
        (f"<title>{_TITLE} | أخبار | نیش نت</title><meta property='og:site_name' content='نیش نت'>", "", _TITLE),
        ("<title>Iran 2 - Iraq 1 | Sample</title>", "<h1>Iran 2 - Iraq 1</h1>", "Iran 2 - Iraq 1"),
        (
            "<title>ایران ۲ | عراق ۱ | نیش نت</title><meta property='og:site_name' content='نیش نت'>",
            "",
            "ایران ۲ | عراق ۱",
        ),
        (
            "<title>مذاکرات - نیش - همسایگان</title><meta property='og:site_name' content='نیش'>",
            "<h1>مذاکرات - نیش - همسایگان</h1>",
            "مذاکرات - نیش - همسایگان",
        ),
    ],
)
def test_slogans_behind_a_sites_name_go_with_it(head: str, heading: str, title: str) -> None:
    assert _read(head, heading=heading, url="https://www.iran.example/news/55/x").title == title


@pytest.mark.parametrize(
    ("head", "above"),
    [
        ("<meta property='og:image' content='/logo.png'><meta property='og:image' content='/files/a.jpg'>", ""),
        ("", "<div class='byline'><img src='/writers/ali.jpg' width='60'></div><img src='/files/a.jpg'>"),
        ("", "<div class='post-thumbnail' data-bg='/files/a.jpg'></div>"),
        ("", "<div class='post-thumbnail' data-bg='url(/files/a.jpg)'></div>"),
        ("", "<amp-img src='/files/a.jpg' width=1 height=1 layout=responsive></amp-img>"),
        ("", "<img src='/images/no-image-available.jpg'><img src='/files/a.jpg'>"),
    ],
)
def test_the_articles_own_picture_is_the_photo(head: str, above: str) -> None:
    body = f"<div class='q7'>{above}<p>{_TEXT}</p><p>{_MORE}</p></div>"
    assert _read(head, body=body).photo == "https://www.neyshkhabar.example/files/a.jpg"


@pytest.mark.parametrize("name", ["دسته‌بندی نشده", "Uncategorized"])
def test_no_section_at_all_is_none(name: str) -> None:
    assert _read(f"<meta property='article:section' content='{name}'>").category_words == ()


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Posted by Mina Abadi", "Mina Abadi"),
        ("Articles by Mina Abadi", "Mina Abadi"),
        ("View all posts by Mina Abadi", "Mina Abadi"),
        ("This post was written by Mina Abadi", "Mina Abadi"),
        ("About the author Mina Abadi Subscribe", "Mina Abadi"),
        ("Authors Mina Abadi", "Mina Abadi"),
        ("Mina Abadi Last updated", "Mina Abadi"),
        ("Mina Abadi Reviewed by Reza Nouri", "Mina Abadi"),
        ("Mina Abadi See more", "Mina Abadi"),
        ("Mina Abadi Twitter", "Mina Abadi"),
        ("Mina Abadi, Mon., June 24", "Mina Abadi"),
        ("Written by", ""),
        ("The Author", ""),
        ("Published", ""),
        ("Updated January", ""),
        ("View more posts", ""),
        ("undefined", ""),
        ("نویسنده:", ""),
    ],
)
def test_a_label_is_no_author_and_no_part_of_a_name(line: str, name: str) -> None:
    heading = f"<h1>{_TITLE}</h1><div class='author'>{line}</div>"
    assert _read(heading=heading).byline == name


@pytest.mark.parametrize(
    "line",
    [
        "Published: August 27, 2026 by Mina Abadi",
        "Last updated on September 16th, 2026 at 09:27 am",
        "Mina Abadi • Updated: August 18, 2026 • 12 minutes READ",
        "11 min read",
        "Veröffentlicht am 13. Mai 2026 um 15:44",
        "Publié le 2 nov. 2026 à 16:00",
        "آخرین به‌روزرسانی: ۵ آذر ۱۴۰۵ ساعت ۱۲:۳۰",
        "زمان مطالعه: ۵ دقیقه",
        "Mina Abadi | 05.04.2026 - Güncelleme : 05.04.2026",
    ],
)
def test_a_line_about_the_publication_is_no_text(line: str) -> None:
    head = "<meta name='author' content='Mina Abadi'>"
    page = _read(head, body=f"<div class='q7'><p>{line}</p><p>{_TEXT}</p><p>{_MORE}</p></div>")
    assert [block.html for block in page.body] == [_TEXT, _MORE]


@pytest.mark.parametrize(
    "line",
    [
        "مطالعه",
        "Published works of Mina Abadi on the dams of the north",
        "By the numbers: what the dams of the north hold",
    ],
)
def test_a_line_that_tells_more_than_the_publication_is_text(line: str) -> None:
    page = _read(body=f"<div class='q7'><p>{line}</p><p>{_TEXT}</p><p>{_MORE}</p></div>")
    assert line in (page.lead, page.body[0].html)


def test_a_heading_of_one_word_is_text_though_it_may_name_a_publication() -> None:
    blocks = (
        Block(BlockKind.HEADING, "مطالعه"),
        Block(BlockKind.PARAGRAPH, _TEXT),
        Block(BlockKind.PARAGRAPH, _MORE),
    )
    assert without_signature(blocks, "", _TITLE) == (blocks, "")
