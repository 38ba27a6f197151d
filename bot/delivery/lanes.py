"""The lanes in which messages travel; a smaller number overtakes."""

from enum import IntEnum


class Lane(IntEnum):
    """Answers to people before retractions, breaking news, headlines and digests."""

    ANSWER = 0
    RETRACTION = 1
    BREAKING = 2
    HEADLINE = 3
    DIGEST = 4
