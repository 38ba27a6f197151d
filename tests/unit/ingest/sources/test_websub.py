"""WebSub's callbacks and signatures, the headers in which sites name a hub, and the post to it."""

import asyncio
import hashlib
import hmac

import pytest

from bot.clock import now_ms
from bot.errors import SourceError
from bot.ingest.fetch.fetcher import Fetcher, HttpStatusError
from bot.ingest.fetch.http_headers import Headers
from bot.ingest.fetch.ssrf_guard import AllowList
from bot.ingest.sources.websub import CallbackKey, offered_hub, signature_of
from tests.unit.ingest.raw_site import answer, raw_site

_KEY = CallbackKey("key")


def test_a_callback_is_known_by_its_own_key_alone() -> None:
    path = _KEY.path("abc")
    assert path.startswith("/websub/abc.")
    assert _KEY.nonce_of(path) == "abc"
    for other in (
        path[:-1],
        path + "0",
        path.replace("abc", "abd"),
        "/websub/",
        "/websub/abc",
        "/websub/.",
        "/websub/خ",
    ):
        assert _KEY.nonce_of(other) is None
    assert CallbackKey("another").nonce_of(path) is None
    assert _KEY.secret("abc") not in path
    assert len(_KEY.secret("abc")) < 200  # the longest that hubs take


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signature_fits_its_body(method: str) -> None:
    digest = hmac.new(b"secret", b"body", getattr(hashlib, method)).hexdigest()
    signature = signature_of(f"{method.upper()}={digest.upper()}")
    assert signature is not None
    assert signature.is_strong == (method != "sha1")
    for body, fits in ((b"body", True), (b"other", False)):
        fed = signature.checker("secret")
        fed.update(body)
        assert signature.fits(fed) is fits
    assert not signature.fits(signature.checker("another"))


@pytest.mark.parametrize("header", ["", "sha256", "md5=00", "=00", "sha3_256=00", "none=00"])
def test_what_is_no_signature(header: str) -> None:
    assert signature_of(header) is None


@pytest.mark.parametrize(
    ("header", "hub", "topic"),
    [
        ('<https://hub.ir/>; rel="hub", <https://a.ir/feed>; rel="self"', "https://hub.ir/", "https://a.ir/feed"),
        ('<https://a.ir/feed>; title="x"; REL=self, </hub>;rel=hub', "/hub", "https://a.ir/feed"),
        ('<https://hub.ir/>; rel="preload hub"', "https://hub.ir/", ""),
        ('<https://hub.ir/>; rel="hubs"; title="rel=hub"', "", ""),
        ("https://hub.ir/; rel=hub", "", ""),
        ("", "", ""),
    ],
)
def test_a_link_header(header: str, hub: str, topic: str) -> None:
    headers = Headers([(b"Link", header.encode())])
    assert (headers.linked("hub"), headers.linked("self")) == (hub, topic)


def test_a_hub_that_cannot_be_asked_is_none() -> None:
    assert offered_hub("https://hub.ir/", "https://a.ir/feed") == ("https://hub.ir/", "https://a.ir/feed")
    for hub, topic in (
        ("", "https://a.ir/"),
        ("ftp://hub.ir/", "x"),
        ("https://u:p@hub.ir/", "x"),
        ("https://h.ir/", ""),
    ):
        assert offered_hub(hub, topic) == ("", "")
    assert offered_hub("https://hub.ir/", "x" * 3000) == ("", "")


async def test_a_form_is_posted_again_where_the_hub_sends_it_and_never_inside() -> None:
    heads: list[bytes] = []

    async def talk(head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        heads.append(head)
        moved = b"POST /old" in head
        status = "307 Temporary Redirect" if moved else "202 Accepted"
        status = "500 Oops" if b"POST /broken" in head else status
        target = ["Location: http://10.0.0.1/" if b"inside" in head else "Location: /new"] * moved
        writer.write(answer(b"", *target, "Connection: close", status=status))
        await writer.drain()
        writer.close()

    async with raw_site(talk) as port:
        fetcher = Fetcher(now_ms, allow=AllowList(["127.0.0.1"]))
        await fetcher.post(f"http://127.0.0.1:{port}/old", b"hub.mode=subscribe")
        with pytest.raises(HttpStatusError):
            await fetcher.post(f"http://127.0.0.1:{port}/broken", b"x=1")
        with pytest.raises(SourceError, match="private network"):
            await fetcher.post(f"http://127.0.0.1:{port}/old-inside", b"x=1")
        with pytest.raises(SourceError, match="private network"):
            await fetcher.post("http://10.0.0.1/", b"x=1")
        await fetcher.close()
    assert [head.split(b" ")[1] for head in heads] == [b"/old", b"/new", b"/broken", b"/old-inside"]
    assert b"Content-Length: 18\r\n" in heads[1]
