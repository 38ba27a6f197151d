"""A news site on loopback that a test fills and breaks as it likes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from aiohttp import web


@dataclass
class Served:
    """The answer at one path. `delay` is seconds before it is given; a `gate` holds it back until it is set."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    gate: asyncio.Event | None = None


class NewsSite:
    """Serves `pages` by path; `asked` are the paths that were asked for, in order, and `heads` their headers.

    Requests without the headers that it `needs` are answered 401.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Served] = {}
        self.asked: list[str] = []
        self.heads: list[Mapping[str, str]] = []
        self.needs: dict[str, str] = {}
        self.url = ""
        self._runner: web.AppRunner | None = None
        self.items: list[dict[str, str]] = []

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close."""
        assert self._runner is not None, "started before"
        await self._runner.cleanup()

    def put(self, path: str, body: str, **more: object) -> str:
        """Serve `body` at `path` and return its address."""
        self.pages[path] = Served(body.encode(), **more)  # type: ignore[arg-type]  # a test's own keywords
        return f"{self.url}{path}"

    def add_item(
        self, number: int, title: str, *, summary: str = "", date: str | None = None, category: str = ""
    ) -> str:
        """Put an entry at the top of the feed at /feed.xml and return its link; its date is now, or "" for none."""
        date = format_datetime(datetime.now(UTC)) if date is None else date
        link = f"{self.url}/news/{number}/x"
        self.items.insert(0, {"title": title, "link": link, "summary": summary, "date": date, "category": category})
        self.publish()
        return link

    def publish(self) -> None:
        """Write the feed at /feed.xml anew from `items`."""
        entries = "".join(
            f"<item><title>{escape(item['title'])}</title><link>{item['link']}</link>"
            f"<description>{escape(item['summary'])}</description>"
            + (f'<guid isPermaLink="false">{item["guid"]}</guid>' if "guid" in item else "")
            + (f"<pubDate>{item['date']}</pubDate>" if item["date"] else "")
            + (f"<category>{escape(item['category'])}</category>" if item["category"] else "")
            + (
                f'<enclosure url="{escape(item["photo"])}" type="image/jpeg" length="1"/>'
                if "photo" in item
                else ""
            )
            + "</item>"
            for item in self.items
        )
        feed = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>آزمون</title>{entries}</channel></rss>'
        self.pages["/feed.xml"] = Served(feed.encode(), "application/rss+xml; charset=utf-8")

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        self.heads.append(request.headers)
        if any(request.headers.get(name) != value for name, value in self.needs.items()):
            return web.Response(status=401)
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=404)
        if page.delay:
            await asyncio.sleep(page.delay)
        if page.gate is not None:
            await page.gate.wait()
        return web.Response(
            body=page.body, status=page.status, headers={"Content-Type": page.content_type, **page.headers}
        )


def article_page(
    title: str, number: int, date: str, paragraphs: list[str], *, category: str = "بین‌الملل", lead: str = ""
) -> str:
    """Return a page in the form of an Iranian news agency's."""
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return f"""<!doctype html><html lang="fa" dir="rtl"><head><meta charset="utf-8"><title>{escape(title)} - آزمون</title>
    <meta property="og:title" content="{escape(title)}"></head><body>
    <nav><a href="/">خانه</a></nav><div class="breadcrumb"><a href="/s">{escape(category)}</a></div>
    <div>شناسه خبر : {number}</div><div>تاریخ انتشار : {escape(date)}</div>
    <h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>
    <div class="news-body">{body}</div>
    <section><h3>نظرات</h3><p>این یک نظر است و به خبر ربطی ندارد، هرچند بلند باشد.</p></section>
    <section><h3>آخرین اخبار</h3><ul><li><a href="/news/1/a">تیتر خبری دیگر که به این خبر ربطی ندارد</a></li></ul></section>
    </body></html>"""
