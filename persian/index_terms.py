"""The terms that full-text search keeps of a text, and those by which a word of a query is found (pure).

Beside its words, a text is found by each pair of neighbours joined, because half-spaces come and go, and by the
stems of its inflected words. A stem is marked, so that it is no word: what is quoted stays exact.
"""

from itertools import pairwise

from persian.normalise import tokens
from persian.query import spellings
from persian.stemming import PREFIXES, SUFFIXES, stems

STEM_MARK = "\ue001"
"""The sign before a stem. It is of private use: no normalised word holds it."""


def index_text(text: str) -> tuple[str, str]:
    """Return what full-text search keeps of `text`: its words; each pair of neighbours joined, and marked stems."""
    words = tokens(text)
    further = [first + second for first, second in pairwise(words)]
    further += dict.fromkeys(f"{STEM_MARK}{stem}" for word in words for stem in stems(word))
    return " ".join(words), " ".join(further)


def alternatives(run: tuple[str, ...]) -> list[list[str]]:
    """Return for each word of a run the terms of which any may stand for it, the word itself first.

    An ending or a prefix that is written apart from its word is left out: any form of the word will do.
    """
    spelled = spellings(run)
    kept = [terms for at, terms in enumerate(spelled) if not _is_affix(run, at)]
    return [_inflected(terms) for terms in kept or spelled]


def _inflected(terms: list[str]) -> list[str]:
    word, *joined = terms
    inside = stems(word)
    return [word, *joined, *inside, *(f"{STEM_MARK}{stem}" for stem in (word, *inside))]


def _is_affix(run: tuple[str, ...], at: int) -> bool:
    return (at > 0 and run[at] in SUFFIXES) or (at + 1 < len(run) and run[at] in PREFIXES)
