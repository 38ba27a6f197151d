"""A line of an article's text around what was searched for, the found words in bold (pure)."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import islice

from bot.render.html import escape, strip_tags
from persian.index_terms import STEM_MARK, alternatives
from persian.normalise import MARK, folded
from persian.query import Query, ways
from persian.stemming import PREFIXES, SUFFIXES, stems
from storage.records import Content

SNIPPET_UNITS = 110
"""The longest line, in UTF-16 units, with its dots."""

_LOOKED_AT = 12_000
_BEFORE = 30
_MOST_BOLD = 8
_MORE = "…"
_ONE_UNIT = "\uffff"  # what comes behind it takes two

_HALF_SPACE = "\u200c"

_RUN = re.compile("[^ ]+")

_Word = tuple[str, int, int]
"""A word as it is normalised, and where it begins and ends."""


def text_under_title(content: Content) -> str:
    """Return lead and body as plain text, on one line."""
    parts = [content.lead]
    for block in content.body:
        parts += [strip_tags(block.html), *(strip_tags(item) for item in block.items)]
    return " ".join(" ".join(parts).split())


def snippet(text: str, query: Query) -> str:
    """Return as HTML the part of a text in which most of the query stands, or how it begins; "" of nothing.

    At most SNIPPET_UNITS are seen of it; it is cut between words, and within one only where that is longer still.
    """
    looked = text[:_LOOKED_AT]
    folds = folded(looked)
    hits = [_with_affixes(looked, folds, word) for word in _query_words(folds, query)]
    # A half-space parts words where they are looked for, but no line is cut there.
    cuts = "".join(MARK if letter == _HALF_SPACE else fold for letter, fold in zip(looked, folds, strict=True))
    begin = _begin(cuts, hits, SNIPPET_UNITS)
    end = _end(looked, cuts, begin, SNIPPET_UNITS - 2 * len(_MORE))
    line = _marked(looked, begin, end, hits)
    return f"{_MORE if begin else ''}{line}{_MORE if end < len(text) else ''}"


def _query_words(folds: str, query: Query) -> list[_Word]:
    """Return the words of a text that the query asked for, in their order."""
    whole, inflected = _wanted_terms(query)
    hits = {word[1]: word for word in _standing_terms(folds, whole)}
    hits |= {word[1]: word for word in _inflected(folds, inflected)}
    hits |= {word[1]: word for word in _phrase_words(folds, query.phrases)}
    return [hits[begin] for begin in sorted(hits)]


def _standing_terms(folds: str, terms: Set[str]) -> Iterator[_Word]:
    """Yield the words of a text that stand as the terms do, or parted once."""
    for term in terms:
        for words in _standing(folds, f"[{MARK} ]*".join(term)):
            if len(words) <= 2:
                yield from words


def _phrase_words(folds: str, phrases: Iterable[tuple[str, ...]]) -> Iterator[_Word]:
    """Yield the words of the phrases of several words that a text has."""
    for way in (way for phrase in phrases if len(phrase) > 1 for way in ways(phrase)):
        pattern = f"{MARK}* +{MARK}*".join(f"{MARK}*".join(word) for word in way)
        for words in _standing(folds, pattern):
            yield from words


def _wanted_terms(query: Query) -> tuple[set[str], set[str]]:
    """Return the words of a query that are looked for as they are, and the stems of those in any form."""
    terms = {term for run in query.words for terms in alternatives(run) for term in terms}
    inflected = {term for term in terms if term.startswith(STEM_MARK)}
    alone = {phrase[0] for phrase in query.phrases if len(phrase) == 1}
    return (terms - inflected) | alone, {term.removeprefix(STEM_MARK) for term in inflected}


def _inflected(folds: str, wanted_stems: Set[str]) -> Iterator[_Word]:
    """Yield the words of a text that are forms of the stems."""
    if not wanted_stems:
        return
    for run in _RUN.finditer(folds):
        word = run[0].replace(MARK, "")
        if not wanted_stems.isdisjoint(stems(word)):
            yield word, run.start(), run.end()


def _with_affixes(text: str, folds: str, word: _Word) -> _Word:
    """Return a found word with the ending and the prefix that stand beside it behind half-spaces."""
    term, begin, end = word
    if text[end : end + 1] == _HALF_SPACE:
        after = _RUN.match(folds, end + 1)
        if after and after[0].replace(MARK, "") in SUFFIXES:
            end = after.end()
    if begin and text[begin - 1] == _HALF_SPACE:
        before = folds.rfind(" ", 0, begin - 1) + 1
        if folds[before : begin - 1].replace(MARK, "") in PREFIXES:
            begin = before
    return term, begin, end


def _standing(folds: str, pattern: str) -> Iterator[list[_Word]]:
    """Yield the words that each place consists of where a pattern stands between borders."""
    for at in re.finditer(f"{pattern}{MARK}*(?![^ ])", folds):
        begin, end = at.span()
        while begin and folds[begin - 1] == MARK:
            begin -= 1
        if begin == 0 or folds[begin - 1] == " ":
            runs = _RUN.finditer(folds, begin, end)
            yield [(run[0].replace(MARK, ""), run.start(), run.end()) for run in runs]


def _begin(cuts: str, hits: Sequence[_Word], units: int) -> int:
    """Return where the line begins: a little before the place that holds the most different words of the query."""
    best = _best_place(hits, units)
    place = max(0, best - _BEFORE)
    if place and cuts[place - 1] != " ":
        space = cuts.find(" ", place, best)
        place = best if space < 0 else space
    first = _RUN.search(cuts, place)
    return first.start() if first and cuts[: first.start()].strip(" ") else 0


def _best_place(hits: Sequence[_Word], units: int) -> int:
    """Return the place behind which the most different words of the query fit into a line."""
    best, most, all_ = 0, 0, len({word for word, _, _ in hits})
    for at, (_, begin, _) in enumerate(hits):
        if most == all_:
            break
        border = begin + units - _BEFORE
        seen = set[str]()
        for word, _, end in islice(hits, at, None):
            if end > border or len(seen) == all_:
                break
            seen.add(word)
        if len(seen) > most:
            best, most = begin, len(seen)
    return best


def _end(text: str, cuts: str, begin: int, room: int) -> int:
    """Return where a line that begins at `begin` ends, with so many units at most."""
    end = begin
    while end < len(text) and (room := room - (2 if text[end] > _ONE_UNIT else 1)) >= 0:
        end += 1
    # Between words, unless the only one is longer than the line.
    parts_a_word = end < len(text) and " " not in cuts[end - 1 : end + 1]
    word = cuts.rfind(" ", begin, end) + 1
    return word if parts_a_word and word > begin else end


def _marked(text: str, begin: int, end: int, hits: Sequence[_Word]) -> str:
    parts: list[str] = []
    place, bold = begin, 0
    for _, first, last in hits:
        if first < place or last > end or bold == _MOST_BOLD:
            continue
        between = text[place:first]
        if parts and between in (" ", "\u200c") and parts[-1].endswith("</b>"):
            parts[-1] = f"{parts[-1].removesuffix('</b>')}{between}{escape(text[first:last])}</b>"
        else:
            parts += [escape(between), f"<b>{escape(text[first:last])}</b>"]
            bold += 1
        place = last
    return "".join((*parts, escape(text[place:end].rstrip())))
