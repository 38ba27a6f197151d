"""A full text as rich messages: whatever an article holds, Telegram takes each of them, and no word is lost."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.locales.catalog import Catalog
from bot.render.article import paged_text, rich_text
from bot.render.html import length, strip_tags
from bot.render.message import Message
from bot.render.pagination import shallow
from bot.render.rich import without_media
from bot.telegram.encoding import rich_of
from sandbox.rich import check_rich
from storage.post_style import Photo, PostStyle
from storage.records import Article, Block, BlockKind, Category, Content, Media, MediaKind
from tests.unit.articles import PUBLISHED

_TEXTS = Catalog.load().bind("fa", ZoneInfo("Asia/Tehran"))
_CATEGORY = Category(1, "politics", "سیاسی", "Politics")

_words = st.text(alphabet='ابپت abc😀&<>"۱۲\n', max_size=200)
_long = st.builds(
    lambda word, times: word * times, st.sampled_from(["خبر ", "بی‌فاصله", "😀", "a\n"]), st.integers(0, 5_000)
)
_marked = st.builds(
    lambda tags, text: "".join(f"<{tag}>" for tag in tags) + text + "".join(f"</{tag}>" for tag in reversed(tags)),
    st.lists(st.sampled_from(["b", "i", "u", "s", "code"]), max_size=30),
    (_words | _long).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")),
)
_blocks = st.builds(
    Block,
    st.sampled_from(list(BlockKind)),
    html=_marked,
    url=st.sampled_from(["", "https://example.org/a.jpg", "http://10.0.0.1/x y.jpg", "ftp://x"]),
    items=st.lists(_marked, max_size=8).map(tuple),
    ordered=st.booleans(),
    columns=st.integers(0, 25),
    headed=st.booleans(),
)
_PICTURE = Block(BlockKind.IMAGE, "", url="https://example.org/a.jpg")
_contents = st.builds(
    Content,
    title=_words | _long,
    lead=_words | _long,
    photo=st.sampled_from(["", "https://example.org/p.jpg", "AgACAgQ"]),
    tags=st.lists(st.text(max_size=60), max_size=60).map(tuple),
    section=_words | _long,
    byline=_words,
    body=st.lists(_blocks, max_size=6).map(tuple),
    media=st.lists(st.builds(Media, st.sampled_from(list(MediaKind)), st.just("AgAD")), max_size=9).map(tuple),
)


_OF_ITEMS = (BlockKind.LIST, BlockKind.TABLE)


def _article(content: Content) -> Article:
    return replace(PUBLISHED, content=content)


def _rich(content: Content) -> tuple[Message, ...]:
    return rich_text(_article(content), _TEXTS)


def _said(content: Content) -> str:
    """Return every letter of an article's text, without white space."""
    runs = [content.title, content.lead]
    for block in content.body:
        runs += map(strip_tags, block.items if block.kind in _OF_ITEMS else [block.html])
    return re.sub(r"\s+", "", "".join(runs))


def _shown(pages: list[str]) -> str:
    return re.sub(r"\s+", "", "".join(map(strip_tags, pages)))


def _is_within(part: str, whole: str) -> bool:
    letters = iter(whole)
    return all(letter in letters for letter in part)


@settings(max_examples=20, deadline=None)
@given(_contents)
@example(Content("ت" * 40_000, body=(Block(BlockKind.PARAGRAPH, "خبر " * 25_000),)))
@example(Content("تصویرها", photo="https://example.org/p.jpg", body=(_PICTURE,) * 80))
@example(Content("فهرست", body=(Block(BlockKind.LIST, items=tuple(map(str, range(2_000))), ordered=True),)))
@example(Content("بندها", body=(Block(BlockKind.PARAGRAPH, "یک\n" * 1_500),)))
def test_telegram_takes_every_part_and_no_word_is_lost(content: Content) -> None:
    parts, pages = _rich(content), paged_text(_article(content), _TEXTS)
    for message in parts:
        check_rich(rich_of(message))
    assert _is_within(_said(content), _shown([message.rich_html for message in parts]))
    for message in pages:
        assert length(strip_tags(message.html)) <= 4096
    assert _is_within(_said(content), _shown([message.html for message in pages]))


def test_a_message_is_filled_before_the_next_begins() -> None:
    assert len(_rich(Content("تصویرها", body=(_PICTURE,) * 80))) == 2
    assert len(_rich(Content("فهرست", body=(Block(BlockKind.LIST, items=("یک",) * 2_000),)))) == 10
    assert len(_rich(Content("کوتاه", body=(Block(BlockKind.PARAGRAPH, "خبر " * 7_000),)))) == 1


