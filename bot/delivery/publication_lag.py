"""The lag of publications: how long after its publication the last post of an article arrived."""

import asyncio
from dataclasses import dataclass

from bot import counters
from storage.records import Lane

_QUIET_SECONDS = 60.0
"""The seconds without another post after which the latest one counts as the last."""


@dataclass(slots=True)
class _Posting:
    """An article on its way: the lag (seconds) of its latest post, and when that arrived by the loop's clock."""

    lane: Lane
    lag: float
    arrived_at: float


class PublicationLags:
    """Observes the lag of each article once no post of it has arrived for `quiet` seconds."""

    def __init__(self, quiet: float = _QUIET_SECONDS) -> None:
        self._quiet = quiet
        self._postings: dict[int, _Posting] = {}

    def arrived(self, article_id: int, lane: Lane, lag: float) -> None:
        """A post of an article has arrived so many seconds after the publication."""
        loop = asyncio.get_running_loop()
        known = self._postings.get(article_id)
        if known is not None:
            known.lag, known.arrived_at = max(known.lag, lag), loop.time()
            return
        self._postings[article_id] = _Posting(lane, lag, loop.time())
        loop.call_later(self._quiet, self._observe_when_quiet, article_id)

    def _observe_when_quiet(self, article_id: int) -> None:
        loop, posting = asyncio.get_running_loop(), self._postings[article_id]
        if (left := posting.arrived_at + self._quiet - loop.time()) > 0:
            loop.call_later(left, self._observe_when_quiet, article_id)
            return
        del self._postings[article_id]
        counters.PUBLICATION_LAG.labels(posting.lane.name.lower()).observe(posting.lag)
