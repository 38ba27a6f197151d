"""Forms of settings: each reads the text of a variable and says in its error what is expected (pure).

A form is called with a text that is not empty. It raises ValueError with the expected form, which tells no secret.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from bot.time_zones import time_zone
from persian.digits import to_ascii
from persian.schedule import Schedule, parse_schedule

T = TypeVar("T")
NumberT = TypeVar("NumberT", int, float)

SHORTEST_KEY = 32
"""The fewest characters of a SECRET_KEY."""

DIRECT = "direct"
"""The word for no proxy in a list of proxies."""

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_BEARER = re.compile(r"(?=.{16,256}$)[A-Za-z0-9._~+/-]+=*")
_DATABASE = re.compile(r"sqlite:///.+|postgresql://[^/?#]*/[^/?#]+(\?.*)?")
_LISTEN = re.compile(r"(?:[^:]+|\[.+\]):(\d{1,5})", re.ASCII)
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)
_LAST_PORT = 65_535
_TRUE = frozenset({"true", "t", "yes", "y", "on", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "off", "0"})


def setting(form: Callable[[str], T], default: T) -> T:
    """Declare a setting: the form that reads it, and its default."""
    declared: T = field(default=default, metadata={"form": form})
    return declared


class Secret:
    """A value that no text shows by accident."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Secret('**********')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def get_secret_value(self) -> str:
        """Return the value."""
        return self._value


@dataclass(frozen=True, slots=True)
class Number(Generic[NumberT]):
    """The form of a number: at least `ge` or above `gt`, and at most `le`."""

    kind: type[NumberT]
    ge: float | None = None
    gt: float | None = None
    le: float | None = None

    def __call__(self, text: str) -> NumberT:
        """Return the number. Raises ValueError."""
        try:
            # A whole number may be written as 90.0.
            number = self.kind(text) if text.strip().lstrip("-").isdigit() else self.kind(float(text))
            whole = self.kind is float or number == float(text)
        except (ValueError, OverflowError):
            raise ValueError(self._expected) from None
        if not math.isfinite(number) or not whole or not self._holds(number):
            raise ValueError(self._expected)
        return number

    def _holds(self, number: float) -> bool:
        return (
            (self.ge is None or number >= self.ge)
            and (self.gt is None or number > self.gt)
            and (self.le is None or number <= self.le)
        )

    @property
    def _expected(self) -> str:
        kind = "a whole number" if self.kind is int else "a number"
        bounds = (("of at least", self.ge), ("above", self.gt), ("of at most", self.le))
        words = " and ".join(f"{word} {bound:g}" for word, bound in bounds if bound is not None)
        return f"{kind} {words} is expected" if words else f"{kind} is expected"


@dataclass(frozen=True, slots=True)
class WordChoice:
    """The form of a word among a few; `folds` takes it in lower case too."""

    words: tuple[str, ...]
    folds: bool = False

    def __call__(self, text: str) -> Any:
        """Return the word, which a setting has as a Literal. Raises ValueError."""
        word = text.upper() if self.folds else text
        if word not in self.words:
            raise ValueError(f"one of {', '.join(self.words)} is expected")
        return word


def flag(text: str) -> bool:
    """Return a yes or a no."""
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError("true or false is expected")
    return word in _TRUE


def numbers(text: str) -> tuple[int, ...]:
    """Return whole numbers that are separated by commas, in digits of any script."""
    try:
        return tuple(int(part) for part in to_ascii(text).split(",") if part.strip())
    except ValueError:
        raise ValueError("whole numbers, separated by commas, are expected") from None


def schedule(text: str) -> Schedule:
    """Return the schedule of a chat."""
    read = parse_schedule(text)
    if read is None:
        raise ValueError("instant, every 30m (1m to 24h) or at 08:00,20:00 is expected")
    return read


def root_address(text: str) -> str:
    """Return the address of a web server, without a slash at its end."""
    if not _has_scheme(text, "http", "https"):
        raise ValueError("an address such as https://example.org is expected")
    return text.rstrip("/")


def root_addresses(text: str) -> tuple[str, ...]:
    """Return addresses of web servers that are separated by commas, each once."""
    return _listed(text, root_address)


def proxies(text: str) -> tuple[str, ...]:
    """Return addresses of proxies that are separated by commas, each once; DIRECT among them stands for none."""
    return _listed(text, _proxy)


def _proxy(text: str) -> str:
    if text != DIRECT and not _has_scheme(text, "http", "socks5"):
        raise ValueError("http://HOST:PORT or socks5://HOST:PORT is expected")
    return text


def _listed(text: str, form: Callable[[str], str]) -> tuple[str, ...]:
    listed = tuple(dict.fromkeys(form(part.strip()) for part in text.split(",") if part.strip()))
    if not listed:
        form(text)
    return listed


def database(text: str) -> str:
    """Return the address of a database."""
    if not _DATABASE.fullmatch(text):
        raise ValueError("sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME is expected")
    return text


def zone(text: str) -> str:
    """Return the name of a time zone."""
    try:
        time_zone(text)
    except ValueError:
        raise ValueError("a time zone such as Asia/Tehran is expected") from None
    return text


def language(text: str) -> str:
    """Return a language that Peyk has texts in."""
    known = sorted(path.stem for path in (Path(__file__).parent / "locales").glob("*.ftl"))
    return str(WordChoice(tuple(known))(text))


def hosts(text: str) -> tuple[str, ...]:
    """Return hosts, addresses and networks, each perhaps with a port, that are separated by commas."""
    listed = tuple(part.strip() for part in text.split(",") if part.strip())
    for host in listed:
        try:
            ip_network(host, strict=False)
        except ValueError:
            if not _HOST.fullmatch(host):
                raise ValueError(f"{host!r} is no host and no network") from None
    return listed


def listen_address(text: str) -> str:
    """Return an address to listen on."""
    match = _LISTEN.fullmatch(text)
    if match is None or int(match[1]) > _LAST_PORT:
        raise ValueError("HOST:PORT is expected")
    return text


def bot_token(text: str) -> Secret:
    """Return the token of a bot."""
    if not _TOKEN.fullmatch(text):
        raise ValueError("a token of BotFather such as 123456:ABC... is expected")
    return Secret(text)


def secret_key(text: str) -> Secret:
    """Return the key of the secrets of sources."""
    if len(text) < SHORTEST_KEY:
        raise ValueError(
            f"at least {SHORTEST_KEY} characters are expected, such as `openssl rand -base64 32` makes"
        )
    return Secret(text)


def webhook_secret(text: str) -> Secret:
    """Return the secret of the webhook, as Telegram takes it."""
    if not _WEBHOOK_SECRET.fullmatch(text):
        raise ValueError("1 to 256 of A-Z, a-z, 0-9, _ and - are expected")
    return Secret(text)


def bearer_token(text: str) -> Secret:
    """Return the token of an Authorization header (RFC 6750, 2.1)."""
    if not _BEARER.fullmatch(text):
        raise ValueError("16 to 256 of A-Z, a-z, 0-9, - . _ ~ + / and = at the end are expected")
    return Secret(text)


def _has_scheme(text: str, *schemes: str) -> bool:
    """Return whether a text is an address with one of these schemes, and with a host whose name is in ASCII.

    Letters of other scripts look like Latin ones, and the bot's token goes to that host. Such a name has a form in
    ASCII (xn--...).
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # its message may hold a password
        return False
    return parts.scheme in schemes and bool(host) and host.isascii() and port != 0
