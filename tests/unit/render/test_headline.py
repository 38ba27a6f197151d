"""Headlines, lists and previews fit into what Telegram takes, whatever an article holds."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.locales.catalog import Catalog
from bot.render.article import preview
from bot.render.headline import headline
from bot.render.html import CAPTION_LIMIT, TEXT_LIMIT, length, strip_tags
from bot.render.listing import MOST_LISTED, listing
from storage.records import Article, Category, Content
from tests.unit.articles import PUBLISHED

_CATALOG = Catalog.load()
_LETTERS = st.text(alphabet='ابپ abc😀&<>"\u200c', max_size=40)
_LONG = st.builds(lambda text, times: (text or "ب") * times, _LETTERS, st.integers(1, 60))


def _article(
    title: str, lead: str, photo: str, name: str, number: int, note: str = "", breaking: bool = False
) -> Article:
    return replace(
        PUBLISHED,
        id=number,
        category=Category(1, "a", name, name),
        content=Content(title=title, lead=lead, photo=photo, note=note),
        breaking=breaking,
    )


_ARTICLES = st.builds(
    _article,
    _LONG.map(lambda text: f"ت{text}"[:300]),
    _LONG.map(lambda text: text[:2000]),
    st.sampled_from(["", "file-id", "https://example.org/a.jpg"]),
    st.one_of(st.just("علم و فناوری"), _LONG.map(lambda text: f"ب{text}"[:60])),
    st.integers(1, 10**12),
    _LONG.map(lambda text: text[:200]),
    st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(_ARTICLES, st.sampled_from(_CATALOG.languages))
def test_everything_shown_of_an_article_fits(article: Article, language: str) -> None:
    texts = _CATALOG.bind(language, ZoneInfo("Asia/Tehran"))
    pushed = headline(article, texts, "peyk_bot")
    assert length(strip_tags(pushed.html)) <= (CAPTION_LIMIT if pushed.media else TEXT_LIMIT)
    assert pushed.media in ("", "file-id")
    under_another_photo = headline(article, texts, "peyk_bot", as_caption=True)
    assert length(strip_tags(under_another_photo.html)) <= CAPTION_LIMIT
    many = [article] * MOST_LISTED
    assert length(strip_tags(listing("فهرست", many, texts, "peyk_bot").html)) <= TEXT_LIMIT
    for page in preview(article, texts, ()):
        assert length(strip_tags(page.html)) <= TEXT_LIMIT


def test_under_a_photo_the_lead_gives_way_and_the_number_stays() -> None:
    texts = _CATALOG.bind("fa", ZoneInfo("Asia/Tehran"))
    article = _article("تیتر " * 60, "لید " * 400, "file-id", "سیاسی", 264802, note="نام شهر\nو روستا")
    pushed = headline(article, texts, "peyk_bot")
    shown = strip_tags(pushed.html)
    assert "لید لید" in shown
    assert "…" in shown
    assert "اصلاح شد: \u2068نام شهر و روستا\u2069" in shown.splitlines()[4]
    assert shown.endswith("۲۶۴۸۰۲")


def test_breaking_news_says_so_wherever_it_is_pushed() -> None:
    texts = _CATALOG.bind("fa", ZoneInfo("Asia/Tehran"))
    urgent = _article("زمین‌لرزه در نوآباد", "لید", "", "سیاسی", 1, breaking=True)
    other = _article("همایش در نوآباد", "لید", "", "سیاسی", 2)
    assert strip_tags(headline(urgent, texts, "peyk_bot").html).splitlines()[0].endswith("🔴 فوری")
    assert "فوری" not in headline(other, texts, "peyk_bot").html
