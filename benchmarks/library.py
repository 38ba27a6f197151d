"""A newsroom with a past: so many articles and so many chats, made once and kept."""

import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from itertools import accumulate, islice

from benchmarks.audience import follow
from bot.clock import now_ms
from storage import categories, key_value, search
from storage.article_rows import revision_row
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.id_allocation import first_ordinal
from storage.records import Article, ArticleState, Block, BlockKind, Category, ChatKind, Content
from storage.schema import article, revision

COMMON = ("از", "به", "در", "که", "این", "با", "برای", "است", "کرد", "شد", "تهران", "ایران", "دولت", "مجلس", "قیمت")
"""The words that stand in most articles, the most frequent first."""

NAME = "x"
"""The name of everybody, in a library and in what they ask of it."""

_KEY = "library"
_SEED = 1404
_WORDS = 30_000
_LETTERS = "ابپتجچحخدرزژسشصطعغفقکگلمنوهی"
_AT_ONCE = 2_000
_FIRST_PERSON = 1_000_001
_MINUTE_MS = int(timedelta(minutes=1).total_seconds() * 1000)


async def build(url: str, size: int) -> None:
    """Make the database at `url` hold `size` articles and as many private chats, unless it does already."""
    async with opened(url) as database:
        async with database.read() as connection:
            if await key_value.value(connection, _KEY) == str(size):
                return
            known = await categories.all_(connection)
        _report_progress(f"building {size} articles and chats: done once, kept afterwards")
        made = _articles(size, known)
        number = 0
        while batch := list(islice(made, _AT_ONCE)):
            await _store(database, batch)
            number += len(batch)
            if number % 100_000 == 0:
                _report_progress(f"{number} articles")
    # They have been here before: their names are known, and whether they can see what they are sent.
    await follow(url, people(size), ChatKind.PRIVATE, title=NAME, started=True, rich_asked=True)
    async with opened(url) as database, database.write() as tx:
        await key_value.store(tx, _KEY, str(size))


def people(size: int) -> range:
    """Return the ids of the chats of a library of `size`."""
    return range(_FIRST_PERSON, _FIRST_PERSON + size)


def strangers(count: int) -> range:
    """Return the ids of people who were never here, another time others."""
    first = int(time.time() * 1000) * 1000
    return range(first, first + count)


def vocabulary() -> list[str]:
    """Return the words that articles are made of, the most frequent first."""
    rng = random.Random(_SEED)
    words = dict.fromkeys(COMMON)
    while len(words) < _WORDS:
        words["".join(rng.choices(_LETTERS, k=rng.randint(3, 8)))] = None
    return list(words)


def prose(rng: random.Random) -> Callable[[int], str]:
    """Return a function that writes so many words, each as frequent as in a language."""
    words, weights = _language()
    return lambda count: " ".join(rng.choices(words, cum_weights=weights, k=count))


@cache
def _language() -> tuple[list[str], list[float]]:
    """Return the vocabulary and the cumulative weights of its words."""
    words = vocabulary()
    return words, list(accumulate(1 / (rank + 3) for rank in range(len(words))))


async def _store(database: Database, stored_articles: list[Article]) -> None:
    columns = ("id", "state", "revision", "language", "published_at", "released_at", "ordinal", "created_at")
    rows = [
        {name: getattr(stored_article, name) for name in columns}
        | {"category_id": stored_article.category.id, "updated_at": stored_article.created_at}
        for stored_article in stored_articles
    ]
    async with database.write() as tx:
        await tx.execute(article.insert(), rows)
        revisions = [
            revision_row(
                stored_article.id,
                1,
                stored_article.content,
                None,
                now=stored_article.created_at,
                category_id=stored_article.category.id,
            )
            for stored_article in stored_articles
        ]
        await tx.execute(revision.insert(), revisions)
        await search.put(tx, stored_articles)


def _articles(size: int, known: list[Category]) -> Iterator[Article]:
    """Make articles, a minute apart, the newest of now, whose words are as frequent as those of a language."""
    rng = random.Random(_SEED)
    words, words_in_prose = vocabulary(), prose(rng)
    now = now_ms()
    for number in range(1, size + 1):
        at = now - (size - number) * _MINUTE_MS
        body = (Block(BlockKind.PARAGRAPH, f"{words_in_prose(20)}."),)
        yield Article(
            id=number,
            state=ArticleState.PUBLISHED,
            category=rng.choice(known),
            content=Content(words_in_prose(9), words_in_prose(12), body, tags=(rng.choice(words),)),
            revision=1,
            language="fa",
            url="",
            origin="",
            source_number="",
            author_id=None,
            published_at=at,
            released_at=at,
            ordinal=first_ordinal(at),
            scheduled_at=None,
            breaking=False,
            created_at=at,
            updated_at=at,
        )


def _report_progress(words: str) -> None:
    print(f"... {words}", file=sys.stderr, flush=True)
