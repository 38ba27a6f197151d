"""Related articles: those that share the tags of an article and the rare words of its title.

For each term, a fixed number of the newest articles is read, however many there are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from persian.function_words import FUNCTION_WORDS
from persian.normalise import match_key, tokens
from persian.query import Query
from storage import articles, search
from storage.engine.connection import Connection
from storage.records import Article

_TAGS = 6
_TAG_WORDS = 5
_TITLE_WORDS = 12
_SHORTEST = 3
_LOOKED_AT = 30
"""The number of newest articles that are read for each term."""
_COMMON = 50
"""A word in this many articles says nothing about which of them are related."""
_RARE = 10
"""A word in fewer articles than this counts as much as a tag."""
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Term:
    """Words of the index that a related article contains, and the `weight` of that evidence."""

    words: tuple[str, ...]
    weight: int


async def related(connection: Connection, article: Article, *, most: int) -> list[Article]:
    """Return up to `most` published articles that belong to this one, newest first."""
    words = title_words(article.content.title)
    counts = await search.count_words(connection, words)
    hits = []
    for term in terms(article, counts):
        query = Query(phrases=tuple((word,) for word in term.words))
        ordinals = await search.find(connection, query, limit=_LOOKED_AT)
        hits.append((term, ordinals))
    return await articles.by_ordinals(connection, choose(hits, article.ordinal or 0, most=most))


def title_words(title: str) -> list[str]:
    """Return the words of a title that may say what it is about, each once."""
    telling = (
        word
        for word in tokens(title)
        if len(word) >= _SHORTEST and not word.isdigit() and word not in FUNCTION_WORDS
    )
    return list(dict.fromkeys(telling))[:_TITLE_WORDS]


def terms(article: Article, counts: Mapping[str, int]) -> list[Term]:
    """Return what to look for: the tags but for the category's own, and words of the title that few articles have.

    `counts` is in how many, words in none left out.
    """
    chosen = _tag_terms(article)
    used = {term.words for term in chosen}
    for word in title_words(article.content.title):
        # One of the articles is this one itself, where it is published.
        if (word,) not in used and int(article.ordinal is not None) < counts.get(word, 0) < _COMMON:
            chosen.append(Term((word,), _ENOUGH if counts[word] < _RARE else 1))
    return chosen


def _tag_terms(article: Article) -> list[Term]:
    """Return the tags of an article but for the category's own."""
    section = article.category
    own = {match_key(name) for name in (section.slug, section.name_fa, section.name_en)}
    tags = dict.fromkeys(tuple(tokens(tag)) for tag in article.content.tags if match_key(tag) not in own)
    return [Term(_indexed(tag), _ENOUGH) for tag in list(tags)[:_TAGS] if 1 <= len(tag) <= _TAG_WORDS]


def _indexed(tag: tuple[str, ...]) -> tuple[str, ...]:
    """Return a tag as the index has it: a word, or each pair of neighbours joined, rarer than either of them."""
    return tuple(first + second for first, second in pairwise(tag)) or tag


def choose(hits: Sequence[tuple[Term, Sequence[int]]], own: int, *, most: int) -> list[int]:
    """Return the ordinals that share the most with an article, the newer first where they share as much."""
    shared: Counter[int] = Counter()
    for term, ordinals in hits:
        shared.update(dict.fromkeys(ordinals, term.weight))
    enough = [ordinal for ordinal, weight in shared.items() if weight >= _ENOUGH and ordinal != own]
    return sorted(enough, key=lambda ordinal: (shared[ordinal], ordinal), reverse=True)[:most]
