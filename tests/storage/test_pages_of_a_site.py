"""Pages over real HTTP, on both databases: redirects of every kind, and sites that ask to wait."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from bot.clock import now_ms
from bot.ingest.candidate import Candidate
from bot.ingest.fetch.fetcher import Fetcher
from bot.ingest.fetch.ssrf_guard import AllowList
from bot.ingest.identity.addresses import host_of
from bot.ingest.incoming import Reading
from bot.ingest.page.visit_policy import HOUR, NEVER
from bot.ingest.page_reader import PageReader
from bot.ingest.page_visits import PageVisits
from bot.ingest.parsing.parser import Parser
from bot.ingest.parsing.reading import read_page
from bot.ingest.raw_document import RawDocument
from bot.ingest.sources.sealing import Sealer
from storage import articles, new_articles, page_visits, proposals, sources
from storage.engine.database import Database
from storage.engine.group_commit import GroupCommit
from storage.new_articles import NewArticle
from storage.records import Article, ArticleState, Content, PageVisit, SourceKind
from tests.flows.news_site import NewsSite, Served, article_page
from tests.storage.feeding import ZONE
from tests.variations import first_and_long

_TITLE = "پل تازهٔ رودخانهٔ سپید نوآباد باز شد"
_LEAD = "پل تازهٔ رودخانهٔ سپید نوآباد پس از سه سال کار به روی خودروها باز شد."
_TEXT = [
    "پل تازهٔ رودخانهٔ سپید نوآباد پس از سه سال کار با حضور شهردار و مردم شهر به روی خودروها باز شد.",
    "ساخت این پل هفتاد میلیارد تومان هزینه برد و دو کرانهٔ شهر را پس از سیل بزرگ دوباره به هم می‌رساند.",
]
_PAGE = article_page(_TITLE, 7, "1405/09/01 10:00", _TEXT)
_OTHER = article_page(
    "گل‌های زمستانی در بازار روز نوآباد",
    8,
    "1405/09/02 11:00",
    ["فروشندگان گل از رونق بازار در آستانهٔ شب یلدا می‌گویند و نرگس را گران‌ترین گل این روزها می‌دانند."] * 2,
)
_LOGIN = (
    "<html><head><title>ورود به سامانه</title></head><body><h1>ورود به سامانه</h1><form><label>نام کاربری</label>"
    "<input name='user'><input type='password' name='word'><button>ورود</button></form>"
    "<p>برای خواندن این صفحه باید با نام کاربری خود وارد شوید یا حساب تازه‌ای بسازید.</p></body></html>"
)
_FRONT = (
    "<html><head><title>پایگاه خبری نوآباد</title></head><body><h1>پایگاه خبری نوآباد</h1>"
    + "".join(f"<h2><a href='/news/{n}/x'>تیتر خبر شمارهٔ {n} از صفحهٔ نخست این پایگاه</a></h2>" for n in range(9))
    + "</body></html>"
)


class _Parser:
    """Parses in this process: what is tested is what is asked for and believed."""

    async def page(self, document: RawDocument, zone: ZoneInfo, now: int, known: Candidate, **_: object) -> Reading:
        return read_page(document, zone, now, known)


@dataclass
class _Visiting:
    """A newsroom whose articles stand at a site, and the visits to their pages."""

    database: Database
    site: NewsSite
    reader: PageReader
    visits: PageVisits

    async def article(self, path: str = "/news/7/x", site: str = "") -> int:
        """Store an article of the feed's few words whose page is due, and return its id."""
        url = f"{site or self.site.url}{path}"
        async with self.database.write() as tx:
            source = await sources.add(
                tx, f"{url}.xml", kind=SourceKind.FEED, category_id=1, review=False, now=now_ms()
            )
            told = Content(_TITLE, _LEAD)
            new = NewArticle(told, 1, ArticleState.PUBLISHED, now_ms(), "fa", url, host_of(url), "", source.id)
            (id_,) = await new_articles.insert(tx, [new], now=now_ms())
            await page_visits.put(tx, [PageVisit(id_, host_of(url), now_ms(), now_ms())])
        return id_

    async def pay(self, article_id: int) -> PageVisit:
        """Pay the visit to an article's page, and return what is known of the page then."""
        await self.visits.pay(await self.visit(article_id), await self.found(article_id))
        return await self.visit(article_id)

    async def found(self, article_id: int) -> Article:
        async with self.database.read() as connection:
            article = await articles.get(connection, article_id)
        assert article is not None
        return article

    async def visit(self, article_id: int) -> PageVisit:
        async with self.database.read() as connection:
            visit = await page_visits.get(connection, article_id)
        assert visit is not None
        return visit


