"""A source speaks for itself only: it neither rewrites nor holds back what another site says, on both databases."""

import threading
from dataclasses import replace

import pytest

from bot.ingest.candidate import Candidate
from bot.ingest.storing import recognition
from bot.ingest.storing.upsert import store_import
from bot.newsroom.story_joining import StoryJoining
from persian.normalise import match_key
from storage import articles, audit, proposals, sources, stories
from storage.audit_details import OriginDetails
from storage.engine.database import Database
from storage.records import Article, ArticleState, ChangePolicy, Content, Provenance, Source
from tests.newsroom_people import employ
from tests.storage.feeding import SITE, Entry, Newsroom

_EVIL = "https://evil.example"
_STORY = f"{SITE}/a/the-bridge-opens"
_LONG_LIE = "دروغی بلند که جای متن راستین را گرفته است و خواننده را گمراه می‌کند. " * 20


@pytest.fixture(autouse=True)
async def _staff(database: Database) -> None:
    await employ(database, 1)


@pytest.fixture
async def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


async def _both(newsroom: Newsroom) -> tuple[Source, Source]:
    """Return the victim's source and the attacker's."""
    return await newsroom.source(), await newsroom.source(f"{_EVIL}/rss")


async def _told(newsroom: Newsroom, title: str) -> list[Article]:
    return [article for article in await newsroom.articles() if article.content.title == title]


@pytest.mark.parametrize(
    "other", ["https://evil.example/rss", f"{SITE}/rss/of-somebody-else"], ids=["another site", "the same host"]
)
async def test_only_the_source_that_brought_an_article_changes_it(newsroom: Newsroom, other: str) -> None:
    victim, attacker = await newsroom.source(), await newsroom.source(other)
    await newsroom.read(victim, Entry("پل گشوده شد", _STORY, text="متن راستین."))
    await newsroom.read(attacker, Entry("پل گشوده شد", _STORY, text="متن دروغ."))
    await newsroom.read(attacker, Entry("پل فرو ریخت", _STORY, text="باز هم دروغ."))
    (true,) = await _told(newsroom, "پل گشوده شد")
    assert (true.content.lead, true.revision, true.source_id) == ("متن راستین.", 1, victim.id)


async def test_a_longer_lie_that_came_first_gives_way_to_the_sites_own_words(newsroom: Newsroom) -> None:
    victim, attacker = await _both(newsroom)
    await newsroom.read(attacker, Entry("پل گشوده شد", _STORY, text=_LONG_LIE))
    await newsroom.read(victim, Entry("پل گشوده شد", _STORY, text="متن راستین."))
    (article,) = await newsroom.articles()
    assert (article.content.lead, article.content.body, article.source_id) == ("متن راستین.", (), victim.id)


@pytest.mark.parametrize("policy", [ChangePolicy.ASK, ChangePolicy.IGNORE, None], ids=["ask", "ignore", "review"])
async def test_where_its_changes_wait_a_site_stands_beside_what_a_stranger_told_first(
    newsroom: Newsroom, policy: ChangePolicy | None
) -> None:
    victim, attacker = await _both(newsroom)
    victim = replace(victim, changes=policy) if policy is not None else replace(victim, review=True)
    await newsroom.read(attacker, Entry("پل گشوده شد", _STORY, text="متن دروغ."))
    await newsroom.read(victim, Entry("پل گشوده شد", _STORY, text="متن راستین."))
    told = await _told(newsroom, "پل گشوده شد")
    assert {article.content.lead for article in told if article.source_id == victim.id} == {"متن راستین."}


async def test_what_was_taken_back_of_a_stranger_waits_for_a_yes_when_the_site_itself_says_it(
    newsroom: Newsroom,
) -> None:
    victim, attacker = await _both(newsroom)
    await newsroom.read(attacker, Entry("پل گشوده شد", _STORY, text="متن دروغ."))
    (lie,) = await newsroom.articles()
    async with newsroom.database.write() as tx:
        await articles.retract(tx, lie.id, now=newsroom.now)
    await newsroom.read(victim, Entry("پل گشوده شد", _STORY, text="متن راستین."))
    own = [article for article in await newsroom.articles() if article.source_id == victim.id]
    assert [(article.state, article.content.lead) for article in own] == [(ArticleState.REVIEW, "متن راستین.")]


