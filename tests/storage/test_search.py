"""Search: one meaning on both databases, whatever the words and however large the text."""

import threading
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from bot.delivery.keyword_matching import Matcher
from persian.index_terms import index_text
from persian.matching import canonical, matches, terms_of
from persian.normalise import tokens
from persian.query import Query, parse_query
from storage import article_rows, articles, fts_query, search, search_texts
from storage.engine.database import Database
from storage.records import Block, BlockKind, Content
from tests.storage.conftest import OpenedDatabase
from tests.storage.model import found_by

NOW = 1_766_576_760_000

_WORDS = ["نفت", "ایران", "نفتایران", "بازار", "جهان", "بازارجهان", "2026", "نفت‌ایران", "x", "xنفت"]
_TEXTS = [
    "نفت ایران بازار",
    "بازار نفت ایران جهان",
    "نفتایران در بازار جهان",
    "بازارجهان نفت x",
    "x نفت 2026",
    "xنفت ایران",
    "ایران نفت",
]
_QUERIES = st.lists(
    st.tuples(st.sampled_from(["", "-", '"', '-"']), st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3)),
    min_size=1,
    max_size=4,
).map(lambda parts: " ".join(f"{sign}{' '.join(words)}{sign[-1:].replace('-', '')}" for sign, words in parts))


async def publish(database: Database, title: str, *, at: int = NOW, body: str = "", category: int = 1) -> int:
    """Publish an article and return its ordinal."""
    content = Content(title, body=(Block(BlockKind.PARAGRAPH, body),) if body else ())
    async with database.write() as tx:
        made = await articles.insert(tx, content, category_id=category, now=NOW, published_at=at)
        assert await articles.release(tx, made, published_at=at, now=NOW)
        article = await articles.get(tx, made)
    assert article is not None
    assert article.ordinal is not None
    return article.ordinal


async def hits(
    database: Database, query: Query, within: search.Within = search.EVERYWHERE, **page: int
) -> list[int]:
    async with database.read() as connection:
        return await search.find(connection, query, within, limit=page.pop("limit", 100), **page)


def test_what_is_found_is_what_the_words_mean(opened_database: OpenedDatabase) -> None:
    made = {
        opened_database.run(publish(opened_database.database, text, at=NOW - number)): text
        for number, text in enumerate(_TEXTS)
    }

    @settings(max_examples=200, deadline=None, database=None)
    @given(_QUERIES)
    def agrees(words: str) -> None:
        query = parse_query(words)
        expected = [ordinal for ordinal, text in made.items() if query and found_by(query, tokens(text))]
        assert opened_database.run(hits(opened_database.database, query)) == expected
        # What is followed by words is told without the index, from the same words in an order of their own.
        subject = parse_query(canonical(query))
        assert [
            ordinal for ordinal, text in made.items() if matches(subject, terms_of(*index_text(text)))
        ] == expected

    agrees()


async def test_pages_go_both_ways(database: Database) -> None:
    made = [await publish(database, "خبر", at=NOW - number) for number in range(5)]
    query = parse_query("خبر")
    assert await hits(database, query, limit=2) == made[:2]
    assert await hits(database, query, limit=2, before=made[1]) == made[2:4]
    assert await hits(database, query, limit=2, after=made[3]) == made[1:3]


async def test_frequent_and_seldom_words_are_paged_alike(database: Database) -> None:
    moments = [NOW - number for number in range(150)]
    made: dict[str, list[int]] = {"خبر": [], "نفت": [], "طلا": []}
    for place, at in enumerate(moments):
        words = ["خبر"] + ["نفت"] * (place % 9 == 8) + ["طلا"] * (place in (0, 88, 148, 149))
        ordinal = await publish(database, " ".join(words), at=at)
        for word in words:
            made[word].append(ordinal)
    some = search.Within(since=moments[130], until=moments[5])
    for word, ordinals in made.items():
        query = parse_query(word)
        assert await hits(database, query, limit=200) == ordinals
        for place in range(0, len(ordinals), 4):
            at = ordinals[place]
            assert await hits(database, query, limit=3, before=at) == ordinals[place + 1 : place + 4]
            assert await hits(database, query, limit=3, after=at) == ordinals[max(0, place - 3) : place]
        wanted = [ordinal for ordinal in ordinals if moments[130] << 10 <= ordinal < moments[5] << 10]
        assert await hits(database, query, some, limit=200) == wanted
        assert await hits(database, query, some, limit=3) == wanted[:3]


