"""A line of an article's text around what was searched for, the found words in bold (pure)."""

from collections.abc import Sequence

from bot.render.html import escape, strip_tags
from persian.normalise import places
from persian.query import Query, spellings, ways
from storage.records import Content

SNIPPET_UNITS = 110
"""What a line has at most, in UTF-16 units, its dots included."""

_LOOKED_AT = 12_000
_BEFORE = 30
_MOST_BOLD = 8
_MORE = "…"
_ONE_UNIT = "\uffff"  # what comes behind it takes two

_Word = tuple[str, int, int]


def text_under_title(content: Content) -> str:
    """Return lead and body as plain text, on one line."""
    parts = [content.lead]
    for block in content.body:
        parts += [strip_tags(block.html), *(strip_tags(item) for item in block.items)]
    return " ".join(" ".join(parts).split())


def snippet(text: str, query: Query, units: int = SNIPPET_UNITS) -> str:
    """Return as HTML the part of a text in which most of the query stands, or how it begins; "" of nothing.

    At most `units` are seen of it; it is cut between words, and within one only where that is longer still.
    """
    looked = text[:_LOOKED_AT]
    words = list(places(looked))
    found = _found(words, query)
    begin = _begin(words, found, units)
    end = _end(looked, words, begin, units - 2 * len(_MORE))
    line = _marked(looked, begin, end, [words[at] for at in found])
    return f"{_MORE if begin else ''}{line}{_MORE if end < len(text) else ''}"


def _found(words: Sequence[_Word], query: Query) -> list[int]:
    """Return which of a text's words the query asked for."""
    wanted = {term for run in query.words for terms in spellings(run) for term in terms}
    wanted |= {phrase[0] for phrase in query.phrases if len(phrase) == 1}
    phrases = [way for phrase in query.phrases if len(phrase) > 1 for way in ways(phrase)]
    plain = [word for word, _, _ in words]
    found: set[int] = set()
    for at, word in enumerate(plain):
        if word in wanted:
            found.add(at)
        if at + 1 < len(plain) and word + plain[at + 1] in wanted:
            found |= {at, at + 1}
        for way in phrases:
            if word == way[0] and tuple(plain[at : at + len(way)]) == way:
                found.update(range(at, at + len(way)))
    return sorted(found)


def _begin(words: Sequence[_Word], found: Sequence[int], units: int) -> int:
    """Return where the line begins: a little before the place that holds the most different words of the query."""
    best, most = 0, 0
    for first, at in enumerate(found):
        border = words[at][1] + units - _BEFORE
        seen = set()
        for other in found[first:]:
            if words[other][2] > border:
                break
            seen.add(words[other][0])
        if len(seen) > most:
            best, most = at, len(seen)
    start = best
    while start and words[best][1] - words[start - 1][1] <= _BEFORE:
        start -= 1
    return words[start][1] if start else 0


def _end(text: str, words: Sequence[_Word], begin: int, room: int) -> int:
    """Return where a line that begins at `begin` ends, with so many units at most."""
    end = begin
    while end < len(text) and (room := room - (2 if text[end] > _ONE_UNIT else 1)) >= 0:
        end += 1
    # Between words, unless the only one is longer than the line.
    return next((first for _, first, last in words if begin < first < end < last), end)


def _marked(text: str, begin: int, end: int, found: Sequence[_Word]) -> str:
    parts: list[str] = []
    place, bold = begin, 0
    for _, first, last in found:
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
