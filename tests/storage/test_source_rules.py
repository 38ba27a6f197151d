"""Rules of sources, on both databases: what a new item becomes that a rule's search finds."""

import threading

import pytest

from bot.errors import ConflictError, NotFoundError, UserError
from bot.ingest.parsing.reading import read_feed
from bot.ingest.raw_document import RawDocument
from bot.ingest.routing import routes
from bot.ingest.sources.source_admin import SourceAdmin, SourceEdit, try_rule
from bot.ingest.storing.recognition import Arrival
from persian.index_terms import index_text
from persian.matching import MatchableText, terms_of
from persian.normalise import match_key
from persian.query import parse_query
from storage import articles, audit, categories, notices, search, search_texts, source_rules
from storage.engine.database import Database
from storage.records import Article, ArticleState, RuleAction, Source
from tests.newsroom_people import employ
from tests.storage.feeding import NOW, SITE, ZONE, Entry, Newsroom, feed_of

EDITOR = 7


@pytest.fixture(autouse=True)
async def _staff(database: Database) -> None:
    await employ(database, EDITOR)


@pytest.fixture
async def newsroom(database: Database) -> Newsroom:
    return Newsroom(database)


@pytest.fixture
def admin(database: Database) -> SourceAdmin:
    return SourceAdmin(database, lambda: NOW)


async def _read(newsroom: Newsroom, source: Source, *titles: str) -> dict[str, Article]:
    """Read a feed of these titles and return the articles by title."""
    await newsroom.read(source, *(Entry(title, f"{SITE}/news/{n + 100}/x") for n, title in enumerate(titles)))
    async with newsroom.database.read() as connection:
        stored = await articles.newest_of_sources(connection, source.id, limit=50)
    return {article.content.title: article for article in stored}


async def test_each_action_does_what_it_says(newsroom: Newsroom, admin: SourceAdmin) -> None:
    source = await newsroom.source()
    for query, action, argument in (
        ("تبلیغ", RuleAction.DROP, ""),
        ("شایعه", RuleAction.REVIEW, ""),
        ('"لیگ برتر"', RuleAction.CATEGORY, "ورزشی"),
        ("زلزله", RuleAction.TAG, "بحران"),
        ("هواشناسی", RuleAction.QUIET, ""),
        ("زلزله -خفیف", RuleAction.BREAKING, ""),
    ):
        await admin.add_rule(source.id, query, action, argument, actor_id=EDITOR)
    stored = await _read(
        newsroom,
        source,
        "تبلیغ یک کالا",
        "شایعه‌ای تازه",
        "هفتهٔ دهم لیگ برتر",
        "زلزلهٔ شدید در شرق",
        "زلزلهٔ خفیف در غرب",
        "گزارش هواشناسی",
        "خبری دیگر",
    )
    assert stored["تبلیغ یک کالا"].state is ArticleState.DROPPED
    assert stored["شایعه‌ای تازه"].state is ArticleState.REVIEW
    assert stored["هفتهٔ دهم لیگ برتر"].category.slug == "sports"
    assert stored["زلزلهٔ شدید در شرق"].content.tags == ("بحران",)
    assert stored["گزارش هواشناسی"].state is ArticleState.PUBLISHED
    assert stored["خبری دیگر"].content.tags == ()
    pushed = set(await newsroom.pushed())
    assert pushed == {
        stored[title].id for title in ("هفتهٔ دهم لیگ برتر", "زلزلهٔ شدید در شرق", "زلزلهٔ خفیف در غرب", "خبری دیگر")
    }
    async with newsroom.database.write() as tx:
        owed = await notices.claim(tx, now=NOW + 9_000_000, lease_until=NOW + 9_100_000, limit=9)
    suggested = [notice.args["id"] for notice in owed if notice.key == "breaking-suggested"]
    assert suggested == [stored["زلزلهٔ شدید در شرق"].id]


async def test_a_rule_of_all_holds_for_every_source_and_one_of_a_source_for_that_alone(
    newsroom: Newsroom, admin: SourceAdmin
) -> None:
    one, other = await newsroom.source(), await newsroom.source(f"{SITE}/other")
    await admin.add_rule(None, "تبلیغ", RuleAction.DROP, "", actor_id=EDITOR)
    await admin.add_rule(one.id, "شایعه", RuleAction.DROP, "", actor_id=EDITOR)
    of_one = await _read(newsroom, one, "تبلیغ نخست ما", "شایعهٔ نخست ما")
    assert {article.state for article in of_one.values()} == {ArticleState.DROPPED}
    await newsroom.read(
        other, Entry("تبلیغ دوم شما", f"{SITE}/news/201/x"), Entry("شایعهٔ دوم شما", f"{SITE}/news/202/x")
    )
    async with newsroom.database.read() as connection:
        stored = await articles.newest_of_sources(connection, other.id, limit=9)
    assert {article.content.title: article.state for article in stored} == {
        "تبلیغ دوم شما": ArticleState.DROPPED,
        "شایعهٔ دوم شما": ArticleState.PUBLISHED,
    }