@pytest.fixture
async def visiting(database: Database) -> AsyncIterator[_Visiting]:
    site, fetcher = NewsSite(), Fetcher(now_ms, allow=AllowList(["127.0.0.1", "localhost"]))
    await site.start()
    opener = Sealer("", None)
    reader = PageReader(fetcher, cast(Parser, _Parser()), now_ms, zone=ZONE, rate=50, opener=opener)
    visits = PageVisits(database, GroupCommit(database), reader, now_ms, wake=lambda: None)
    yield _Visiting(database, site, reader, visits)
    await visits.stop()
    await fetcher.close()
    await site.stop()


def _led(to: str, status: int = 302) -> Served:
    return Served(b"", status=status, headers={"Location": to})


_REDIRECTS: dict[str, tuple[dict[str, Served], bool]] = {
    "a chain to the article": (
        {"/news/7/x": _led("/a", 301), "/a": _led("/b", 302), "/b": _led("/c", 307), "/c": Served(_PAGE.encode())},
        True,
    ),
    "a longer address": ({"/news/7/x": _led("/news/7/x-y", 301), "/news/7/x-y": Served(_PAGE.encode())}, True),
    "a loop": ({"/news/7/x": _led("/a"), "/a": _led("/news/7/x")}, False),
    "itself": ({"/news/7/x": _led("/news/7/x")}, False),
    "a chain of six": (
        {"/news/7/x": _led("/0"), **{f"/{n}": _led(f"/{n + 1}") for n in range(5)}, "/5": Served(_PAGE.encode())},
        False,
    ),
    "a login": ({"/news/7/x": _led("/login?next=/news/7/x"), "/login": Served(_LOGIN.encode())}, False),
    "the front page": ({"/news/7/x": _led("/"), "/": Served(_FRONT.encode())}, False),
    "another article": ({"/news/7/x": _led("/news/8/y", 301), "/news/8/y": Served(_OTHER.encode())}, False),
    "nowhere": ({"/news/7/x": _led("/gone", 301)}, False),
    "the private network": ({"/news/7/x": _led("http://10.0.0.1/")}, False),
    "a script's scheme": ({"/news/7/x": _led("javascript:location='/a'")}, False),
    "no address": ({"/news/7/x": Served(_PAGE.encode(), status=302)}, False),
}


@pytest.mark.parametrize("name", first_and_long(_REDIRECTS))
async def test_a_page_is_read_where_redirects_lead_to_the_article_alone(visiting: _Visiting, name: str) -> None:
    pages, is_read = _REDIRECTS[name]
    visiting.site.pages.update(pages)
    id_ = await visiting.article()
    visit = await visiting.pay(id_)
    article = await visiting.found(id_)
    assert article.content.title == _TITLE
    assert [block.html for block in article.content.body] == (_TEXT if is_read else [])
    assert (visit.visits, visit.failures) == ((1, 0) if is_read else (0, 1))
    assert now_ms() < visit.due_at
    assert is_read or visit.due_at < NEVER


async def test_a_page_at_another_host_is_read_where_it_is_the_article(visiting: _Visiting) -> None:
    other = visiting.site.url.replace("127.0.0.1", "localhost")
    visiting.site.pages["/news/7/x"] = _led(f"{other}/moved", 301)
    visiting.site.pages["/moved"] = Served(_PAGE.encode())
    id_ = await visiting.article()
    assert (await visiting.pay(id_)).visits == 1
    assert [block.html for block in (await visiting.found(id_)).content.body] == _TEXT


def _page(body: str) -> Served:
    return Served(body.encode())


_GONE, _MISSING, _BUSY = (Served(b"", status=status) for status in (410, 404, 500))
_EDITED = _PAGE.replace("هفتاد میلیارد", "هشتاد میلیارد")
_EMPTIED = article_page(_TITLE, 7, "1405/09/01 10:00", ["این مطلب بازبینی می‌شود و به‌زودی کامل خواهد شد."])
_COUNTED = _PAGE.replace("<section><h3>نظرات</h3>", "<div>بازدید: ۳۴۵</div><section><h3>نظرات (۷)</h3>")
_BOXED = _PAGE.replace(
    f"<p>{_TEXT[1]}", f"<p>بیشتر بخوانید: <a href='/n/2'>گل‌های زمستانی در بازار</a></p><p>{_TEXT[1]}"
)
_NOT_FOUND = (
    "<html><head><title>صفحه پیدا نشد</title></head><body><h1>صفحه پیدا نشد</h1>"
    "<p>صفحه‌ای که به دنبال آن هستید وجود ندارد یا پاک شده است. به صفحهٔ اصلی بروید.</p></body></html>"
)

