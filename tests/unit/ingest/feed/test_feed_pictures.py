"""The picture of a feed that is an article's."""

import json

import pytest

from bot.ingest.markup.dom import parse_html
from bot.ingest.markup.pictures import is_photo, picture_of
from storage.records import BlockKind
from tests.unit.ingest.feeds import entry, item, read, rss

_PHOTO = "https://img.example/a/bridge.jpg"


def _media(url: str, more: str = 'medium="image"') -> str:
    return f'<media:content url="{url}" {more}/>'


def _shown(markup: str) -> str:
    return f"<description><![CDATA[{markup}<p>متن.</p>]]></description>"


@pytest.mark.parametrize(
    "inner",
    [
        _media("https://0.gravatar.com/avatar/abc?s=96&amp;d=identicon") + _media(_PHOTO),
        _media("https://paper.example/avatars/7.jpg") + f'<enclosure url="{_PHOTO}" type="image/jpeg" length="0"/>',
        f'<enclosure url="" type="image/jpeg"/><enclosure url="https://v.example/a.mp4" type="video/mp4"/><enclosure url="{_PHOTO}" type="IMAGE/JPEG"/>',
        f'<enclosure url="{_PHOTO}" type=""/>',
        f'<media:content url="https://v.example/a.mp4" medium="video"><media:thumbnail url="{_PHOTO}"/></media:content>',
        "<media:group>"
        + _media("https://img.example/s.jpg", 'width="120" type="image/jpeg"')
        + _media(_PHOTO, 'width="1200" type="image/jpeg"')
        + _media("https://img.example/m.jpg", 'width="600" type="image/jpeg"')
        + "</media:group>",
        f'<media:thumbnail url="https://img.example/t.jpg" width="140"/>{_media(_PHOTO)}',
        '<media:thumbnail url="https://img.example/t.jpg" width="75"/>' + _shown(f"<img src={_PHOTO}>"),
        f"<image><url>{_PHOTO}</url></image>",
        f"<image><url><![CDATA[{_PHOTO}]]></url><title>نشان</title></image>",
        f"<thumbnail>{_PHOTO}</thumbnail>",
        f'<thumbnail width="90" url="{_PHOTO}"/>',
        f'<image href="{_PHOTO}"/>',
        f"<og:image>{_PHOTO}</og:image>",
        f'<media:image url="{_PHOTO}"/>',
        f'<itunes:image href="{_PHOTO}"/>',
        _shown(
            f'<img src="data:image/svg+xml,x" data-srcset="https://img.example/a/360.jpg 360w, {_PHOTO} 1280w">'
        ),
        _shown(f'<img srcset="https://img.example/1x.jpg 1x, {_PHOTO} 2x" src="https://img.example/1x.jpg">'),
        _shown(f'<picture><source srcset="{_PHOTO} 800w"><img src="data:image/gif;base64,R0lGOD"></picture>'),
        _shown(f'<img src="https://img.example/lazy.gif" data-src="{_PHOTO}">'),
        _shown(f'<img src="https://pixel.example/b.gif?host=x&amp;blog=1"><img src="{_PHOTO}">'),
        _shown(f'<img src="https://paper.example/x.gif" width="1" height="1"><img src="{_PHOTO}">'),
        _shown(f'<img src="https://feeds.feedburner.com/~r/p/~4/x"><img src="{_PHOTO}">'),
        _shown(f'<img src="https://s.w.org/images/core/emoji/14/72x72/1f600.png"><img src="{_PHOTO}">'),
        _shown(f'<img class="wp-smiley" src="https://paper.example/sm/1.gif"><img src="{_PHOTO}">'),
        _shown(f'<img src="https://paper.example/static/logo.png"><img src="{_PHOTO}">'),
        _shown(f'<img style="height:0px" src="https://paper.example/c.jpg"><img src="{_PHOTO}">'),
        _media("https://paper.example/images/default.jpg") + _media(_PHOTO),
        _media("https://paper.example/assets/og-image.png") + _media(_PHOTO),
        _media("https://paper.example/null") + _media(_PHOTO),
        f'<link>https://paper.example/n/1?utm_source=rss</link>{_shown(f"""<a href="https://paper.example/n/1"><img src="{_PHOTO}"></a>""")}',
    ],
)
def test_the_articles_own_picture_is_its_photo(inner: str) -> None:
    assert item(inner).photo == _PHOTO


@pytest.mark.parametrize(
    "inner",
    [
        _media("https://1.gravatar.com/avatar/abc"),
        _media("https://lh3.googleusercontent.com/a/ACg8ocK=s96-c"),
        _media("https://avatars.githubusercontent.com/u/1?v=4"),
        _media("https://ui-avatars.com/api/?name=a"),
        '<enclosure url="https://v.example/a.mp3" type="audio/mpeg"/>',
        '<enclosure url="https://v.example/a.pdf" type="application/pdf"/>',
        '<enclosure url="https://v.example/download?id=5" type=""/>',
        _shown('<img src="https://stats.wordpress.com/b.gif?host=x">'),
        _shown('<img src="data:image/png;base64,AAAA">'),
    ],
)
def test_what_is_no_picture_of_it_is_none(inner: str) -> None:
    assert item(inner).photo == ""


