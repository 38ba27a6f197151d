"""Plain text from foreign HTML and text (pure)."""

import html
import re
import unicodedata

from persian.foreign_text import one_line
from persian.normalise import match_key

_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*+)([^<>]*)>")
_CODE = ("script", "style", "iframe", "noscript", "template")
_NO_TEXT = re.compile(rf"<({'|'.join(_CODE)})\b[^<>]*+>|(<!--)|<!\[CDATA\[|\]\]>", re.IGNORECASE)
_ENDS = {name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in _CODE} | {"<!--": re.compile("-->")}
# fmt: off
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd",
    "mark", "nobr", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u",
))
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "label", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "td", "th", "thead", "tr", "ul",
))
# fmt: on
# An img without attributes shows nothing: whoever writes it writes about it.
_VOID = frozenset(("br", "hr", "wbr"))
# Accounts of content management systems that no person is named after.
# fmt: off
_NOBODY = frozenset(map(match_key, (
    "admin", "administrator", "webmaster", "root", "user", "guest", "name", "author", "مدیر", "ادمین", "مدیر سایت",
)))
# fmt: on
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z][a-zA-Z\d]{1,30});")
_ESCAPED_TWICE = re.compile(
    r"&(?:amp;)+(zwnj|zwj|nbsp|ensp|emsp|thinsp|shy|rlm|lrm|[lr][as]quo|[lr]dquo|[sb]dquo|hellip|[nm]dash|bull|middot"
    r"|quot|apos|amp(?!;[#\w]{1,8};)|#(?!0*(?:60|62);)\d{1,7}|#x(?!0*3[ce];)[\da-f]{1,6});",
    re.IGNORECASE,
)
_TORN = re.compile(r"(?:\[(?:…|\.\.\.)\]|…|\.\.\.)\s*$")
_TATWEEL = "ـ"
_LONGEST_EMOJI = 16
_BLANK = "\u200c\u200d\u200e\u200f \n"


def torn_beginning(text: str) -> str:
    """Return what stands before "…" or "[...]" at the end of a text, "" where it ends otherwise."""
    end = _TORN.search(text)
    return text[: end.start()] if end else ""


def plain(markup: str, limit: int = 500) -> str:
    """Return the plain text of a title or name that may hold HTML, at most `limit` characters, in one line.

    Tags of HTML that come in pairs, stand alone by nature or bear attributes are markup and vanish, scripts and
    styles with what is in them. Any other tag is part of the text, as in «the <video> element»; so is one that was
    escaped, unless it formats what it surrounds and was escaped once too often.
    """
    text = markup[: limit * 8]
    if "<" in text or "]]>" in text:
        text = _without_tags(_without_code(text), paired=_INLINE | _BLOCKS, alone=_VOID)
    for _ in range(2):
        if not _ENTITY.search(text):
            break
        text = _without_tags(html.unescape(text), paired=_INLINE | {"p"}, alone=frozenset())
    return cut(one_line(html.unescape(text)), limit)


def unescaped_once(markup: str) -> str:
    """Return markup in which a character's name is escaped at most once: some write &amp;zwnj; for a half-space.

    Names of characters that mark up are left: whoever writes &amp;lt; writes about them.
    """
    return _ESCAPED_TWICE.sub(r"&\1;", markup) if "&amp;" in markup else markup


def _without_code(text: str) -> str:
    """Return `text` without comments, scripts and the like; one that nothing ends is part of the text."""
    kept, place = [], 0
    endless: set[str] = set()
    while begin := _NO_TEXT.search(text, place):
        kept.append(text[place : begin.start()])
        place = begin.end()
        name = (begin[1] or begin[2] or "").lower()
        if name in endless:
            kept.append(begin[0])
            continue
        if name:
            end = _ENDS[name].search(text, place)
            if end is None:
                endless.add(name)
                kept.append(begin[0])
                continue
            place = end.end()
        kept.append(" ")
    return "".join((*kept, text[place:]))


def _without_tags(text: str, *, paired: frozenset[str], alone: frozenset[str]) -> str:
    """Return `text` without the tags that are markup: of `alone`, and of `paired` where they open and close.

    Where any name stands alone, tags that bear attributes are markup too, whatever their names.
    """
    tags = [(tag[1], tag[2].lower(), tag[3]) for tag in _TAG.finditer(text)]
    if not tags:
        return text
    opened, closed = ({name for slash, name, _ in tags if slash == which} for which in ("", "/"))
    dressed = {name for _, name, attributes in tags if "=" in attributes and (alone or name in paired)}
    names = alone | dressed | (paired & opened & closed)

    def replaced(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if name not in names:
            return tag[0]
        return "" if name in _INLINE else " "

    return _TAG.sub(replaced, text)


def cut(text: str, limit: int) -> str:
    """Return `text` cut to at most `limit` characters, at a word where one is near."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ", limit - 80 if limit > 160 else limit // 2)
    return (head[:space] if space > 0 else head).rstrip(_BLANK) + "…"


def is_nobody(name: str) -> bool:
    """Return whether an author's name is that of a system's account and nobody's own."""
    return match_key(name) in _NOBODY


def is_emoji(text: str) -> bool:
    """Return whether a text is an emoji, or a few: signs without letters and spaces."""
    kinds = {unicodedata.category(letter) for letter in text[: _LONGEST_EMOJI + 1]}
    return len(text) <= _LONGEST_EMOJI and "So" in kinds and not any(kind[0] in "LZ" for kind in kinds)


def has_letters(text: str) -> bool:
    """Return whether there is anything to read in `text`."""
    return any(unicodedata.category(letter)[0] == "L" for letter in text if letter != _TATWEEL)
