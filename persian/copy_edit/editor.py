"""The Persian copy editor: what is certain it corrects, what is a matter of taste it proposes (pure).

It leaves alone addresses, names with signs, words in Latin letters with their numbers, quotations in other
languages, and the words that the newsroom wants left. An edited text is edited no further.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from persian.copy_edit.certain import certain_edits
from persian.copy_edit.edits import CopyRule, TextEdit, apart, applied
from persian.copy_edit.proposed import proposed_edits
from persian.copy_edit.tokens import LETTERS, Span, TokenKind, tokens_between

_MOST_PASSES = 8


def house_key(word: str) -> str:
    """Return the key of a word of the newsroom: it is equal for spellings that differ in Arabic letters alone."""
    return word.translate(LETTERS)


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """The newsroom's own words: `preferred` pairs a word with its spelling, and those `left` stay as they are."""

    preferred: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()

    def edits(self, text: str) -> tuple[list[TextEdit], list[Span]]:
        """Return the replacements in a text, and the parts of it that no other rule touches.

        A word within an address, a name with a sign, or a number is a part of that, and stays.
        """
        spellings = {house_key(word): spelling for word, spelling in self.preferred}
        words = {*spellings, *map(house_key, (*spellings.values(), *self.left))}
        spans = _whole_word_spans(text, words)
        edits = [
            TextEdit(begin, end, spelling, CopyRule.WORD)
            for begin, end in spans
            if (spelling := spellings.get(house_key(text[begin:end]))) is not None and text[begin:end] != spelling
        ]
        return edits, spans


_BEGIN = re.compile(r"(?<![\w\u200c])\S")
_GOES_ON = re.compile(r"[\w\u200c]")
_WHOLE = frozenset({TokenKind.LATIN, TokenKind.NUMBER})


def _whole_word_spans(text: str, words: Collection[str]) -> list[Span]:
    """Return where words stand whole in a text, of those that begin alike the longest."""
    spelt = house_key(text)
    lengths = sorted({len(word) for word in words}, reverse=True)
    firsts = {word[0] for word in words}
    spans: list[Span] = []
    for start in _BEGIN.finditer(spelt):
        begin, passed = start.start(), spans[-1][1] if spans else 0
        if start.group() in firsts and begin >= passed:
            spans += islice(_whole_words_at(begin, spelt, words, lengths), 1)
    return _without_parts(spans, spelt) if spans else []


def _whole_words_at(begin: int, text: str, words: Collection[str], lengths: Sequence[int]) -> Iterator[Span]:
    """Yield where words that begin at a place stand whole, in the order of the lengths."""
    ends = (begin + length for length in lengths if begin + length <= len(text))
    yield from ((begin, end) for end in ends if text[begin:end] in words and not _GOES_ON.match(text, end))


def _without_parts(spans: Iterable[Span], view: str) -> list[Span]:
    """Return the spans that begin and end at no place within an address, a name with a sign, or a number."""
    tokens = (token for token in tokens_between(view, 0, len(view)) if token.kind in _WHOLE)
    inner = {at for token in tokens for at in range(token.begin + 1, token.end)}
    return [(begin, end) for begin, end in spans if begin not in inner and end not in inner]


NO_HOUSE_STYLE = HouseStyle()
"""No words of a newsroom's own."""


def corrections(text: str, style: HouseStyle = NO_HOUSE_STYLE, left: Sequence[Span] = ()) -> list[TextEdit]:
    """Return the certain edits that a text shows now; applying them may show more (see `corrected`).

    The spans `left` stay as they are.
    """
    preferred, spans = style.edits(text)
    kept = [edit for edit in preferred if not _touches(edit, left)]
    edits = certain_edits(text, [*spans, *left])
    return apart([*kept, *edits])


def proposals(text: str, style: HouseStyle = NO_HOUSE_STYLE, left: Sequence[Span] = ()) -> list[TextEdit]:
    """Return the edits that somebody may want in a text that is corrected. The spans `left` stay as they are."""
    _, spans = style.edits(text)
    return apart(proposed_edits(text, [*spans, *left]))


def corrected(text: str, style: HouseStyle = NO_HOUSE_STYLE) -> str:
    """Return a text with all that is certain corrected."""
    for _ in range(_MOST_PASSES):
        edits = corrections(text, style)
        if not edits:
            break
        text = applied(text, edits)
    return text


def _touches(edit: TextEdit, spans: Iterable[Span]) -> bool:
    return any(begin < edit.end and edit.begin < end for begin, end in spans)
