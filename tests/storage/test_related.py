"""Related articles: those with an article's tags and the rare words of its title, on both databases."""

from bot.newsroom.related import Term, choose, related, terms, title_words
from storage import articles
from storage.engine.database import Database
from storage.records import Article, Content

NOW = 1_766_576_760_000


async def _publish(database: Database, title: str, *tags: str, at: int = 0) -> Article:
    async with database.write() as tx:
        made = await articles.insert(
            tx, Content(title, tags=tags), category_id=1, now=NOW, published_at=NOW + at * 1000
        )
        await articles.release(tx, made, published_at=NOW + at * 1000, now=NOW)
        article = await articles.get(tx, made)
    assert article is not None
    return article


async def _related(database: Database, article: Article, most: int = 8) -> list[str]:
    async with database.read() as connection:
        return [other.content.title for other in await related(connection, article, most=most)]


async def test_tags_and_rare_words_in_any_spelling_relate(database: Database) -> None:
    own = await _publish(database, "زلزلهٔ شدید در کرمانشاه", "هلال احمر", at=1)
    await _publish(database, "امدادگران هلال‌احمر راهی شدند", at=2)
    await _publish(database, "کرمانشاه پس از زلزله", at=3)
    await _publish(database, "قیمت نفت در بازار", "نفت", at=4)
    taken_back = await _publish(database, "زلزله‌ای دیگر", "هلال احمر", at=5)
    async with database.write() as tx:
        await articles.retract(tx, taken_back.id, now=NOW)
    assert await _related(database, own) == ["کرمانشاه پس از زلزله", "امدادگران هلال‌احمر راهی شدند"]
    assert await _related(database, own, most=1) == ["کرمانشاه پس از زلزله"]


async def test_common_and_empty_words_relate_nothing(database: Database) -> None:
    own = await _publish(database, "این خبر تازه دربارهٔ ۱۲۳ است")
    for number in range(60):
        await _publish(database, f"شمارهٔ {number} از خبر تازه دربارهٔ این ۱۲۳ بورس", at=number)
    common = await _publish(database, "بورس", at=90)
    assert await _related(database, own) == []
    assert await _related(database, common) == []


def test_words_that_say_nothing_are_left_out() -> None:
    assert title_words("رئیس‌جمهور در این دیدار گفت: ۱۴۰۴ سال دیدار") == ["رییس", "جمهور", "دیدار"]


async def test_a_tag_counts_once_and_a_word_by_how_rare_it_is(database: Database) -> None:
    own = await _publish(database, "نفت کرمانشاه بورس ناکجا", "نفت", "#نفت", "", "تیم ملی", "سیاسی")
    chosen = terms(own, {"نفت": 5, "کرمانشاه": 4, "بورس": 30, "ناکجا": 1})
    assert chosen == [Term(("نفت",), 2), Term(("تیمملی",), 2), Term(("کرمانشاه",), 2), Term(("بورس",), 1)]


def test_what_shares_more_comes_before_what_is_newer() -> None:
    rare, common, other = Term(("a",), 2), Term(("b",), 1), Term(("c",), 1)
    hits = [(rare, [9, 5, 1]), (common, [8, 5]), (other, [8, 7])]
    assert choose(hits, 1, most=8) == [5, 9, 8]
    assert choose(hits, 1, most=1) == [5]
