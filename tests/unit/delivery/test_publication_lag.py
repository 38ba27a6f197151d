"""The lag of a publication is that of its last post, observed once."""

import asyncio

from bot import counters
from bot.delivery.publication_lag import PublicationLags
from storage.records import Lane


def _observed(lane: str) -> tuple[float, float]:
    """Return how many lags of a lane were observed, and their sum."""
    samples = {
        sample.name: sample.value
        for family in counters.PUBLICATION_LAG.collect()
        for sample in family.samples
        if sample.labels == {"lane": lane}
    }
    count = samples.get("peyk_publication_lag_seconds_count", 0.0)
    return count, samples.get("peyk_publication_lag_seconds_sum", 0.0)


async def test_the_last_post_of_an_article_counts() -> None:
    before = _observed("breaking")
    lags = PublicationLags(quiet=0.02)
    for lag in (1.0, 7.0, 3.0):
        lags.arrived(1, Lane.BREAKING, lag)
    async with asyncio.timeout(10):
        while _observed("breaking")[0] == before[0]:
            await asyncio.sleep(0.01)
    assert _observed("breaking") == (before[0] + 1, before[1] + 7.0)
