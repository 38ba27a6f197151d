"""Admission of connections: which ones may stay where there are more than the process can hold."""

import ipaddress
from collections import Counter
from typing import Protocol

_SHARE_OF_ONE = 4
_LEAST_OF_ONE = 64  # Telegram opens up to 40 from one address, a proxy as many as all its clients


class Droppable(Protocol):
    """A connection that can be ended at once."""

    def drop(self, reason: str) -> None:
        """End the connection without an answer."""


class ConnectionAdmission:
    """Holds at most `most` connections, and a quarter of them (but 64 at least) from one client.

    A new connection takes the place of the one that has waited longest without a whole request, of the same client
    where that has too many. So half-sent requests never keep out a client that sends its request at once. One in
    which a request is handled is never ended for another; where all are, the new one is refused.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._most_of_one = min(most, max(most // _SHARE_OF_ONE, _LEAST_OF_ONE))
        self._clients: dict[Droppable, str] = {}
        self._held: Counter[str] = Counter()
        self._waiting: dict[Droppable, None] = {}

    def __len__(self) -> int:
        return len(self._clients)

    def admit(self, connection: Droppable, client: str) -> bool:
        """Admit a new connection, which waits for its first request; return whether it may stay."""
        crowded = self._held[client] >= self._most_of_one
        if crowded or len(self) >= self._most:
            of_one = client if crowded else None
            victim = next((idle for idle in self._waiting if of_one in (None, self._clients[idle])), None)
            if victim is None:
                return False
            self.leave(victim)
            victim.drop("crowded out")
        self._clients[connection] = client
        self._held[client] += 1
        self._waiting[connection] = None
        return True

    def works(self, connection: Droppable) -> None:
        """A request of the connection is being handled."""
        self._waiting.pop(connection, None)

    def waits(self, connection: Droppable) -> None:
        """The connection waits for its next request, or for its client to read the answer."""
        if connection in self._clients:
            self._waiting[connection] = None

    def leave(self, connection: Droppable) -> None:
        """The connection has ended. Safe to repeat."""
        client = self._clients.pop(connection, None)
        self._waiting.pop(connection, None)
        if client is not None:
            self._held[client] -= 1
            if not self._held[client]:
                del self._held[client]


def client_of(peer: object) -> str:
    """Return whose connection it is, by a socket's peer name: an address, of IPv6 the network that one site has."""
    host = str(peer[0]) if isinstance(peer, tuple) and peer else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return host
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
