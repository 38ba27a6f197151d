"""Kinds of failures of a source, told apart by the words that are stored with it (pure)."""

import re
from dataclasses import dataclass
from enum import StrEnum


class FailureKind(StrEnum):
    """A kind of failure that has a text in a person's language."""

    STATUS = "status"
    LATE = "late"
    UNREACHABLE = "unreachable"
    UNKNOWN_HOST = "unknown-host"
    CERTIFICATE = "certificate"
    PRIVATE = "private"
    LARGE = "large"
    NO_FEED = "no-feed"
    KEY = "key"
    PROXY = "proxy"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure's kind; `status` is the HTTP status of STATUS, else 0, and `reason` the stored words."""

    why: FailureKind
    status: int
    reason: str

    def as_args(self) -> dict[str, str | int]:
        """Return the arguments of the text `source-why`."""
        return {"why": self.why, "status": self.status, "reason": self.reason}


_STATUS = re.compile(r"the site answered (\d{3})$")
_WORDS = {
    "did not answer in time": FailureKind.LATE,
    "refuses connections": FailureKind.UNREACHABLE,
    "cannot be reached": FailureKind.UNREACHABLE,
    "broke off its answer": FailureKind.UNREACHABLE,
    "cannot resolve": FailureKind.UNKNOWN_HOST,
    "has no valid certificate": FailureKind.CERTIFICATE,
    "is inside the private network": FailureKind.PRIVATE,
    "its secrets cannot be read": FailureKind.KEY,
    "the proxy of this source": FailureKind.PROXY,
    "the answer is larger than": FailureKind.LARGE,
    "this is not a feed": FailureKind.NO_FEED,
    "this is a web page": FailureKind.NO_FEED,
}


def failure_of(reason: str) -> Failure:
    """Return the failure that the message of a SourceError describes."""
    if match := _STATUS.match(reason):
        return Failure(FailureKind.STATUS, int(match[1]), reason)
    why = next((why for words, why in _WORDS.items() if words in reason), FailureKind.OTHER)
    return Failure(why, 0, reason)