@pytest.mark.parametrize("words", ["خبر", "دسته:x", "تاریخ:امروز -بازار"], ids=["words", "listed", "all-but"])
async def test_hits_are_of_a_category_and_of_some_days(database: Database, words: str) -> None:
    made = [await publish(database, "خبر", at=NOW - number, category=1 + number % 2) for number in range(6)]
    query = parse_query(words, date(2025, 12, 24))
    assert await hits(database, query, search.Within(category_id=2)) == [made[1], made[3], made[5]]
    assert await hits(database, query, search.Within(since=NOW - 3, until=NOW)) == made[1:4]
    within = search.Within(category_id=1, since=NOW - 4)
    assert await hits(database, query, within) == [made[0], made[2], made[4]]
    assert await hits(database, query, within, limit=1, before=made[0]) == [made[2]]
    assert await hits(database, query, within, limit=1, after=made[4]) == [made[2]]
    assert await hits(database, query, search.Within(category_id=3)) == []


async def test_who_moves_to_another_category_is_found_there(database: Database) -> None:
    made = await publish(database, "خبر")
    async with database.write() as tx:
        moved = await articles.by_ordinals(tx, [made])
        assert await articles.revise(
            tx, moved[0].id, articles.NewRevision(moved[0].content, 1, category_id=2), expected=1, now=NOW
        )
    for words in ("خبر", "دسته:x"):
        assert await hits(database, parse_query(words), search.Within(category_id=1)) == []
        assert await hits(database, parse_query(words), search.Within(category_id=2)) == [made]


@pytest.mark.parametrize("typed", ["\ue000", "\ue0001", '"\ue0001"', "x\ue0001", "خبر\ue0001"])
async def test_no_word_that_is_typed_is_a_mark(database: Database, typed: str) -> None:
    await publish(database, "مطلب")
    assert await hits(database, parse_query(typed)) == []
    assert await hits(database, Query(words=(("مطلب",),), excluded=(tuple(tokens(typed)) or ("هیچ",),))) != []


async def test_known_words_are_those_of_published_articles(database: Database) -> None:
    for number in range(3):
        gone = await publish(database, f"نفت ایران {'دروغ' if number else ''}", at=NOW - number)
    async with database.write() as tx:
        (article,) = await articles.by_ordinals(tx, [gone])
        assert await articles.retract(tx, article.id, now=NOW)
    async with database.read() as connection:
        words = ["نفت", "نفط", "نفتایران", "دروغ"]
        assert await search.count_words(connection, words) == {"نفت": 2, "نفتایران": 2, "دروغ": 1}
        assert await search.count_words(connection, []) == {}


_WALKS = {
    "sqlite": ("EXPLAIN QUERY PLAN ", ("SCAN article_search VIRTUAL TABLE", "USING COVERING INDEX"), "TEMP B-TREE"),
    "postgresql": ("EXPLAIN ", ("pk_article_search", "ix_article_"), "Seq Scan"),
}


