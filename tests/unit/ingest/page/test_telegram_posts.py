"""Posts of public Telegram channels as pages: alone, embedded, in the preview of their channel."""

import pytest

from bot.errors import SourceError
from bot.ingest.identity.telegram_posts import request_address
from bot.ingest.items import PageArticle
from bot.ingest.markup.sanitise import text_of
from bot.ingest.page.article_page import parse_page
from bot.ingest.page.listing import parse_listing
from bot.ingest.raw_document import RawDocument
from storage.records import BlockKind
from tests.unit.ingest.page.whole_pages import NOW, SENTENCES, TITLE, ZONE, date_of, texts

_POST = "https://t.me/namune_khabar/123"
_TEXT = f"<b>{TITLE}</b><br/><br/>{SENTENCES[0]}<br/><br/>{SENTENCES[1]}<br/><br/>🆔 <a href='https://t.me/namune_khabar'>@namune_khabar</a>"
_OTHER = "متن فرستهٔ دیگری که در پیش‌نمایش کانال کنار این یکی آمده است."


def _widget(number: int, text: str, *, pictures: int = 0, above: str = "") -> str:
    photos = "".join(
        f"<a class='tgme_widget_message_photo_wrap' style=\"width:800px;background-image:url('https://cdn4.telesco.example/file/p{number}{at}.jpg')\"></a>"
        for at in range(pictures)
    )
    return (
        f"<div class='tgme_widget_message text_not_supported_wrap js-widget_message' data-post='Namune_Khabar/{number}'>"
        "<div class='tgme_widget_message_user'><a href='https://t.me/namune_khabar'><i class='tgme_widget_message_user_photo'>"
        "<img src='https://cdn4.telesco.example/file/avatar.jpg'></i></a></div><div class='tgme_widget_message_bubble'>"
        "<div class='tgme_widget_message_author'><a class='tgme_widget_message_owner_name'><span dir='auto'>نمونه‌خبر</span></a></div>"
        f"{above}{photos}<div class='tgme_widget_message_text js-message_text' dir='auto'>{text}</div>"
        "<div class='tgme_widget_message_footer'><span class='tgme_widget_message_views'>1.2K</span>"
        f"<a class='tgme_widget_message_date' href='https://t.me/namune_khabar/{number}'>"
        f"<time datetime='2025-12-24T11:46:{number % 60:02}+00:00' class='time'>15:16</time></a></div></div></div>"
    )


def _read(body: str, url: str = f"{_POST}?embed=1&mode=tme", head: str = "") -> PageArticle:
    markup = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>Telegram Widget</title>{head}</head><body>{body}</body></html>"
    return parse_page(RawDocument(markup.encode(), "text/html; charset=utf-8", url), ZONE, now=NOW)


@pytest.mark.parametrize(
    ("body", "url"),
    [
        pytest.param(_widget(123, _TEXT, pictures=1), f"{_POST}?embed=1&mode=tme", id="embedded"),
        pytest.param(
            _widget(122, _OTHER, pictures=1) + _widget(123, _TEXT, pictures=1) + _widget(124, _OTHER),
            "https://t.me/s/namune_khabar/123",
            id="in the preview",
        ),
        pytest.param(
            _widget(
                123,
                _TEXT,
                pictures=1,
                above=f"<a class='tgme_widget_message_reply'><div class='tgme_widget_message_text js-message_text'>{_OTHER}</div></a>",
            ),
            _POST,
            id="a reply",
        ),
    ],
)
def test_a_post_is_an_article(body: str, url: str) -> None:
    page = _read(body, url)
    assert (page.title, page.lead, date_of(page)) == (TITLE, "", "1404/10/03 15:16")
    assert texts(page) == [SENTENCES[0], SENTENCES[1]]
    assert page.photo == "https://cdn4.telesco.example/file/p1230.jpg"
    assert (page.url, page.canonical, page.byline, page.language) == (_POST, _POST, "", "fa")


def test_the_pictures_of_an_album_stand_behind_the_text() -> None:
    page = _read(_widget(123, _TEXT, pictures=3))
    assert [block.url[-8:] for block in page.body if block.kind is BlockKind.IMAGE] == ["1231.jpg", "1232.jpg"]


def test_a_post_alone_is_read_from_its_description() -> None:
    description = "\n\n".join((TITLE, SENTENCES[0], SENTENCES[1], "@namune_khabar"))
    head = (
        "<meta property='og:title' content='نمونه‌خبر'><meta property='og:site_name' content='Telegram'>"
        f"<meta property='og:image' content='https://cdn4.telesco.example/file/avatar.jpg'><meta property='og:description' content='{description}'>"
    )
    page = _read(
        "<div class='tgme_page tgme_page_post'><div class='tgme_page_widget_wrap'></div></div>", _POST, head
    )
    assert (page.title, texts(page), page.photo) == (TITLE, [SENTENCES[0], SENTENCES[1]], "")


def test_a_post_of_one_sentence_is_its_title() -> None:
    page = _read(_widget(123, "باران جادهٔ کوهستان را بست."))
    assert page.title == "باران جادهٔ کوهستان را بست"
    assert [text_of(block.html) for block in page.body] in ([], ["باران جادهٔ کوهستان را بست."])


@pytest.mark.parametrize(
    "body",
    [
        "<div class='tgme_widget_message_error'>Post not found</div>",
        _widget(124, _OTHER),
        "<div class='tgme_page'><div class='tgme_page_title'>نمونه‌خبر</div></div>",
    ],
)
def test_a_post_that_is_gone_is_no_article(body: str) -> None:
    with pytest.raises(SourceError, match="no text of a post"):
        _read(body)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://t.me/Namune_Khabar/123", f"{_POST}?embed=1&mode=tme"),
        ("https://t.me/s/namune_khabar/123?before=200", f"{_POST}?embed=1&mode=tme"),
        ("https://t.me/s/namune_khabar", "https://t.me/s/namune_khabar"),
        ("https://t.me/c/1234567/12", "https://t.me/c/1234567/12"),
        ("https://paper.example/namune_khabar/123", "https://paper.example/namune_khabar/123"),
    ],
)
def test_a_post_is_asked_for_as_its_widget(address: str, asked: str) -> None:
    assert request_address(address) == asked


def test_the_preview_of_a_channel_lists_its_own_posts() -> None:
    other = "<a class='tgme_widget_message_forwarded_from_name' href='https://t.me/another_channel/5'>دیگری</a>"
    body = (
        _widget(122, _OTHER)
        + _widget(123, _TEXT, above=other)
        + "<a href='https://t.me/namune_khabar'>نمونه‌خبر</a>"
    )
    document = RawDocument(
        f"<html><body>{body}</body></html>".encode(), "text/html", "https://t.me/s/namune_khabar"
    )
    assert [link.url for link in parse_listing(document)] == ["https://t.me/namune_khabar/122", _POST]
