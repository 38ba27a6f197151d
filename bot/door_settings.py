"""Values of the settings of the HTTP API: the tokens of its clients, and the webhooks that Peyk calls."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeVar
from urllib.parse import urlsplit

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_SECRET = re.compile(r"[A-Za-z0-9._~+/=-]{32,256}")
_TOKEN_FORM = "NAME:ROLE:SECRET is expected, such as wordpress:editor:... (openssl rand -hex 32 makes a secret)"  # noqa: S105
_TARGET_FORM = "NAME:SECRET@ADDRESS is expected, such as site:...@https://example.org/hook"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A client of the HTTP API: its name in the audit, its role in the newsroom, and the secret that it sends."""

    name: str
    role: Literal["author", "editor"]
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """An address that Peyk notifies of events of articles; `secret` signs what it sends."""

    name: str
    secret: str = field(repr=False)
    url: str


_Named = TypeVar("_Named", ApiToken, WebhookTarget)


def api_tokens_of(text: str) -> tuple[ApiToken, ...]:
    """Read `NAME:ROLE:SECRET` items, separated by commas. Raises ValueError that repeats no secret."""
    return _distinct(_token_of(item) for item in _items(text))


def webhook_targets_of(text: str) -> tuple[WebhookTarget, ...]:
    """Read `NAME:SECRET@ADDRESS` items, separated by commas. Raises ValueError that repeats no secret."""
    return _distinct(_target_of(item) for item in _items(text))


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _token_of(item: str) -> ApiToken:
    name, role, secret = (*item.split(":", 2), "", "")[:3]
    _check(name, secret, _TOKEN_FORM)
    match role:
        case "author" | "editor":
            return ApiToken(name, role, secret)
        case _:
            raise ValueError(f"{name}: the role author or editor is expected")


def _target_of(item: str) -> WebhookTarget:
    name, _, rest = item.partition(":")
    secret, _, url = rest.partition("@")
    _check(name, secret, _TARGET_FORM)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host.isascii() or not host or "@" in parts.netloc:
        raise ValueError(f"{name}: an http or https address without a password is expected behind the @")
    return WebhookTarget(name, secret, url)


def _check(name: str, secret: str, form: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(form)
    if not _SECRET.fullmatch(secret):
        raise ValueError(f"{name}: a secret of 32 to 256 of A-Z, a-z, 0-9, . _ ~ + / = and - is expected")


def _distinct(named: Iterable[_Named]) -> tuple[_Named, ...]:
    values = tuple(named)
    for position in ("name", "secret"):
        if len({getattr(value, position) for value in values}) < len(values):
            raise ValueError(f"each {position} may be used once")
    return values
