"""The destination of what sources bring, as options name it."""

from enum import StrEnum


class Destination(StrEnum):
    """The destination of a source's items."""

    PUBLISH = "publish"
    REVIEW = "review"
