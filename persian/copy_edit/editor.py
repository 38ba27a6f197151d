"""The Persian copy editor: what is certain it corrects, what is a matter of taste it proposes (pure).

It leaves alone addresses, names with signs, words in Latin letters with their numbers, quotations in other
languages, and the words that the newsroom wants left. An edited text is edited no further.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from persian.copy_edit.certain import certain_edits
from persian.copy_edit.edits import CopyRule, TextEdit, apart, applied
from persian.copy_edit.proposed import proposed_edits
from persian.copy_edit.tokens import LETTERS, Span

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
        """Return the replacements in a text, and the parts of it that no other rule touches."""
        words = {*(word for pair in self.preferred for word in pair), *self.left}
        if not words:
            return [], []
        spellings = {house_key(word): spelling for word, spelling in self.preferred}
        edits, spans = [], []
        for match in _whole_words(frozenset(words)).finditer(text.translate(LETTERS)):
            begin, end = match.span()
            spans.append((begin, end))
            spelling = spellings.get(match.group())
            if spelling is not None and text[begin:end] != spelling:
                edits.append(TextEdit(begin, end, spelling, CopyRule.WORD))
        return edits, spans


@lru_cache(maxsize=4)
def _whole_words(words: frozenset[str]) -> re.Pattern[str]:
    """Return what finds whole words, of those that begin alike the longest."""
    by_length = sorted((word.translate(LETTERS) for word in words), key=len, reverse=True)
    return re.compile(rf"(?<![\w\u200c])(?:{'|'.join(map(re.escape, by_length))})(?![\w\u200c])")


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
