"""Bands of stories on both databases: how articles are found under them, and what a common one tells."""

from bot.ingest.incoming import Story
from bot.ingest.storing.story_matching import SameStory, Stories
from bot.newsroom.story_signature import signature
from storage import stories
from storage.engine.database import Database
from storage.schema import article
from storage.stories import Signed
from tests.storage.feeding import Entry, Newsroom

_ALL = article.select()
_TITLE = "ذخیرهٔ سدهای پایتخت به کمترین اندازهٔ شصت سال گذشته رسید"
_TEXT = (
    "سخنگوی وزارت نیرو از شهروندان خواست مصرف را یک‌پنجم کم کنند. او افزود خط انتقال تازه تا پایان زمستان آماده "
    "می‌شود و جیره‌بندی در برنامه نیست. به گفتهٔ او بارش پاییزی در حوضهٔ البرز چهل درصد کمتر از میانگین بوده است."
)


async def _many(database: Database, count: int) -> list[int]:
    """Store so many articles that have nothing in common; return their numbers in order."""
    newsroom = Newsroom(database)
    source = await newsroom.source("https://one.example/rss", begun=False)
    await newsroom.read(
        source, *(Entry(f"خبر {n}", f"https://one.example/news/{n}", text="") for n in range(count))
    )
    async with database.read() as connection:
        return sorted(row.id for row in await connection.execute(_ALL))


async def _signed(database: Database, article_ids: list[int], bands: tuple[int, ...]) -> None:
    packed = signature(_TITLE, "", _TEXT).fingerprint.to_bytes()
    async with database.write() as tx:
        await stories.put(tx, [Signed(article_id, packed, bands) for article_id in article_ids], now=1)


async def _told(database: Database, story: Story) -> int | None:
    """Return the article whose story a new item tells."""
    async with database.read() as connection:
        [telling] = await Stories(SameStory.FOLD).of(connection, [story], source_id=0)
    return telling.article_id if telling is not None else None


async def test_a_band_leads_to_a_bounded_number_of_articles(database: Database) -> None:
    ids = await _many(database, 6)
    await _signed(database, ids[:5], (7, -(2**63)))
    await _signed(database, ids[5:], (2**63 - 1,))
    async with database.read() as connection:
        under = await stories.by_bands(connection, [7, -(2**63), 2**63 - 1, 8], most=3)
    assert under == {7: ids[:3], -(2**63): ids[:3], 2**63 - 1: ids[5:]}


async def test_a_band_that_many_share_tells_a_story_only_beside_another(database: Database) -> None:
    ids = await _many(database, 21)
    own = signature(_TITLE, "", _TEXT)
    story = Story(own.fingerprint.to_bytes(), own.bands)
    await _signed(database, ids[:20], own.bands[:1])
    assert await _told(database, story) is None, "a phrase that twenty articles have is no sign"
    await _signed(database, ids[20:], own.bands[1:2])
    assert await _told(database, story) == ids[20], "one that few articles have is"
    await _signed(database, ids[:20], own.bands[2:4])
    await _signed(database, ids[20:], ())
    assert await _told(database, story) == ids[0], "what many tell is known by two"