async def test_a_page_that_leads_to_another_sites_page_does_not_take_its_address(newsroom: Newsroom) -> None:
    victim, attacker = await _both(newsroom)
    # The attacker's page answers with a redirect to what the victim is about to list.
    await newsroom.read_paged(attacker, Entry("پل گشوده شد", f"{_EVIL}/1", text="متن دروغ."), f"{_EVIL}/1", _STORY)
    await newsroom.read(victim, Entry("پل گشوده شد", _STORY, text="متن راستین."))
    assert {article.source_id for article in await _told(newsroom, "پل گشوده شد")} == {victim.id, attacker.id}
    await newsroom.read(attacker, Entry("پل فرو ریخت", f"{_EVIL}/1", text="متن دروغ."))
    own = [article for article in await newsroom.articles() if article.source_id == victim.id]
    assert [(article.content.lead, article.url) for article in own] == [("متن راستین.", _STORY)]


async def test_an_address_within_a_sites_own_host_is_still_its_article(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    await newsroom.read_paged(source, Entry("پل گشوده شد", "https://short.example/x1"), _STORY)
    await newsroom.read(await newsroom.source(f"{SITE}/section.xml"), Entry("پل گشوده شد", _STORY))
    assert len(await newsroom.articles()) == 1


async def test_a_guid_with_another_sites_number_is_no_number_of_the_sources_own(newsroom: Newsroom) -> None:
    victim, attacker = await _both(newsroom)
    stolen = f"{SITE}/fa/news/7001234/slug"
    await newsroom.read(attacker, Entry("پل گشوده شد", f"{_EVIL}/x", stolen, text="متن دروغ."))
    await newsroom.read(victim, Entry("پل گشوده شد", stolen, text="متن راستین."))
    own = [article for article in await newsroom.articles() if article.source_id == victim.id]
    assert [(article.id, article.content.lead) for article in own] == [(7001234, "متن راستین.")]


@pytest.mark.parametrize("number", ["7001234", ""], ids=["with its number", "without"])
async def test_a_persons_draft_of_a_sites_page_does_not_keep_the_news_back(newsroom: Newsroom, number: str) -> None:
    victim = await newsroom.source()
    url = f"{SITE}/fa/news/7001234/slug" if number else _STORY
    draft = Candidate(
        Content("پیش‌دستی"), (), Provenance(url=url, origin="khabar.example", number=number, author_id=7)
    )
    async with newsroom.database.write() as tx:
        await store_import(tx, draft, category_id=1, now=newsroom.now, actor_id=7)
    await newsroom.read(victim, Entry("پل گشوده شد", url, text="متن راستین."))
    (own,) = await _told(newsroom, "پل گشوده شد")
    assert (own.state, own.source_id) == (ArticleState.PUBLISHED, victim.id)
    assert await newsroom.pushed() == [own.id]


@pytest.mark.parametrize(
    ("own", "other", "place"),
    [
        ("https://t.me/s/victim", "https://t.me/s/evil", "https://t.me/victim/1234"),
        (
            "https://medium.com/feed/@victim",
            "https://medium.com/feed/@evil",
            "https://medium.com/@victim/a-story-1f",
        ),
        (
            "https://uni.example/~victim/rss",
            "https://uni.example/~evil/rss",
            "https://uni.example/~victim/a-story-1",
        ),
    ],
)
async def test_sites_of_one_host_are_strangers_to_each_other(
    newsroom: Newsroom, own: str, other: str, place: str
) -> None:
    victim, attacker = await newsroom.source(own), await newsroom.source(other)
    await newsroom.read(attacker, Entry("پل فرو ریخت", place, text="متن دروغ."))
    await newsroom.read(victim, Entry("پل گشوده شد", place, text="متن راستین."))
    (true,) = await _told(newsroom, "پل گشوده شد")
    assert true.source_id == victim.id
    await newsroom.read(attacker, Entry("پل شهر فرو ریخت", place, text="متن دروغ."))
    (true,) = await _told(newsroom, "پل گشوده شد")
    assert true.content.lead == "متن راستین."


@pytest.mark.parametrize("disguise", ["~evil/../~victim", "~evil/%2e%2E/~victim", "~evil/x/../../~victim"])
async def test_a_neighbour_takes_over_no_article_by_another_form_of_its_address(
    newsroom: Newsroom, disguise: str
) -> None:
    """The owner writes a prefix before its name, and the neighbour its own name before a way back."""
    host = "https://uni.example"
    victim, attacker = await newsroom.source(f"{host}/~victim/rss"), await newsroom.source(f"{host}/~evil/rss")
    await newsroom.read(victim, Entry("پل گشوده شد", f"{host}/fa/~victim/a-story-1", text="متن راستین."))
    await newsroom.read(attacker, Entry("پل گشوده شد", f"{host}/{disguise}/a-story-1", text="متن دروغ."))
    stored = await newsroom.articles()
    assert [one.content.lead for one in stored if one.source_id == victim.id] == ["متن راستین."]


async def test_of_two_strangers_to_a_site_the_first_does_not_swallow_another_headline(newsroom: Newsroom) -> None:
    attacker, hub = await newsroom.source(f"{_EVIL}/rss"), await newsroom.source("https://hub.example/khabar.xml")
    await newsroom.read(attacker, Entry("پل فرو ریخت", _STORY, text="متن دروغ."))
    await newsroom.read(hub, Entry("پل گشوده شد", _STORY, text="متن راستین."))
    assert await newsroom.titles() == sorted(("پل فرو ریخت", "پل گشوده شد"))


async def test_a_change_by_a_reviewed_source_waits_as_its_items_do(newsroom: Newsroom) -> None:
    source = await newsroom.source(review=True)
    await newsroom.read(source, Entry("پل گشوده شد", _STORY, text="متن نخست."))
    (article,) = await newsroom.articles()
    async with newsroom.database.write() as tx:
        assert await articles.release(tx, article.id, published_at=newsroom.now, now=newsroom.now)
    await newsroom.read(source, Entry("پل گشوده شد", _STORY, text="متن دوم."))
    assert [article.content.lead for article in await newsroom.articles()] == ["متن نخست."]
    async with newsroom.database.read() as connection:
        waiting = await proposals.get(connection, article.id)
    assert waiting is not None
    assert waiting.content.lead == "متن دوم."


async def test_a_reviewed_source_changes_no_title_of_what_joined_a_story_without_a_yes(newsroom: Newsroom) -> None:
    first, reviewed = await newsroom.source(), await newsroom.source("https://hub.example/rss", review=True)
    await newsroom.read(first, Entry("پل گشوده شد", _STORY))
    await newsroom.read(reviewed, Entry("گشایش پل", "https://hub.example/a/opening-of-the-bridge"))
    told, (again,) = await _told(newsroom, "پل گشوده شد"), await _told(newsroom, "گشایش پل")
    joining = StoryJoining(newsroom.database, lambda: newsroom.now, lambda: None)
    joined = await joining.join(again.id, told[0].id, actor_id=1, expected=again.revision)
    assert joined.state is ArticleState.FOLDED
    await newsroom.read(reviewed, Entry("شهردار دزد است", "https://hub.example/a/opening-of-the-bridge"))
    async with newsroom.database.read() as connection:
        (shown,) = await stories.elsewhere(connection, told[0].id, limit=9)
        waiting = await proposals.get(connection, again.id)
    assert shown.content.title == "گشایش پل"
    assert waiting is not None
    assert waiting.content.title == "شهردار دزد است"


async def test_what_a_source_brought_is_changed_by_nobody_once_it_is_removed(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    await newsroom.read(source, Entry("پل گشوده شد", _STORY, text="متن نخست."))
    async with newsroom.database.write() as tx:
        await sources.remove(tx, source.id)
    again = await newsroom.source()
    for text in ("متن دوم.", "متن سوم."):
        await newsroom.read(again, Entry("پل گشوده شد", _STORY, text=text))
    assert [article.content.lead for article in await newsroom.articles()] == ["متن نخست."]


@pytest.mark.parametrize("gone", ["removed", "moved"])
@pytest.mark.parametrize("taken_back", [False, True])
async def test_who_lied_in_a_sites_name_keeps_nothing_back_once_it_is_gone(
    newsroom: Newsroom, gone: str, taken_back: bool
) -> None:
    victim, attacker = await _both(newsroom)
    await newsroom.read(attacker, Entry("پل فرو ریخت", _STORY, text="متن دروغ."))
    (lie,) = await newsroom.articles()
    async with newsroom.database.write() as tx:
        if taken_back:
            await articles.retract(tx, lie.id, now=newsroom.now)
        if gone == "removed":
            await sources.remove(tx, attacker.id)
        else:
            # Its feed answers with a permanent redirect to another feed of the site.
            assert await sources.move(tx, attacker.id, f"{SITE}/sport.xml", before=attacker.url)
    await newsroom.read(victim, Entry("پل گشوده شد", _STORY, text="متن راستین."))
    (true,) = await _told(newsroom, "پل گشوده شد")
    assert (true.state, true.source_id) == (ArticleState.PUBLISHED, victim.id)
    assert true.id in await newsroom.pushed()


@pytest.mark.parametrize("gone", ["removed", "moved"])
async def test_what_was_taken_back_of_a_stranger_that_is_gone_waits_for_a_yes(
    newsroom: Newsroom, gone: str
) -> None:
    victim, attacker = await _both(newsroom)
    await newsroom.read(attacker, Entry("پل گشوده شد", _STORY, text="متن دروغ."))
    (lie,) = await newsroom.articles()
    async with newsroom.database.write() as tx:
        await articles.retract(tx, lie.id, now=newsroom.now)
        if gone == "removed":
            await sources.remove(tx, attacker.id)
        else:
            assert await sources.move(tx, attacker.id, f"{SITE}/sport.xml", before=attacker.url)
    await newsroom.read(victim, Entry("پل گشوده شد", _STORY, text="متن راستین."))
    own = [article for article in await newsroom.articles() if article.source_id == victim.id]
    assert [(article.state, article.content.lead) for article in own] == [(ArticleState.REVIEW, "متن راستین.")]


@pytest.mark.parametrize("gone", ["removed", "moved"])
async def test_a_site_is_not_folded_under_what_a_stranger_that_is_gone_told_in_its_name(
    newsroom: Newsroom, gone: str
) -> None:
    victim, attacker = await _both(newsroom)
    await newsroom.read(attacker, Entry("نشست نمایندگان", f"{SITE}/a/somebody-elses-1", text=_TOLD))
    async with newsroom.database.write() as tx:
        if gone == "removed":
            await sources.remove(tx, attacker.id)
        else:
            assert await sources.move(tx, attacker.id, f"{SITE}/sport.xml", before=attacker.url)
    await newsroom.read(victim, Entry("گفت‌وگوی نمایندگان استان‌ها", _STORY, text=_TOLD))
    own = next(article for article in await newsroom.articles() if article.source_id == victim.id)
    assert own.state is ArticleState.PUBLISHED


async def test_a_source_that_moved_on_still_changes_what_it_brought(newsroom: Newsroom) -> None:
    hub = await newsroom.source("https://hub.example/khabar.xml")
    await newsroom.read(hub, Entry("پل گشوده شد", _STORY, text="متن نخست."))
    async with newsroom.database.write() as tx:
        assert await sources.move(tx, hub.id, f"{SITE}/rss", before=hub.url)
        moved = await sources.get(tx, hub.id)
    assert moved is not None
    await newsroom.read(moved, Entry("پل گشوده شد", _STORY, text="متن دوم."))
    assert [article.content.lead for article in await newsroom.articles()] == ["متن دوم."]


async def test_the_audit_names_the_source_that_an_article_was_given_to(newsroom: Newsroom) -> None:
    victim, attacker = await _both(newsroom)
    await newsroom.read(attacker, Entry("پل گشوده شد", _STORY, text="متن راستین."))
    await newsroom.read(victim, Entry("پل گشوده شد", _STORY, text="متن راستین."))
    (article,) = await newsroom.articles()
    async with newsroom.database.read() as connection:
        acts = await audit.page(connection, limit=9, article_id=article.id)
    assert article.source_id == victim.id
    assert acts[0].details == OriginDetails(victim.url, _STORY)


async def test_the_audit_names_the_source_of_every_revision(newsroom: Newsroom) -> None:
    victim, attacker = await _both(newsroom)
    await newsroom.read(attacker, Entry("پل گشوده شد", _STORY, text="متن دروغ."))
    await newsroom.read(victim, Entry("پل گشوده شد", _STORY, text="متن راستین."))
    await newsroom.read(victim, Entry("پل بزرگ گشوده شد", _STORY, text="متن راستین."))
    (article,) = await newsroom.articles()
    async with newsroom.database.read() as connection:
        acts = await audit.page(connection, limit=9, article_id=article.id)
    brought = {act.revision: act.details for act in acts if act.action == "import"}
    assert brought == {
        1: OriginDetails(attacker.url, _STORY),
        2: OriginDetails(victim.url, _STORY),
        3: OriginDetails(victim.url, _STORY),
    }


async def test_one_headline_for_ever_costs_no_more_each_time(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    for day in range(70):
        await newsroom.read(source, Entry("قیمت روز", f"{SITE}/a/prices-of-day-{day}", minutes=-1440 * day))
    assert len(await newsroom.pushed()) == 70
    await newsroom.read(source, Entry("قیمت روز", f"{SITE}/a/prices-of-day-3", minutes=-1440 * 3))
    assert len(await newsroom.pushed()) == 70


_TOLD = (
    "نمایندگان دوازده استان در نشست امروز دربارهٔ راه‌های تازهٔ حمل‌ونقل گفت‌وگو کردند و گزارش کارها خوانده شد. "
    "در بخش دوم نشست پیشنهادها برای سال آینده بررسی شد و دبیرخانه آن‌ها را برای تصویب ثبت کرد. "
    "قرار است نشست بعدی ماه آینده در همین شهر برگزار شود و نتیجهٔ آن به آگاهی همگان برسد."
)


@pytest.mark.parametrize(
    ("first", "folded"),
    [
        (f"{SITE}/a/somebody-elses-1", False),  # a stranger's telling, under the site's own name
        (f"{_EVIL}/a/its-own-1", True),
    ],
)
async def test_a_site_is_not_folded_under_what_a_stranger_told_in_its_name(
    newsroom: Newsroom, first: str, folded: bool
) -> None:
    victim, attacker = await _both(newsroom)
    await newsroom.read(attacker, Entry("نشست نمایندگان", first, text=_TOLD))
    await newsroom.read(victim, Entry("گفت‌وگوی نمایندگان استان‌ها", _STORY, text=_TOLD))
    own = next(article for article in await newsroom.articles() if article.source_id == victim.id)
    assert (own.state is ArticleState.FOLDED) == folded
    assert (own.id in await newsroom.pushed()) != folded


async def test_long_texts_under_one_title_and_address_are_compared_by_their_beginnings(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = await newsroom.source()
    entries = [
        Entry("خبر", f"{SITE}/news/{number}/x", text=f"متن شمارهٔ {number} است. " * 1_500, minutes=number)
        for number in range(101, 109)
    ]
    lengths, threads = [], set()

    def key(text: str) -> str:
        lengths.append(len(text))
        threads.add(threading.get_ident())
        return match_key(text)

    monkeypatch.setattr(recognition, "match_key", key)
    await newsroom.read_all_paged(source, [*entries, replace(entries[0], link=f"{SITE}/news/109/x")], _STORY)
    assert len(await newsroom.articles()) == len(entries), "the last one tells the text of the first"
    assert max(lengths) <= 3_000
    # Each is read once among the new ones, and once more for the one that is a copy.
    assert sum(length > 1_000 for length in lengths) <= 2 * (len(entries) + 1)
    assert threading.get_ident() not in threads