def test_the_author_s_page_is_no_picture() -> None:
    read_item = entry(
        "<title>ی</title><author><name>نویسنده</name><uri>https://paper.example/people/1</uri></author>"
    )
    assert (read_item.photo, read_item.byline) == ("", "نویسنده")


def test_the_feeds_own_picture_and_one_that_stands_by_most_items_are_no_articles() -> None:
    own = "<image><url>https://paper.example/brand-80x80.png</url></image>"
    brand = _media("https://paper.example/brand-80x80.png")
    assert read(rss(f"<item><title>یک</title>{brand}{_media(_PHOTO)}</item>", own)).items[0].photo == _PHOTO
    items = "".join(
        f"<item><title>خبر {n}</title>{_media('https://paper.example/up/brand.jpg')}</item>" for n in range(4)
    )
    feed = read(rss(f"{items}<item><title>خبر دیگر</title>{_media(_PHOTO)}</item>"))
    assert [read_item.photo for read_item in feed.items] == ["", "", "", "", _PHOTO]


def test_pictures_of_json_feed() -> None:
    items = [
        {"title": "یک", "image": "/i.jpg"},
        {
            "title": "دو",
            "attachments": [
                {"url": "https://v.example/a.mp3", "mime_type": "audio/mpeg"},
                {"url": _PHOTO, "mime_type": "image/jpeg"},
            ],
        },
        {"title": "سه", "image": "https://paper.example/icon.png"},
    ]
    data = {"version": "https://jsonfeed.org/version/1.1", "icon": "https://paper.example/icon.png", "items": items}
    assert [read_item.photo for read_item in read(json.dumps(data)).items] == [
        "https://paper.example/i.jpg",
        _PHOTO,
        "",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example/2026/google-pixel-11-camera.jpg",
        "https://paper.example/2026/avatar-4-poster.jpg",
        "https://paper.example/2026/new-logo-of-the-club.jpg",
        "https://paper.example/2026/emoji-day.jpg",
        "https://paper.example/2026/railway-track.jpg",
        "https://ad.example/foto/1.jpg",
        "https://paper.example/counter-attack/1.jpg",
        "https://paper.example/b.gif",
    ],
)
def test_photos_of_things_with_such_names_are_no_decoration(url: str) -> None:
    assert is_photo(url)


def test_a_set_gives_its_largest_that_is_not_huge() -> None:
    base = "https://paper.example/n/1"
    assert (
        _photo_of({"srcset": "/a,b.jpg 400w,\n /c.jpg 1500w, /d.jpg 4000w"}, base) == "https://paper.example/c.jpg"
    )
    assert _photo_of({"srcset": "/c.jpg 2400w, /d.jpg 4000w"}, base) == "https://paper.example/c.jpg"
    assert _photo_of({"srcset": "/only.jpg"}, base) == "https://paper.example/only.jpg"
    assert _photo_of({"srcset": ", ,", "src": "/x.jpg", "width": "100%"}, base) == "https://paper.example/x.jpg"
    assert _photo_of({"src": None, "srcset": None}, base) == ""


def test_pictures_stay_in_the_body() -> None:
    read_item = item(_shown(f'<p>یک.</p><img src="{_PHOTO}"><p>دو.</p>'))
    assert [block.kind for block in read_item.body] == [BlockKind.IMAGE, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]


def _photo_of(attributes: dict[str, str | None], base: str) -> str:
    """Return the address of the photo that an <img> with these attributes shows."""
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items() if value is not None)
    image = parse_html(f"<img {written}>").css_first("img")
    assert image is not None
    return picture_of(image, base)


def _pictures(*names: str) -> str:
    return "".join(_media(f"https://img.example/2026/{name}", 'type="image/jpeg"') for name in names)


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        (_pictures("flood-101.jpg", "flood-102.jpg", "flood-103.jpg"), ["flood-102.jpg", "flood-103.jpg"]),
        # One picture in several sizes, by its name and by its group.
        (_pictures("flood-101-300x200.jpg", "flood-101-1024x768.jpg"), []),
        (f"<media:group>{_pictures('flood-101.jpg', 'other-102.jpg')}</media:group>", []),
        (
            f"<media:group>{_pictures('flood-101.jpg', 'small-1.jpg')}</media:group>"
            f"<media:group>{_pictures('flood-102.jpg', 'small-2.jpg')}</media:group>",
            ["flood-102.jpg"],
        ),
        # What the text shows is not shown again, and no logo is a picture of the report.
        (
            _pictures("flood-101.jpg", "flood-102.jpg", "flood-103.jpg", "logo.png")
            + _shown('<img src="https://img.example/2026/flood-103.jpg">'),
            ["flood-103.jpg", "flood-102.jpg"],
        ),
    ],
)
def test_several_pictures_make_a_gallery_below_the_text(inner: str, shown: list[str]) -> None:
    read = item(inner)
    assert [block.url.rpartition("/")[2] for block in read.body if block.url] == shown
    assert read.photo.startswith("https://img.example/2026/flood-101")
