"""The form of a source's requests: what they carry, to which origin, and by which proxy (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx

Header = tuple[str, str]
"""The name and the value of a header."""

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class RequestProfile:
    """The headers and the proxy of the requests of a source.

    `user_agent` ("": Peyk's own) and `proxy` (an http or socks5 URL; "": FETCH_PROXY, or none) serve every request.
    `headers` are sent to their origin (see `origin_of`) alone: a redirect to another one loses them.
    """

    user_agent: str = ""
    proxy: str = field(default="", repr=False)
    headers: Mapping[str, Sequence[Header]] = field(default_factory=dict, repr=False)

    def applied(self, usual: Sequence[tuple[bytes, bytes]], target: httpx.URL) -> list[tuple[bytes, bytes]]:
        """Return the headers of a request to `target`: the usual ones, and those of the source in their place."""
        own = {
            name.encode("ascii"): value.encode("latin-1") for name, value in self.headers.get(origin_of(target), ())
        }
        if self.user_agent:
            own[b"User-Agent"] = self.user_agent.encode("latin-1")
        replaced = {name.lower() for name in own}
        return [*((name, value) for name, value in usual if name.lower() not in replaced), *own.items()]


PLAIN = RequestProfile()
"""The form of requests for which nothing is set."""


def origin_of(url: httpx.URL) -> str:
    """Return the origin of an address: scheme, host and port (RFC 6454)."""
    return f"{url.scheme}://{url.raw_host.decode('ascii').lower()}:{url.port or _PORTS[url.scheme]}"
