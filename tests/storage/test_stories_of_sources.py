"""Stories: of several sources whose first article came with a first fetch, and of one source, on both databases."""

import pytest

from bot.ingest.storing.item_store import ItemStore
from bot.ingest.storing.story_matching import SameStory
from storage.engine.database import Database
from storage.records import ArticleState
from storage.schema import article
from tests.storage.feeding import HOUR, Entry, Newsroom

_TEXT = (
    "سخنگوی وزارت نیرو گفت ذخیرهٔ سدهای پایتخت به کمترین اندازهٔ شصت سال گذشته رسیده و از شهروندان خواست مصرف را "
    "یک‌پنجم کم کنند. او افزود خط انتقال تازه تا پایان زمستان آماده می‌شود و جیره‌بندی در برنامه نیست. به گفتهٔ او "
    "بارش پاییزی در حوضهٔ البرز چهل درصد کمتر از میانگین بوده است."
)


def _told(site: str, title: str = "ذخیرهٔ سدهای پایتخت به کمترین اندازه رسید") -> Entry:
    return Entry(title, f"https://{site}.example/a/the-dams-of-the-capital", text=_TEXT)


async def _states(newsroom: Newsroom) -> list[tuple[str, ArticleState, bool]]:
    """Return each article's site and state and whether it tells another's story, the first to come first."""
    query = article.select().order_by(article.c.created_at, article.c.id)
    async with newsroom.database.read() as connection:
        rows = list(await connection.execute(query))
    return [(row.origin.removesuffix(".example"), row.state, row.story_id is not None) for row in rows]


async def test_a_copy_joins_a_story_that_came_with_a_first_fetch(database: Database) -> None:
    newsroom = Newsroom(database)
    await newsroom.read(await newsroom.source("https://one.example/rss", begun=False), _told("one"))
    await newsroom.read(await newsroom.source("https://two.example/rss"), _told("two"))
    await newsroom.read(await newsroom.source("https://three.example/rss"), _told("three"))
    assert await _states(newsroom) == [
        ("one", ArticleState.PUBLISHED, False),
        ("two", ArticleState.PUBLISHED, True),
        ("three", ArticleState.FOLDED, True),
    ]
    assert len(await newsroom.pushed()) == 1, "readers had nothing of the first fetch"


@pytest.mark.parametrize(
    ("policy", "state"),
    [
        (SameStory.FOLD, ArticleState.FOLDED),
        (SameStory.PUSH, ArticleState.PUBLISHED),
        (SameStory.ASK, ArticleState.PUBLISHED),
    ],
)
async def test_what_a_first_fetch_brings_joins_its_story_and_goes_to_nobody(
    database: Database, policy: SameStory, state: ArticleState
) -> None:
    newsroom = Newsroom(database, ItemStore(most_age=48 * HOUR, same_story=policy))
    await newsroom.read(await newsroom.source("https://one.example/rss", begun=False), _told("one"))
    await newsroom.read(await newsroom.source("https://two.example/rss", begun=False), _told("two"))
    assert await _states(newsroom) == [("one", ArticleState.PUBLISHED, False), ("two", state, True)]
    assert not await newsroom.pushed()


async def test_a_source_that_reports_on_an_event_twice_repeats_itself_only_under_the_same_title(
    database: Database,
) -> None:
    newsroom = Newsroom(database)
    source = await newsroom.source("https://one.example/rss")
    title = "ذخیرهٔ سدهای پایتخت به کمترین اندازه رسید"
    first = Entry(title, "https://one.example/a/the-dams", text=_TEXT)
    more = Entry(f"{title}: جزئیات تازه", "https://one.example/a/the-dams-in-detail", text=_TEXT)
    again = Entry(title, "https://one.example/b/the-dams-of-the-capital", text=_TEXT)
    await newsroom.read(source, first)
    await newsroom.read(source, first, more)
    await newsroom.read(source, first, more, again)
    assert await _states(newsroom) == [
        ("one", ArticleState.PUBLISHED, False),
        ("one", ArticleState.PUBLISHED, False),
        ("one", ArticleState.FOLDED, True),
    ]
    await newsroom.read(await newsroom.source("https://two.example/rss"), _told("two", f"{title}، جزئیات تازه"))
    assert (await _states(newsroom))[-1] == ("two", ArticleState.FOLDED, True), (
        "of another source any title will do"
    )
