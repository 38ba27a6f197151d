"""Elements of an entry that feedparser would take for the entry's own: renamed or left out beforehand (pure)."""

import re
from collections.abc import Callable

_MEDIA = re.compile(r"xmlns:([\w.-]{1,40})\s*=\s*[\"']http://search\.yahoo\.com/mrss/?[\"']", re.IGNORECASE)
_DRESSED_LINK = re.compile(r"<link\s[^<>]*[^<>/]>(?=\s*(?:<!\[CDATA\[\s*)?https?://)", re.IGNORECASE)
_TEXT_INPUT = re.compile(r"<(/?)textInput\b[^<>]*?(/?)>", re.IGNORECASE)
MEDIA_TITLE, MEDIA_DESCRIPTION = "media_x-title", "media_x-description"
"""feedparser's keys for what Media RSS says of the entry as a whole."""


def without_misread(feed: str) -> Callable[[str], str]:
    """Return what readies an entry of this feed for feedparser.

    It has the title and the description of a picture or film replace the entry's (its issue 53), and raises
    KeyError for a search box within an entry (its issue 305). It takes an attribute of a link for its address,
    whatever stands in the link.
    """
    declared = _MEDIA.search(feed)
    prefix = re.escape(declared[1] if declared else "media")
    names = re.compile(rf"<(/?)({prefix}:)(content|title|description)\b([^<>]*)>", re.IGNORECASE)

    def ready(entry: str) -> str:
        if names.search(entry):
            entry = _with_own_names(entry, names)
        if "<link " in entry and "</link>" in entry:
            entry = _DRESSED_LINK.sub("<link>", entry)
        return _without_search_box(entry) if _TEXT_INPUT.search(entry) else entry

    return ready


def _with_own_names(entry: str, names: re.Pattern[str]) -> str:
    depth = 0

    def renamed(match: re.Match[str]) -> str:
        nonlocal depth
        slash, prefix, name, rest = match[1], match[2], match[3].lower(), match[4]
        if name == "content":
            if not rest.endswith("/"):
                depth += -1 if slash else 1
            return match[0]
        # Without attributes: feedparser keeps those of an element that it does not know instead of its text.
        return f"<{slash}{prefix}{'x-caption' if depth > 0 else 'x'}-{name}{'/' if rest.endswith('/') else ''}>"

    return names.sub(renamed, entry)


def _without_search_box(entry: str) -> str:
    parts, behind, depth = [], 0, 0
    for match in _TEXT_INPUT.finditer(entry):
        if depth == 0:
            parts.append(entry[behind : match.start()])
        if not match[2]:
            depth = max(0, depth - 1) if match[1] else depth + 1
        behind = match.end()
    return "".join((*parts, entry[behind:] if depth == 0 else ""))
