"""Edits of a text, and how several are applied at once (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class CopyRule(StrEnum):
    """The rule of an edit; the value is a part of the keys of texts, and is stored."""

    LETTER = "letter"
    DIGIT = "digit"
    SPACE = "space"
    HALF_SPACE = "half-space"
    PUNCTUATION = "punctuation"
    QUOTES = "quotes"
    WORD = "word"


@dataclass(frozen=True, slots=True, order=True)
class TextEdit:
    """The replacement of the characters from `begin` up to `end`; where these are equal, an insertion."""

    begin: int
    end: int
    text: str
    rule: CopyRule


def apart(edits: Iterable[TextEdit]) -> list[TextEdit]:
    """Return edits in their order in the text, without those that overlap an earlier one."""
    chosen: list[TextEdit] = []
    for edit in sorted(edits):
        if not chosen or _stands_apart(edit, chosen[-1]):
            chosen.append(edit)
    return chosen


def _stands_apart(edit: TextEdit, last: TextEdit) -> bool:
    """Return whether an edit does not touch the last one before it.

    An insertion right behind another edit touches it, except behind a letter that only gets another form.
    """
    if edit.begin != last.end:
        return edit.begin > last.end
    is_other_letter = last.rule is CopyRule.LETTER and last.end > last.begin and last.text != ""
    return edit.end > edit.begin or is_other_letter


def applied(text: str, edits: Iterable[TextEdit]) -> str:
    """Return a text after edits that stand apart."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [text[at : edit.begin], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])
