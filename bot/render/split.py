"""Long Telegram HTML in pages, cut where a reader would turn one, every tag closed and opened again (pure)."""

import re
from dataclasses import dataclass

from bot.render.html import length

MOST_ENTITIES = 90
"""Formatted runs a page may have; Telegram drops those past the hundredth."""

_ATOM = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^<>]*>|&(?:[a-z]+|#\d+|#x[0-9a-fA-F]+);|.", re.DOTALL)
_MORE = "…"
_SENTENCE_ENDS = ".!?؟…؛"
_PARAGRAPH, _LINE, _SENTENCE, _WORD = 4, 3, 2, 1
_FULL_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class _Atom:
    """A tag, a character, or an escaped one."""

    html: str
    closes: bool = False
    opens: bool = False

    @property
    def units(self) -> int:
        if self.closes or self.opens:
            return 0
        return 1 if len(self.html) > 1 else length(self.html)


def split_html(markup: str, limit: int) -> list[str]:
    """Return pages of at most `limit` visible units (see html.length), each valid by itself.

    Cuts fall between paragraphs, else lines, sentences or words; a run without any is cut at the limit. White
    space at a page's border is dropped.
    """
    atoms = [_atom(found) for found in _ATOM.finditer(markup)]
    pages, start, open_tags = [], 0, list[str]()
    while start < len(atoms):
        end = _page_end(atoms, start, limit, len(open_tags))
        text = "".join(atom.html for atom in atoms[start:end])
        before, open_tags = open_tags, _open_after(open_tags, atoms[start:end])
        closing = "".join(f"</{_name(tag)}>" for tag in reversed(open_tags))
        page = "".join(before) + text.strip() + closing
        if any(atom.units and not atom.html.isspace() for atom in atoms[start:end]):
            pages.append(page)
        start = end
        while start < len(atoms) and atoms[start].html.isspace():
            start += 1
    return pages


def cut_html(markup: str, limit: int) -> str:
    """Return the beginning of Telegram HTML, at most `limit` visible units, valid by itself; … tells of more."""
    first, *more = split_html(markup, limit) or [""]
    if not more:
        return first
    first, *_ = split_html(markup, limit - len(_MORE))
    return f"{first}{_MORE}"


def split_lines(markup: str) -> list[str]:
    """Return the lines of Telegram HTML that are not empty, each valid by itself."""
    lines: list[str] = []
    open_tags: list[str] = []
    for line in markup.split("\n"):
        atoms = [_atom(found) for found in _ATOM.finditer(line)]
        before, open_tags = open_tags, _open_after(open_tags, atoms)
        if any(atom.units and not atom.html.isspace() for atom in atoms):
            closing = "".join(f"</{_name(tag)}>" for tag in reversed(open_tags))
            lines.append("".join(before) + line.strip() + closing)
    return lines


def shallow(markup: str, depth: int) -> str:
    """Return Telegram HTML without the tags that are more than `depth` levels deep; their text stays."""
    if markup.count("<") <= 2 * depth:
        return markup
    kept: list[str] = []
    open_tags: list[bool] = []
    for atom in (_atom(found) for found in _ATOM.finditer(markup)):
        stays = True
        if atom.opens:
            stays = sum(open_tags) < depth
            open_tags.append(stays)
        elif atom.closes and open_tags:
            stays = open_tags.pop()
        if stays:
            kept.append(atom.html)
    return "".join(kept)


def _atom(found: re.Match[str]) -> _Atom:
    return _Atom(found[0], closes=bool(found[2] and found[1]), opens=bool(found[2] and not found[1]))


def _page_end(atoms: list[_Atom], start: int, limit: int, entities: int) -> int:
    """Return where the page that begins at `start` ends: the best border that is not too early."""
    units, best = 0, {0: start}
    for place in range(start, len(atoms)):
        atom = atoms[place]
        units += atom.units
        entities += atom.opens
        if units > limit or entities > MOST_ENTITIES:
            for rank in sorted(best, reverse=True):
                filled = sum(a.units for a in atoms[start : best[rank]])
                if rank and filled >= (limit * _FULL_ENOUGH if rank < _PARAGRAPH else limit / 3):
                    return best[rank]
            return max(best.get(_WORD, place), start + 1)
        if rank := _rank(atoms, place):
            best[rank] = place + 1
    return len(atoms)


def _rank(atoms: list[_Atom], place: int) -> int:
    """Return how good a border there is behind the atom at `place`; 0 for none."""
    here = atoms[place].html
    following = atoms[place + 1].html if place + 1 < len(atoms) else ""
    if here == "\n":
        return _PARAGRAPH if following == "\n" else _LINE
    if here == " ":
        return _SENTENCE if place and atoms[place - 1].html in _SENTENCE_ENDS else _WORD
    return 0


def _open_after(open_tags: list[str], atoms: list[_Atom]) -> list[str]:
    tags = list(open_tags)
    for atom in atoms:
        if atom.opens:
            tags.append(atom.html)
        elif atom.closes and tags:
            tags.pop()
    return tags


def _name(tag: str) -> str:
    return tag.strip("<>").split()[0]
