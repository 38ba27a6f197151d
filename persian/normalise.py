"""One spelling for the many in which Persian is written (pure).

Half-spaces and bidi marks are borders between words; marks and tatweel vanish; letters and digits that are
written in several ways become one. Both sides of a comparison go through the same function.
"""

import re
import unicodedata
from itertools import pairwise

_LETTERS = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ې": "ی",
        "ك": "ک",
        "ڪ": "ک",
        "ۀ": "ه",
        "ة": "ه",
        "ە": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "آ": "ا",
        "ؤ": "و",
        "ء": None,
        "ـ": None,
    }
    | dict(zip("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2, strict=True))
)
_BORDERS = re.compile(r"(?:[^\w]|_)+")


def normalise(text: str) -> str:
    """Return the words of `text` in their one spelling, with single spaces between them."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return _BORDERS.sub(" ", unicodedata.normalize("NFC", bare).translate(_LETTERS)).strip()


def tokens(text: str) -> list[str]:
    """Return the normalised words of `text`; each holds letters and digits only."""
    return normalise(text).split()


def index_text(text: str) -> tuple[str, str]:
    """Return what full-text search keeps of `text`: its words, and each pair of neighbours joined."""
    words = tokens(text)
    return " ".join(words), " ".join(a + b for a, b in pairwise(words))


def match_key(text: str) -> str:
    """Return a form that is equal for every spelling of one name, whatever its spaces and half-spaces."""
    return normalise(text).replace(" ", "")
