"""Counters of comments, readers and time in headlines and leads are no part of the article."""

import pytest

from bot.ingest.markup.page_counters import is_counter, without_counters
from bot.ingest.page.article_page import parse_page
from bot.ingest.parsing.reading import read_feed
from bot.ingest.raw_document import RawDocument
from tests.unit.ingest.feeds import TEHRAN, URL, item, rss, texts


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("توفان در راه است (۱۲ نظر)", "توفان در راه است"),
        ("توفان در راه است (بدون نظر)", "توفان در راه است"),
        ("توفان در راه است [بازدید: ۱٬۲۳۴]", "توفان در راه است"),
        ("توفان در راه است (نظرات: 3) (بازدید: 5)", "توفان در راه است"),
        ("۱۲ نظر | توفان در راه است", "توفان در راه است"),
        ("توفان در راه است – ۱۲ دیدگاه", "توفان در راه است"),
        ("توفان در راه است (به‌روزرسانی: ۱۴:۳۵)", "توفان در راه است"),
        ("توفان در راه است (لحظاتی پیش)", "توفان در راه است"),
        ("توفان در راه است - ۵ دقیقه پیش", "توفان در راه است"),
        ("Storm hits the coast (12 comments)", "Storm hits the coast"),
        ("Storm hits the coast [1.2k views]", "Storm hits the coast"),
        ("Storm hits the coast | 3 min ago | 12 comments", "Storm hits the coast"),
        ("Storm hits the coast Updated 5 minutes ago", "Storm hits the coast"),
        ("Updated 5 minutes ago. The storm has hit.", "The storm has hit."),
        ("آب وصل شد. بازدید: ۱۲۳", "آب وصل شد."),
        ("العاصفة قادمة (٣ تعليقات)", "العاصفة قادمة"),
    ],
)
def test_counters_are_left_out(text: str, told: str) -> None:
    assert without_counters(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "۱۲ نظر دربارهٔ بودجه",
        "۵ کشته در تصادف (۳ زن)",
        "ایران ۲ - عراق ۱",
        "انفجار در بندر؛ دقایقی پیش",
        "وزیر ۱۲ بازدید داشت",
        "Ten views on the war",
        "The 5 minutes that shook the market",
        "(۱۲ نظر)",
        "قیمت دلار - ۲۳ هزار تومان",
    ],
)
def test_numbers_of_the_text_stay(text: str) -> None:
    assert without_counters(text) == text


def test_a_line_of_counters_alone_is_one() -> None:
    assert is_counter("۱۲ نظر | ۳۴ بازدید")
    assert not is_counter("۵ نفر")


def test_an_item_whose_counter_goes_on_says_the_same() -> None:
    first, then = (
        read_feed(
            RawDocument(
                rss(
                    f"<item><title>توفان در راه است ({count} نظر)</title><link>https://paper.example/a/the-storm</link>"
                    f"<description>متن خبر. بازدید: {count}</description></item>"
                ).encode(),
                "",
                URL,
            ),
            TEHRAN,
        ).items[0]
        for count in ("۱۲", "۱۳")
    )
    assert first.digest == then.digest
    assert first.candidate.content.title == "توفان در راه است"


def test_a_paragraph_that_counts_is_no_text() -> None:
    read_item = item("<description><![CDATA[<p>لید خبر.</p><p>متن خبر.</p><p>بازدید: ۱۲</p>]]></description>")
    assert texts(read_item) == ["متن خبر."]


def test_a_page_is_read_without_its_counters() -> None:
    paragraph = "متن خبر دربارهٔ توفانی که از کویر می‌آید و تا فردا به شهر می‌رسد. " * 3
    markup = (
        "<html><head><title>توفان در راه است</title></head><body><article><h1>توفان در راه است (۱۲ نظر)</h1>"
        f"<p>{paragraph}</p><p>۵ دقیقه پیش | ۱۲ نظر</p><p>{paragraph}پایان.</p></article></body></html>"
    )
    page = parse_page(
        RawDocument(markup.encode(), "text/html; charset=utf-8", "https://paper.example/5"),
        TEHRAN,
        now=1_795_000_000_000,
    )
    assert page.title == "توفان در راه است"
    assert [block.html[:8] for block in page.body] == ["متن خبر ", "متن خبر "]
