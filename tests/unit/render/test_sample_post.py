"""The posts that a source would bring, as they are shown before it is added."""

from zoneinfo import ZoneInfo

import pytest

from bot.locales.catalog import Catalog
from bot.render.html import length, strip_tags
from bot.render.sample_post import SamplePost, sample_post
from storage.records import Category
from tests.desk import bare

_CATALOG = Catalog.load()
_SPORTS = Category(2, "sports", "ورزشی", "Sports")
_SAMPLE = SamplePost(
    "قهرمانی <تیم> ملی",
    "لید خبر.",
    _SPORTS,
    ("فوتبال",),
    1_795_755_600_000,
    "https://paper.example/news/1",
    "https://paper.example/1.jpg",
)


@pytest.mark.parametrize("language", ["fa", "en", "ar"])
def test_a_sample_has_the_form_of_a_post(language: str) -> None:
    texts = _CATALOG.bind(language, ZoneInfo("Asia/Tehran"))
    html = sample_post(_SAMPLE, "روزنامه", texts, room=1000)
    shown = bare(strip_tags(html, escaped=True))
    title, _, lead, _, tags, date, source = shown.splitlines()
    assert (title, lead) == ("قهرمانی &lt;تیم&gt; ملی", "لید خبر.")
    assert len(tags.split()) == 2
    assert tags.endswith("#فوتبال")
    assert date.startswith("🗓")
    assert source == "🌐 روزنامه · 🖼"
    assert '<a href="https://paper.example/news/1">' in html
    assert '<a href="https://paper.example/1.jpg">🖼</a>' in html


@pytest.mark.parametrize("room", [60, 130, 259, 260, 400, 1000])
def test_long_texts_stay_within_their_room(room: int) -> None:
    texts = _CATALOG.bind("fa", ZoneInfo("Asia/Tehran"))
    long = SamplePost("تیتر " * 99, "لید " * 999, _SPORTS, ("برچسب",) * 3, 1_795_755_600_000, "", "not an address")
    html = sample_post(long, "روزنامه", texts, room=room)
    assert length(strip_tags(html)) <= room + 30
    assert "🖼" not in html
