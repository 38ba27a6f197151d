"""Right-to-left text that holds Latin names, numbers and @handles (pure)."""

import re
import unicodedata

RLM = "\u200f"
_FSI, _PDI = "\u2068", "\u2069"
_MARKS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Embeddings, overrides and isolates: what text of others must not begin or end in a line of ours."""
_TAG_BORDER = re.compile(r"[\s\u200c\u200b\-–—/]+")


def is_rtl(text: str) -> bool:
    """Tell whether the first strong letter of `text` runs from right to left; without any, it does not."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def hashtag(name: str) -> str:
    """Return the hashtag of a name: «بین‌الملل» gives `#بین_الملل`; "" where no letter is left."""
    words = ["".join(c for c in word if c.isalnum()) for word in _TAG_BORDER.split(name)]
    joined = "_".join(word for word in words if word)
    return f"#{joined}" if joined else ""


def isolated(text: str) -> str:
    """Return `text` set apart in a line: its direction changes nothing around it, whatever marks it holds.

    Empty where nothing but such marks is left.
    """
    bare = text.translate(_MARKS).strip()
    return f"{_FSI}{bare}{_PDI}" if bare else ""
