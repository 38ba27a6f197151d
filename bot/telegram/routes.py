"""Routes to Telegram: an address of the Bot API, and the proxy that leads to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlsplit

from bot.setting_forms import DIRECT


@dataclass(frozen=True, slots=True)
class ApiRoute:
    """A route to Telegram; `proxy` is an http:// or socks5:// address, "" for none."""

    api: str
    proxy: str = ""

    @property
    def label(self) -> str:
        """The route as an operator knows it, without the proxy's password and the words of a path."""
        return f"{_place(self.api)} by {_place(self.proxy)}" if self.proxy else _place(self.api)


def routes_of(addresses: Sequence[str], proxies: Sequence[str]) -> tuple[ApiRoute, ...]:
    """Return every address by every proxy, the first address first; without proxies, each directly."""
    return tuple(
        ApiRoute(address, "" if proxy == DIRECT else proxy)
        for address, proxy in product(addresses, proxies or (DIRECT,))
    )


def _place(address: str) -> str:
    """Return an address without what may be a secret: what is before the "@", and a path."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{'/…' if parts.path.strip('/') else ''}"
