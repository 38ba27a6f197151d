"""The addresses that a source may lead to, checked where the socket connects.

A name that resolves to another address a moment later, or a redirect, cannot pass: the address that was
checked is the address that is connected to.
"""

import asyncio
import ipaddress
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import httpcore

from bot.errors import ConfigError, SourceError
from bot.ingest.fetch.lookups import Lookups
from bot.ingest.fetch.sockets import AsyncioBackend

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Awaitable[list[str]]]

# https://www.iana.org/assignments/iana-ipv4-special-registry, with multicast: no news site stands at any of them.
_SPECIAL_IPV4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers; 100.100.100.200 is Alibaba Cloud's metadata
        "127.0.0.0/8",
        "169.254.0.0/16",  # 169.254.169.254 is most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # 192.0.0.192 is Oracle Cloud's metadata
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        # Addresses of the open internet that lead to a cloud's own services from within it:
        # https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16,
        "168.63.129.16/32",
        # https://cloud.ibm.com/docs/vpc?topic=vpc-service-endpoints-for-vpc.
        "161.26.0.0/16",
        "166.8.0.0/14",
    )
)
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
# https://www.iana.org/assignments/iana-ipv6-special-registry, as far as it lies within 2000::/3.
_SPECIAL_IPV6 = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo leads on to an IPv4 address of the sender's choice
        "2001:db8::/32",
        "2002::/16",  # 6to4 does, too
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
# RFC 5214, 6.1: an interface identifier of ISATAP, behind which an IPv4 address follows.
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)
_KNOWN_SECONDS = 60.0
_MOST_KNOWN = 4096


@lru_cache(4096)
def is_public(text: str) -> bool:
    """Return whether an IP address is one of the open internet: no private, special, multicast or translated one.

    Forms of IPv6 that lead on to an IPv4 address (NAT64, 6to4, Teredo, ISATAP, IPv4-compatible and -translated) are
    not; an IPv4-mapped one is where its IPv4 address is. NAT64 under a prefix of an operator's own looks like any
    other address.
    """
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _SPECIAL_IPV4)
    if address.ipv4_mapped is not None:
        return is_public(str(address.ipv4_mapped))
    if address not in _GLOBAL_IPV6 or (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return False
    return not any(address in network for network in _SPECIAL_IPV6)


@dataclass(frozen=True, slots=True)
class _Entry:
    host: str
    network: Network | None
    port: int | None

    def covers(self, host: str, address: Address, port: int) -> bool:
        if self.port is not None and self.port != port:
            return False
        if self.network is None:
            return host.casefold().rstrip(".") == self.host
        return address.version == self.network.version and address in self.network


class AllowList:
    """Hosts and networks inside that sources may reach all the same (`ALLOW_PRIVATE_HOSTS`).

    An entry is a host name, an IP address or a network (`10.0.0.0/8`), each with an optional `:port`
    (an IPv6 address with a port stands in brackets). Raises ConfigError on an entry that is none of these.
    """

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._entries = tuple(_parse(entry.strip()) for entry in entries if entry.strip())

    def including(self, entries: Iterable[str]) -> "AllowList":
        """Return this list with more entries."""
        more = AllowList(entries)
        more._entries += self._entries
        return more

    def covers(self, host: str, address: str, port: int) -> bool:
        """Return whether `address`, reached under the name `host`, is allowed although it is not public."""
        try:
            parsed: Address = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        return any(entry.covers(host, parsed, port) for entry in self._entries)


def _parse(entry: str) -> _Entry:
    host, written = _host_and_port(entry)
    port = None if written is None else _port(written, entry)
    try:
        return _Entry(host, ipaddress.ip_network(host, strict=False), port)
    except ValueError:
        if not host or "/" in host or any(letter.isspace() for letter in host):
            raise ConfigError(f"ALLOW_PRIVATE_HOSTS: {entry!r} is neither a host nor a network") from None
        return _Entry(host.casefold().rstrip("."), None, port)


def _host_and_port(entry: str) -> tuple[str, str | None]:
    """Part an entry at its port, None where it has none."""
    if entry.startswith("["):
        host, _, rest = entry[1:].partition("]")
        return host, rest.removeprefix(":") or None
    if entry.count(":") == 1:
        host, _, port = entry.partition(":")
        return host, port
    return entry, None


def _port(written: str, entry: str) -> int:
    """Return the port of an entry. Raises ConfigError where it is none."""
    if not (written.isdecimal() and written.isascii() and 0 < int(written) < 65536):
        raise ConfigError(f"ALLOW_PRIVATE_HOSTS: {entry!r} has no valid port")
    return int(written)


class Guard:
    """Turns a host into the addresses of it that may be connected to.

    A name's addresses are remembered for a minute of `clock` (seconds); they are checked each time.

    Behind a proxy (`FETCH_PROXY`) the guard holds less: it looks the name up here and refuses one that leads
    inside, but the proxy looks it up again and connects where it likes. An address written as a number is held
    either way. Whoever runs the proxy has to keep it from reaching the inside by names that change.
    """

    def __init__(
        self, allow: AllowList, resolver: Resolver | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._allow = allow
        self._resolver = resolver or Lookups().resolve
        self._clock = clock
        self._known: dict[str, tuple[float, list[str]]] = {}

    async def addresses(self, host: str, port: int) -> list[str]:
        """Return the permitted addresses of `host`. Raises SourceError where none is left."""
        addresses = [host] if _is_address(host) else await self._resolved(host, port)
        permitted = [
            address for address in addresses if is_public(address) or self._allow.covers(host, address, port)
        ]
        if not permitted:
            raise SourceError(f"{host} is inside the private network, which sources may not reach")
        return permitted

    async def _resolved(self, host: str, port: int) -> list[str]:
        until, known = self._known.get(host, (0.0, []))
        if self._clock() < until:
            return known
        addresses = await self._resolver(host, port)
        # The oldest comes first: what is looked up anew goes to the end.
        self._known.pop(host, None)
        if len(self._known) >= _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[host] = (self._clock() + _KNOWN_SECONDS, addresses)
        return addresses


@lru_cache(4096)
def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """A network backend that connects to permitted addresses only."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._inner = AsyncioBackend()

    async def connect_tcp(  # noqa: PLR0917 - the interface is httpcore's
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of `host` that answers. Raises SourceError where none is permitted."""
        addresses = await self._guard.addresses(host, port)
        for address in addresses[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks between retries."""
        await asyncio.sleep(seconds)
