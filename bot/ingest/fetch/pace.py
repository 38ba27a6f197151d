"""The pace of requests for pages of a host (pure but for its memory). Times are seconds of the loop's clock."""

_MOST_HOSTS = 20_000


class Pace:
    """A generic cell rate algorithm for each host: `rate` requests a second, up to `burst` of them at once."""

    def __init__(self, rate: float, burst: int) -> None:
        self._gap = 1.0 / rate
        self._tolerance = self._gap * (burst - 1)
        self._next: dict[str, float] = {}

    def suspend(self, host: str, until: float) -> None:
        """Ask a host for nothing before `until`, not even in a burst."""
        self._next[host] = max(self._next.get(host, 0.0), until + self._tolerance)

    def is_free(self, host: str, now: float) -> bool:
        """Return whether a host may be asked without the burst that is kept for what is urgent."""
        return self._next.get(host, 0.0) <= now

    def try_acquire(self, host: str, now: float) -> bool:
        """Acquire a place in the rate, one of the burst if necessary; return False where there is none now."""
        due = self._next.get(host, 0.0)
        if due > now + self._tolerance:
            return False
        if len(self._next) >= _MOST_HOSTS:
            self._next = {known_host: at for known_host, at in self._next.items() if at > now}
        self._next[host] = max(due, now) + self._gap
        return True
