"""The choice of an article's photo among a source's pictures, by their evidence."""

import pytest

from bot.ingest.markup.lead_picture import Fitness, PictureEvidence, fitness, lead_pictures
from bot.ingest.page.article_page import parse_page
from bot.ingest.raw_document import RawDocument
from tests.unit.ingest.feeds import TEHRAN, item, read, rss

_TEXT = "متن خبری که به اندازهٔ کافی بلند است تا متن یک خبر شمرده شود. " * 5
_A, _B = "https://img.example/a/bridge.jpg", "https://img.example/b/river.jpg"


def _photo_of(head: str, body: str) -> str:
    """Return the photo of a page with that in its head, and that above its text."""
    page = f"<html><head><title>پل تازه باز شد</title>{head}</head><body>{body}<h1>پل تازه باز شد</h1><p>{_TEXT}</p></body></html>"
    url = "https://news.example/fa/news/5"
    return parse_page(RawDocument(page.encode(), "text/html; charset=utf-8", url), TEHRAN, 1_800_000_000_000).photo


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (PictureEvidence(_A), Fitness.FIT),
        (PictureEvidence(_A, "image/jpeg", 1200, 675, 90_000), Fitness.FIT),
        (PictureEvidence(_A, "image/svg+xml"), Fitness.UNFIT),
        (PictureEvidence(_A, "IMAGE/X-ICON; a=b"), Fitness.UNFIT),
        (PictureEvidence("https://img.example/a.svg"), Fitness.UNFIT),
        (PictureEvidence("https://img.example/favicon.ico"), Fitness.UNFIT),
        (PictureEvidence("https://img.example/site-logo.png", "image/png", 1200, 630), Fitness.UNFIT),
        (PictureEvidence("https://img.example/sprite.png"), Fitness.UNFIT),
        (PictureEvidence("https://img.example/placeholder.jpg"), Fitness.UNFIT),
        (PictureEvidence("https://img.example/1x1.gif"), Fitness.UNFIT),
        (PictureEvidence(_A, width=1, height=1), Fitness.UNFIT),
        (PictureEvidence(_A, width=32, height=32), Fitness.UNFIT),
        (PictureEvidence("https://img.example/beat.gif", "image/gif", size=43), Fitness.UNFIT),
        (PictureEvidence("https://img.example/beat.gif", "image/gif", size=400_000), Fitness.WEAK),
        (PictureEvidence(_A, width=150, height=100), Fitness.WEAK),
        (PictureEvidence(_A, width=1200, height=90), Fitness.WEAK),
        (PictureEvidence(_A, width=1200, height=200), Fitness.WEAK),
        (PictureEvidence(_A, width=160, height=800), Fitness.WEAK),
        (PictureEvidence(_A, size=300), Fitness.WEAK),
    ],
)
def test_the_fitness_of_a_picture(evidence: PictureEvidence, expected: Fitness) -> None:
    assert fitness(evidence) is expected


def test_the_first_of_the_fittest_counts_and_the_others_may_stand_in() -> None:
    banner = PictureEvidence("https://img.example/c/wide.jpg", width=1200, height=90)
    logo = PictureEvidence("https://img.example/logo.png")
    told = (PictureEvidence(""), logo, banner, PictureEvidence(_A), PictureEvidence(_B), PictureEvidence(_A))
    assert lead_pictures(told) == (_A, _B, banner.url)


def test_the_declared_size_of_a_feeds_picture_decides() -> None:
    banner = '<media:content url="https://img.example/top.jpg" medium="image" width="1400" height="120"/>'
    assert item(banner + f'<media:content url="{_A}" medium="image" width="600" height="400"/>').photo == _A
    drawn = f'<media:content url="https://img.example/x" type="image/svg+xml"/><media:thumbnail url="{_A}" width="120"/>'
    assert item(drawn).photo == _A


def test_a_picture_on_most_entries_gives_way_to_the_next() -> None:
    brand = '<media:content url="https://paper.example/up/brand.jpg" medium="image" width="900" height="600"/>'
    own = "".join(
        f'<item><title>خبر {n}</title>{brand}<media:thumbnail url="https://img.example/{n}/p.jpg" width="300"/></item>'
        for n in range(4)
    )
    assert [entry.photo for entry in read(rss(own)).items] == [f"https://img.example/{n}/p.jpg" for n in range(4)]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f'<meta property="og:image" content="{_A}">', ""),
        (
            '<meta property="og:image" content="https://img.example/t.jpg"><meta property="og:image:width" content="90">'
            f'<meta property="og:image:height" content="60"><meta name="twitter:image" content="{_A}">',
            "",
        ),
        (
            '<meta property="og:image" content="https://img.example/i"><meta property="og:image:type" '
            f'content="image/svg+xml"><link rel="image_src" href="{_A}">',
            "",
        ),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","image":{"url":"https://img.example/w.jpg",'
            f'"width":1200,"height":"90"}}}}</script><meta property="og:image:url" content="{_A}">',
            "",
        ),
        ("", f'<figure class="post-cover" style="color:red;background-image: url(\'{_A}\')"></figure>'),
    ],
)
def test_the_photo_of_a_page_by_its_evidence(head: str, body: str) -> None:
    assert _photo_of(head, body) == _A


@pytest.mark.parametrize(
    "body",
    [
        f'<aside><div class="image" style="background:url({_A})"></div></aside>',
        f'<div class="menu" style="background-image:url({_A})"></div>',
        '<div class="image" style="background-image:url(/img/placeholder.png)"></div>',
    ],
)
def test_other_backgrounds_are_no_photo(body: str) -> None:
    assert _photo_of("", body) == ""
