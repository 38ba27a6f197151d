"""Items of feeds into storage, on both databases: one article for each, once, by its own source's word alone."""

from dataclasses import replace
from urllib.parse import quote

import pytest
from sqlalchemy import select, update

from bot.ingest.parsing.reading import MOST_ITEMS, read_feed
from bot.ingest.raw_document import RawDocument
from bot.ingest.storing.recognition import Arrival
from storage import article_identity, article_origin, articles, audit, page_visits, source_items
from storage.engine.database import Database
from storage.records import ArticleState, ChangePolicy, FanOutKind, PageVisit
from storage.schema import article_address, fan_out, revision, source_item
from tests.storage.feeding import SITE, ZONE, Entry, Newsroom, feed_of


@pytest.fixture
async def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


_TITLES = ("باران در شمال", "برف در غرب", "گرما در جنوب")


@pytest.mark.parametrize(
    "entries",
    [
        [Entry(title, f"{SITE}/news/2026/11/28/{n}-story") for n, title in enumerate(_TITLES)],
        [Entry(title, f"{SITE}/news/1405/09/07/story-{n}") for n, title in enumerate(_TITLES)],
        [Entry(title, f"{SITE}/article/10-{word}") for title, word in zip(_TITLES, "abc", strict=True)],
        [Entry(title, f"{SITE}/podcast", guid=f"episode-{n:08}") for n, title in enumerate(_TITLES)],
        [Entry(title, f"{SITE}/status") for title in _TITLES],
        [Entry(title, f"{SITE}/n/{word}", guid="N/A") for title, word in zip(_TITLES, "abc", strict=True)],
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
        (f"{SITE}/a/story", f"{SITE}/a/story?at_medium=RSS&utm_source=feed"),
        (f"{SITE}/a/story", f"{SITE}/a/story/;jsessionid=8F3A2B"),
        (f"{SITE}/خبر/زلزله-در-کرمان", SITE + quote("/خبر/زلزله-در-کرمان")),
        (f"{SITE}/a/story", "http://www.khabar.example:80/a/story/"),
        (f"{SITE}/fa/news/7001234/old-slug", f"{SITE}/news/7001234/new-slug"),
        (f"{SITE}/a/story", f"{SITE}/amp/a/story"),
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
    assert {sighting.item.source_id for sighting in brought} == {first.id, second.id}
    assert all(sighting.item.reason for sighting in brought)


async def test_a_feed_that_moves_to_https_brings_nothing_again(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    old = [Entry(title, f"http://a.example/{n}x", f"http://a.example/{n}x") for n, title in enumerate(_TITLES)]
    await newsroom.read(source, *old)
    await newsroom.read(source, *(Entry(e.title, e.link.replace("http:", "https:"), e.guid.replace("http:", "https:")) for e in old))  # fmt: skip  # noqa: E501
    assert len(await newsroom.articles()) == 3


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (Entry("پل باز شد", f"{SITE}/2026/11/28/bridge"), Entry("پل تازهٔ رود باز شد", f"{SITE}/2026/11/28/bridge")),
        (
            Entry("پل باز شد", f"{SITE}/a/the-brigde-is-open", f"{SITE}/a/the-brigde-is-open"),
            Entry("پل باز شد", f"{SITE}/a/the-bridge-is-open", f"{SITE}/a/the-bridge-is-open"),
        ),
    ],
)
async def test_what_a_site_corrects_is_not_pushed_again(newsroom: Newsroom, before: Entry, now: Entry) -> None:
    source = await newsroom.source()
    other = Entry("سد پر شد", f"{SITE}/a/the-dam-is-full", minutes=5)
    await newsroom.read(source, before, other)
    await newsroom.read(source, now, other)
    assert await newsroom.titles() == sorted((now.title, other.title))
    assert len(await newsroom.pushed()) == 2


async def test_alerts_of_one_title_and_page_are_told_apart_by_their_dates(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    alerts = [
        Entry("هشدار زرد هواشناسی", f"{SITE}/alerts", text=f"باد در استان {n}.", minutes=90 * n) for n in range(4)
    ]
    await newsroom.read(source, *alerts[2:], alerts[3])
    assert len(await newsroom.pushed()) == 2
    await newsroom.read(source, *alerts[1:])
    await newsroom.read(source, *alerts)
    assert len(await newsroom.articles()) == len(await newsroom.pushed()) == 4


async def test_the_first_fetch_is_stored_and_not_pushed_and_old_items_neither(newsroom: Newsroom) -> None:
    source = await newsroom.source(begun=False)
    await newsroom.read(source, *(Entry(title, f"{SITE}/a/{n}") for n, title in enumerate(_TITLES)))
    assert len(await newsroom.articles()) == 3
    assert await newsroom.pushed() == []
    other = await newsroom.source("https://b.example/rss")
    await newsroom.read(other, Entry("خبری بسیار کهنه", "https://b.example/a/old", minutes=3 * 24 * 60))
    assert len(await newsroom.articles()) == 4
    assert await newsroom.pushed() == []


async def test_numbers_of_a_site_become_news_numbers_where_they_are_its_own(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    await newsroom.read(source, Entry("خبر خودی", f"{SITE}/fa/news/7001234/slug"))
    stranger = await newsroom.source("https://stranger.example/rss")
    await newsroom.read(stranger, Entry("خبر بیگانه", "https://victim.example/fa/news/7005555/slug"))
    by_title = {article.content.title: article for article in await newsroom.articles()}
    assert by_title["خبر خودی"].id == 7001234
    assert by_title["خبر بیگانه"].id != 7005555


async def test_a_stranger_neither_replaces_nor_suppresses_a_sites_own_article(newsroom: Newsroom) -> None:
    victim, attacker = await newsroom.source(), await newsroom.source("https://evil.example/rss")
    await newsroom.read(victim, Entry("خبر راست", f"{SITE}/a/story", text="متن راستین خبر."))
    await newsroom.read(attacker, Entry("خبر دروغ", f"{SITE}/a/story", text="متنی دیگر و دروغ."))
    await newsroom.read(attacker, Entry("خبر دروغ دوم", f"{SITE}/a/story", text="باز هم دروغ."))
    assert "خبر راست" in await newsroom.titles()
    true = next(article for article in await newsroom.articles() if article.content.title == "خبر راست")
    assert (true.revision, true.content.lead) == (1, "متن راستین خبر.")

    await newsroom.read(attacker, Entry("فردا چه می‌شود", f"{SITE}/a/tomorrow", text="پیش‌دستی."))
    await newsroom.read(victim, Entry("خبر فردا", f"{SITE}/a/tomorrow", text="متن راستین فردا."))
    assert "خبر فردا" in await newsroom.titles()


async def test_a_stranger_that_was_first_with_a_headline_leaves_the_article_to_its_site(newsroom: Newsroom) -> None:
    stranger, own = await newsroom.source("https://hub.example/rss"), await newsroom.source()
    await newsroom.read(stranger, Entry("پل بزرگ گشوده شد", f"{SITE}/a/bridge-opens", text="چند واژهٔ گردآورنده."))
    await newsroom.read(own, Entry("پل بزرگ گشوده شد", f"{SITE}/a/bridge-opens", text="متن پایگاه."))
    (article,) = await newsroom.articles()
    assert article.content.lead == "متن پایگاه."
    await newsroom.read(stranger, Entry("پل بزرگ فرو ریخت", f"{SITE}/a/bridge-opens", text="باز هم گردآورنده."))
    assert await newsroom.titles() == ["پل بزرگ گشوده شد"]
    await newsroom.read(own, Entry("پل بزرگ شهر گشوده شد", f"{SITE}/a/bridge-opens", text="متن پایگاه."))
    (article,) = await newsroom.articles()
    assert article.content.title == "پل بزرگ شهر گشوده شد"
    assert len(await newsroom.pushed()) == 1


@pytest.mark.parametrize("other", ["https://khabar.example/rss", "https://hub.example/rss"], ids=["own", "another"])
@pytest.mark.parametrize("state", [ArticleState.REVIEW, ArticleState.DROPPED])
async def test_what_waits_for_a_yes_from_a_stranger_keeps_no_other_source_waiting(
    newsroom: Newsroom, other: str, state: ArticleState
) -> None:
    stranger = await newsroom.source("https://evil.example/rss", review=True)
    await newsroom.read(stranger, Entry("خبر نمایشگاه", f"{SITE}/a/fair"))
    (waiting,) = await newsroom.articles()
    if state is ArticleState.DROPPED and "hub" in other:
        return  # what the newsroom dropped, only its own site brings again
    async with newsroom.database.write() as tx:
        await articles.move(tx, waiting.id, ArticleState.REVIEW, state, now=newsroom.now)
    await newsroom.read(await newsroom.source(other), Entry("خبر نمایشگاه", f"{SITE}/a/fair"))
    assert {article.state for article in await newsroom.articles()} == {state, ArticleState.PUBLISHED}


async def test_a_page_does_not_take_the_address_of_an_article_that_it_is_not(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    for number, title in enumerate(_TITLES):  # every page calls the same address its own
        await newsroom.read_paged(source, Entry(title, f"{SITE}/a/story-{number}"), f"{SITE}/a/of-the-section")
    assert await newsroom.titles() == sorted(_TITLES)
    stranger = await newsroom.source("https://evil.example/rss")
    await newsroom.read_paged(stranger, Entry("خبر دروغ", "https://evil.example/a/1"), f"{SITE}/a/next-story")
    await newsroom.read(source, Entry("خبر بعدی", f"{SITE}/a/next-story"))
    assert "خبر بعدی" in await newsroom.titles()


async def test_an_article_is_known_again_under_an_address_that_its_page_gave(newsroom: Newsroom) -> None:
    source, other = await newsroom.source(), await newsroom.source(f"{SITE}/section.xml")
    address = f"{SITE}/a/the-long-slug"
    await newsroom.read_paged(source, Entry("خبر دو نشانی", f"{SITE}/?p=7001"), address)
    await newsroom.read(other, Entry("خبر دو نشانی", address))
    assert len(await newsroom.articles()) == 1


async def test_an_item_is_known_again_when_its_feed_gives_the_address_of_its_page(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    address = f"{SITE}/a/the-long-slug"
    await newsroom.read_paged(source, Entry("خبر دو نشانی", f"{SITE}/x/AbC9"), address)
    await newsroom.read(source, Entry("خبر دو نشانی", address))
    (article,) = await newsroom.articles()
    assert await newsroom.pushed() == [article.id]
    # A page that gives an address of its own is another one, whatever its title.
    await newsroom.read_paged(source, Entry("خبر دو نشانی", f"{SITE}/x/DeF1", text="شرحی دیگر."), address)
    assert len(await newsroom.articles()) == 2


async def test_what_a_long_feed_held_at_first_is_no_news_when_it_comes_into_view(newsroom: Newsroom) -> None:
    source = await newsroom.source(begun=False)
    entries = [
        Entry(f"خبر {number}", f"{SITE}/a/{number}-story", minutes=None) for number in range(MOST_ITEMS + 40)
    ]
    feed = read_feed(RawDocument(feed_of(entries), "", source.url), ZONE)
    async with newsroom.database.write() as tx:
        await newsroom.store.store(tx, source, [Arrival(item, 0) for item in feed.items], now=newsroom.now)
        await newsroom.store.pass_over(tx, source, feed.beyond, now=newsroom.now)
    begun = replace(source, fetched_at=newsroom.now)
    await newsroom.read(begun, Entry("خبر تازه", f"{SITE}/a/new-story", minutes=None), *entries[20:])
    assert len(await newsroom.pushed()) == 1


async def test_a_change_in_the_feed_reaches_the_article_that_it_made(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    await newsroom.read(source, Entry("خبر", f"{SITE}/a/story", "tag:khabar,1", text="متن نخست."))
    article = (await newsroom.articles())[0]
    await newsroom.read(source, Entry("خبر", f"{SITE}/a/story", "tag:khabar,1", text="متن درست‌شده."))
    assert [article.content.lead for article in await newsroom.articles()] == ["متن درست‌شده."]
    async with newsroom.database.write() as tx:
        visit = await page_visits.get(tx, article.id)
        assert visit is not None
        await page_visits.put(tx, [PageVisit(article.id, visit.host, 2**62, visit.published_at, visits=1)])
    await newsroom.read(source, Entry("خبر", f"{SITE}/a/story", "tag:khabar,1", text="چند واژهٔ خوراک."))
    assert [article.content.lead for article in await newsroom.articles()] == ["متن درست‌شده."]
    async with newsroom.database.read() as connection:
        visit = await page_visits.get(connection, article.id)
    assert visit is not None
    assert visit.due_at <= newsroom.now, "the page that made the text is read again"


@pytest.mark.parametrize(
    ("page_title", "policy", "title"),
    [
        ("", ChangePolicy.FOLLOW, "سیل در پنج شهر"),
        ("روتیتر: سیل در سه شهر", ChangePolicy.FOLLOW, "روتیتر: سیل در سه شهر"),
        ("", ChangePolicy.ASK, "سیل در سه شهر"),
        ("", ChangePolicy.IGNORE, "سیل در سه شهر"),
    ],
)
async def test_a_headline_that_readers_have_from_the_feed_need_not_wait_for_the_page(
    newsroom: Newsroom, page_title: str, policy: ChangePolicy, title: str
) -> None:
    source = replace(await newsroom.source(), changes=policy)
    entry = Entry("سیل در سه شهر", f"{SITE}/a/story", "tag:khabar,1")
    await newsroom.read_paged(source, entry)
    if page_title:
        async with newsroom.database.write() as tx:
            await tx.execute(update(revision).values(title=page_title))
    await newsroom.read(source, replace(entry, title="سیل در پنج شهر", text="چند واژهٔ خوراک."))
    (article,) = await newsroom.articles()
    assert (article.content.title, article.content.lead) == (title, entry.text)
    async with newsroom.database.read() as connection:
        visit = await page_visits.get(connection, article.id)
    assert visit is not None
    assert visit.due_at <= newsroom.now


async def test_two_texts_that_alternate_settle_after_two_changes(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    for number in range(9):
        text = "متن از کارساز یکم." if number % 2 else "متن از کارساز دوم."
        await newsroom.read(source, Entry("خبر", f"{SITE}/a/story", text=text))
    assert [article.revision for article in await newsroom.articles()] == [3]


@pytest.mark.parametrize(
    ("policy", "revision"), [(ChangePolicy.FOLLOW, 2), (ChangePolicy.ASK, 1), (ChangePolicy.IGNORE, 1)]
)
async def test_the_policy_of_the_source_decides_about_changes(
    newsroom: Newsroom, policy: ChangePolicy, revision: int
) -> None:
    source = replace(await newsroom.source(), changes=policy)
    await newsroom.read(source, Entry("خبر", f"{SITE}/a/story", text="متن نخست."))
    await newsroom.read(source, Entry("خبر", f"{SITE}/a/story", text="متن دوم."))
    article = (await newsroom.articles())[0]
    assert article.revision == revision
    async with newsroom.database.read() as connection:
        acts = [entry.action for entry in await audit.page(connection, limit=9, article_id=article.id)]
    assert ("source_changed" in acts) == (policy is ChangePolicy.ASK)


async def test_an_emptied_text_never_replaces_one(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    await newsroom.read(source, Entry("خبر", f"{SITE}/a/story", text="جمله‌ای از متن این خبر که بلند است. " * 20))
    for text in ("هیچ.", "باز هم هیچ.", "هیچ."):
        await newsroom.read(source, Entry("خبر", f"{SITE}/a/story", text=text))
    article = (await newsroom.articles())[0]
    assert article.revision == 1


async def test_what_the_newsroom_dropped_does_not_come_again(newsroom: Newsroom) -> None:
    source = await newsroom.source(review=True)
    await newsroom.read(source, Entry("خبر ناخواسته", f"{SITE}/a/story", "tag:khabar,9"))
    article = (await newsroom.articles())[0]
    assert article.state is ArticleState.REVIEW
    async with newsroom.database.write() as tx:
        await articles.move(tx, article.id, ArticleState.REVIEW, ArticleState.DROPPED, now=newsroom.now)
    await newsroom.read(source, Entry("خبر ناخواستهٔ تازه", f"{SITE}/a/story", "tag:khabar,9"))
    assert [article.state for article in await newsroom.articles()] == [ArticleState.DROPPED]


@pytest.mark.parametrize("begun", [False, True], ids=["first fetch", "pushed"])
async def test_a_change_is_owed_to_copies_only_where_somebody_has_or_awaits_one(
    newsroom: Newsroom, begun: bool
) -> None:
    source = await newsroom.source(begun=begun)
    await newsroom.read(source, Entry("خبر", f"{SITE}/a/story", "tag:khabar,7", text="متن نخست."))
    await newsroom.read(source, Entry("خبر درست‌شده", f"{SITE}/a/story", "tag:khabar,7", text="متن دوم."))
    assert await newsroom.titles() == ["خبر درست‌شده"]
    async with newsroom.database.read() as connection:
        query = select(fan_out.c.id).where(fan_out.c.kind == FanOutKind.CORRECTION)
        owed = (await connection.execute(query)).all()
    assert len(owed) == int(begun)


@pytest.mark.parametrize("guid", ["", "6f1c1e0a-5c1c-4a52-9d3c-0f6a1de3b111"], ids=["no guid", "a guid"])
async def test_a_parameter_that_changes_at_each_fetch_names_no_article(newsroom: Newsroom, guid: str) -> None:
    source = await newsroom.source()
    for visit in range(100_200, 100_205):
        link = f"{SITE}/a/the-bridge-opens?token={visit}"
        await newsroom.read(source, Entry("پل گشوده شد", link, guid=guid))
    (article,) = await newsroom.articles()
    async with newsroom.database.read() as connection:
        known = await article_identity.addresses_of(connection, article.id)
    assert (article.revision, len(known)) == (1, 1)
    assert await newsroom.pushed() == [article.id]


async def test_a_counter_in_a_headline_makes_no_revision(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    for count in ("۱۲", "۱۳", "۲۰"):
        await newsroom.read(source, Entry(f"پل گشوده شد ({count} نظر)", f"{SITE}/a/the-bridge-opens"))
    (article,) = await newsroom.articles()
    assert (article.content.title, article.revision) == ("پل گشوده شد", 1)


async def test_a_year_and_the_digits_of_a_slug_are_no_numbers_of_articles(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    for title, link in zip(_TITLES, ("/news/1405", "/article/90210-a", "/article/90210-b"), strict=True):
        await newsroom.read(source, Entry(title, SITE + link))
    assert await newsroom.titles() == sorted(_TITLES)
    assert not {1405, 90_210} & {article.id for article in await newsroom.articles()}


_TWINS = (
    Entry("پل گشوده شد", f"{SITE}/politics/the-bridge-opens", guid="politics-9a1"),
    Entry("پل گشوده شد", f"{SITE}/cities/bridge-in-the-south", guid="cities-77b"),
)
_PAGE = f"{SITE}/a/the-bridge-opens"


@pytest.mark.parametrize("at_once", [True, False])
async def test_two_guids_and_links_of_one_page_are_one_article(newsroom: Newsroom, at_once: bool) -> None:
    source = await newsroom.source()
    if at_once:
        await newsroom.read_all_paged(source, _TWINS, _PAGE)
    else:
        await newsroom.read_all_paged(source, _TWINS[:1], _PAGE)
        await newsroom.read_all_paged(source, _TWINS[1:], _PAGE)
    (article,) = await newsroom.articles()
    assert await newsroom.pushed() == [article.id]
    await newsroom.read(source, *_TWINS)
    assert [article.revision for article in await newsroom.articles()] == [1]


@pytest.mark.parametrize(
    "second",
    [
        replace(_TWINS[1], title="پل بسته شد"),
        replace(_TWINS[1], text="شرحی دیگر که با آن یکی نیست."),
    ],
    ids=["another title", "another text"],
)
@pytest.mark.parametrize("at_once", [True, False])
async def test_two_items_that_only_share_a_page_are_two_articles(
    newsroom: Newsroom, second: Entry, at_once: bool
) -> None:
    source = await newsroom.source()
    if at_once:
        await newsroom.read_all_paged(source, (_TWINS[0], second), _PAGE)
    else:
        await newsroom.read_all_paged(source, _TWINS[:1], _PAGE)
        await newsroom.read_all_paged(source, [second], _PAGE)
    assert len(await newsroom.articles()) == 2


@pytest.mark.parametrize("guid", ["", "the link"])
async def test_what_an_older_version_knew_by_another_form_of_its_address_is_known_again(
    newsroom: Newsroom, guid: str
) -> None:
    source = await newsroom.source()
    link = f"{SITE}/view?id=7&lang=fa"
    entry = Entry("پل گشوده شد", link, guid=link if guid else "")
    await newsroom.read(source, entry)
    async with newsroom.database.write() as tx:
        await tx.execute(update(source_item).values(key="old", guid=entry.guid, address=link))
        await tx.execute(update(article_address).values(address=link))
    await newsroom.read(source, entry)
    (article,) = await newsroom.articles()
    assert await newsroom.pushed() == [article.id]


async def test_what_a_source_has_published_lately_is_found_the_newest_first(newsroom: Newsroom) -> None:
    source, other = await newsroom.source(), await newsroom.source("https://other.example/rss")
    await newsroom.read(source, Entry(_TITLES[0], f"{SITE}/a/long-before-that"))
    since = newsroom.now
    await newsroom.read(source, Entry(_TITLES[1], f"{SITE}/news/8001/x"))
    await newsroom.read(source, Entry(_TITLES[2], f"{SITE}/news/8002/x"))
    await newsroom.read(other, Entry("خبر سایت دیگر", "https://other.example/news/8003/x"))
    async with newsroom.database.write() as tx:
        found = await article_origin.published_since(tx, source.id, since, limit=10)
        assert found == [(8002, _TITLES[2]), (8001, _TITLES[1])]
        await articles.retract(tx, 8001, now=newsroom.now)
        assert await article_origin.published_since(tx, source.id, since, limit=10) == [(8002, _TITLES[2])]
        assert await article_origin.published_since(tx, source.id, 0, limit=1) == [(8002, _TITLES[2])]
