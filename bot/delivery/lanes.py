"""The lanes in which messages travel; a smaller number overtakes."""

from enum import IntEnum

from storage.records import FanOutKind


class Lane(IntEnum):
    """Answers to people before retractions, breaking news and corrections, headlines and digests."""

    ANSWER = 0
    RETRACTION = 1
    BREAKING = 2
    HEADLINE = 3
    DIGEST = 4


LANES = {
    FanOutKind.RETRACTION: Lane.RETRACTION,
    FanOutKind.CORRECTION: Lane.BREAKING,
    FanOutKind.BREAKING: Lane.BREAKING,
    FanOutKind.HEADLINE: Lane.HEADLINE,
    FanOutKind.ANNOUNCEMENT: Lane.HEADLINE,
}
"""The lane of what a fan-out leads to."""


def lane_of(kind: FanOutKind, *, fold: bool) -> Lane:
    """Return the lane of a publication; headlines whose schedule has them `fold` into digests have their own."""
    return Lane.DIGEST if fold and kind is FanOutKind.HEADLINE else LANES[kind]
