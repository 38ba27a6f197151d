"""Text with the formatting that a person gave it in Telegram, kept through joining and cutting (pure).

Telegram's entities count UTF-16 units and may nest and overlap; here a mark counts characters. Whatever the
entities say, the text stays as it is, and `html` is well-formed: what a mark cannot mean is dropped.
"""

import html
import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import TypedDict
from urllib.parse import urlsplit

from bot.bounds import MOST_ENTITIES
from bot.errors import UserError
from bot.newsroom.limits import BODY_LINES
from bot.render.html import escape

Entity = tuple[str, int, int, str]
"""An entity as Telegram describes it: type, offset and length in UTF-16 units, and a text_link's address or ""."""


class MarkedText(TypedDict):
    """The stored form of a text with marks; a mark is its tag, begin, end and link."""

    text: str
    marks: list[tuple[str, int, int, str]]


StoredText = str | MarkedText
"""The form in which the state of a dialogue holds a text: bare where nothing is marked."""

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "code",
    "text_link": "a",
}
_QUOTES = ("blockquote", "expandable_blockquote")
_QUOTE = "quote"
_LONGEST_LINK = 2048
_LINES_AROUND = 20
"""Lines of a post besides its body: the category, the title, the lead and hashtags."""
_HTML_TAG = re.compile(r'<(/?)(b|i|u|s|code|a)(?: href="([^"<>]*)")?>')
_NEVER_IN_LINKS = set(" \t\r\n\"'<>\\^`{|}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of formatted text: `tag` is b, i, u, s, code, a or quote, `begin` and `end` count characters."""

    tag: str
    begin: int
    end: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text and its marks, each within it."""

    text: str
    marks: tuple[Mark, ...] = ()

    @classmethod
    def of(cls, text: str, entities: Sequence[Entity]) -> "FormattedText":
        """Return the formatted text of a message; entities that are not within it are cut or dropped."""
        ends = list(accumulate((2 if ord(letter) > 0xFFFF else 1 for letter in text), initial=0))
        marks = []
        for kind, offset, length, url in entities[:MOST_ENTITIES]:
            tag = _QUOTE if kind in _QUOTES else _TAGS.get(kind, "")
            link = checked_link(url) if tag == "a" else ""
            if not tag or (tag == "a" and not link):
                continue
            begin = bisect_left(ends, max(0, offset))
            end = min(bisect_left(ends, max(0, offset + length)), len(text))
            if begin < end:
                marks.append(Mark(tag, begin, end, link))
        return cls(text, _apart(marks))

    @classmethod
    def of_html(cls, markup: str) -> "FormattedText":
        """Return the text of a block's inline HTML, which is well-formed (see storage.records.Block)."""
        pieces: list[str] = []
        open_: list[Mark] = []
        marks: list[Mark] = []
        place = at = 0
        for match in _HTML_TAG.finditer(markup):
            pieces.append(html.unescape(markup[place : match.start()]))
            at += len(pieces[-1])
            place = match.end()
            if not match[1]:
                open_.append(Mark(match[2], at, at, html.unescape(match[3] or "")))
            elif open_:
                marks.append(replace(open_.pop(), end=at))
        pieces.append(html.unescape(markup[place:]))
        return cls("".join(pieces), _apart(mark for mark in marks if mark.begin < mark.end))

    @classmethod
    def from_json(cls, data: StoredText) -> "FormattedText":
        """Return what `to_json` returned."""
        if isinstance(data, str):
            return cls(data)
        return cls(data["text"], _apart(Mark(*mark) for mark in data["marks"]))

    @staticmethod
    def text_of(data: StoredText) -> str:
        """Return the bare text of what `to_json` returned."""
        return data if isinstance(data, str) else data["text"]

    def to_json(self) -> StoredText:
        """Return a JSON-able form: bare text where nothing is marked."""
        if not self.marks:
            return self.text
        return {"text": self.text, "marks": [(mark.tag, mark.begin, mark.end, mark.link) for mark in self.marks]}

    def cut(self, begin: int, end: int) -> "FormattedText":
        """Return the part from `begin` up to `end`."""
        end = min(end, len(self.text))
        marks = [
            Mark(mark.tag, max(mark.begin, begin) - begin, min(mark.end, end) - begin, mark.link)
            for mark in self.marks
            if max(mark.begin, begin) < min(mark.end, end)
        ]
        return FormattedText(self.text[begin:end], tuple(marks))

    def strip(self, letters: str | None = None) -> "FormattedText":
        """Return it without white space, or without these letters, at both ends."""
        begin = len(self.text) - len(self.text.lstrip(letters))
        return self.cut(begin, max(begin, len(self.text.rstrip(letters))))

    @classmethod
    def joined(cls, parts: Sequence["FormattedText"]) -> "FormattedText":
        """Return some texts as one."""
        begins = accumulate((len(part.text) for part in parts), initial=0)
        marks = [
            Mark(mark.tag, mark.begin + begin, mark.end + begin, mark.link)
            for part, begin in zip(parts, begins, strict=False)
            for mark in part.marks
        ]
        return cls("".join(part.text for part in parts), tuple(marks))

    def replaced(self, spans: Sequence[tuple[int, int]], by: str) -> "FormattedText":
        """Return it with `by` in the place of each of the spans (begin, end), which stand in order, apart.

        What was put there is formatted as the first letter was that it replaces; a link that stood wholly in a span
        is kept as well.
        """
        begins, ends = [begin for begin, _ in spans], [end for _, end in spans]
        grown = list(accumulate((len(by) - (end - begin) for begin, end in spans), initial=0))

        def new_begin(mark: Mark) -> int:
            at = bisect_right(begins, mark.begin) - 1
            if at < 0 or mark.begin >= ends[at]:
                return mark.begin + grown[at + 1]
            kept = mark.begin == begins[at] or (mark.tag == "a" and mark.end <= ends[at])
            return begins[at] + grown[at] + (0 if kept else len(by))

        def new_end(mark: Mark) -> int:
            at = bisect_left(begins, mark.end) - 1
            if at < 0 or mark.end >= ends[at]:
                return mark.end + grown[at + 1]
            return begins[at] + grown[at] + len(by)

        pieces, place = [], 0
        for begin, end in spans:
            pieces += [self.text[place:begin], by]
            place = end
        moved = (replace(mark, begin=new_begin(mark), end=new_end(mark)) for mark in self.marks)
        return FormattedText(
            "".join((*pieces, self.text[place:])), _apart(mark for mark in moved if mark.begin < mark.end)
        )

    def lines(self) -> "list[FormattedText]":
        """Return its lines without white space around them; marks that run over several are split.

        Raises UserError where it has more lines than any article.
        """
        lines = self.text.splitlines(keepends=True)
        filled = sum(not line.isspace() for line in lines)
        if filled > BODY_LINES + _LINES_AROUND:
            raise UserError("post-too-many-lines", most=BODY_LINES, length=filled)
        borders = list(accumulate(map(len, lines), initial=0))
        return [
            self._line(line, begin, reaching)
            for line, (begin, _, reaching) in zip(lines, _reaching(self.marks, pairwise(borders)), strict=True)
        ]

    def _line(self, line: str, begin: int, marks: tuple[Mark, ...]) -> "FormattedText":
        """Return a line that begins at `begin`, with those marks, without white space around it."""
        stripped = line.strip()
        if not stripped or not marks:
            return FormattedText(stripped)
        begin += len(line) - len(line.lstrip())
        return FormattedText(self.text, marks).cut(begin, begin + len(stripped))

    def is_quoted(self) -> bool:
        """Return whether all of it stands in one quotation."""
        return any(mark.tag == _QUOTE and mark.end - mark.begin == len(self.text) for mark in self.marks)

    def is_bold(self) -> bool:
        """Return whether there is a text and all of it is bold."""
        return any(mark.tag == "b" and mark.end - mark.begin == len(self.text) for mark in self.marks)

    def html(self, *, but: Sequence[str] = ()) -> str:
        """Return it as the inline HTML of a block, without the tags named by `but`."""
        marks = [mark for mark in self.marks if mark.tag != _QUOTE and mark.tag not in but]
        borders = sorted({0, len(self.text), *(mark.begin for mark in marks), *(mark.end for mark in marks)})
        pieces: list[str] = []
        open_: list[Mark] = []
        for begin, end, reaching in _reaching(marks, pairwise(borders)):
            nested = _nested(reaching)
            shared = _count_shared(open_, nested)
            pieces += [f"</{mark.tag}>" for mark in reversed(open_[shared:])]
            pieces += [_opening(mark) for mark in nested[shared:]]
            pieces.append(escape(self.text[begin:end]))
            open_ = nested
        pieces += [f"</{mark.tag}>" for mark in reversed(open_)]
        return "".join(pieces)


def _count_shared(open_: Sequence[Mark], nested: Sequence[Mark]) -> int:
    """Return how many marks both have at their beginning."""
    shared = 0
    while shared < min(len(open_), len(nested)) and open_[shared] == nested[shared]:
        shared += 1
    return shared


def checked_link(address: str) -> str:
    """Return an http(s) address that is safe to show as a link, "" for any other."""
    if len(address) > _LONGEST_LINK or any(
        letter in _NEVER_IN_LINKS or not letter.isprintable() for letter in address
    ):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and "." in host.strip(".") and "@" not in parts.netloc
    return address if good else ""


def _reaching(
    marks: Sequence[Mark], spans: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int, tuple[Mark, ...]]]:
    """Yield each of the spans (begin, end), which stand in order, with the marks that reach into it."""
    waiting = deque(sorted(marks, key=lambda mark: mark.begin))
    reaching: list[Mark] = []
    for begin, end in spans:
        reaching = [mark for mark in reaching if mark.end > begin]
        while waiting and waiting[0].begin < end:
            reaching.append(waiting.popleft())
        yield begin, end, tuple(reaching)


def _apart(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return marks of which no two of one tag overlap: those that do become one, of links the first stays.

    However many there were, only a few stand at any place.
    """
    last: dict[str, int] = {}
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.begin, -mark.end)):
        at = last.get(mark.tag)
        before = kept[at] if at is not None else None
        if at is None or before is None or mark.begin >= before.end:
            last[mark.tag] = len(kept)
            kept.append(mark)
        elif mark.tag != "a" and mark.end > before.end:
            kept[at] = replace(before, end=mark.end)
    return tuple(kept)


def _nested(marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks of one stretch from the outermost inwards, each tag once; code stands alone."""
    by_tag: dict[str, Mark] = {}
    for mark in sorted(marks, key=lambda mark: (mark.begin, -mark.end, mark.tag)):
        by_tag.setdefault(mark.tag, mark)
    return [by_tag["code"]] if "code" in by_tag else list(by_tag.values())


def _opening(mark: Mark) -> str:
    return f'<a href="{escape(mark.link)}">' if mark.tag == "a" else f"<{mark.tag}>"