_SEQUENCES: dict[str, tuple[list[Served], int, int, bool]] = {
    "edited": ([_page(_EDITED)], 3, 2, False),
    "a new title": ([_page(_PAGE.replace(_TITLE, f"{_TITLE} (به‌روز شد)"))], 3, 2, False),
    "a login for a while": ([_led("/login"), _page(_PAGE)], 2, 2, False),
    "the front page for a while, then edited": ([_led("/"), _page(_EDITED)], 3, 2, False),
    "missing once": ([_MISSING, _page(_PAGE)], 2, 2, False),
    "missing twice": ([_MISSING, _MISSING], 2, 2, True),
    "gone, and back with another text": ([_GONE, _page(_EDITED)], 3, 2, True),
    "ill, then edited": ([_BUSY, _BUSY, _page(_EDITED)], 3, 2, False),
    "emptied": ([_page(_EMPTIED), _page(_EMPTIED)], 2, 2, True),
    "emptied, and back": ([_page(_EMPTIED), _page(_PAGE)], 2, 2, False),
    "torn": ([_page(_PAGE[: _PAGE.index(_TEXT[1]) + 20])], 2, 2, True),
    "two that alternate": ([_page(_EDITED), _page(_PAGE)] * 4, 4, 2, False),
    "another article at its address": ([_page(_OTHER)], 2, 2, False),
    "counters alone": ([_page(_COUNTED), _page(_COUNTED.replace("۳۴۵", "۹۹۹"))], 2, 2, False),
    "a box of other news": ([_page(_BOXED)], 2, 2, False),
    "nothing": ([_page("")], 2, 2, False),
    "not found, and well": ([_page(_NOT_FOUND)], 2, 2, False),
    "an error for programs": ([Served(b'{"error": "limit"}', "application/json")], 2, 2, False),
    "a document": ([Served(b"%PDF-1.4 1 0 obj", "application/pdf")], 2, 2, False),
}
"""Answers after the first reading of a page; revision and paragraphs in the end; whether editors were asked."""


@pytest.mark.parametrize("name", first_and_long(_SEQUENCES))
async def test_a_page_over_time(visiting: _Visiting, name: str) -> None:
    answers, revision, paragraphs, is_asked = _SEQUENCES[name]
    visiting.site.pages.update({"/login": _page(_LOGIN), "/": _page(_FRONT)})
    id_ = await visiting.article()
    for visiting.site.pages["/news/7/x"] in (_page(_PAGE), *answers):
        visit = await visiting.pay(id_)
    article = await visiting.found(id_)
    assert (article.revision, len(article.content.body)) == (revision, paragraphs)
    async with visiting.database.read() as connection:
        proposal = await proposals.get(connection, id_)
    assert (visit.asked or proposal is not None) == is_asked


def _after(wait: timedelta) -> str:
    """Return a date of HTTP so long from now."""
    return format_datetime(datetime.now(UTC) + wait, usegmt=True)


@pytest.mark.parametrize(
    ("wait", "least", "most"),
    first_and_long(
        [
            ("7200", 2 * HOUR, 2 * HOUR),
            (timedelta(hours=1), HOUR * 9 // 10, HOUR),
            ("999999999", 24 * HOUR, 24 * HOUR),
            ("5", 30_000, 30_000),
            ("0", 30_000, 30_000),
            ("-60", 30_000, 30_000),
            ("soon", 30_000, 30_000),
            (timedelta(days=-1), 30_000, 30_000),
        ]
    ),
)
@pytest.mark.parametrize("status", [429, 503])
async def test_a_page_is_asked_for_again_when_its_site_says(
    visiting: _Visiting, wait: str | timedelta, least: int, most: int, status: int
) -> None:
    told = wait if isinstance(wait, str) else _after(wait)
    visiting.site.pages["/news/7/x"] = Served(b"", status=status, headers={"Retry-After": told})
    before = now_ms()
    visit = await visiting.pay(await visiting.article())
    assert before + least <= visit.due_at <= now_ms() + most
    assert (await visiting.found(visit.article_id)).content.lead == _LEAD


async def test_a_host_that_asks_to_wait_is_asked_for_no_other_page_meanwhile(visiting: _Visiting) -> None:
    visiting.site.pages["/news/7/x"] = Served(b"", status=429, headers={"Retry-After": "600"})
    visiting.site.pages["/news/8/y"] = Served(_OTHER.encode())
    await visiting.pay(await visiting.article())
    other = await visiting.article("/news/8/y")
    await visiting.visits.start_due()
    assert visiting.site.asked == ["/news/7/x"]
    assert (await visiting.visit(other)).visits == 0
    assert not visiting.reader.try_acquire(host_of(visiting.site.url))
    assert visiting.reader.try_acquire("localhost")


async def test_a_host_that_is_merely_ill_is_asked_for_other_pages(visiting: _Visiting) -> None:
    visiting.site.pages["/news/7/x"] = Served(b"", status=503)
    await visiting.pay(await visiting.article())
    async with asyncio.timeout(10):
        while not visiting.reader.try_acquire(host_of(visiting.site.url)):
            await asyncio.sleep(0.01)
