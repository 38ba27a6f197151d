"""The addresses at which a source's own proxy may stand."""

from collections.abc import Iterable

import httpcore

from bot.errors import SourceError
from bot.ingest.fetch.ssrf_guard import AllowList, Guard, GuardedBackend, Resolver

PRIVATE_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""Networks of RFC 1918: a newsroom's proxy stands in one of them, and only owners name a proxy.

This machine, the metadata of clouds and whatever else is special are no place for one, unless ALLOW_PRIVATE_HOSTS
has the address.
"""


class ProxyBackend(GuardedBackend):
    """A network backend that connects to proxies; its errors do not name one."""

    def __init__(self, allow: AllowList, resolver: Resolver | None) -> None:
        super().__init__(Guard(allow.including(PRIVATE_NETWORKS), resolver))

    async def connect_tcp(  # noqa: PLR0917 - the interface is httpcore's
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a proxy. Raises SourceError where it may not be used, or its name is not known."""
        try:
            return await super().connect_tcp(host, port, timeout, local_address, socket_options)
        except SourceError:
            raise SourceError("the proxy of this source may not be used, or its name cannot be resolved") from None
        except (httpcore.ConnectError, httpcore.ConnectTimeout):
            raise SourceError("the proxy of this source cannot be reached") from None