async def test_a_rule_by_category_meets_what_the_section_means(newsroom: Newsroom, admin: SourceAdmin) -> None:
    source = await newsroom.source()
    await admin.add_rule(source.id, "دسته:سیاسی", RuleAction.QUIET, "", actor_id=EDITOR)
    await _read(newsroom, source, "خبر سیاست امروز")
    assert await newsroom.pushed() == []


async def test_what_an_editor_taught_a_source_counts_before_the_tables(
    newsroom: Newsroom, admin: SourceAdmin
) -> None:
    source = await newsroom.source()
    async with newsroom.database.read() as connection:
        culture = await categories.find(connection, "culture")
    assert culture is not None
    await admin.learn_section(source.id, "ورزش", culture.id, actor_id=EDITOR)
    feed = Entry("یک خبر", f"{SITE}/news/301/x", section="ورزش")
    await newsroom.read(source, feed)
    async with newsroom.database.read() as connection:
        (stored,) = await articles.newest_of_sources(connection, source.id, limit=9)
    assert stored.category.slug == "culture"


async def test_a_rule_that_was_removed_holds_no_more(newsroom: Newsroom, admin: SourceAdmin) -> None:
    source = await newsroom.source()
    rule = await admin.add_rule(source.id, "تبلیغ", RuleAction.DROP, "", actor_id=EDITOR)
    await admin.remove_rule(rule.id, actor_id=EDITOR)
    with pytest.raises(NotFoundError):
        await admin.remove_rule(rule.id, actor_id=EDITOR)
    stored = await _read(newsroom, source, "تبلیغ یک کالا")
    assert stored["تبلیغ یک کالا"].state is ArticleState.PUBLISHED


@pytest.mark.parametrize("query", ["", "-شایعه", "شایعه -شایعه", "!?", "دسته:ناشناخته"])
async def test_a_rule_that_finds_nothing_is_refused(newsroom: Newsroom, admin: SourceAdmin, query: str) -> None:
    source = await newsroom.source()
    with pytest.raises(UserError):
        await admin.add_rule(source.id, query, RuleAction.DROP, "", actor_id=EDITOR)


async def test_an_equal_rule_is_refused_however_its_search_is_written(
    newsroom: Newsroom, admin: SourceAdmin
) -> None:
    source, other = await newsroom.source(), await newsroom.source(f"{SITE}/other")
    await admin.add_rule(source.id, "تبلیغ  كالا", RuleAction.DROP, "", actor_id=EDITOR)
    await admin.add_rule(None, "شایعه", RuleAction.TAG, "شایعات", actor_id=EDITOR)
    for query, action, argument in (
        ("تبلیغ کالا", RuleAction.DROP, ""),
        ("شایعه", RuleAction.TAG, " شایعات "),
    ):
        with pytest.raises(ConflictError, match="rule-known"):
            await admin.add_rule(source.id, query, action, argument, actor_id=EDITOR)
    await admin.add_rule(source.id, "تبلیغ کالا", RuleAction.QUIET, "", actor_id=EDITOR)
    await admin.add_rule(source.id, "شایعه", RuleAction.TAG, "دیگر", actor_id=EDITOR)
    await admin.add_rule(other.id, "تبلیغ کالا", RuleAction.DROP, "", actor_id=EDITOR)


async def test_a_rule_is_tried_on_what_came_before(newsroom: Newsroom) -> None:
    source = await newsroom.source()
    await _read(newsroom, source, "تبلیغ یک کالا", "خبری دیگر")
    async with newsroom.database.read() as connection:
        tried = await try_rule(connection, source.id, "تبلیغ")
    assert {article.content.title: hit for article, hit in tried} == {"تبلیغ یک کالا": True, "خبری دیگر": False}


async def test_an_edited_source_is_fetched_anew(newsroom: Newsroom, admin: SourceAdmin) -> None:
    source = await newsroom.source()
    changes = SourceEdit(title="نام نو", category="ورزشی", review=True, interval=0)
    edited = await admin.edit(source.id, changes, actor_id=EDITOR)
    assert (edited.title, edited.review, edited.url) == ("نام نو", True, source.url)
    assert edited.category_id != source.category_id
    await newsroom.source(f"{SITE}/other")
    with pytest.raises(UserError):
        await admin.edit(source.id, SourceEdit(url=f"{SITE}/other"), actor_id=EDITOR)


