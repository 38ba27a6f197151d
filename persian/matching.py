"""The test of a text against a query without an index (pure), with the meaning of the full-text search."""

from dataclasses import dataclass
from itertools import zip_longest

from persian.index_terms import alternatives
from persian.query import Query, ways


@dataclass(frozen=True, slots=True)
class MatchableText:
    """A text to be matched: its words in their order, each between spaces, and what it holds besides.

    `held` are all of its terms: its words, its pairs of neighbours joined, and its marked stems.
    """

    line: str
    held: frozenset[str]


def terms_of(words: str, joined: str) -> MatchableText:
    """Return the two texts that the index keeps of an article (see index_terms.index_text) as terms."""
    return MatchableText(f" {words} ", frozenset(words.split()).union(joined.split()))


def matches(query: Query, text: MatchableText) -> bool:
    """Return whether `text` holds every word and phrase of the query and none of its exclusions.

    Its category and its days do not count; what only excludes has no hits.
    """
    return bool(query.words or query.phrases) and holds(query, text)


def holds(query: Query, text: MatchableText) -> bool:
    """Return whether `text` holds every word and phrase that the query has, and none of its exclusions."""
    held = text.held
    return (
        all(any(term in held for term in terms) for run in query.words for terms in alternatives(run))
        and all(_stands(phrase, text) for phrase in query.phrases)
        and not any(_stands(phrase, text) for phrase in query.excluded)
    )


def standing(query: Query, text: MatchableText) -> int:
    """Return how many of the query's words and phrases `text` holds."""
    words = sum(any(term in text.held for term in terms) for run in query.words for terms in alternatives(run))
    return words + sum(_stands(phrase, text) for phrase in query.phrases)


def phrase_of(query: Query) -> Query:
    """Return a query for each run of several words as one phrase, without anything else."""
    return Query(phrases=tuple(run for run in query.words if len(run) > 1))


def canonical(query: Query) -> str:
    """Return a text that `parse_query` reads as the same words, phrases and exclusions, in an order of their own.

    It is the same for every spelling of a query and every order of its pieces.
    """
    runs = [" ".join(run) for run in sorted(query.words)]
    quoted = [f'"{" ".join(phrase)}"' for phrase in sorted(query.phrases)]
    quoted += [f'-"{" ".join(phrase)}"' for phrase in sorted(query.excluded)]
    # Runs stand apart in what a person typed because something stood between them; so they do here.
    return " ".join(piece for pair in zip_longest(runs, quoted, fillvalue="") for piece in pair if piece)


def _stands(phrase: tuple[str, ...], text: MatchableText) -> bool:
    if len(phrase) == 1:
        return phrase[0] in text.held
    return any(f" {' '.join(way)} " in text.line for way in ways(phrase))
