"""Right-to-left text that holds Latin names, numbers and @handles (pure).

The marks are those of the Unicode bidirectional algorithm: RLM and LRM say how a line runs, what stands between
FSI, RLI or LRI and PDI is laid out by itself and leaves the rest of the line as it is.
"""

import re
import unicodedata

LRM, RLM = "\u200e", "\u200f"
FSI, PDI = "\u2068", "\u2069"
_LRI, _RLI = "\u2066", "\u2067"
_LANGUAGES = {"ar", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}
_EMBEDDINGS = "\u202a\u202b\u202c\u202d\u202e"
_REACHING = re.compile(f"[{_EMBEDDINGS}{_LRI}{_RLI}{FSI}{PDI}]")
_ARABIC_SCRIPT = re.compile("[\u0600-\u06ff]")
_TAG_BORDER = re.compile(r"[\s\u200c\u200b\-–—/]+")


def is_rtl(text: str) -> bool:
    """Return whether the first strong letter of `text` runs from right to left; without any, it does not."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def is_in_arabic_script(title: str) -> bool:
    """Return whether a title is told in the Arabic script; it may begin with a name in Latin letters."""
    return len(_ARABIC_SCRIPT.findall(title)) > len(title) / 4


def runs_rtl(language: str) -> bool:
    """Return whether texts in a language, told by its code such as "fa" or "ar-EG", run from right to left."""
    return language.split("-")[0].lower() in _LANGUAGES


def apart(text: str, *, rtl: bool) -> str:
    """Return a name or title fit to stand among others in a line that runs so; letters that do too need no marks.

    One that is wholly foreign runs as it does by itself, one of both kinds as the line does.
    """
    whole = _closed(text)
    own, foreign = _letters(whole, rtl=rtl)
    if not foreign:
        return whole
    return f"{(_RLI if rtl else _LRI) if own else FSI}{whole}{PDI}"


def alone(text: str, *, rtl: bool) -> str:
    """Return a title fit to be a line of its own that runs so: a foreign one keeps its full stop behind it."""
    whole = _closed(text)
    own, foreign = _letters(whole, rtl=rtl)
    return f"{FSI}{whole}{PDI}" if foreign and not own else whole


def hashtag(name: str) -> str:
    """Return the hashtag of a name: «بین‌الملل» gives `#بین_الملل`; "" where no letter is left."""
    words = ["".join(letter for letter in word if letter.isalnum()) for word in _TAG_BORDER.split(name)]
    joined = "_".join(word for word in words if word)
    return f"#{joined}" if joined else ""


def _closed(text: str) -> str:
    """Return `text` without its marks where these would reach beyond it: it moves nothing of ours."""
    depth = 0
    for mark in _REACHING.findall(text):
        depth += -1 if mark == PDI else 1
        if depth < 0 or mark in _EMBEDDINGS:
            return _REACHING.sub("", text)
    return _REACHING.sub("", text) if depth else text


def _letters(text: str, *, rtl: bool) -> tuple[bool, bool]:
    """Return whether `text` has strong letters that run as the line does, and such that do not."""
    if text.isascii():
        latin = any(map(str.isalpha, text))
        return (False, latin) if rtl else (latin, False)
    directions = set(map(unicodedata.bidirectional, text))
    right, left = bool(directions & {"R", "AL"}), "L" in directions
    return (right, left) if rtl else (left, right)
