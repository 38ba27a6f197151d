"""Texts of an article that full-text search keeps (pure)."""

import re
from html import unescape

from persian.index_terms import index_text
from storage.records import Content

_TAGS = re.compile("<[^<>]+>")


def texts_of(content: Content) -> tuple[str, str]:
    """Return the two texts of an article: its words, and its further terms (persian.index_terms)."""
    body = [block.html for block in content.body] + [item for block in content.body for item in block.items]
    plain = unescape(_TAGS.sub("", "\n".join(body)))
    return index_text("\n".join((content.title, content.lead, plain, *content.tags, content.section)))
