"""A source that wastes our time delays nobody else's news."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from persian.jalali import format_ascii
from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.flows.news_site import NewsSite, article_page

_PAGES = 60
_BODY = [
    "نمایندگان دوازده استان در نشست امروز دربارهٔ راه‌های تازهٔ حمل‌ونقل گفت‌وگو کردند و گزارش کارها خوانده شد.",
    "در بخش دوم نشست پیشنهادها برای سال آینده بررسی شد و دبیرخانه آن‌ها را برای تصویب ثبت کرد.",
]


@pytest.fixture
async def hostile() -> AsyncIterator[NewsSite]:
    site = NewsSite()
    await site.start()
    yield site
    await site.stop()


def _page(title: str, number: int, body: list[str] = _BODY) -> str:
    date = format_ascii(int(datetime.now(UTC).timestamp() * 1000), ZoneInfo("Asia/Tehran"))
    return article_page(title, number, date, body)


async def test_sixty_pages_that_do_not_answer_keep_no_other_sources_text_from_being_read(
    app: PeykApp, telegram: Telegram, site: NewsSite, hostile: NewsSite, until: Callable[..., Any]
) -> None:
    channel = await telegram.channel()
    for source, number in ((hostile, 1001), (site, 901)):
        source.add_item(number, f"خبر آغازین {number}")
        source.put(f"/news/{number}/x", _page(f"خبر آغازین {number}", number, [f"متن آغازین {number}. " * 20]))
    await app.running(telegram, PAGE_RATE="20")
    for source in (hostile, site):
        await app.cli("sources", "add", f"{source.url}/feed.xml", "--category", "عمومی")

    async def read() -> bool:
        return app.rows("SELECT count(*) FROM page_visit WHERE visits = 1") == [(2,)]

    await until(read)
    too_old_to_be_pushed = format_datetime(datetime.now(UTC) - timedelta(days=4))
    for number in range(1002, 1002 + _PAGES):
        hostile.put(f"/news/{number}/x", "", delay=100)
        hostile.add_item(number, f"تیتر وقت‌کش شمارهٔ {number}", date=too_old_to_be_pushed)

    def slow_pages_asked() -> int:
        return sum(path != "/feed.xml" for path in hostile.asked) - 1

    async def visited() -> bool:
        return slow_pages_asked() >= 6

    await until(visited)
    site.put("/news/902/x", _page("بازگشایی راه‌آهن شرق", 902))
    site.add_item(902, "بازگشایی راه‌آهن شرق", summary="چند واژهٔ خوراک.")
    await telegram.people.wait_for(channel, lambda m: "بازگشایی راه‌آهن شرق" in text_of(m))

    async def has_text() -> bool:
        return bool(app.rows("SELECT 1 FROM page_visit WHERE article_id = 902 AND visits = 1"))

    await until(has_text)
    assert _BODY[1] in text_of(await telegram.ask(telegram.reader, "/article 902"))
    assert slow_pages_asked() < _PAGES, "they wait for their turn still"
    assert app.rows("SELECT count(*) FROM source WHERE failures > 0") == [(0,)]
