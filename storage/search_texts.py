"""Texts of an article that full-text search keeps."""

import asyncio
import re
from collections.abc import Callable
from html import unescape
from typing import TypeVar

from persian.index_terms import index_text
from storage.records import Content

T = TypeVar("T")

_TAGS = re.compile("<[^<>]+>")
_SHORT = 20_000
"""Letters of a body that is read within some milliseconds."""


def texts_of(content: Content) -> tuple[str, str]:
    """Return the two texts of an article: its words, and its further terms (persian.index_terms)."""
    body = [block.html for block in content.body] + [item for block in content.body for item in block.items]
    plain = unescape(_TAGS.sub("", "\n".join(body)))
    return index_text("\n".join((content.title, content.lead, plain, *content.tags, content.section)))


async def aside(read: Callable[[Content], T], content: Content) -> T:
    """Return what `read` makes of a content. One that is long is read in a thread, so that nobody waits for it."""
    if sum(len(block.html) + sum(map(len, block.items)) for block in content.body) <= _SHORT:
        return read(content)
    return await asyncio.to_thread(read, content)
