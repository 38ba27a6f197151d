"""Text with the formatting that a person gave it in Telegram, kept through joining and cutting (pure).

Telegram's entities count UTF-16 units and may nest and overlap; here a mark counts characters. Whatever the
entities say, the text stays as it is, and `html` is well-formed: what a mark cannot mean is dropped.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any
from urllib.parse import urlsplit

from bot.render.html import escape

Entity = tuple[str, int, int, str]
"""An entity as Telegram tells it: type, offset and length in UTF-16 units, and a text_link's address or ""."""

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
_NEVER_IN_LINKS = set(" \t\r\n\"'<>\\^`{|}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of formatted text: `tag` is b, i, u, s, code, a or quote, `begin` and `end` count characters."""

    tag: str
    begin: int
    end: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A text and its marks, each within it."""

    text: str
    marks: tuple[Mark, ...] = ()

    @classmethod
    def of(cls, text: str, entities: Sequence[Entity]) -> "Written":
        """Return what Telegram tells of a message; entities that are not within it are cut or dropped."""
        ends = list(accumulate((2 if ord(letter) > 0xFFFF else 1 for letter in text), initial=0))
        marks = []
        for kind, offset, length, url in entities:
            tag = _QUOTE if kind in _QUOTES else _TAGS.get(kind, "")
            link = checked_link(url) if tag == "a" else ""
            if not tag or (tag == "a" and not link):
                continue
            begin = bisect_left(ends, max(0, offset))
            end = min(bisect_left(ends, max(0, offset + length)), len(text))
            if begin < end:
                marks.append(Mark(tag, begin, end, link))
        return cls(text, tuple(marks))

    @classmethod
    def kept(cls, data: Any) -> "Written":
        """Return what `to_json` returned."""
        if isinstance(data, str):
            return cls(data)
        return cls(data["text"], tuple(Mark(*mark) for mark in data["marks"]))

    def to_json(self) -> Any:
        """Return a JSON-able form: bare text where nothing is marked."""
        if not self.marks:
            return self.text
        return {"text": self.text, "marks": [[one.tag, one.begin, one.end, one.link] for one in self.marks]}

    def cut(self, begin: int, end: int) -> "Written":
        """Return the part from `begin` up to `end`."""
        end = min(end, len(self.text))
        marks = [
            Mark(one.tag, max(one.begin, begin) - begin, min(one.end, end) - begin, one.link)
            for one in self.marks
            if max(one.begin, begin) < min(one.end, end)
        ]
        return Written(self.text[begin:end], tuple(marks))

    def strip(self, letters: str | None = None) -> "Written":
        """Return it without white space, or without these letters, at both ends."""
        begin = len(self.text) - len(self.text.lstrip(letters))
        return self.cut(begin, max(begin, len(self.text.rstrip(letters))))

    def __add__(self, other: "Written") -> "Written":
        shift = len(self.text)
        moved = [Mark(one.tag, one.begin + shift, one.end + shift, one.link) for one in other.marks]
        return Written(self.text + other.text, self.marks + tuple(moved))

    def lines(self) -> "list[Written]":
        """Return its lines without white space around them; marks that run over several are split."""
        found, place = [], 0
        for line in self.text.splitlines(keepends=True):
            found.append(self.cut(place, place + len(line)).strip())
            place += len(line)
        return found

    def is_quoted(self) -> bool:
        """Tell whether all of it stands in one quotation."""
        return any(one.tag == _QUOTE and one.end - one.begin == len(self.text) for one in self.marks)

    def html(self, *, but: Sequence[str] = ()) -> str:
        """Return it as the inline HTML of a block, without the tags named by `but`."""
        marks = [one for one in self.marks if one.tag != _QUOTE and one.tag not in but]
        borders = sorted({0, len(self.text), *(one.begin for one in marks), *(one.end for one in marks)})
        pieces: list[str] = []
        open_: list[Mark] = []
        for begin, end in pairwise(borders):
            wanted = _nested([one for one in marks if one.begin <= begin < one.end])
            shared = 0
            while shared < min(len(open_), len(wanted)) and open_[shared] == wanted[shared]:
                shared += 1
            pieces += [f"</{one.tag}>" for one in reversed(open_[shared:])]
            pieces += [_opening(one) for one in wanted[shared:]]
            pieces.append(escape(self.text[begin:end]))
            open_ = wanted
        pieces += [f"</{one.tag}>" for one in reversed(open_)]
        return "".join(pieces)


def checked_link(address: str) -> str:
    """Return an http(s) address that is safe to show as a link, "" for any other."""
    if len(address) > _LONGEST_LINK or any(a in _NEVER_IN_LINKS or not a.isprintable() for a in address):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and "." in host.strip(".") and "@" not in parts.netloc
    return address if good else ""


def _nested(marks: list[Mark]) -> list[Mark]:
    """Return the marks of one stretch from the outermost inwards, each tag once; code stands alone."""
    by_tag: dict[str, Mark] = {}
    for one in sorted(marks, key=lambda mark: (mark.begin, -mark.end, mark.tag)):
        by_tag.setdefault(one.tag, one)
    return [by_tag["code"]] if "code" in by_tag else list(by_tag.values())


def _opening(mark: Mark) -> str:
    return f'<a href="{escape(mark.link)}">' if mark.tag == "a" else f"<{mark.tag}>"
