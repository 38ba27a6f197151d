"""Post styles: stored as one line, and in each of them whatever an article holds fits and is escaped."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.locales.catalog import Catalog
from bot.render.headline import headline
from bot.render.html import CAPTION_LIMIT, TEXT_LIMIT, length, strip_tags
from bot.render.signature import SIGNATURE_UNITS, signature_of
from persian.direction import RLM
from storage.post_style import USUAL_STYLE, Photo, PostStyle, Shape, parse_post_style
from storage.records import Article, Block, BlockKind, Category, Content, Media, MediaKind
from tests.unit.articles import PUBLISHED

_CATALOG = Catalog.load()
_TEXTS = _CATALOG.bind("fa", ZoneInfo("Asia/Tehran"))
_LETTERS = st.text(alphabet='ابپ abc😀&<>"@\u200c\n', max_size=40)
_LONG = st.builds(lambda text, times: (text or "ب") * times, _LETTERS, st.integers(1, 60))
_MARKED = st.lists(
    st.sampled_from(["<b>پررنگ</b> ", "کلمه ", "&lt;script&gt; ", '<a href="https://x.org/">پیوند</a> ', "😀"])
).map(lambda parts: "".join(parts) * 40)
_STYLES = st.builds(
    PostStyle, st.sampled_from(Shape), st.sampled_from(Photo), st.booleans(), st.booleans(), _LONG.map(signature_of)
)


def _article(content: Content, *, breaking: bool = False, name: str = "سیاسی") -> Article:
    return replace(PUBLISHED, category=Category(1, "a", name, name), content=content, breaking=breaking)


_CONTENTS = st.builds(
    lambda title, lead, paragraph, photo, media, note, tags: Content(
        f"ت{title}"[:300],
        lead[:2000],
        (Block(BlockKind.HEADING, "میان‌تیتر"), Block(BlockKind.PARAGRAPH, paragraph)),
        photo,
        media,
        note=note[:200],
        tags=tuple(tags),
    ),
    _LONG,
    _LONG,
    _MARKED,
    st.sampled_from(["", "file-id", "https://example.org/a.jpg"]),
    st.sampled_from([(), (Media(MediaKind.VIDEO, "video-id"),)]),
    _LONG,
    st.lists(_LONG, max_size=6),
)


class _Nesting(HTMLParser):
    """Fails on a tag that is closed in the wrong place, and counts them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.count = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        assert tag in ("b", "a", "code"), tag
        self.open.append(tag)
        self.count += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@settings(max_examples=200, deadline=None)
@given(_CONTENTS, _STYLES, st.booleans(), st.booleans(), st.sampled_from(_CATALOG.languages))
def test_every_article_fits_in_every_style(
    content: Content, style: PostStyle, breaking: bool, as_caption: bool, language: str
) -> None:
    texts = _CATALOG.bind(language, ZoneInfo("Asia/Tehran"))
    post = headline(_article(content, breaking=breaking), texts, "peyk_bot", style=style, as_caption=as_caption)
    shown = strip_tags(post.html)
    assert length(shown) <= (CAPTION_LIMIT if post.media or as_caption else TEXT_LIMIT)
    nesting = _Nesting()
    nesting.feed(post.html)
    nesting.close()
    assert nesting.open == []
    assert nesting.count <= 90
    assert not re.search(r"<(?!/?(b|a|code)\b)", post.html)
    assert texts.digits("264802") in shown
    assert (texts("breaking-mark") in shown) is breaking
    if content.note:
        assert strip_tags(texts.html("article-note", note=""))[:8] in shown
    assert bool(post.keyboard) is style.buttons
    if style.photo is Photo.NONE:
        assert post.media == ""
    if style.signature:
        assert shown.splitlines()[-1].strip(f"{RLM}\u2068\u2069") == style.signature


@given(_STYLES)
def test_a_style_is_kept_as_a_line_and_read_again(style: PostStyle) -> None:
    assert parse_post_style(str(style)) == style
    assert "\n" not in str(style)


def test_the_usual_style_is_nothing_at_all() -> None:
    assert str(USUAL_STYLE) == ""
    assert parse_post_style("") == USUAL_STYLE


@pytest.mark.parametrize(
    "stored",
    [
        "shape=lead",
        "shape=huge",
        "tags=off photo=any",
        "photo=any ",
        " photo=any",
        "sign=",
        "sign= x",
        "x",
        "tags=on",
    ],
)
def test_what_is_no_style_is_not_read(stored: str) -> None:
    assert parse_post_style(stored) is None


_STORY = Content(
    "تیتر خبر",
    "لید خبر.",
    (Block(BlockKind.HEADING, "میان‌تیتر"), Block(BlockKind.PARAGRAPH, "بند <b>نخست</b>.")),
    "https://example.org/a.jpg",
    tags=("نوآباد",),
)


def _shown(style: PostStyle, content: Content = _STORY) -> str:
    return strip_tags(headline(_article(content), _TEXTS, "peyk_bot", style=style).html).replace(RLM, "")


def test_a_shape_says_what_the_one_before_it_says_and_more() -> None:
    assert "لید خبر." not in _shown(PostStyle(Shape.TITLE))
    assert "بند نخست." not in _shown(PostStyle(Shape.LEAD))
    assert _shown(PostStyle(Shape.PARAGRAPH)).startswith("تیتر خبر\n\nلید خبر.\n\nبند نخست.\n\n")
    assert "<b>نخست</b>" in headline(_article(_STORY), _TEXTS, "b", style=PostStyle(Shape.PARAGRAPH)).html


def test_a_text_that_begins_with_its_lead_says_it_once() -> None:
    doubled = replace(_STORY, body=(Block(BlockKind.PARAGRAPH, "لید\nخبر."),))
    assert _shown(PostStyle(Shape.PARAGRAPH), doubled).count("لید خبر.") == 1


def test_the_hashtags_go_and_the_signature_is_the_last_line() -> None:
    assert "#نوآباد" in _shown(USUAL_STYLE)
    bare = headline(
        _article(_STORY), _TEXTS, "peyk_bot", style=PostStyle(tags=False, signature='@kanal <b>"x"</b>')
    )
    assert "#" not in strip_tags(bare.html)
    assert bare.html.splitlines()[-1] == f"{RLM}\u2068@kanal &lt;b&gt;&quot;x&quot;&lt;/b&gt;\u2069"


def test_a_sources_photo_goes_only_where_any_is_wanted_and_what_the_newsroom_attached_goes_first() -> None:
    def carried(photo: Photo, content: Content) -> str:
        return headline(_article(content), _TEXTS, "peyk_bot", style=PostStyle(photo=photo)).media

    assert [carried(photo, _STORY) for photo in Photo] == ["", _STORY.photo, ""]
    filmed = replace(_STORY, media=(Media(MediaKind.VIDEO, "video-id"),))
    assert [carried(photo, filmed) for photo in Photo] == ["video-id", "video-id", ""]
    kept = replace(_STORY, photo="file-id")
    assert [carried(photo, kept) for photo in Photo] == ["file-id", "file-id", ""]


def test_a_signature_is_one_line_of_what_can_be_seen() -> None:
    assert signature_of(" @kanal\n\u202eخبر\u200cها ") == "@kanal خبر\u200cها"
    assert length(signature_of("س" * 300)) == SIGNATURE_UNITS
    assert signature_of("\u200e \n") == ""
