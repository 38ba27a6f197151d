"""The style of a chat's posts: what of an article they say, with which photo, and what stands under it (pure).

It is stored as one line, "" for the usual style: `shape=title photo=any tags=off buttons=off sign=@name`, each part
only where it is not the usual, in this order, the signature last.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """The length of a post. Each one includes the content of the one before it."""

    TITLE = "title"
    LEAD = "lead"
    PARAGRAPH = "paragraph"


class Photo(StrEnum):
    """The photo of a post: one from the newsroom, also a source's by its address, or none."""

    ATTACHED = "attached"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PostStyle:
    """The style of posts; without arguments the usual one. `signature` is one line of plain text, "" for none."""

    shape: Shape = Shape.LEAD
    photo: Photo = Photo.ATTACHED
    tags: bool = True
    buttons: bool = True
    signature: str = ""

    def __str__(self) -> str:
        """Return the form that is stored, which `parse_post_style` reads."""
        parts = [
            f"shape={self.shape}" if self.shape is not Shape.LEAD else "",
            f"photo={self.photo}" if self.photo is not Photo.ATTACHED else "",
            "" if self.tags else "tags=off",
            "" if self.buttons else "buttons=off",
            f"sign={self.signature}" if self.signature else "",
        ]
        return " ".join(part for part in parts if part)


USUAL_STYLE = PostStyle()
"""The style of posts where nobody chose another."""

_STORED = re.compile(
    r"(?:shape=(?P<shape>title|paragraph)(?: |$))?"
    r"(?:photo=(?P<photo>any|none)(?: |$))?"
    r"(?:(?P<tags>tags=off)(?: |$))?"
    r"(?:(?P<buttons>buttons=off)(?: |$))?"
    r"(?:sign=(?P<signature>\S(?:.*\S)?))?"
)


def parse_post_style(stored: str) -> PostStyle | None:
    """Read what `str` of a post style gives; None for anything else."""
    match = _STORED.fullmatch(stored)
    if match is None:
        return None
    style = PostStyle(
        Shape(match["shape"] or Shape.LEAD),
        Photo(match["photo"] or Photo.ATTACHED),
        match["tags"] is None,
        match["buttons"] is None,
        match["signature"] or "",
    )
    return style if str(style) == stored else None
