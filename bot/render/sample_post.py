"""The post that an item of a source would become: a source is shown by some of them before it is added (pure)."""

from dataclasses import dataclass

from bot.locales.catalog import Texts
from bot.render.headline import hashtags
from bot.render.html import cut, escape, is_web_address
from storage.records import Article, ArticleState, Category, Content

TITLE_UNITS = 200
"""The longest title of a sample."""
LEAD_UNITS = 350
"""The longest lead of a sample."""
MOST_TAGS = 5
"""The most tags of a sample, besides its category."""

_AROUND = 260
"""The room for hashtags, date and source line."""
_LEAST_LEAD = 60


@dataclass(frozen=True, slots=True)
class SamplePost:
    """An item that is not stored: what its post would say. `published_at` (ms) is 0 where it is unknown."""

    title: str
    lead: str
    category: Category
    tags: tuple[str, ...]
    published_at: int
    url: str
    photo: str


def sample_post(sample: SamplePost, source: str, texts: Texts, *, room: int) -> str:
    """Return a post as HTML of about `room` units: title, lead, hashtags, date, and the source with a link.

    It has no number yet. Where there is little room, the title and the date are all.
    """
    title = cut(sample.title, min(TITLE_UNITS, max(room // 2, _LEAST_LEAD)))
    if room < _AROUND:
        date = [texts.short(sample.published_at)] if sample.published_at else []
        return f"{texts.mark}• {escape(texts.facts(title, *date))}"
    lines = [f"<b>{escape(texts.line(title))}</b>"]
    left = room - _AROUND - len(title)
    if sample.lead and left >= _LEAST_LEAD:
        lines += ["", escape(texts.line(cut(sample.lead, min(LEAD_UNITS, left)))), ""]
    lines.append(escape(texts.line(hashtags(_article(sample), texts, most=MOST_TAGS))))
    if sample.published_at:
        lines.append(f"🗓 {escape(texts.datetime(sample.published_at))}")
    name = escape(texts.apart(source))
    lines.append(f'🌐 <a href="{escape(sample.url)}">{name}</a>' if is_web_address(sample.url) else f"🌐 {name}")
    if is_web_address(sample.photo):
        lines[-1] += f' · <a href="{escape(sample.photo)}">🖼</a>'
    return "\n".join(lines)


def _article(sample: SamplePost) -> Article:
    return Article(
        id=0,
        state=ArticleState.PUBLISHED,
        category=sample.category,
        content=Content(sample.title, sample.lead, tags=sample.tags),
        revision=1,
        language="",
        url=sample.url,
        origin="",
        source_number="",
        author_id=None,
        published_at=sample.published_at,
        released_at=None,
        ordinal=None,
        scheduled_at=None,
        breaking=False,
        created_at=0,
        updated_at=0,
    )
