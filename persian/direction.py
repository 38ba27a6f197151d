"""Right-to-left text that holds Latin names, numbers and @handles (pure)."""

import re
import unicodedata

RLM = "\u200f"
_FSI, _PDI = "\u2068", "\u2069"
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


def isolate(text: str) -> str:
    """Wrap a foreign run in FSI and PDI so that it does not disturb the line around it."""
    return f"{_FSI}{text}{_PDI}"


def rtl_line(text: str) -> str:
    """Return `text` so that it is laid out from right to left even where it begins with Latin, @ or /."""
    return text if is_rtl(text[:1]) else RLM + text


def hashtag(name: str) -> str:
    """Return the hashtag of a name: «بین‌الملل» gives `#بین_الملل`; "" where no letter is left."""
    words = ["".join(c for c in word if c.isalnum()) for word in _TAG_BORDER.split(name)]
    joined = "_".join(word for word in words if word)
    return f"#{joined}" if joined else ""
