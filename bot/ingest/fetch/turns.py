"""Turns: how many requests are under way at once, in all, at one site and for one source, and who is next.

A request waits for a place of its source first, for one at its site then and for one of the whole last, so that a
slow site holds its own few places and no others, and so does a source whose items lead to many slow sites. At most
as many requests as a source or a site has places wait for the whole: whoever has a thousand requests delays the
others by no more than that.
"""

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncIterator, Hashable, Iterator, Sequence, Set
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from enum import IntEnum
from weakref import WeakValueDictionary

Origin = tuple[str, int]
"""Host and port."""


class Urgency(IntEnum):
    """The order of service: a new item waits for an URGENT request; a BACKGROUND request can wait."""

    URGENT = 0
    NORMAL = 1
    BACKGROUND = 2


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place in a queue: how urgent it is, and for which source (None: for a person).

    A client of the API counts as a source, and so does a look through a whole site: their `source_id` is below 0.
    A request that `is_slow` may take long, as the last one of its source did.
    """

    priority: Urgency = Urgency.NORMAL
    source_id: int | None = None
    is_slow: bool = False

    @property
    def is_awaited(self) -> bool:
        """Return whether somebody waits for the answer."""
        return self.source_id is None or self.source_id < 0


ORDINARY = Ticket()
"""The place in a queue of a request that belongs to no source and is not urgent."""
AWAITED = Ticket(Urgency.URGENT)
"""The place in a queue of what a person waits for."""


class Places:
    """A number of places. Who waits for one gets it by priority; equals get it in the order in which they came."""

    def __init__(self, number: int) -> None:
        self._free = number
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []
        self._arrivals = 0

    async def acquire(self, priority: Urgency) -> None:
        """Wait for a free place and take it. The caller releases it."""
        if self._free:
            self._free -= 1
            return
        place = asyncio.get_running_loop().create_future()
        self._arrivals += 1
        heapq.heappush(self._waiting, (priority, self._arrivals, place))
        try:
            await place
        except asyncio.CancelledError:
            if not place.cancelled():
                self.release()  # it was given just before
            raise

    def release(self) -> None:
        """Hand a place on to whoever is next."""
        while self._waiting:
            place = heapq.heappop(self._waiting)[2]
            if not place.done():
                place.set_result(None)
                return
        self._free += 1


class _Site:
    """The places at one origin; BACKGROUND requests share a third of them, slow ones half."""

    def __init__(self, number: int) -> None:
        self.all = Places(number)
        self.background = Places(max(1, number // 3))
        self.slow = Places(max(1, number // 2))


class Turns:
    """Limits requests: `in_all` at once, `per_origin` at one origin, half of all for BACKGROUND requests.

    One source has a fifth of all, and of one origin all places but two. Slow requests leave half of an origin's
    places to the others: many sources may share an origin. `waiting` are the sources of which a request waits for a
    place at its origin.
    """

    def __init__(self, in_all: int, per_origin: int) -> None:
        self._all = Places(in_all)
        self._background = Places(max(1, in_all // 2))
        self._per_origin = per_origin
        self._per_source = max(1, in_all // 5)
        self._per_source_and_origin = max(1, per_origin - 2)
        self._sites: WeakValueDictionary[Origin, _Site] = WeakValueDictionary()
        self._of_sources: WeakValueDictionary[Hashable, Places] = WeakValueDictionary()
        self._waiting: Counter[int] = Counter()

    @property
    def waiting(self) -> Set[int]:
        """The sources of which a request waits for a place at its origin."""
        return self._waiting.keys()

    @asynccontextmanager
    async def acquire(self, origin: Origin, ticket: Ticket) -> AsyncIterator[None]:
        """Wait for a turn at `origin`, and hold it until the block ends."""
        site = self._sites.get(origin)
        if site is None:
            site = self._sites[origin] = _Site(self._per_origin)
        is_background = ticket.priority is Urgency.BACKGROUND
        shares = [*([site.slow] if ticket.is_slow else []), *([site.background] if is_background else [])]
        held: list[Places] = []
        try:
            if ticket.source_id is not None:
                own = self._places_of(ticket.source_id, self._per_source)
                places = self._places_of((ticket.source_id, origin), self._per_source_and_origin)
                await _acquire_all([own, places], ticket, held)
            with self._as_waiting(ticket):
                await _acquire_all([*shares, site.all], ticket, held)
            await _acquire_all([self._background, self._all] if is_background else [self._all], ticket, held)
            yield
        finally:
            for taken in held:
                taken.release()

    @contextmanager
    def _as_waiting(self, ticket: Ticket) -> Iterator[None]:
        """Count a ticket's source among those that wait until the block ends."""
        if ticket.source_id is None:
            yield
            return
        self._waiting[ticket.source_id] += 1
        try:
            yield
        finally:
            self._waiting[ticket.source_id] -= 1
            if not self._waiting[ticket.source_id]:
                del self._waiting[ticket.source_id]

    def _places_of(self, holder: Hashable, number: int) -> Places:
        places = self._of_sources.get(holder)
        if places is None:
            places = self._of_sources[holder] = Places(number)
        return places


async def _acquire_all(queues: Sequence[Places], ticket: Ticket, held: list[Places]) -> None:
    """Wait for a place of each in turn, and note those that are held."""
    for queue in queues:
        await queue.acquire(ticket.priority)
        held.append(queue)
