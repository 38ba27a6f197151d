"""Failover among several ways to one place, such as proxies (pure): which is used, and when one is tried again.

The ways stand in the operator's order, and the first that works is used. One that failed is set aside, and is worth
a try again after a pause that grows. Times are seconds of the injected monotonic clock.
"""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

LOST = 2
"""Lost answers in a row after which a way is set aside; one may be the fault of a single connection."""
PAUSES = (5.0, 10.0, 20.0, 40.0, 60.0)
"""Seconds before a way that was set aside is worth a try; the last one stays."""

W = TypeVar("W", bound=Hashable)


@dataclass(slots=True)
class _Health:
    lost: int = 0
    pauses: int = 0
    is_aside: bool = False
    try_at: float = 0.0


class Failover(Generic[W]):
    """Several ways, the preferred first.

    Each callback of `on_switched` is called with the old and the new way when another one is used.
    """

    def __init__(self, ways: Sequence[W], clock: Callable[[], float] = time.monotonic) -> None:
        self._health = {way: _Health() for way in ways}
        self._clock = clock
        self.on_switched: list[Callable[[W, W], None]] = []

    @property
    def ways(self) -> tuple[W, ...]:
        """The ways in the operator's order."""
        return tuple(self._health)

    def works(self, way: W) -> bool:
        """Return whether a way is not set aside."""
        return not self._health[way].is_aside

    def current(self) -> W:
        """Return the route to use: the first that is not set aside, or if all are, the one to try first."""
        return next(filter(self.works, self._health), None) or min(self._health, key=self._try_at)

    def due(self) -> W | None:
        """Return a way that was set aside and is worth a try now; None where there is none."""
        now = self._clock()
        return next((way for way in self._health if not self.works(way) and self._try_at(way) <= now), None)

    def failed(self, way: W) -> None:
        """Set aside a way on which no request went out."""
        health, used = self._health[way], self.current()
        # What was under way when the pause began is no news, and an only way is used in any case.
        if len(self._health) == 1 or (health.is_aside and self._clock() < health.try_at):
            return
        health.is_aside, health.lost = True, 0
        health.try_at = self._clock() + PAUSES[min(health.pauses, len(PAUSES) - 1)]
        health.pauses += 1
        self._report_switch(used)

    def lost(self, way: W) -> None:
        """Count an answer that was lost on a way; set the way aside after LOST of them in a row."""
        health = self._health[way]
        health.lost += 1
        if health.lost >= LOST:
            self.failed(way)

    def worked(self, way: W) -> None:
        """Use a way again on which an answer came."""
        health, used = self._health[way], self.current()
        health.lost = health.pauses = 0
        health.is_aside = False
        self._report_switch(used)

    def _try_at(self, way: W) -> float:
        return self._health[way].try_at

    def _report_switch(self, used: W) -> None:
        now_used = self.current()
        # While none works, whichever is tried next is no choice.
        if now_used != used and self.works(now_used):
            for tell in self.on_switched:
                tell(used, now_used)