def test_media_of_the_newsroom_stand_under_the_title_and_as_a_slideshow_behind_the_body() -> None:
    media = (Media(MediaKind.PHOTO, "second"), Media(MediaKind.VIDEO, "v"), Media(MediaKind.VOICE, "voice"))
    body = (Block(BlockKind.PARAGRAPH, "متن"),)
    (message,) = _rich(Content("تیتر", photo="first", media=media, body=body))
    assert message.rich_html.startswith('<h1>تیتر</h1><img src="tg://photo?id=m0">')
    slides = '<img src="tg://photo?id=m1"><video src="tg://video?id=m2"></video>'
    assert f"<p>متن</p><tg-slideshow>{slides}</tg-slideshow>" in message.rich_html
    assert rich_of(message)["media"] == [
        {"id": "m0", "media": {"type": "photo", "media": "first"}},
        {"id": "m1", "media": {"type": "photo", "media": "second"}},
        {"id": "m2", "media": {"type": "video", "media": "v"}},
    ]


def test_a_video_alone_stands_behind_the_body() -> None:
    body = (Block(BlockKind.PARAGRAPH, "متن"),)
    (message,) = _rich(Content("تیتر", media=(Media(MediaKind.VIDEO, "v"),), body=body))
    assert '<p>متن</p><video src="tg://video?id=m0"></video>' in message.rich_html


def test_each_message_names_its_own_media() -> None:
    media = tuple(Media(MediaKind.PHOTO, file) for file in ("second", "third"))
    captioned = Block(BlockKind.IMAGE, "شرح", url="https://example.org/a.jpg")
    first, second = _rich(Content("تیتر", photo="first", media=media, body=(captioned,) * 48))
    assert [medium.file for medium in first.rich_media] == ["first"]
    assert [medium.file for medium in second.rich_media] == ["second", "third"]


def test_pictures_without_words_that_stand_together_are_a_slideshow_and_links_on_pages() -> None:
    pictures = [Block(BlockKind.IMAGE, url=f"https://example.org/{name}.jpg") for name in "abc"]
    captioned = Block(BlockKind.IMAGE, "شرح", url="https://example.org/d.jpg")
    text = Block(BlockKind.PARAGRAPH, "متن")
    content = Content("تیتر", body=(pictures[0], pictures[1], text, pictures[2], captioned))
    (message,) = _rich(content)
    shown = [f'<img src="https://example.org/{name}.jpg">' for name in "abcd"]
    assert (
        f"<tg-slideshow>{shown[0]}{shown[1]}</tg-slideshow><p>متن</p>{shown[2]}{shown[3]}<p>" in message.rich_html
    )
    (page,) = paged_text(_article(content), _TEXTS)
    first, second = (f'<a href="https://example.org/{name}.jpg">🖼 {digit}</a>' for name, digit in ("a۱", "b۲"))
    assert f"{first} · {second}" in page.html
    assert '<a href="https://example.org/d.jpg">🖼</a> <i>شرح</i>' in page.html


def test_whoever_wants_no_photo_gets_the_words_around_them() -> None:
    content = Content("تیتر", photo="first", body=(_PICTURE, Block(BlockKind.PARAGRAPH, "متن")))
    (message,) = rich_text(_article(content), _TEXTS, style=PostStyle(photo=Photo.NONE))
    assert "<img" not in message.rich_html
    assert message.rich_media == ()
    assert _said(content) in _shown([message.rich_html])


def test_a_long_ordered_list_goes_on_counting_in_the_next_message() -> None:
    block = Block(BlockKind.LIST, items=tuple(f"بند {n}" for n in range(1, 301)), ordered=True)
    html = "".join(message.rich_html for message in _rich(Content("فهرست", body=(block,))))
    starts = [int(start) for start in re.findall(r'<ol start="(\d+)"><li>بند \1</li>', html)]
    assert starts == [101, 201]


def test_a_heading_stays_with_what_it_leads_to() -> None:
    body = (
        Block(BlockKind.PARAGRAPH, "خبر " * 3_700),
        Block(BlockKind.PARAGRAPH, "خبر " * 3_700),
        Block(BlockKind.HEADING, "میان‌تیتر"),
        Block(BlockKind.PARAGRAPH, "ادامه " * 500),
    )
    first, second = _rich(Content("تیتر", body=body))
    assert "میان‌تیتر" not in first.rich_html
    assert second.rich_html.startswith("<h2>میان‌تیتر</h2>")


@pytest.mark.parametrize("depth", [0, 3, 12])
def test_formatting_too_deep_goes_its_words_stay(depth: int) -> None:
    markup = "<b>" * 20 + "متن" + "</b>" * 20
    assert shallow(markup, depth) == "<b>" * depth + "متن" + "</b>" * depth


def test_pictures_that_cannot_be_had_leave_the_rest() -> None:
    html = (
        '<h1>a</h1><img src="https://x.org/&gt;.jpg"><p>b</p><img src="https://y.org/1.jpg">'
        '<tg-slideshow><img src="tg://photo?id=m0"><video src="tg://video?id=m1"></video></tg-slideshow>'
    )
    assert without_media(html) == "<h1>a</h1><p>b</p>"
