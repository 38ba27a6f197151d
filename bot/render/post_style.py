"""How posts look in a chat: what of an article they say, with which photo, and what stands under it (pure).

A chat keeps its look as one line, "" for the usual one: `shape=title photo=any tags=off buttons=off sign=@name`,
each part only where it is not the usual, in this order, the signature last.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.render.html import cut

SIGNATURE_UNITS = 100
"""The longest signature, in UTF-16 units."""


class Shape(StrEnum):
    """What a post says of its article, each with what the one before it says."""

    TITLE = "title"
    LEAD = "lead"
    PARAGRAPH = "paragraph"


class Photo(StrEnum):
    """Which photo a post carries: what the desk attached, else also a source's by its address, or none at all."""

    ATTACHED = "attached"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Look:
    """How posts look; without arguments the usual one. `signature` is one line of plain text, "" for none."""

    shape: Shape = Shape.LEAD
    photo: Photo = Photo.ATTACHED
    tags: bool = True
    buttons: bool = True
    signature: str = ""

    def __str__(self) -> str:
        """Return the form that `parse_look` reads and storage keeps."""
        parts = [
            f"shape={self.shape}" if self.shape is not Shape.LEAD else "",
            f"photo={self.photo}" if self.photo is not Photo.ATTACHED else "",
            "" if self.tags else "tags=off",
            "" if self.buttons else "buttons=off",
            f"sign={self.signature}" if self.signature else "",
        ]
        return " ".join(part for part in parts if part)


USUAL = Look()
"""How posts look where nobody wanted them otherwise."""

_STORED = re.compile(
    r"(?:shape=(?P<shape>title|paragraph)(?: |$))?"
    r"(?:photo=(?P<photo>any|none)(?: |$))?"
    r"(?:(?P<tags>tags=off)(?: |$))?"
    r"(?:(?P<buttons>buttons=off)(?: |$))?"
    r"(?:sign=(?P<signature>\S(?:.*\S)?))?"
)


def parse_look(stored: str) -> Look | None:
    """Read what `str` of a look gives; None for anything else."""
    found = _STORED.fullmatch(stored)
    if found is None:
        return None
    look = Look(
        Shape(found["shape"] or Shape.LEAD),
        Photo(found["photo"] or Photo.ATTACHED),
        found["tags"] is None,
        found["buttons"] is None,
        found["signature"] or "",
    )
    return look if str(look) == stored else None


@lru_cache(maxsize=1024)
def look_of(stored: str) -> Look:
    """Return a chat's look; the usual one where what is stored cannot be read: that must stop no post."""
    return parse_look(stored) or USUAL


def signature_of(words: str) -> str:
    """Return a text as a signature: on one line, without what cannot be seen, "" where nothing is left."""
    return cut(
        " ".join("".join(c if c.isprintable() or c == "\u200c" else " " for c in words).split()), SIGNATURE_UNITS
    )
