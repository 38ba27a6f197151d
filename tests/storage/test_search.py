"""Search: one meaning on both databases, whatever the words and however large the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persian.normalise import index_text, tokens
from persian.query import Query, parse_query
from storage import articles, match, search
from storage.database import Database
from storage.records import Block, BlockKind, Content
from tests.storage.conftest import AtHand
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


async def publish(database: Database, title: str, *, at: int = NOW, body: str = "") -> int:
    """Publish an article and return its ordinal."""
    content = Content(title, body=(Block(BlockKind.PARAGRAPH, body),) if body else ())
    async with database.write() as tx:
        made = await articles.insert(tx, content, category_id=1, now=NOW, published_at=at)
        assert await articles.release(tx, made, published_at=at, now=NOW)
        article = await articles.get(tx, made)
    assert article is not None
    assert article.ordinal is not None
    return article.ordinal


async def hits(database: Database, query: Query, **page: int) -> list[int]:
    async with database.read() as connection:
        return await search.find(connection, query, limit=page.pop("limit", 100), **page)


def test_what_is_found_is_what_the_words_mean(at_hand: AtHand) -> None:
    made = {
        at_hand.run(publish(at_hand.database, text, at=NOW - number)): text for number, text in enumerate(_TEXTS)
    }

    @settings(max_examples=200, deadline=None, database=None)
    @given(_QUERIES)
    def agrees(words: str) -> None:
        query = parse_query(words)
        expected = [ordinal for ordinal, text in made.items() if query and found_by(query, tokens(text))]
        assert at_hand.run(hits(at_hand.database, query)) == expected

    agrees()


async def test_pages_go_both_ways(database: Database) -> None:
    made = [await publish(database, "خبر", at=NOW - number) for number in range(5)]
    query = parse_query("خبر")
    assert await hits(database, query, limit=2) == made[:2]
    assert await hits(database, query, limit=2, before=made[1]) == made[2:4]
    assert await hits(database, query, limit=2, after=made[3]) == made[1:3]


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
        " ".join(f"واژه{number}" for number in range(150_000)),
        "ا" * 1_000_000,
        " ".join("ب" * 900 + str(number) for number in range(3000)),
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
    for word in match.tsquery(query).replace("!", "").replace("(", "").replace(")", "").split():
        assert word in ("&", "|", "<->") or word.startswith("'")
    words, joined = index_text(typed)
    assert match.vector(words, joined).count("'") == 2 * len({*words.split(), *joined.split()})
