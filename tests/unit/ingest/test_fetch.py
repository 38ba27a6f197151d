"""Fetching: what is capped, what is refused, what is kept for the next time."""

import gzip

import pytest

from bot.clock import now_ms
from bot.errors import SourceError
from bot.ingest.fetch.fetcher import Fetcher, HttpStatusError, NotModified, Response, checked_url
from bot.ingest.fetch.ssrf_guard import AllowList, is_public
from tests.flows.news_site import NewsSite, Served


@pytest.fixture
async def site():
    site = NewsSite()
    await site.start()
    yield site
    await site.stop()


@pytest.fixture
async def fetcher():
    fetcher = Fetcher(now_ms, allow=AllowList(["127.0.0.1"]))
    yield fetcher
    await fetcher.close()


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "::1",
        "fc00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "0.0.0.0",
        "224.0.0.1",
    ],
)
def test_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


def test_outside_is_public() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1::1")


async def test_a_name_that_leads_inside_is_refused_also_by_redirect(site: NewsSite) -> None:
    async def inside(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    fetcher = Fetcher(now_ms, resolver=inside)
    try:
        with pytest.raises(SourceError, match="private network"):
            await fetcher.get(site.put("/x", "secret").replace("127.0.0.1", "news.example"))
    finally:
        await fetcher.close()
    assert site.asked == []


async def test_bombs_and_large_bodies_stop_at_the_cap(site: NewsSite, fetcher: Fetcher) -> None:
    site.pages["/bomb"] = Served(gzip.compress(b"0" * 50_000_000), headers={"Content-Encoding": "gzip"})
    site.pages["/large"] = Served(b"0" * 200_000)
    with pytest.raises(SourceError, match="larger"):
        await fetcher.get(f"{site.url}/bomb")
    with pytest.raises(SourceError, match="larger"):
        await fetcher.get(f"{site.url}/large", max_bytes=100_000)


async def test_slow_sites_endless_redirects_and_errors_are_refused(site: NewsSite, fetcher: Fetcher) -> None:
    site.pages["/slow"] = Served(b"late", delay=5)
    site.pages["/loop"] = Served(b"", status=302, headers={"Location": "/loop"})
    site.pages["/busy"] = Served(b"", status=503, headers={"Retry-After": "120"})
    with pytest.raises(SourceError, match="in time"):
        await fetcher.get(f"{site.url}/slow", max_seconds=0.3)
    with pytest.raises(SourceError, match="redirects"):
        await fetcher.get(f"{site.url}/loop")
    with pytest.raises(HttpStatusError) as busy:
        await fetcher.get(f"{site.url}/busy")
    assert (busy.value.status, busy.value.retry_after) == (503, 120)


async def test_validators_are_handed_back(site: NewsSite, fetcher: Fetcher) -> None:
    site.pages["/feed"] = Served(b"x", headers={"ETag": '"1"'})
    first = await fetcher.get(f"{site.url}/feed")
    assert isinstance(first, Response)
    assert first.etag == '"1"'
    site.pages["/feed"] = Served(b"", status=304)
    assert isinstance(await fetcher.get(f"{site.url}/feed", etag=first.etag), NotModified)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.ir/x", "http://user:pass@a.ir/", "x", "http://", "javascript:1"]
)
def test_addresses_that_are_no_sources(url: str) -> None:
    with pytest.raises(SourceError):
        checked_url(url)
