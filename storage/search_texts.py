"""Texts of an article that full-text search keeps."""

import re
from collections.abc import Callable, Sequence
from html import unescape
from typing import TypeVar

from persian.index_terms import index_text
from storage.long_texts import letters_of, without_blocking
from storage.records import Content

T = TypeVar("T")

_TAGS = re.compile("<[^<>]+>")


def texts_of(content: Content) -> tuple[str, str]:
    """Return the two texts of an article: its words, and its further terms (persian.index_terms)."""
    body = [block.html for block in content.body] + [item for block in content.body for item in block.items]
    plain = unescape(_TAGS.sub("", "\n".join(body)))
    return index_text("\n".join((content.title, content.lead, plain, *content.tags, content.section)))


def texts_with_tags(texts: tuple[str, str], tags: Sequence[str]) -> tuple[str, str]:
    """Return the two texts of an article that has got further tags, as if they stood at its end."""
    words, further = index_text("\n".join(tags))
    return f"{texts[0]} {words}", f"{texts[1]} {further}"


async def aside(read: Callable[[Content], T], content: Content) -> T:
    """Return what `read` makes of a content. One that is long is read in a thread, so that nobody waits for it."""
    return await without_blocking(letters_of(content), lambda: read(content))
