"""Look-ups of names: in threads, with a time limit, and so many at once that no source holds up another's.

The system's resolver asks a name server that never answers for half a minute, and nothing ends it sooner. Such a
look-up is given up, and the place that it holds is one of its source's few.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from weakref import WeakValueDictionary

from bot.errors import SourceError

MOST = 64
"""Look-ups under way at once in all; one that was given up counts until its thread ends."""
PER_SOURCE = 4
"""Look-ups under way at once for one source."""
SECONDS = 5.0
"""The time limit of a look-up from its beginning; the wait for its turn does not count."""

_source: ContextVar[int | None] = ContextVar("source", default=None)


@contextmanager
def for_source(source_id: int | None) -> Iterator[None]:
    """Attribute the look-ups of a block to a source (None: to a person)."""
    token = _source.set(source_id)
    try:
        yield
    finally:
        _source.reset(token)


def resolve_name(host: str, port: int) -> list[str]:
    """Return the addresses of a name, IPv4 first; this blocks. Raises OSError or UnicodeError where it has none."""
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ordered = sorted(addresses, key=lambda info: info[0] != socket.AF_INET)
    return list(dict.fromkeys(str(info[4][0]) for info in ordered))


class Lookups:
    """Resolves host names. One per event loop; `resolve_name` blocks and runs in a thread."""

    def __init__(
        self,
        resolve_name: Callable[[str, int], list[str]] = resolve_name,
        *,
        most: int = MOST,
        seconds: float = SECONDS,
    ) -> None:
        self._resolve_name = resolve_name
        self._seconds = seconds
        self._all = asyncio.Semaphore(most)
        self._of_sources: WeakValueDictionary[int | None, asyncio.Semaphore] = WeakValueDictionary()

    async def resolve(self, host: str, port: int) -> list[str]:
        """Return the addresses of `host`, IPv4 first. Raises SourceError where it has none, or none in time."""
        source_id = _source.get()
        places = self._of_sources.get(source_id)
        if places is None:
            self._of_sources[source_id] = places = asyncio.Semaphore(PER_SOURCE)
        await places.acquire()
        try:
            await self._all.acquire()
        except BaseException:
            places.release()
            raise
        answer = self._started(host, port, places)
        try:
            async with asyncio.timeout(self._seconds):
                return await answer
        except TimeoutError:
            raise SourceError(f"cannot resolve {host}: its name server does not answer in time") from None
        except (OSError, UnicodeError, RuntimeError) as error:
            raise SourceError(f"cannot resolve {host}") from error

    def _started(self, host: str, port: int, places: asyncio.Semaphore) -> "asyncio.Future[list[str]]":
        """Begin a look-up whose places are free again when its thread ends, however long that takes."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[str]] = loop.create_future()

        def end(addresses: list[str] | Exception) -> None:
            self._all.release()
            places.release()
            if answer.done():
                return
            if isinstance(addresses, Exception):
                answer.set_exception(addresses)
            else:
                answer.set_result(addresses)

        def run() -> None:
            outcome: list[str] | Exception
            try:
                outcome = self._resolve_name(host, port)
            except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
                outcome = error
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(end, outcome)

        try:
            # No pool: at its end the process would wait for threads that are stuck.
            threading.Thread(target=run, name="lookup", daemon=True).start()
        except RuntimeError as error:
            end(error)
        return answer