async def test_what_a_section_means_is_offered_once_learned_once_and_forgotten(
    newsroom: Newsroom, admin: SourceAdmin
) -> None:
    source = await newsroom.source()
    await newsroom.read(source, Entry("یک خبر", f"{SITE}/news/401/x", section="گوشه و کنار"))
    async with newsroom.database.read() as connection:
        (stored,) = await articles.newest_of_sources(connection, source.id, limit=9)
    offer = await admin.offer_section(stored)
    assert offer is not None
    assert (offer.name, offer.category_id) == ("گوشه و کنار", stored.category.id)
    assert await admin.offer_section(stored) is None
    for _ in range(2):
        await admin.learn_section(source.id, offer.name, offer.category_id, actor_id=EDITOR)
    for _ in range(2):
        await admin.forget_section(source.id, match_key(offer.name), actor_id=EDITOR)
    async with newsroom.database.read() as connection:
        assert await source_rules.sections(connection, source.id) == []
        assert await source_rules.section_offer(connection, offer.id) == offer
        acts = [entry.action for entry in await audit.page(connection, limit=9)]
    assert acts == ["forget_section", "learn_section"]


async def test_a_section_that_means_the_category_already_is_not_offered(
    newsroom: Newsroom, admin: SourceAdmin
) -> None:
    source = await newsroom.source()
    await newsroom.read(source, Entry("یک خبر", f"{SITE}/news/402/x", section="فوتبال"))
    async with newsroom.database.read() as connection:
        (stored,) = await articles.newest_of_sources(connection, source.id, limit=9)
    assert stored.category.slug == "sports"
    assert await admin.offer_section(stored) is None


async def test_rules_and_their_searches_are_bounded(newsroom: Newsroom, admin: SourceAdmin) -> None:
    full, other = await newsroom.source(), await newsroom.source(f"{SITE}/other")
    async with newsroom.database.write() as tx:
        for _ in range(200):
            await source_rules.add(tx, full.id, "تبلیغ", RuleAction.DROP, argument="", now=NOW)
    with pytest.raises(UserError, match="rule-too-many"):
        await admin.add_rule(full.id, "شایعه", RuleAction.DROP, "", actor_id=EDITOR)
    for free in (other.id, None):
        await admin.add_rule(free, "شایعه", RuleAction.DROP, "", actor_id=EDITOR)
    with pytest.raises(UserError, match="rule-query-long"):
        await admin.add_rule(other.id, "شایعه " * 100, RuleAction.DROP, "", actor_id=EDITOR)


@pytest.mark.parametrize(("letters", "is_aside"), [(24_000, True), (2_000, False)])
async def test_rules_read_a_long_item_in_a_thread_and_index_their_tags_alone(
    newsroom: Newsroom, admin: SourceAdmin, monkeypatch: pytest.MonkeyPatch, *, letters: int, is_aside: bool
) -> None:
    source = await newsroom.source()
    await admin.add_rule(source.id, "زلزله", RuleAction.TAG, "ستاد بحران", actor_id=EDITOR)
    threads, indexed = [], []

    def compared(words: str, joined: str) -> MatchableText:
        threads.append(threading.get_ident())
        return terms_of(words, joined)

    def index(text: str) -> tuple[str, str]:
        indexed.append(text)
        return index_text(text)

    def arrival(last: str) -> Arrival:
        feed = feed_of([Entry("خبر", f"{SITE}/news/100/x", text="واژه " * (letters // 5) + last)])
        (incoming,) = read_feed(RawDocument(feed, "", source.url), ZONE).items
        return Arrival(incoming, NOW)

    arrivals = [arrival("زلزله."), arrival("زلزله و پس‌لرزه.")]
    monkeypatch.setattr(routes, "terms_of", compared)
    monkeypatch.setattr(search_texts, "index_text", index)
    for new_or_changed in arrivals:
        async with newsroom.database.write() as tx:
            await newsroom.store.store(tx, source, [new_or_changed], now=NOW)
    assert [thread != threading.get_ident() for thread in threads] == [is_aside] * 2
    assert indexed == ["ستاد بحران"] * 2
    async with newsroom.database.read() as connection:
        for words in ('"ستاد بحران"', "زلزله", "ستادبحران", "پس‌لرزه"):
            assert len(await search.find(connection, parse_query(words), limit=9)) == 1, words
