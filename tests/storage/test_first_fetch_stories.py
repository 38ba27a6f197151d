"""A story of several sources whose first article came with a first fetch, on both databases."""

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
