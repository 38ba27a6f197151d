"""Plain text out of what strangers wrote (pure)."""

import html
import re
import unicodedata

_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
# Marks that nobody sees: embeddings and isolates left open disturb all that follows, the rest is noise.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>", re.DOTALL)
_HIDDEN = re.compile(r"<(script|style|iframe|noscript|template)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
_BLANK = "\u200c\u200d\u200e\u200f \n"


def clean(text: str) -> str:
    """Return `text` without unseen marks; half-spaces and direction marks within it stay."""
    return _UNSEEN.sub("", _SURROGATE.sub("\ufffd", text))


def one_line(text: str) -> str:
    """Return `text` as one line: unseen marks gone, every run of white space one space."""
    return _SPACES.sub(" ", clean(text)).strip(_BLANK)


def plain(markup: str, limit: int = 100_000) -> str:
    """Return the plain text of a title or summary that may hold HTML, at most `limit` characters, in one line.

    Text that merely holds a < or an & comes out as it is; scripts and styles vanish with what is in them.
    """
    text = markup[: limit * 8]
    if "<" in text:
        text = _TAG.sub(" ", _HIDDEN.sub(" ", text))
    text = one_line(html.unescape(text))
    if _TAG.search(text):  # tags that had been escaped once more
        text = one_line(html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", text))))
    return cut(text, limit)


def cut(text: str, limit: int) -> str:
    """Return `text` cut to at most `limit` characters, at a word where one is near."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ", limit - 80 if limit > 160 else limit // 2)
    return (head[:space] if space > 0 else head).rstrip(_BLANK) + "…"


def has_letters(text: str) -> bool:
    """Tell whether there is anything to read in `text`."""
    return any(unicodedata.category(c)[0] == "L" for c in text)
