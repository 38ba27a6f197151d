"""Parts of a source's requests: as a person writes them, and as what is sent (pure)."""

import base64
import re
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from bot.errors import UserError
from bot.ingest.fetch.request_profile import PLAIN, Header, RequestProfile
from storage.records import RequestPart, RequestSetting

MOST = 30
"""The parts that may be set for one source."""

_LONGEST = 4096
_LONGEST_OF_PROXY = 255
# RFC 9110, 5.6.2.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
# No control character can be sent, and no letter beyond Latin-1.
_SENDABLE = re.compile(r"[\x20-\x7e\xa0-\xff]{1,4096}")
_COOKIE_VALUE = re.compile(r"[\x21-\x3a\x3c-\x7e]{0,4096}")
# They frame the message, belong to one connection or to the fetch of a changed page, or are parts of their own.
_REFUSED = frozenset(
    {
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade",
        "expect", "accept-encoding", "range", "if-range", "if-match", "if-none-match", "if-modified-since",
        "if-unmodified-since", "cookie", "user-agent", "max-forwards", "http2-settings", "via", "forwarded", "date",
    }
)  # fmt: skip
_REFUSED_BEGINNINGS = ("proxy-", "sec-", "content-", "x-forwarded-")
_EVERYWHERE = (RequestPart.USER_AGENT, RequestPart.PROXY)


class Opener(Protocol):
    """The part of bot.ingest.sources.sealing.Sealer that reads."""

    def open(self, sealed: str) -> str:
        """Return what a sealed text says. Raises SourceError."""


def parse_part(part: RequestPart, text: str) -> list[Header]:
    """Return the names ("" where a part has none) and values that a person wrote for a part.

    A HEADER is `Name: value`, one a line; a COOKIE is `name=value`, several separated by semicolons; a LOGIN is
    `user:password`; a PROXY is an http or socks5 URL. Raises UserError, which repeats nothing that may be secret.
    """
    text = text.strip("\r\n")
    match part:
        case RequestPart.HEADER:
            return [_header(line) for line in _filled(text.splitlines())]
        case RequestPart.COOKIE:
            return [_cookie(pair) for pair in _filled(text.removeprefix("Cookie:").split(";"))]
        case RequestPart.LOGIN:
            return [("", _login(text))]
        case RequestPart.PROXY:
            return [("", _proxy(text.strip()))]
        case RequestPart.USER_AGENT:
            return [("", _sendable(text.strip()))]


def _filled(parts: Sequence[str]) -> list[str]:
    """Return the parts in which something is written, a part with nothing where there is none."""
    return [part for part in parts if part.strip()] or [""]


def _sendable(value: str) -> str:
    """Return a value that a request can bear. Raises UserError for any other."""
    if not _SENDABLE.fullmatch(value):
        raise UserError("request-value-refused")
    return value


def settings_with(
    settings: Sequence[RequestSetting],
    part: RequestPart,
    written: Sequence[Header],
    *,
    origin: str,
    seal: Callable[[str], str],
) -> tuple[RequestSetting, ...]:
    """Return the settings with what was `written` in place of what has the same names.

    Raises UserError where they are too many, and what `seal` raises.
    """
    is_open = part is RequestPart.USER_AGENT
    where = "" if part in _EVERYWHERE else origin
    added = [RequestSetting(part, name, where, value if is_open else seal(value)) for name, value in written]
    keys = {key_of(setting) for setting in added}
    after = (*(setting for setting in settings if key_of(setting) not in keys), *added)
    if len(after) > MOST:
        raise UserError("request-too-many", most=MOST)
    return after


def key_of(setting: RequestSetting) -> tuple[RequestPart, str, str]:
    """Return the key of a setting among those of its source. The case of a header's name does not count."""
    name = setting.name.lower() if setting.part is RequestPart.HEADER else setting.name
    return setting.part, setting.origin, name


def profile_of(settings: Sequence[RequestSetting], opener: Opener) -> RequestProfile:
    """Return the form of the requests of a source. Raises SourceError where a secret cannot be read."""
    if not settings:
        return PLAIN
    user_agent = next((setting.value for setting in settings if setting.part is RequestPart.USER_AGENT), "")
    opened = [
        (setting, opener.open(setting.value)) for setting in settings if setting.part is not RequestPart.USER_AGENT
    ]
    proxy = next((value for setting, value in opened if setting.part is RequestPart.PROXY), "")
    return RequestProfile(user_agent, proxy, _headers_by_origin(opened))


def _headers_by_origin(opened: Sequence[tuple[RequestSetting, str]]) -> dict[str, list[Header]]:
    """Return the headers of the requests to each origin that has any."""
    by_origin: dict[str, list[tuple[RequestSetting, str]]] = {}
    for setting, value in opened:
        by_origin.setdefault(setting.origin, []).append((setting, value))
    headers = {origin: _headers_of(of_origin) for origin, of_origin in by_origin.items()}
    return {origin: pairs for origin, pairs in headers.items() if pairs}


def _headers_of(opened: Sequence[tuple[RequestSetting, str]]) -> list[Header]:
    """Return the headers of the requests to one origin: its own, with the login and the cookies."""
    values: dict[RequestPart, list[Header]] = {}
    for setting, value in opened:
        values.setdefault(setting.part, []).append((setting.name, value))
    headers = values.get(RequestPart.HEADER, [])
    for _, login in values.get(RequestPart.LOGIN, ()):
        kept = [header for header in headers if header[0].lower() != "authorization"]
        headers = [*kept, ("Authorization", f"Basic {_base64(login)}")]
    if cookies := values.get(RequestPart.COOKIE):
        headers = [*headers, ("Cookie", "; ".join(f"{name}={value}" for name, value in cookies))]
    return headers


def _header(line: str) -> Header:
    name, colon, value = line.partition(":")
    name, value = name.strip(), value.strip()
    if not colon or not _TOKEN.fullmatch(name):
        raise UserError("request-header-form")
    if name.lower() in _REFUSED or name.lower().startswith(_REFUSED_BEGINNINGS):
        raise UserError("request-header-refused", name=name)
    return name, _sendable(value)


def _cookie(pair: str) -> Header:
    name, equals, value = pair.strip().partition("=")
    if not equals or not _TOKEN.fullmatch(name):
        raise UserError("request-cookie-form")
    if not _COOKIE_VALUE.fullmatch(value):
        raise UserError("request-value-refused")
    return name, value


def _login(text: str) -> str:
    user, colon, password = text.partition(":")
    if not colon or not user:
        raise UserError("request-login-form")
    if len(text) > _LONGEST or not (user + password).isprintable():
        raise UserError("request-value-refused")
    return text


def _proxy(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_whole = bool(parts.hostname) and parts.port is not None and parts.path in ("", "/") and not parts.query
        url = httpx.URL(text)
        # RFC 1929: a byte holds the length of each.
        is_whole &= all(len(word.encode()) <= _LONGEST_OF_PROXY for word in (url.username, url.password))
    except (ValueError, httpx.InvalidURL):
        is_whole = False
    if not is_whole or parts.scheme not in ("http", "socks5") or not _SENDABLE.fullmatch(text) or " " in text:
        raise UserError("request-proxy-form")
    return text.rstrip("/")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