@pytest.mark.parametrize("words", ["خبر", "دسته:x", "تاریخ:امروز"])
@pytest.mark.parametrize("within", [search.Within(1), search.Within(None, NOW - 9, NOW), search.Within(1, NOW - 9)])
async def test_newest_first_is_a_walk_of_an_index(
    database: Database, kind: str, words: str, within: search.Within, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(database, "خبر")
    explain, walks, never = _WALKS[kind]
    query = parse_query(words, date(2025, 12, 24))
    async with database.read() as connection:
        if kind == "postgresql":
            # With one row any plan is as good; what is asked is which there can be.
            for setting in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
                await connection.execute(text(f"SET LOCAL {setting} = off"))
        plans: list[Any] = []
        fetch = connection._fetch

        async def explained(statement: str, values: Any) -> Any:
            plans.append(await fetch(explain + statement, values))
            return await fetch(statement, values)

        def note(core: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if not statement.startswith(explain):
                plans.append(core.exec_driver_sql(explain + statement, parameters).all())

        monkeypatch.setattr(connection, "_fetch", explained)
        event.listen(connection.core, "before_cursor_execute", note)
        await search.find(connection, query, within, limit=9, before=NOW << 10)
        # On PostgreSQL the first statement asks how large the index is.
        shown = "\n".join(str(list(row)[-1]) for plan in plans[:2] for row in plan)
    assert any(walk in shown for walk in walks), shown
    assert never not in shown


async def test_the_words_of_every_part_are_found_and_markup_is_not(database: Database) -> None:
    made = await publish(database, "تیتر", body='متن <a href="https://example.org/hidden">پیوند</a> &amp; پایان')
    for words in ("تیتر", "متن پیوند", "پایان"):
        assert await hits(database, parse_query(words)) == [made], words
    for words in ("hidden", "href", "amp"):
        assert await hits(database, parse_query(words)) == [], words


@pytest.mark.parametrize(
    "body",
    [
        "واژه " * 100_000,
        pytest.param(" ".join(f"واژه{number}" for number in range(150_000)), marks=pytest.mark.long),
        "ا" * 1_000_000,
        pytest.param(" ".join("ب" * 900 + str(number) for number in range(3000)), marks=pytest.mark.long),
        "a\x00b \x00",
    ],
    ids=["one-word", "all-different", "endless-word", "long-words", "nul"],
)
async def test_no_text_is_too_much(database: Database, body: str) -> None:
    made = await publish(database, "تیتر بلند", body=body)
    assert await hits(database, parse_query("تیتر بلند")) == [made]
    assert await hits(database, parse_query(f'"{body[:5000]}"')) in ([made], [])


@pytest.mark.parametrize(
    "hostile", ["'", "\\", "a' | 'b", "a:*", "!", "<->", "(a", "a & b)", "\x00", "'' ", "\\'", "a:A", "x" * 3000]
)
async def test_nothing_that_is_asked_is_syntax(database: Database, hostile: str) -> None:
    await publish(database, "خبر")
    assert await hits(database, parse_query(hostile)) == []


@given(st.text(max_size=60))
def test_every_word_is_quoted_whatever_was_typed(typed: str) -> None:
    query = parse_query(typed)
    for word in fts_query.tsquery(query).replace("!", "").replace("(", "").replace(")", "").split():
        assert word in ("&", "|", "<->") or word.startswith("'")
    words, joined = index_text(typed)
    assert fts_query.vector(words, joined).count("'") == 2 * len({*words.split(), *joined.split()})


@pytest.mark.parametrize(("letters", "is_aside"), [(21_000, True), (2_000, False)])
async def test_while_a_long_text_is_read_others_have_their_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch, *, letters: int, is_aside: bool
) -> None:
    threads = []
    given: dict[str, Any] = {"index": search._row, "revision": article_rows.revision_row, "texts": index_text}

    def working(name: str) -> Any:
        def work(*args: Any, **kwargs: Any) -> Any:
            threads.append((name, threading.get_ident()))
            return given[name](*args, **kwargs)

        return work

    monkeypatch.setattr(search_texts, "index_text", working("texts"))
    monkeypatch.setattr(search, "_row", working("index"))
    monkeypatch.setattr(article_rows, "revision_row", working("revision"))
    ordinal = await publish(database, "نفت", body="واژه " * (letters // 5))
    async with database.write() as tx:
        (article,) = await articles.by_ordinals(tx, [ordinal])
        assert await articles.revise(tx, article.id, articles.NewRevision(article.content, 1), expected=1, now=NOW)
    assert await Matcher((article.id, 1), article).having({"نفت"}) == {"نفت"}
    assert Counter(name for name, _ in threads) == {"texts": 3, "index": 2, "revision": 2}
    assert all((thread != threading.get_ident()) == is_aside for _, thread in threads)
