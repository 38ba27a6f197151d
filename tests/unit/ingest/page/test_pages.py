"""Facts that are read from pages: by form, by labels, and what is refused."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import SourceError
from bot.ingest.items import PageArticle
from bot.ingest.markup.sanitise import text_of
from bot.ingest.page.article_page import parse_page
from bot.ingest.raw_document import RawDocument
from persian.jalali import format_ascii
from storage.records import BlockKind
from tests.flows.news_site import article_page

_ZONE = ZoneInfo("Asia/Tehran")
_NOW = 1_800_000_000_000
_PAGES = Path(__file__).parents[3] / "fixtures" / "pages"


def _read(name: str) -> PageArticle:
    return parse_page(
        RawDocument((_PAGES / name).read_bytes(), "text/html", f"https://example.org/{name}"), _ZONE, now=_NOW
    )


def _body(page: PageArticle) -> str:
    return "\n".join(text_of(block.html) + "".join(block.items) for block in page.body)


def test_nastooh() -> None:
    page = _read("nastooh.html")
    assert (page.profile, page.title, page.number) == ("nastooh", "پل تازهٔ رودخانهٔ سپید باز شد", "6012345")
    assert page.lead.startswith("پل تازه دو کرانهٔ")
    assert page.published_at is not None
    assert format_ascii(page.published_at, _ZONE) == "1402/11/19 09:30"
    assert "اقتصادی" in page.category_words
    assert page.photo == "https://media.example.org/1.jpg"
    assert [block.kind for block in page.body] == [BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.PARAGRAPH]
    assert "نباید" not in _body(page)
    assert "alert" not in _body(page)
    assert 'href="https://example.org/other"' in page.body[2].html


def test_sepehr() -> None:
    page = _read("sepehr.html")
    assert (page.profile, page.title, page.number) == ("sepehr", "مسابقات شنا پایان یافت", "1234567")
    assert page.published_at is not None
    assert format_ascii(page.published_at, _ZONE) == "1404/10/03 15:16"
    assert "ورزشي" in page.category_words
    assert page.body[1].kind is BlockKind.HEADING


def test_wordpress() -> None:
    page = _read("wordpress.html")
    assert (page.profile, page.title, page.number) == ("wordpress", "گوشی تازه معرفی شد", "4321")
    assert page.published_at is not None
    assert format_ascii(page.published_at, _ZONE) == "1404/10/03 15:16"
    kinds = [block.kind for block in page.body]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.LIST, BlockKind.QUOTE]


@pytest.mark.parametrize("container", ["news-body", "matn-e-khabar"])
def test_an_agencys_page_by_its_labels_with_and_without_known_classes(container: str) -> None:
    paragraphs = [
        "پیک-گروه بین‌الملل: نمایندگان دوازده کشور گرد هم آمدند و دربارهٔ مسیرهای تازه گفت‌وگو کردند.",
        "در بخش نخست نشست، کارشناسان گزارشی دادند و راهکارهایی برای کاهش هزینه پیشنهاد شد.",
        "نشست بعدی بهار آینده برگزار می‌شود و دبیرخانهٔ آن آغاز به کار خواهد کرد.",
    ]
    markup = article_page("نشست نوآباد پایان یافت", 264802, "چهارشنبه 1404/10/03 ساعت 15:16", paragraphs)
    markup = markup.replace("news-body", container)
    page = parse_page(RawDocument(markup.encode(), "", "https://nournews.ir/fa/news/264802/x"), _ZONE, now=_NOW)
    assert (page.number, page.section) == ("264802", "گروه بین‌الملل")
    for paragraph in paragraphs:
        assert paragraph in _body(page)
    assert "ربطی ندارد" not in _body(page)
    assert page.published_at is not None
    assert format_ascii(page.published_at, _ZONE) == "1404/10/03 15:16"


def test_us_style_microdata_is_never_guessed_at() -> None:
    text = "این بند به اندازهٔ کافی بلند است تا متن یک خبر به شمار آید و خوانده شود."
    markup = f'<html lang="fa"><body><h1>تیتر خبر آزمون بلند</h1><meta itemprop="datePublished" content="12/9/2025 3:00:25 AM"><article><p>{text}</p><p>{text}</p></article></body></html>'
    page = parse_page(RawDocument(markup.encode(), "", "https://example.org/x"), _ZONE, now=_NOW)
    assert page.published_at is None


def test_a_future_date_counts_as_now() -> None:
    markup = article_page(
        "تیتر خبر آینده", 5, "1499/01/01 00:00", ["بندی که به اندازهٔ کافی بلند است تا خوانده شود."]
    )
    assert (
        parse_page(RawDocument(markup.encode(), "", "https://example.org/x"), _ZONE, now=_NOW).published_at == _NOW
    )


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<html></html>",
        "<html><body><h1>تنها یک تیتر</h1></body></html>",
        "<p>" * 50 + "\x00\xff",
        "{}",
        "<div>" * 40_000,
    ],
)
def test_what_is_no_article_is_refused(markup: str) -> None:
    with pytest.raises(SourceError):
        parse_page(RawDocument(markup.encode(), "", "https://example.org/x"), _ZONE, now=_NOW)


def test_old_charsets_are_read() -> None:
    markup = article_page(
        "تيتر خبر قديمي", 9, "1390/01/01 10:00", ["اين بند به اندازه کافي بلند است تا خوانده شود و بماند."]
    )
    page = parse_page(
        RawDocument(
            markup.replace("utf-8", "windows-1256")
            .replace("ٔ", "")
            .replace("ی", "ي")
            .encode("windows-1256", errors="ignore"),
            "text/html; charset=windows-1256",
            "https://example.org/x",
        ),
        _ZONE,
        now=_NOW,
    )
    assert page.title == "تيتر خبر قديمي"
