"""Reasons for a source's failure, in a person's language."""

import pytest

from bot.ingest.fetch.failure import FailureKind, failure_of
from bot.ingest.fetch.fetcher import HttpStatusError


@pytest.mark.parametrize(
    ("reason", "why", "status"),
    [
        (str(HttpStatusError(404, None)), FailureKind.STATUS, 404),
        ("a.ir did not answer in time", FailureKind.LATE, 0),
        ("a.ir refuses connections", FailureKind.UNREACHABLE, 0),
        ("a.ir cannot be reached (ConnectError)", FailureKind.UNREACHABLE, 0),
        ("cannot resolve a.ir", FailureKind.UNKNOWN_HOST, 0),
        ("a.ir has no valid certificate (it has expired)", FailureKind.CERTIFICATE, 0),
        ("a.ir is inside the private network, which sources may not reach", FailureKind.PRIVATE, 0),
        ("the answer is larger than 5000000 bytes", FailureKind.LARGE, 0),
        ("this is a web page", FailureKind.NO_FEED, 0),
        ("this is not a feed: broken JSON", FailureKind.NO_FEED, 0),
        ("the site answered 404 elephants", FailureKind.OTHER, 0),
        ("", FailureKind.OTHER, 0),
    ],
)
def test_reasons_are_told_apart(reason: str, why: FailureKind, status: int) -> None:
    failure = failure_of(reason)
    assert (failure.why, failure.status, failure.reason) == (why, status, reason)
