"""Reasons for a source's failure, in a person's language."""

import pytest

from bot.ingest.fetch.failure import Why, failure_of
from bot.ingest.fetch.fetcher import HttpStatusError


@pytest.mark.parametrize(
    ("reason", "why", "status"),
    [
        (str(HttpStatusError(404, None)), Why.STATUS, 404),
        ("a.ir did not answer in time", Why.LATE, 0),
        ("a.ir refuses connections", Why.UNREACHABLE, 0),
        ("a.ir cannot be reached (ConnectError)", Why.UNREACHABLE, 0),
        ("cannot resolve a.ir", Why.UNKNOWN_HOST, 0),
        ("a.ir has no valid certificate (it has expired)", Why.CERTIFICATE, 0),
        ("a.ir is inside the private network, which sources may not reach", Why.PRIVATE, 0),
        ("the answer is larger than 5000000 bytes", Why.LARGE, 0),
        ("this is a web page", Why.NO_FEED, 0),
        ("this is not a feed: broken JSON", Why.NO_FEED, 0),
        ("the site answered 404 elephants", Why.OTHER, 0),
        ("", Why.OTHER, 0),
    ],
)
def test_reasons_are_told_apart(reason: str, why: Why, status: int) -> None:
    failure = failure_of(reason)
    assert (failure.why, failure.status, failure.reason) == (why, status, reason)
