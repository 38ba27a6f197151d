"""The line that a chat has under its posts (pure)."""

from bot.render.html import cut

SIGNATURE_UNITS = 100
"""The longest signature, in UTF-16 units."""


def signature_of(words: str) -> str:
    """Return a text as a signature: on one line, without what cannot be seen, "" where nothing is left."""
    seen = "".join(letter if letter.isprintable() or letter == "\u200c" else " " for letter in words)
    return cut(" ".join(seen.split()), SIGNATURE_UNITS)
