"""Parts of a source's requests: which are taken, and what is made of them."""

import pytest

from bot.errors import UserError
from bot.ingest.fetch.request_profile import PLAIN
from bot.ingest.fetch.request_settings import MOST, parse_part, profile_of, settings_with
from storage.records import RequestPart, RequestSetting

_ORIGIN = "https://paper.example:443"


class _Open:
    """Stands in for a sealer."""

    def open(self, sealed: str) -> str:
        return sealed.removeprefix("sealed ")


def _seal(text: str) -> str:
    return f"sealed {text}"


def _set(*written: tuple[RequestPart, str], origin: str = _ORIGIN) -> tuple[RequestSetting, ...]:
    settings: tuple[RequestSetting, ...] = ()
    for part, text in written:
        settings = settings_with(settings, part, parse_part(part, text), origin=origin, seal=_seal)
    return settings


@pytest.mark.parametrize(
    ("part", "text", "expected"),
    [
        (
            RequestPart.HEADER,
            "X-Api-Key: a b\nAccept-Language:fa\n",
            [("X-Api-Key", "a b"), ("Accept-Language", "fa")],
        ),
        (RequestPart.COOKIE, "Cookie: sid=a=b; theme=\n", [("sid", "a=b"), ("theme", "")]),
        (RequestPart.LOGIN, "ali:گذر:واژه\r\n", [("", "ali:گذر:واژه")]),
        (RequestPart.PROXY, "socks5://u:p@10.0.0.5:1080/", [("", "socks5://u:p@10.0.0.5:1080")]),
        (RequestPart.USER_AGENT, " Mozilla/5.0 (X11) ", [("", "Mozilla/5.0 (X11)")]),
    ],
)
def test_what_is_taken(part: RequestPart, text: str, expected: list[tuple[str, str]]) -> None:
    assert parse_part(part, text) == expected


@pytest.mark.parametrize(
    ("part", "text"),
    [
        *((RequestPart.HEADER, f"{name}: hunter2") for name in ("Host", "content-length", "Transfer-Encoding")),
        *((RequestPart.HEADER, f"{name}: hunter2") for name in ("Connection", "ACCEPT-ENCODING", "Cookie", "User-Agent")),
        *((RequestPart.HEADER, f"{name}: hunter2") for name in ("Proxy-Authorization", "If-None-Match", "Range")),
        *((RequestPart.HEADER, text) for text in ("", "hunter2", ": hunter2", "X Y: hunter2", "X: ", "X: hunter2\x00")),
        *((RequestPart.HEADER, f"X: hunter2{letter}y") for letter in ("\r", "\x0b", "\x7f", "\u2028", "خ", "\x85")),
        *((RequestPart.HEADER, text) for text in ("X: hunter2" + "x" * 5000, "X" * 200 + ": hunter2")),
        *((RequestPart.COOKIE, text) for text in ("", "hunter2", "=hunter2", "a b=hunter2", "a=hunter2 x", "a=hunter2\n")),
        *((RequestPart.COOKIE, text) for text in ("a=hunter2\r\nX: y", "a=رمز")),
        (RequestPart.PROXY, f"socks5://{'u' * 256}:hunter2@10.0.0.5:1080"),
        (RequestPart.PROXY, f"socks5://u:hunter2{'%ff' * 256}@10.0.0.5:1080"),
        (RequestPart.PROXY, "http://u:hunter2@[v1.a]:80"),
        *((RequestPart.LOGIN, text) for text in ("", "hunter2", ":hunter2", "a:hunter2\nb", "a\x00:hunter2")),
        *((RequestPart.PROXY, text) for text in ("", "hunter2", "ftp://a:1", "http://a", "socks5://a:99999")),
        *((RequestPart.PROXY, text) for text in ("http://a:1/hunter2", "http://a:1?hunter2", "http://a:hunter2")),
        *((RequestPart.USER_AGENT, text) for text in ("", " ", "a\nb", "پیک")),
    ],
)  # fmt: skip
def test_what_would_break_a_request_is_refused_and_not_repeated(part: RequestPart, text: str) -> None:
    if (part, text) == (RequestPart.COOKIE, "a=hunter2\n"):
        assert parse_part(part, text) == [("a", "hunter2")]  # the end of a file's line
        return
    with pytest.raises(UserError) as refused:
        parse_part(part, text)
    assert "hunter2" not in repr(refused.value)


def test_secrets_are_sealed_and_the_same_name_is_replaced() -> None:
    settings = _set(
        (RequestPart.HEADER, "X-Key: one"), (RequestPart.HEADER, "x-key: two"), (RequestPart.COOKIE, "a=1; A=2")
    )
    assert [(setting.name, setting.value) for setting in settings] == [
        ("x-key", "sealed two"),
        ("a", "sealed 1"),
        ("A", "sealed 2"),
    ]
    assert "two" not in repr(settings)
    assert {setting.origin for setting in settings} == {_ORIGIN}


def test_there_are_not_endlessly_many() -> None:
    with pytest.raises(UserError, match="too-many"):
        _set((RequestPart.COOKIE, "; ".join(f"c{number}=1" for number in range(MOST + 1))))


def test_a_profile_of_all_parts() -> None:
    settings = _set(
        (RequestPart.USER_AGENT, "Reader/1"),
        (RequestPart.PROXY, "http://proxy.example:3128"),
        (RequestPart.HEADER, "Authorization: Bearer x\nX-Key: k"),
        (RequestPart.COOKIE, "a=1; b=2"),
        (RequestPart.LOGIN, "ali:گذر"),
    )
    elsewhere = _set((RequestPart.COOKIE, "c=3"), origin="https://www.paper.example:443")
    profile = profile_of((*settings, *elsewhere), _Open())
    assert (profile.user_agent, profile.proxy) == ("Reader/1", "http://proxy.example:3128")
    assert dict(profile.headers[_ORIGIN]) == {
        "X-Key": "k",
        "Authorization": "Basic YWxpOtqv2LDYsQ==",
        "Cookie": "a=1; b=2",
    }
    assert dict(profile.headers["https://www.paper.example:443"]) == {"Cookie": "c=3"}
    assert "YWxp" not in repr(profile)
    assert "proxy.example" not in repr(profile)


def test_a_source_without_settings_asks_for_no_key() -> None:
    assert profile_of((), None) is PLAIN  # type: ignore[arg-type]  # nothing is opened
