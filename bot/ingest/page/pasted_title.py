"""The title and the section among the first lines of a copied page (pure)."""

import re
from collections.abc import Sequence

from bot.ingest.markup.boilerplate import is_tool
from bot.ingest.markup.metadata_labels import dateline_section, labelled_section
from bot.ingest.markup.text import has_letters
from bot.newsroom.paragraphs import LEAST_PARAGRAPH, ends_sentence
from persian.normalise import match_key

_SEPARATORS = re.compile(" ?[/>»›|] ?")
_KICKER_ENDS = ("؛", ";", ":", "/", "…")
_SECTION_CHARS = 60
_MENU_LINES = 3
_HEADLINE_WORDS = 5
_HEADLINE_CHARS = 25


def split_title(head: Sequence[str], rest: Sequence[str]) -> tuple[str, list[str]]:
    """Return the title and the lines behind it; `head` stands above the labels, `rest` below. "" without one.

    The title stands twice, or once above the labels and once below, or once in either place; a kicker may come
    before it and is left out.
    """
    repeated = _repeated(head, rest)
    if repeated is not None:
        title, behind = repeated
        return title, list(rest[behind:])
    if _opens_with_kicker(rest):
        return rest[1], list(rest[2:])
    above = next((line for line in reversed(head) if _is_headline(line)), "")
    if above and (len(above) > _SECTION_CHARS or not rest or _is_text(rest[0])):
        return above, list(rest)
    return (rest[0] if rest else ""), list(rest[1:])


def sections_of(head: Sequence[str], labels: Sequence[str], title: str) -> tuple[str, ...]:
    """Return the names of the sections above or among the labels, from the widest to the narrowest.

    Under a menu, which names every section of the site, only the nearest line counts.
    """
    named = tuple(section for line in (*head, *labels) if (section := labelled_section(line)))
    if named:
        return named
    lines = [line for line in head if _may_name_section(line) and match_key(line) != match_key(title)]
    return _section_names(lines if len(lines) <= _MENU_LINES else lines[-1:])


def _section_names(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the names that separators part in the lines that are no headlines, each once."""
    names = (name for line in lines if not _is_headline(line) for name in _SEPARATORS.split(line))
    return tuple(dict.fromkeys(name for name in names if has_letters(name) and not is_tool(name)))


def _may_name_section(line: str) -> bool:
    return len(line) <= _SECTION_CHARS and not is_tool(line) and not any(letter.isdigit() for letter in line)


def _repeated(head: Sequence[str], rest: Sequence[str]) -> tuple[str, int] | None:
    """Return the title that stands twice and how many lines of `rest` it takes up."""
    keys = [match_key(line) for line in rest[:5]]
    above = {match_key(line) for line in head if len(line) > _HEADLINE_CHARS // 2}
    if len(keys) >= 4 and keys[:2] == keys[2:4]:
        return rest[1], 4
    for index, key in enumerate(keys[:3]):
        if _is_text(rest[index]):
            break
        if (end := _end_of_repetition(keys, index)) is not None:
            return rest[index], end
        if key in above:
            return rest[index], index + 1
    return None


def _end_of_repetition(keys: Sequence[str], index: int) -> int | None:
    """Return the place behind the last of the next two lines that repeats the one at `index`, None for none."""
    for at in range(min(index + 2, len(keys) - 1), index, -1):
        if keys[at] == keys[index]:
            return at + 1
    return None


def _opens_with_kicker(rest: Sequence[str]) -> bool:
    """Return whether a kicker stands above the title: it ends as one, or three lines stand above the dateline."""
    if len(rest) < 3 or ends_sentence(rest[1]) or _is_text(rest[0]):
        return False
    if rest[0].endswith(_KICKER_ENDS):
        return True
    lined = len(rest) > 3 and dateline_section(rest[3]) != "" and dateline_section(rest[2]) == ""
    return lined and not ends_sentence(rest[0]) and len(rest[2]) > len(rest[1]) and ends_sentence(rest[2])


def _is_headline(line: str) -> bool:
    long = len(line) > _HEADLINE_CHARS and len(line.split()) >= _HEADLINE_WORDS
    return long and not ends_sentence(line) and not _SEPARATORS.search(line.strip("»"))


def _is_text(line: str) -> bool:
    return dateline_section(line) != "" or (len(line) >= LEAST_PARAGRAPH and line.endswith((".", ".»", "…", ".)")))
