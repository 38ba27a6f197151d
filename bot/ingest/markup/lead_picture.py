"""The choice of an article's photo among the pictures that its source names or shows (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urlsplit

from bot.ingest.markup.pictures import is_photo

MOST_PICTURES = 5
"""Pictures of one article that are kept in mind, the best and those that may stand in for it."""

_TINY = 48
_LEAST_WIDTH, _LEAST_HEIGHT = 200, 100
_LONGEST_RATIO = 4
_LEAST_BYTES, _LEAST_GIF_BYTES = 1_000, 2_000
_DRAWN = ("image/svg+xml", "image/x-icon", "image/vnd.microsoft.icon")
_GIF = "image/gif"
_MOST_DIGITS = 12


class Fitness(IntEnum):
    """The fitness of a picture to be an article's photo."""

    UNFIT = 0
    WEAK = 1
    FIT = 2


@dataclass(frozen=True, slots=True)
class PictureEvidence:
    """A picture and what is declared of it, "" or 0 for nothing: width and height in pixels, the size in bytes."""

    url: str
    mime: str = ""
    width: int = 0
    height: int = 0
    size: int = 0


def lead_pictures(pictures: Iterable[PictureEvidence]) -> tuple[str, ...]:
    """Return the addresses of the pictures that may be an article's photo, the best first.

    `pictures` come in the order in which their tellers are trusted: among those that are equally fit it stays. One
    that is small, very long or an animation counts only where there is no other.
    """
    judged = [(fitness(evidence), evidence.url) for evidence in pictures if evidence.url]
    ranked = sorted(
        (ranking for ranking in judged if ranking[0] is not Fitness.UNFIT), key=lambda ranking: -ranking[0]
    )
    return tuple(dict.fromkeys(url for _, url in ranked))[:MOST_PICTURES]


def fitness(picture: PictureEvidence) -> Fitness:
    """Return how fit a picture is by its evidence: address, type, pixels, proportions, bytes."""
    mime = picture.mime.partition(";")[0].strip().lower()
    if not is_photo(picture.url) or mime in _DRAWN or _is_tiny(picture):
        return Fitness.UNFIT
    is_gif = mime == _GIF or urlsplit(picture.url).path.lower().endswith(".gif")
    if is_gif and 0 < picture.size < _LEAST_GIF_BYTES:
        return Fitness.UNFIT  # a tracker
    if is_gif or _is_small(picture) or _is_long(picture):
        return Fitness.WEAK
    return Fitness.FIT


def _is_small(picture: PictureEvidence) -> bool:
    """Return whether a picture has few pixels or bytes."""
    is_narrow = 0 < picture.width < _LEAST_WIDTH or 0 < picture.height < _LEAST_HEIGHT
    return is_narrow or 0 < picture.size < _LEAST_BYTES


def _is_tiny(picture: PictureEvidence) -> bool:
    return 0 < picture.width <= _TINY or 0 < picture.height <= _TINY


def _is_long(picture: PictureEvidence) -> bool:
    """Return whether a picture has the proportions of a banner."""
    longer, shorter = max(picture.width, picture.height), min(picture.width, picture.height)
    return shorter > 0 and longer > shorter * _LONGEST_RATIO


def number_in(text: str) -> int:
    """Return a number of pixels, bytes or seconds as foreign markup writes it, 0 for anything else."""
    text = text.strip().removesuffix("px")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else 0
