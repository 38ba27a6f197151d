"""The lane of each publication and change."""

from storage.records import FanOutKind, Lane

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
