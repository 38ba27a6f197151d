"""Telegram HTML: escaping, cutting and measuring (pure).

Telegram counts a text after its entities are parsed: the server in code points, entity offsets in UTF-16 units;
a text that stays within a limit in both is safe.
"""

import html
import re
from urllib.parse import urlsplit

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_LONGEST_ADDRESS = 2048
_TAG = re.compile(r"<[^<>]*>")


def escape(text: str) -> str:
    """Return plain text as Telegram HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def strip_tags(markup: str, *, escaped: bool = False) -> str:
    """Return what a reader sees of Telegram HTML; `escaped` keeps it as HTML without tags."""
    bare = _TAG.sub("", markup) if "<" in markup else markup
    return bare if escaped else html.unescape(bare)


def length(text: str) -> int:
    """Return the length of plain text as Telegram may count it: UTF-16 units, never fewer than code points."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """Return plain text of at most `limit` units, cut at a word where it is longer, with … in the end."""
    if length(text) <= limit:
        return text
    kept, units = [], 0
    for letter in text:
        units += 2 if ord(letter) > 0xFFFF else 1
        if units > limit - 1:
            break
        kept.append(letter)
    short = "".join(kept)
    at_word = short.rsplit(" ", 1)[0] if " " in short[limit // 2 :] else short
    return at_word.rstrip(" ،؛:,.") + "…"


def is_web_address(url: str) -> bool:
    """Return whether Telegram takes this as the address of a picture or a button: http(s), of a host with a dot."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    known = parts.scheme in ("http", "https") and "." in host.strip(".")
    return known and len(url) <= _LONGEST_ADDRESS and not re.search(r"[\s<>\x00-\x1f]", url)
