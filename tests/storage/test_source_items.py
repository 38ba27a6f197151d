"""Items of feeds into storage, on both databases: one article for each, once, by its own source's word alone."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.ingest.incoming import Incoming, Reading
from bot.ingest.item_store import ItemStore
from bot.ingest.page_reader import PageRead
from bot.ingest.reading import MOST_ITEMS, read_feed
from bot.ingest.recognition import Arrival
from bot.ingest.story_matching import SameStory
from storage import articles, audit, page_visits, source_items, sources
from storage.database import Database
from storage.records import Article, ArticleState, ChangePolicy, FanOutKind, PageVisit, Source, SourceKind
from storage.schema import fan_out

_ZONE = ZoneInfo("Asia/Tehran")
_NOW = 1_795_842_000_000
_HOUR = 3_600_000
_SITE = "https://khabar.example"


@dataclass
class Entry:
    """An entry of a feed; `minutes` is how long before now it is dated, None for no date."""

    title: str
    link: str = ""
    guid: str = ""
    text: str = "شرح کوتاه این خبر در یک سطر."
    minutes: int | None = 0


def _feed(entries: list[Entry]) -> bytes:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><description>{escape(one.text)}</description>"
        + (f"<link>{escape(one.link)}</link>" if one.link else "")
        + (f'<guid isPermaLink="false">{escape(one.guid)}</guid>' if one.guid else "")
        + (f"<pubDate>{_date(one.minutes)}</pubDate>" if one.minutes is not None else "")
        + "</item>"
        for one in entries
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>روزنامه</title>{items}</channel></rss>'.encode()
    )


def _date(minutes: int) -> str:
    return format_datetime(datetime.fromtimestamp(_NOW / 1000, UTC) - timedelta(minutes=minutes))


@dataclass
class Newsroom:
    """A database and its sources, into which feeds are read without a network."""

    database: Database
    store: ItemStore = field(default_factory=lambda: ItemStore(most_age=48 * _HOUR, same_story=SameStory.FOLD))
    now: int = _NOW

    async def source(self, url: str = f"{_SITE}/rss", *, review: bool = False, begun: bool = True) -> Source:
        """Add a source; one that has `begun` was fetched before, so that what comes is news."""
        async with self.database.write() as tx:
            made = await sources.add(tx, url, kind=SourceKind.FEED, category_id=1, review=review, now=self.now)
            if begun:
                settled = sources.Fetched(
                    made.id, self.now, self.now, "", "", "", "", None, frozenset(), frozenset(), None, None, 0
                )
                await sources.settle_fetched(tx, [settled])
            found = await sources.get(tx, made.id)
        assert found is not None
        return found

    async def read(self, source: Source, *entries: Entry) -> None:
        """Read a feed that holds just these entries."""
        feed = read_feed(_feed(list(entries)), "", source.url, _ZONE)
        arrivals = [Arrival(one, one.candidate.provenance.published_at) for one in feed.items]
        async with self.database.write() as tx:
            await self.store.store(tx, source, arrivals, now=self.now)
        self.now += 60_000

    async def articles(self) -> list[Article]:
        async with self.database.read() as connection:
            return await articles.newest(connection, 50)

    async def titles(self) -> list[str]:
        return sorted(one.content.title for one in await self.articles())

    async def pushed(self) -> list[int]:
        async with self.database.read() as connection:
            query = select(fan_out.c.article_id).where(fan_out.c.kind == FanOutKind.HEADLINE)
            return sorted((await connection.execute(query)).scalars())


@pytest.fixture
async def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


_TITLES = ("باران در شمال", "برف در غرب", "گرما در جنوب")


@pytest.mark.parametrize(
    "entries",
    [
        [Entry(title, f"{_SITE}/news/2026/11/28/{n}-story") for n, title in enumerate(_TITLES)],
        [Entry(title, f"{_SITE}/news/1405/09/07/story-{n}") for n, title in enumerate(_TITLES)],
        [Entry(title, f"{_SITE}/article/10-{word}") for title, word in zip(_TITLES, "abc", strict=True)],
        [Entry(title, f"{_SITE}/podcast", guid=f"episode-{n:08}") for n, title in enumerate(_TITLES)],
        [Entry(title, f"{_SITE}/status") for title in _TITLES],
        [Entry(title, f"{_SITE}/n/{word}", guid="N/A") for title, word in zip(_TITLES, "abc", strict=True)],
        [Entry(title, guid="") for title in _TITLES],
    ],
    ids=["date in path", "Jalali date in path", "digits of a slug", "one link", "no guid", "one guid", "no link"],
)
@pytest.mark.parametrize("at_once", [True, False])
async def test_different_items_are_different_articles(
    newsroom: Newsroom, entries: list[Entry], at_once: bool
) -> None:
    source = await newsroom.source()
    if at_once:
        await newsroom.read(source, *entries)
    else:
        for number in range(len(entries)):
            await newsroom.read(source, *reversed(entries[: number + 1]))
    assert await newsroom.titles() == sorted(_TITLES)
    assert len(await newsroom.pushed()) == 3
    await newsroom.read(source, *entries)
    assert len(await newsroom.articles()) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{_SITE}/a/story", f"{_SITE}/a/story?at_medium=RSS&utm_source=feed"),
        (f"{_SITE}/a/story", f"{_SITE}/a/story/;jsessionid=8F3A2B"),
        (f"{_SITE}/خبر/زلزله-در-کرمان", _SITE + quote("/خبر/زلزله-در-کرمان")),
        (f"{_SITE}/a/story", "http://www.khabar.example:80/a/story/"),
        (f"{_SITE}/fa/news/7001234/old-slug", f"{_SITE}/news/7001234/new-slug"),
        (f"{_SITE}/a/story", f"{_SITE}/amp/a/story"),
    ],
)  # fmt: skip
async def test_one_article_under_two_addresses_is_stored_once(newsroom: Newsroom, one: str, other: str) -> None:
    first, second = await newsroom.source(), await newsroom.source("http://khabar.example/feed2.xml")
    await newsroom.read(first, Entry("زلزله در کرمان", one))
    await newsroom.read(second, Entry("زلزله در کرمان", other))
    await newsroom.read(first, Entry("زلزله در کرمان", other))
    assert len(await newsroom.articles()) == 1
    assert len(await newsroom.pushed()) == 1
    async with newsroom.database.read() as connection:
        article_id = (await newsroom.articles())[0].id
        brought = await source_items.sightings(connection, article_id)
    assert {one.item.source_id for one in brought} == {first.id, second.id}
    assert all(one.item.reason for one in brought)


async def test_a_feed_that_moves_to_https_brings_nothing_again(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    old = [Entry(title, f"http://a.example/{n}x", f"http://a.example/{n}x") for n, title in enumerate(_TITLES)]
    await newsroom.read(source, *old)
    await newsroom.read(source, *(Entry(e.title, e.link.replace("http:", "https:"), e.guid.replace("http:", "https:")) for e in old))  # fmt: skip  # noqa: E501
    assert len(await newsroom.articles()) == 3


async def test_the_first_fetch_is_stored_and_not_pushed_and_old_items_neither(newsroom: Newsroom) -> None:
    source = await newsroom.source(begun=False)
    await newsroom.read(source, *(Entry(title, f"{_SITE}/a/{n}") for n, title in enumerate(_TITLES)))
    assert len(await newsroom.articles()) == 3
    assert await newsroom.pushed() == []
    other = await newsroom.source("https://b.example/rss")
    await newsroom.read(other, Entry("خبری بسیار کهنه", "https://b.example/a/old", minutes=3 * 24 * 60))
    assert len(await newsroom.articles()) == 4
    assert await newsroom.pushed() == []


async def test_numbers_of_a_site_become_news_numbers_where_they_are_its_own(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    await newsroom.read(source, Entry("خبر خودی", f"{_SITE}/fa/news/7001234/slug"))
    stranger = await newsroom.source("https://stranger.example/rss")
    await newsroom.read(stranger, Entry("خبر بیگانه", "https://victim.example/fa/news/7005555/slug"))
    by_title = {one.content.title: one for one in await newsroom.articles()}
    assert by_title["خبر خودی"].id == 7001234
    assert by_title["خبر بیگانه"].id != 7005555


async def test_a_stranger_neither_replaces_nor_suppresses_a_sites_own_article(newsroom: Newsroom) -> None:
    victim, attacker = await newsroom.source(), await newsroom.source("https://evil.example/rss")
    await newsroom.read(victim, Entry("خبر راست", f"{_SITE}/a/story", text="متن راستین خبر."))
    await newsroom.read(attacker, Entry("خبر دروغ", f"{_SITE}/a/story", text="متنی دیگر و دروغ."))
    await newsroom.read(attacker, Entry("خبر دروغ دوم", f"{_SITE}/a/story", text="باز هم دروغ."))
    assert "خبر راست" in await newsroom.titles()
    true = next(one for one in await newsroom.articles() if one.content.title == "خبر راست")
    assert (true.revision, true.content.lead) == (1, "متن راستین خبر.")

    await newsroom.read(attacker, Entry("فردا چه می‌شود", f"{_SITE}/a/tomorrow", text="پیش‌دستی."))
    await newsroom.read(victim, Entry("خبر فردا", f"{_SITE}/a/tomorrow", text="متن راستین فردا."))
    assert "خبر فردا" in await newsroom.titles()


async def test_a_stranger_that_was_first_with_a_headline_leaves_the_article_to_its_site(newsroom: Newsroom) -> None:
    stranger, own = await newsroom.source("https://hub.example/rss"), await newsroom.source()
    await newsroom.read(stranger, Entry("پل بزرگ گشوده شد", f"{_SITE}/a/bridge-opens", text="چند واژهٔ گردآورنده."))
    await newsroom.read(own, Entry("پل بزرگ گشوده شد", f"{_SITE}/a/bridge-opens", text="متن پایگاه."))
    (article,) = await newsroom.articles()
    assert article.content.lead == "متن پایگاه."
    await newsroom.read(stranger, Entry("پل بزرگ فرو ریخت", f"{_SITE}/a/bridge-opens", text="باز هم گردآورنده."))
    assert await newsroom.titles() == ["پل بزرگ گشوده شد"]
    await newsroom.read(own, Entry("پل بزرگ شهر گشوده شد", f"{_SITE}/a/bridge-opens", text="متن پایگاه."))
    (article,) = await newsroom.articles()
    assert article.content.title == "پل بزرگ شهر گشوده شد"
    assert len(await newsroom.pushed()) == 1


@pytest.mark.parametrize("other", ["https://khabar.example/rss", "https://hub.example/rss"], ids=["own", "another"])
@pytest.mark.parametrize("state", [ArticleState.REVIEW, ArticleState.DROPPED])
async def test_what_waits_for_a_yes_from_a_stranger_keeps_no_other_source_waiting(
    newsroom: Newsroom, other: str, state: ArticleState
) -> None:
    stranger = await newsroom.source("https://evil.example/rss", review=True)
    await newsroom.read(stranger, Entry("خبر نمایشگاه", f"{_SITE}/a/fair"))
    (waiting,) = await newsroom.articles()
    if state is ArticleState.DROPPED and "hub" in other:
        return  # what the desk dropped, only its own site brings again
    async with newsroom.database.write() as tx:
        await articles.move(tx, waiting.id, ArticleState.REVIEW, state, now=newsroom.now)
    await newsroom.read(await newsroom.source(other), Entry("خبر نمایشگاه", f"{_SITE}/a/fair"))
    assert {one.state for one in await newsroom.articles()} == {state, ArticleState.PUBLISHED}


def _paged(incoming: Incoming, *addresses: str) -> Arrival:
    """Return an item whose page calls these addresses its own."""
    reading = Reading(incoming.candidate, incoming.texts, incoming.story, addresses, None, "", "")
    return Arrival(incoming, _NOW, PageRead(reading, "", "", ""))


async def _read_paged(newsroom: Newsroom, source: Source, entry: Entry, *addresses: str) -> None:
    (incoming,) = read_feed(_feed([entry]), "", source.url, _ZONE).items
    async with newsroom.database.write() as tx:
        await newsroom.store.store(tx, source, [_paged(incoming, *addresses)], now=newsroom.now)


async def test_a_page_does_not_take_the_address_of_an_article_that_it_is_not(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    for number, title in enumerate(_TITLES):  # every page calls the same address its own
        await _read_paged(newsroom, source, Entry(title, f"{_SITE}/a/story-{number}"), f"{_SITE}/a/of-the-section")
    assert await newsroom.titles() == sorted(_TITLES)
    stranger = await newsroom.source("https://evil.example/rss")
    await _read_paged(newsroom, stranger, Entry("خبر دروغ", "https://evil.example/a/1"), f"{_SITE}/a/next-story")
    await newsroom.read(source, Entry("خبر بعدی", f"{_SITE}/a/next-story"))
    assert "خبر بعدی" in await newsroom.titles()


async def test_an_article_is_known_again_under_an_address_that_its_page_gave(newsroom: Newsroom) -> None:
    source, other = await newsroom.source(), await newsroom.source(f"{_SITE}/section.xml")
    address = f"{_SITE}/a/the-long-slug"
    await _read_paged(newsroom, source, Entry("خبر دو نشانی", f"{_SITE}/?p=7001"), address)
    await newsroom.read(other, Entry("خبر دو نشانی", address))
    assert len(await newsroom.articles()) == 1


async def test_what_a_long_feed_held_at_first_is_no_news_when_it_comes_into_view(newsroom: Newsroom) -> None:
    source = await newsroom.source(begun=False)
    entries = [
        Entry(f"خبر {number}", f"{_SITE}/a/{number}-story", minutes=None) for number in range(MOST_ITEMS + 40)
    ]
    feed = read_feed(_feed(entries), "", source.url, _ZONE)
    async with newsroom.database.write() as tx:
        await newsroom.store.store(tx, source, [Arrival(one, 0) for one in feed.items], now=newsroom.now)
        await newsroom.store.pass_over(tx, source, feed.beyond, now=newsroom.now)
    begun = replace(source, fetched_at=newsroom.now)
    await newsroom.read(begun, Entry("خبر تازه", f"{_SITE}/a/new-story", minutes=None), *entries[20:])
    assert len(await newsroom.pushed()) == 1


async def test_a_change_in_the_feed_reaches_the_article_that_it_made(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    await newsroom.read(source, Entry("خبر", f"{_SITE}/a/story", "tag:khabar,1", text="متن نخست."))
    article = (await newsroom.articles())[0]
    await newsroom.read(source, Entry("خبر", f"{_SITE}/a/story", "tag:khabar,1", text="متن درست‌شده."))
    assert [one.content.lead for one in await newsroom.articles()] == ["متن درست‌شده."]
    async with newsroom.database.write() as tx:
        visit = await page_visits.get(tx, article.id)
        assert visit is not None
        await page_visits.put(tx, [PageVisit(article.id, visit.host, 2**62, visit.published_at, visits=1)])
    await newsroom.read(source, Entry("خبر", f"{_SITE}/a/story", "tag:khabar,1", text="چند واژهٔ خوراک."))
    assert [one.content.lead for one in await newsroom.articles()] == ["متن درست‌شده."]
    async with newsroom.database.read() as connection:
        visit = await page_visits.get(connection, article.id)
    assert visit is not None
    assert visit.due_at <= newsroom.now, "the page that made the text is read again"


async def test_two_texts_that_alternate_settle_after_two_changes(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    for number in range(9):
        text = "متن از کارساز یکم." if number % 2 else "متن از کارساز دوم."
        await newsroom.read(source, Entry("خبر", f"{_SITE}/a/story", text=text))
    assert [one.revision for one in await newsroom.articles()] == [3]


@pytest.mark.parametrize(
    ("policy", "revision"), [(ChangePolicy.FOLLOW, 2), (ChangePolicy.ASK, 1), (ChangePolicy.IGNORE, 1)]
)
async def test_the_policy_of_the_source_decides_about_changes(
    newsroom: Newsroom, policy: ChangePolicy, revision: int
) -> None:
    source = replace(await newsroom.source(), changes=policy)
    await newsroom.read(source, Entry("خبر", f"{_SITE}/a/story", text="متن نخست."))
    await newsroom.read(source, Entry("خبر", f"{_SITE}/a/story", text="متن دوم."))
    article = (await newsroom.articles())[0]
    assert article.revision == revision
    async with newsroom.database.read() as connection:
        acts = [one.action for one in await audit.page(connection, limit=9, article_id=article.id)]
    assert ("source_changed" in acts) == (policy is ChangePolicy.ASK)


async def test_an_emptied_text_never_replaces_one(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    await newsroom.read(source, Entry("خبر", f"{_SITE}/a/story", text="جمله‌ای از متن این خبر که بلند است. " * 20))
    for text in ("هیچ.", "باز هم هیچ.", "هیچ."):
        await newsroom.read(source, Entry("خبر", f"{_SITE}/a/story", text=text))
    article = (await newsroom.articles())[0]
    assert article.revision == 1


async def test_what_the_newsroom_dropped_does_not_come_again(newsroom: Newsroom) -> None:
    source = await newsroom.source(review=True)
    await newsroom.read(source, Entry("خبر ناخواسته", f"{_SITE}/a/story", "tag:khabar,9"))
    article = (await newsroom.articles())[0]
    assert article.state is ArticleState.REVIEW
    async with newsroom.database.write() as tx:
        await articles.move(tx, article.id, ArticleState.REVIEW, ArticleState.DROPPED, now=newsroom.now)
    await newsroom.read(source, Entry("خبر ناخواستهٔ تازه", f"{_SITE}/a/story", "tag:khabar,9"))
    assert [one.state for one in await newsroom.articles()] == [ArticleState.DROPPED]


@pytest.mark.parametrize("begun", [False, True], ids=["first fetch", "pushed"])
async def test_a_change_is_owed_to_copies_only_where_somebody_has_or_awaits_one(
    newsroom: Newsroom, begun: bool
) -> None:
    source = await newsroom.source(begun=begun)
    await newsroom.read(source, Entry("خبر", f"{_SITE}/a/story", "tag:khabar,7", text="متن نخست."))
    await newsroom.read(source, Entry("خبر درست‌شده", f"{_SITE}/a/story", "tag:khabar,7", text="متن دوم."))
    assert await newsroom.titles() == ["خبر درست‌شده"]
    async with newsroom.database.read() as connection:
        query = select(fan_out.c.id).where(fan_out.c.kind == FanOutKind.CORRECTION)
        owed = (await connection.execute(query)).all()
    assert len(owed) == int(begun)
