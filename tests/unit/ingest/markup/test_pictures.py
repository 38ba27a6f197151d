"""The photo that an element of a page shows."""

import pytest

from bot.ingest.markup.blocks import html_blocks
from bot.ingest.markup.pictures import is_same_picture
from storage.records import BlockKind

_BASE = "https://news.example/fa/news/5"


def _shown(markup: str) -> list[str]:
    return [block.url for block in html_blocks(markup, _BASE) if block.kind is BlockKind.IMAGE]


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        ("<img src='/a.jpg'>", "/a.jpg"),
        ("<img src='data:image/gif;base64,R0' data-srcset='/s.jpg 480w, /l.jpg 1200w, /m.jpg 800w'>", "/l.jpg"),
        ("<img src='/s.jpg' srcset='/s.jpg, /l.jpg 2x'>", "/l.jpg"),
        ("<img src='/s.jpg' srcset='/l.jpg 1600w, /huge.jpg 9000w'>", "/l.jpg"),
        ("<img src='/s.jpg' srcset='/c,w_300/a.jpg 300w,/c,w_900/a.jpg 900w'>", "/c,w_900/a.jpg"),
        ("<picture><source data-srcset='/l.webp 1200w'><img src='/loading.gif'></picture>", "/l.webp"),
        ("<img src='/img/blank.gif' data-lazy-src='/a.jpg'>", "/a.jpg"),
        ("<img src='data:image/svg+xml,x'> <noscript><img src='/a.jpg'></noscript>", "/a.jpg"),
        ("<noscript><img src='/a.jpg'></noscript>", "/a.jpg"),
        ("<img data-lazyload='/a.jpg'>", "/a.jpg"),
        ("<img src='/x/placeholder.png' data-url='/a.jpg'>", "/a.jpg"),
        ("<img data-hi-res-src='/a.jpg' data-id='/b.jpg'>", "/a.jpg"),
        ("<img data-cfsrc='/a.jpg' style='display:none'><noscript><img src='/a.jpg'></noscript>", "/a.jpg"),
        ("<a href='/files/big.jpg'><img src='/files/small.jpg'></a>", "/files/big.jpg"),
        ("<amp-img src='/a.jpg' width='600' height='400'></amp-img>", "/a.jpg"),
        (
            "<img src='/2025/12/company-shows-its-new-logo-in-tehran.jpg'>",
            "/2025/12/company-shows-its-new-logo-in-tehran.jpg",
        ),
    ],
)
def test_the_largest_sensible_photo_is_shown_once(markup: str, address: str) -> None:
    assert _shown(markup) == [f"https://news.example{address}"]


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='/a.jpg' width='1' height='1'>",
        "<img src='https://pixel.wp.example/g.gif'>",
        "<img src='https://secure.gravatar.com/avatar/0a1b?s=96'>",
        "<img src='/images/logo.png'>",
        "<img src='/avatars/12.jpg'>",
        "<img class='wp-smiley' src='/smile.png'>",
        "<img src='/theme/spacer.gif'>",
        "<img src='/icon.svg'>",
        "<img src='data:image/png;base64,AAAA'>",
        "<a href='https://shop.example/'><img src='/campaign.jpg'></a>",
        "<img src='javascript:alert(1)'>",
        "<img src='/a.jpg' style='display:none'>",
        "<img data-id='/a.jpg'>",
        "<div><noscript><p>جاوااسکریپت را روشن کنید</p></noscript></div>",
    ],
)
def test_pixels_logos_avatars_and_advertisements_are_no_photos(markup: str) -> None:
    assert html_blocks(markup, _BASE) == ()


def test_a_set_of_many_candidates_is_read_in_part() -> None:
    assert _shown(f"<img src='/a.jpg' srcset='{'/b.jpg 1w,' * 100_000}'>") == ["https://news.example/b.jpg"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/up/bridge-opens-2026.jpg", "/up/bridge-opens-2026-1024x576.jpg", True),
        ("/up/bridge-opens-2026-300x200.jpg", "/up/bridge-opens-2026-scaled.webp", True),
        ("/d/2026/11/28/3/6983317.jpg", "/d/2026/11/28/4/6983317.jpg", True),
        ("/up/bridge-opens-2026.jpg?w=300", "/up/bridge-opens-2026.jpg", True),
        ("/up/6983317.jpg", "/up/6983318.jpg", False),
        ("/a/image.jpg", "/b/image.jpg", False),
        ("/a/1.jpg", "/b/1.jpg", False),
    ],
)
def test_sizes_of_one_picture_are_known(one: str, other: str, same: bool) -> None:
    assert is_same_picture(f"https://news.example{one}", f"https://news.example{other}") is same
    assert not is_same_picture(f"https://news.example{one}", f"https://else.example{one}")
