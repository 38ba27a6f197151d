"""Queries and documents for the full-text index of each database (pure).

Both mean the same: every word somewhere, in any form of it, by itself or joined with a neighbour that the query
has beside it; phrases among the words alone, as they are; exclusions; one category. Every word is quoted and
normalised: none of them is syntax, and none is a mark: each article bears one as an article and one of its
category, and they begin with a sign of private use, as stems do, which no normalised word holds.
"""

from persian.index_terms import alternatives
from persian.query import Query, ways

_MARK = "\ue000"

# PostgreSQL: a lexeme is shorter than 2,048 bytes, a position at most 16,383, a vector smaller than 1 MiB.
_LONGEST_WORD = 500
_LAST_POSITION = 16_383
_MOST_POSITIONS = 255
_LARGEST_VECTOR = 900_000
_BYTES_OF_A_POSITION = 4


def marks(category_id: int) -> str:
    """Return the marks of an article of that category, to stand before its joined pairs."""
    return f"{_MARK} {_MARK}{category_id}"


def fts5(query: Query, category_id: int | None = None) -> str:
    """Return the query, within a category or in all of them, as an expression of SQLite's FTS5."""
    terms_of_query = [
        f"({' OR '.join(map(_fts5_word, terms))})" for run in query.words for terms in alternatives(run)
    ]
    terms_of_query += [_fts5_phrase(phrase) for phrase in query.phrases]
    if category_id is not None or not terms_of_query:
        terms_of_query.append(_fts5_word(_mark(category_id)))
    expression = " AND ".join(terms_of_query)
    for phrase in query.excluded:
        expression = f"({expression}) NOT {_fts5_phrase(phrase)}"
    return expression


def tsquery(query: Query, category_id: int | None = None) -> str:
    """Return the query, within a category or in all of them, as the text of a PostgreSQL tsquery."""
    terms_of_query = [f"({' | '.join(map(_lexeme, terms))})" for run in query.words for terms in alternatives(run)]
    terms_of_query += [_ts_phrase(phrase) for phrase in query.phrases]
    if category_id is not None or not terms_of_query:
        terms_of_query.append(_lexeme(_mark(category_id)))
    terms_of_query += [f"!{_ts_phrase(phrase)}" for phrase in query.excluded]
    return " & ".join(terms_of_query)


def vector(words: str, joined: str) -> str:
    """Return an article's two texts (words parted by spaces) as the text of a PostgreSQL tsvector.

    Words have the weight A and joined pairs B. Of a text too large for a vector the beginning is indexed.
    """
    places: dict[str, list[str]] = {}
    room = _LARGEST_VECTOR
    for weight, terms in (("A", words.split()), ("B", joined.split())):
        for place, term in enumerate(terms[:_LAST_POSITION], 1):
            room -= len(term[:_LONGEST_WORD].encode()) + _BYTES_OF_A_POSITION
            if room < 0:
                break
            places.setdefault(_lexeme(term), []).append(f"{place}{weight}")
    return " ".join(f"{lexeme}:{','.join(at[:_MOST_POSITIONS])}" for lexeme, at in places.items())


def _mark(category_id: int | None) -> str:
    return _MARK if category_id is None else f"{_MARK}{category_id}"


def _fts5_word(word: str) -> str:
    return f'"{word}"'


def _fts5_phrase(words: tuple[str, ...]) -> str:
    if len(words) == 1:
        return _fts5_word(words[0])
    begun = " OR ".join(map(_fts5_word, _beginnings(words)))
    spelled = " OR ".join(f"words : {_fts5_word(' '.join(way))}" for way in ways(words))
    return f"(({begun}) AND ({spelled}))"


def _lexeme(word: str) -> str:
    return f"'{word[:_LONGEST_WORD]}'"


def _ts_phrase(words: tuple[str, ...]) -> str:
    if len(words) == 1:
        return _lexeme(words[0])
    begun = " | ".join(map(_lexeme, _beginnings(words)))
    spelled = " | ".join(f"({' <-> '.join(f'{_lexeme(word)}:A' for word in way)})" for way in ways(words))
    return f"(({begun}) & ({spelled}))"


def _beginnings(words: tuple[str, ...]) -> list[str]:
    """Return how the ways of writing a phrase begin, as the index has them: each pair of neighbours is one word.

    They lead to the few articles that may have the phrase at all, however common its words are.
    """
    return list(dict.fromkeys("".join(way[:2]) for way in ways(words)))
