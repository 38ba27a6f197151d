"""State that a source leaves with us cannot poison it or others, on both databases and over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.clock import now_ms
from bot.ingest.fetch.fetcher import Fetcher
from bot.ingest.fetch.ssrf_guard import AllowList
from bot.ingest.incoming import IncomingFeed
from bot.ingest.page_reader import PageReader
from bot.ingest.parsing.parser import Parser
from bot.ingest.parsing.reading import read_feed
from bot.ingest.raw_document import RawDocument
from bot.ingest.source_reader import Cadence, SourceReader, SourceTools
from bot.ingest.sources.sealing import Sealer
from bot.ingest.sources.source_admin import SourceAdmin, SourceEdit
from bot.ingest.storing.item_store import ItemStore
from bot.ingest.storing.story_matching import SameStory
from storage import articles, audit, sources
from storage.engine.database import Database
from storage.engine.group_commit import GroupCommit
from storage.records import ArticleState, Source, SourceKind
from storage.schema import fan_out
from storage.schema import source as source_table
from tests.storage.feeding import ZONE, Entry, feed_of
from tests.unit.ingest.raw_site import Talk, answer, raw_site

_DAY_MS = 24 * 3_600_000
_FEED = feed_of([Entry("خبر نخست", "https://khabar.example/a/first-story")])


@dataclass
class InProcessParser:
    """Parses in this process: what is tested is what is stored. `made` are the titles of what it made ready."""

    made: list[str] = field(default_factory=list)

    async def feed(self, document: RawDocument, zone: ZoneInfo, known: frozenset[int], **_: object) -> IncomingFeed:
        feed = read_feed(document, zone, known)
        self.made += [incoming.candidate.content.title for incoming in feed.items]
        return feed


class _NoPages:
    async def in_time(self, *_: object) -> None:
        return None


@dataclass
class _SourceReading:
    database: Database
    reader: SourceReader
    parser: InProcessParser

    async def add(self, url: str, **poison: Any) -> Source:
        """Add a source whose row holds what an older version, or another hand, has put there."""
        async with self.database.write() as tx:
            made = await sources.add(
                tx, url, kind=SourceKind.FEED, category_id=1, review=False, now=now_ms() - 1_000
            )
            if poison:
                await tx.execute(update(source_table).where(source_table.c.id == made.id).values(**poison))
        return made

    async def read(self) -> None:
        """Read every source that is due."""
        async with self.database.write() as tx:
            due = await sources.claim(tx, slow=False, now=now_ms(), lease_until=now_ms() + 1, limit=9)
        for source in due:
            await self.reader.read(source)

    async def source(self, source_id: int) -> Source:
        async with self.database.read() as connection:
            source = await sources.get(connection, source_id)
        assert source is not None
        return source

    async def titles(self) -> list[str]:
        async with self.database.read() as connection:
            return sorted(article.content.title for article in await articles.newest(connection, 50))


@pytest.fixture
async def reading(database: Database) -> AsyncIterator[_SourceReading]:
    async with _source_reading(database) as reading:
        yield reading


@asynccontextmanager
async def _source_reading(database: Database) -> AsyncIterator[_SourceReading]:
    fetcher, parser = Fetcher(now_ms, allow=AllowList(["127.0.0.1"])), InProcessParser()
    reader = SourceReader(
        database,
        GroupCommit(database),
        SourceTools(fetcher, cast(Parser, parser), cast(PageReader, _NoPages()), ZONE, opener=Sealer("", None)),
        ItemStore(most_age=_DAY_MS, same_story=SameStory.FOLD),
        clock=now_ms,
        cadence=Cadence(60.0, Random(1)),
        wake=lambda: None,
    )
    yield _SourceReading(database, reader, parser)
    await fetcher.close()


def _answering(body: bytes, *headers: str | bytes, status: str = "200 OK") -> Talk:
    async def talk(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        head, _, rest = answer(body, status=status).partition(b"\r\n")
        more = b"".join((header if isinstance(header, bytes) else header.encode()) + b"\r\n" for header in headers)
        writer.write(head + b"\r\n" + more + rest)

    return talk


async def test_a_poisoned_row_heals_at_the_next_fetch_and_stops_no_other_source(reading: _SourceReading) -> None:
    poisons: list[dict[str, object]] = [
        {"etag": "خبر", "last_modified": "a\r\nX-Evil: 1"},
        {"etag": " ", "last_modified": "\x7f\t"},
        {"etag": "x" * 100_000, "last_modified": '"'},
        {"skip_hours": "not JSON", "skip_days": '{"a": [1]}'},
        {"skip_hours": '[1e400, "x", -3, 99, null, [1], true]', "skip_days": "null"},
        {"ttl": -5, "habit": -7, "body_digest": "خبر", "title": "x" * 5_000},
        {"known_items": "خبر", "fetched_at": 1},
        {"known_items": "00" * 100_003, "fetched_at": 1},
        {},
    ]
    async with raw_site(_answering(_FEED, 'ETag: "1"')) as port:
        url = f"http://127.0.0.1:{port}"
        ids = [(await reading.add(f"{url}/{number}", **poison)).id for number, poison in enumerate(poisons)]
        await reading.read()
    for source_id in ids:
        source = await reading.source(source_id)
        assert (source.failures, source.last_error, source.etag) == (0, "", '"1"')
        assert (source.skip_hours, source.skip_days) == (frozenset(), frozenset())
        assert now_ms() < source.next_fetch_at <= now_ms() + 120_000


async def test_a_process_makes_ready_only_what_no_process_has_stored_before(database: Database) -> None:
    first, second = (Entry(f"خبر {number}", f"https://khabar.example/a/{number}") for number in ("نخست", "دوم"))
    bodies = [feed_of([first]), feed_of([second, first])]

    async def talk(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(answer(bodies[0]))

    async with raw_site(talk) as port:
        async with _source_reading(database) as reading:
            source = await reading.add(f"http://127.0.0.1:{port}/feed")
            await reading.read()
        assert reading.parser.made == [first.title]
        del bodies[0]
        async with _source_reading(database) as restarted:
            await restarted.reader.read(await restarted.source(source.id))
            assert restarted.parser.made == [second.title]
            assert await restarted.titles() == sorted([first.title, second.title])


def _cut(body: bytes) -> bytes:
    """Return the body of a feed up to the middle of its last item."""
    return body[: body.rindex(b"</title>")]


async def _pushed(database: Database) -> int:
    async with database.read() as connection:
        return len(list(await connection.execute(select(fan_out.c.id))))


async def test_what_a_torn_first_answer_lacked_is_no_news_when_it_comes(reading: _SourceReading) -> None:
    old = [
        Entry(f"خبر کهنهٔ {word}", f"https://khabar.example/a/{word}", minutes=None) for word in ("یک", "دو", "سه")
    ]
    new = Entry("خبر تازه", "https://khabar.example/a/new", minutes=None)
    bodies = [_cut(feed_of(old)), feed_of(old), feed_of([new, *old])]

    async def talk(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(answer(bodies.pop(0)))

    async with raw_site(talk) as port:
        source = await reading.add(f"http://127.0.0.1:{port}/feed")
        await reading.reader.read(source)
        torn = await reading.source(source.id)
        assert (torn.fetched_at, torn.failures, len(await reading.titles())) == (None, 1, 2)
        for titles, pushed in ((3, 0), (4, 1)):
            await reading.reader.read(await reading.source(source.id))
            assert (len(await reading.titles()), await _pushed(reading.database)) == (titles, pushed)


async def test_a_feed_that_always_breaks_off_brings_news_after_some_tries(reading: _SourceReading) -> None:
    old = [Entry(f"خبر کهنهٔ {word}", f"https://khabar.example/a/{word}", minutes=None) for word in ("یک", "دو")]
    new = Entry("خبر تازه", "https://khabar.example/a/new", minutes=None)
    bodies = [_cut(feed_of(old))]

    async def talk(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(answer(bodies[0]))

    async with raw_site(talk) as port:
        source = await reading.add(f"http://127.0.0.1:{port}/feed")
        for _ in range(4):
            await reading.reader.read(await reading.source(source.id))
        assert (await reading.source(source.id)).failures == 0
        bodies[0] = _cut(feed_of([new, *old]))
        await reading.reader.read(await reading.source(source.id))
    assert await _pushed(reading.database) == 1


@pytest.mark.parametrize(
    "headers",
    [
        [b"ETag: \xd9\xbe", b"Last-Modified: \xff\xfe"],
        [b"ETag:", b"Last-Modified: "],
        [b"ETag: " + b"x" * 10_000],
        [b'ETag: W/"a', b'ETag: "b"'],
        [b"ETag: \x80\x9f", b"Last-Modified: \t\t"],
        [b"Cache-Control: max-age=-1, max-age=1e30, max-age", b"Age: nan"],
        [b"Cache-Control: max-age=" + b"9" * 5_000, b"Retry-After: -5"],
        [b"Cache-Control: " + b"max-age=1," * 1_000, b"Expires: Thu, 99 Foo 999999999"],
        [b"Set-Cookie: a=1"] * 100,
    ],
)
async def test_whatever_headers_an_answer_has_the_source_is_fetched_again_in_time(
    reading: _SourceReading, headers: list[bytes]
) -> None:
    async with raw_site(_answering(_FEED, *headers)) as port:
        source = await reading.add(f"http://127.0.0.1:{port}/feed")
        for _ in range(2):
            await reading.reader.read(await reading.source(source.id))
            fetched = await reading.source(source.id)
            assert (fetched.failures, fetched.last_error) == (0, "")
            assert now_ms() < fetched.next_fetch_at <= now_ms() + _DAY_MS


@pytest.mark.parametrize("wait", ["-1", "nan", "1e30", "9" * 4_000, "[1]", "Thu, 01 Jan 9999999 00:00:00 GMT"])
async def test_whatever_a_site_asks_to_wait_it_is_tried_again_within_a_day(
    reading: _SourceReading, wait: str
) -> None:
    async with raw_site(_answering(b"", f"Retry-After: {wait}", status="503 Busy")) as port:
        source = await reading.add(f"http://127.0.0.1:{port}/feed")
        await reading.read()
    failed = await reading.source(source.id)
    assert failed.failures == 1
    assert now_ms() < failed.next_fetch_at <= now_ms() + 2 * _DAY_MS


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "http://10.0.0.1/",
        "http://user:word@127.0.0.1/",
        "/" + "x" * 10_000,
        "",
        "//",
        "http://[",
        "/a\x00b",
        "javascript:1",
    ],
)
async def test_a_redirect_to_nowhere_is_a_failure_and_changes_no_address(
    reading: _SourceReading, location: str
) -> None:
    async with raw_site(_answering(b"", f"Location: {location}", status="301 Moved")) as port:
        source = await reading.add(f"http://127.0.0.1:{port}/feed")
        await reading.read()
    failed = await reading.source(source.id)
    assert (failed.url, failed.failures) == (source.url, 1)


_LOGIN = b"<html><head><title>Login</title></head><body><form><input type='password'></form></body></html>"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("body", [_LOGIN, b"", b"<rss version='2.0'><channel>"], ids=["login", "nothing", "half"])
async def test_a_feed_that_leads_to_what_is_none_keeps_its_address_and_its_articles(
    reading: _SourceReading, status: str, body: bytes
) -> None:
    moved: list[bytes] = []

    async def talk(head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        if b"GET /feed" in head and moved:
            writer.write(answer(b"", "Location: /login?next=/feed", status=status))
        else:
            writer.write(answer(moved[0] if moved else _FEED))

    async with raw_site(talk) as port:
        source = await reading.add(f"http://127.0.0.1:{port}/feed")
        await reading.read()
        moved.append(body)
        await reading.reader.read(await reading.source(source.id))
    found = await reading.source(source.id)
    assert found.url == source.url
    assert await reading.titles() == ["خبر نخست"]
    assert found.failures == (body != b"<rss version='2.0'><channel>")


async def test_a_source_that_moves_to_anothers_address_keeps_its_own(reading: _SourceReading) -> None:
    async def talk(head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        if b"GET /known" in head:
            writer.write(answer(_FEED))
        else:
            writer.write(answer(b"", "Location: /known", status="308 Moved"))

    async with raw_site(talk) as port:
        known = await reading.add(f"http://127.0.0.1:{port}/known")
        mover = await reading.add(f"http://127.0.0.1:{port}/mover")
        await reading.read()
    for added in (known, mover):
        source = await reading.source(added.id)
        assert (source.url, source.failures) == (added.url, 0)
    assert await reading.titles() == ["خبر نخست"]


async def test_halves_of_letters_and_nul_become_clean_articles(reading: _SourceReading) -> None:
    half, nul = "\ud800", "\x00"
    items = [
        {
            "id": f"{half}{nul}{number}",
            "title": f"خبر {half}شمارهٔ{nul} {number}",
            "url": f"https://khabar.example/a/{half}story-{number}",
            "content_html": f"<p>متن {half}این{nul} خبر</p><img src='https://khabar.example/{half}.jpg'>",
            "summary": f"شرح{half}",
            "tags": [half, nul, f"برچسب{half}"],
            "authors": [{"name": f"نام{half}"}],
            "date_published": f"2026-11-28{half}",
        }
        for number in range(3)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": f"روزنامه{half}", "items": items}
    async with raw_site(_answering(json.dumps(feed).encode())) as port:
        source = await reading.add(f"http://127.0.0.1:{port}/feed")
        await reading.read()
    assert (await reading.source(source.id)).last_error == ""
    assert await reading.titles() == [f"خبر شمارهٔ {number}" for number in range(3)]


@pytest.mark.parametrize("change", ["review", "pause", "move", "remove"])
async def test_what_staff_change_while_a_source_is_fetched_counts_for_what_that_fetch_brings(
    reading: _SourceReading, change: str
) -> None:
    """The site answers when it has been changed, as a slow one does."""
    changed = asyncio.Event()

    async def talk(_head: bytes, writer: asyncio.StreamWriter, _number: int) -> None:
        await changed.wait()
        writer.write(answer(_FEED, 'ETag: "1"'))

    async with raw_site(talk) as port:
        source = await reading.add(f"http://127.0.0.1:{port}/feed")
        admin = SourceAdmin(reading.database, now_ms)
        fetch = asyncio.create_task(reading.reader.read(source))
        edits = {"review": SourceEdit(review=True), "move": SourceEdit(url=f"http://127.0.0.1:{port}/other")}
        if change in edits:
            await admin.edit(source.id, edits[change], actor_id=audit.COMMAND_LINE)
        else:
            await {"pause": admin.pause, "remove": admin.remove}[change](source.id, actor_id=audit.COMMAND_LINE)
        changed.set()
        await fetch
        async with reading.database.read() as connection:
            brought = [one.state for one in await articles.newest(connection, 9)]
        assert brought == ([ArticleState.REVIEW] if change == "review" else [])
        if change == "pause":
            # Nothing is lost: who resumes it gets what was there.
            await admin.resume(source.id, actor_id=audit.COMMAND_LINE)
            await reading.reader.read(await reading.source(source.id))
            assert await reading.titles() == ["خبر نخست"]
