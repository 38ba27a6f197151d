"""Suggestions for a search without results: other spellings, or fewer conditions."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from bot.locales.catalog import Texts
from bot.render.snippet import text_under_title
from handlers.readers.search_request import SearchRequest, understand
from persian.index_terms import alternatives
from persian.normalise import places
from persian.query import PieceKind, Query, corrected, spellings, without
from persian.spelling import nearby
from storage import articles, search
from storage.engine.connection import Connection
from storage.records import Article

_MOST = 4
_MOST_MISSPELT = 2
_MOST_MEANT = 3
_AT_ONCE = 60
_LOOKS = 4
_LOOKED_AT = 12_000
"""The letters of an article among which words are looked for: of hostile ones, a whole text takes a second."""

_FEWER = {
    PieceKind.PERIOD: "button-without-days",
    PieceKind.CATEGORY: "button-without-category",
    PieceKind.EXCLUDED: "button-without-exclusions",
    PieceKind.PHRASE: "button-without-quotes",
}


@dataclass(frozen=True, slots=True)
class SuggestedSearch:
    """Another search: its words, and what its button says."""

    words: str
    label: str


async def others(connection: Connection, request: SearchRequest, day: date, texts: Texts) -> list[SuggestedSearch]:
    """Return other searches that find something, what was probably meant before what asks for less."""
    suggestions = []
    for words, meant in await _corrected_searches(connection, request, day, texts):
        suggestions.append(SuggestedSearch(words, texts("button-meant", words=meant)))
    for kind, key in _FEWER.items():
        words = without(request.words, kind, day)
        if words != " ".join(request.words.split()) and await _newest(connection, words, day, texts) is not None:
            suggestions.append(SuggestedSearch(words, texts(key)))
    return suggestions[:_MOST]


async def _corrected_searches(
    connection: Connection, request: SearchRequest, day: date, texts: Texts
) -> list[tuple[str, str]]:
    """Return searches in which no word is misspelt, each with the words that are other ones."""
    meant = {word: await _alike(connection, word) for word in await _misspelt(connection, request.query)}
    meant = {word: alike for word, alike in meant.items() if alike}
    if not meant:
        return []
    best = {word: alike[0] for word, alike in meant.items()}
    first = next(iter(meant))
    corrections = []
    for other in meant[first]:
        instead = best | {first: other}
        hit = await _newest(connection, corrected(request.words, instead, day), day, texts)
        if hit is not None:
            written = await asyncio.to_thread(_as_written, hit, instead.values())
            spelt = dict(zip(instead, written, strict=True))
            corrections.append((corrected(request.words, spelt, day), " ".join(spelt.values())))
    return corrections


async def _misspelt(connection: Connection, query: Query) -> list[str]:
    """Return the first words of a query that no article has, however they are joined."""
    terms = [terms for run in query.words for terms in alternatives(run)]
    terms += [terms for phrase in query.phrases for terms in spellings(phrase)]
    known = await search.count_words(connection, list({term for spelling in terms for term in spelling}))
    missing = dict.fromkeys(spelling[0] for spelling in terms if known.keys().isdisjoint(spelling))
    return list(islice(missing, _MOST_MISSPELT))


async def _alike(connection: Connection, word: str) -> list[str]:
    """Return words that articles have and that this one may have been meant for, the commonest first."""
    for batch in islice(_batches(nearby(word)), _LOOKS):
        known = await search.count_words(connection, batch)
        if known:
            return sorted(known, key=lambda candidate: (-known[candidate], batch.index(candidate)))[:_MOST_MEANT]
    return []


def _batches(words: list[str]) -> Iterator[list[str]]:
    return (words[place : place + _AT_ONCE] for place in range(0, len(words), _AT_ONCE))


async def _newest(connection: Connection, words: str, day: date, texts: Texts) -> Article | None:
    """Return the newest article that such a search finds."""
    request = await understand(connection, words, day, texts)
    ordinals = await search.find(connection, request.query, request.within, limit=1)
    return next(iter(await articles.by_ordinals(connection, ordinals)), None)


def _as_written(article: Article, words: Iterable[str]) -> list[str]:
    """Return normalised words as the article writes them, as far as they stand in its beginning."""
    text = f"{article.content.title} {text_under_title(article.content)}"[:_LOOKED_AT]
    written: dict[str, str] = {}
    for word, begin, end in places(text):
        written.setdefault(word, text[begin:end])
    return [written.get(word, word) for word in words]
