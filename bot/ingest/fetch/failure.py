"""Kinds of failures of a source, told apart by the words that are stored with it (pure)."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """A kind of failure that can be told in a person's language."""

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

    why: Why
    status: int
    reason: str

    def as_args(self) -> dict[str, str | int]:
        """Return the arguments of the text `source-why`."""
        return {"why": self.why, "status": self.status, "reason": self.reason}


_STATUS = re.compile(r"the site answered (\d{3})$")
_WORDS = {
    "did not answer in time": Why.LATE,
    "refuses connections": Why.UNREACHABLE,
    "cannot be reached": Why.UNREACHABLE,
    "broke off its answer": Why.UNREACHABLE,
    "cannot resolve": Why.UNKNOWN_HOST,
    "has no valid certificate": Why.CERTIFICATE,
    "is inside the private network": Why.PRIVATE,
    "its secrets cannot be read": Why.KEY,
    "the proxy of this source": Why.PROXY,
    "the answer is larger than": Why.LARGE,
    "this is not a feed": Why.NO_FEED,
    "this is a web page": Why.NO_FEED,
}


def failure_of(reason: str) -> Failure:
    """Return the failure that the words of a SourceError tell of."""
    if match := _STATUS.match(reason):
        return Failure(Why.STATUS, int(match[1]), reason)
    why = next((why for words, why in _WORDS.items() if words in reason), Why.OTHER)
    return Failure(why, 0, reason)
