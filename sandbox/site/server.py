"""A small news site with invented articles, for the demo: a feed, pages in the form of a news agency, something
new every so often. It revises, corrects and takes down some of what it publishes. Some articles have a video."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

import jdatetime
from aiohttp import web

from sandbox.site.picture import picture
from sandbox.site.stories import AGENCY, Outlet, Story, version, written_articles

_ZONE = ZoneInfo("Asia/Tehran")
_WEEKDAYS = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
_EDITION, _HOUR = "ویرایش", "ساعت"
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_TAKEN_DOWN = "این خبر از سوی خبرگزاری برداشته شد."
_STEP = 3
_SPACING_MS = 37 * 60_000
_FEED_ITEMS, _HEADLINES = 30, 6


class Site:
    """A running site. `clock` returns ms UTC."""

    def __init__(self, clock: Callable[[], int], outlet: Outlet) -> None:
        self._clock = clock
        self._outlet = outlet
        self._stories: list[Story] = []
        self._written = written_articles(outlet)
        self._runner: web.AppRunner | None = None
        self._task: asyncio.Task[None] | None = None
        self.url = ""

    @property
    def feed_url(self) -> str:
        """The address of the site's RSS feed."""
        return f"{self.url}/feed.xml"

    def publish_next(self, at: int | None = None) -> int:
        """Publish the next article, now or dated `at` (ms), and return its news number."""
        edition, index = divmod(len(self._stories), len(self._written))
        number = self._outlet.first_number + len(self._stories) * _STEP
        at = self._clock() if at is None else at
        self._stories.append(Story(number, at, self._written[index], edition))
        return number

    async def start(self) -> None:
        """Publish the first articles, dated in the last hours, listen, and publish the others one by one."""
        now = self._clock()
        for place in range(self._outlet.first, 0, -1):
            self.publish_next(now - place * _SPACING_MS)
        app = web.Application()
        app.router.add_get("/", self._home)
        app.router.add_get("/feed.xml", self._feed)
        app.router.add_get("/fa/news/{number}/{slug}", self._page)
        app.router.add_get(r"/pictures/{number:\d{5,9}}.png", self._picture)
        app.router.add_get(r"/videos/{number:\d{5,9}}.mp4", self._video)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._task = asyncio.create_task(self._go_on())

    async def stop(self) -> None:
        """Publish nothing more and close."""
        if self._task is not None:
            self._task.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _go_on(self) -> None:
        while self._outlet.repeats or len(self._stories) < len(self._written):
            await asyncio.sleep(self._outlet.every)
            self.publish_next()

    async def _home(self, _request: web.Request) -> web.Response:
        return _html("home.html", name=self._outlet.name, latest=self._latest(0))

    async def _feed(self, request: web.Request) -> web.Response:
        etag = f'"{version(self._stories, self._clock())}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        items = "".join(self._item(story) for story in reversed(self._stories[-_FEED_ITEMS:]))
        feed = (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
            f"<title>{self._outlet.name}</title><link>{self.url}/</link><language>fa</language>{items}</channel></rss>"
        )
        headers = {"ETag": etag, "Content-Type": "application/rss+xml; charset=utf-8"}
        return web.Response(body=feed.encode(), headers=headers)

    async def _page(self, request: web.Request) -> web.Response:
        now = self._clock()
        story = self._story(request)
        if story.is_gone(now):
            raise web.HTTPGone(text=_TAKEN_DOWN)
        wording = story.wording(now)
        return _html(
            "page.html",
            name=self._outlet.name,
            title=escape(_title(story, now)),
            lead=escape(wording.lead),
            section=escape(story.written.section),
            number=str(story.number),
            date=_jalali(story.at),
            picture=f"{self.url}/pictures/{story.number}.png",
            video=self._player(story),
            body=self._body(story, wording.body),
            latest=self._latest(story.number),
        )

    async def _picture(self, request: web.Request) -> web.Response:
        story = self._story(request)
        drawn = await asyncio.to_thread(picture, story.written.picture, story.number)
        return web.Response(body=drawn, content_type="image/png")

    async def _video(self, request: web.Request) -> web.FileResponse:
        story = self._story(request)
        if not story.written.video:
            raise web.HTTPNotFound
        return web.FileResponse(Path(str(files("sandbox").joinpath("samples", story.written.video))))

    def _story(self, request: web.Request) -> Story:
        for story in self._stories:
            if str(story.number) == request.match_info["number"]:
                return story
        raise web.HTTPNotFound

    def _item(self, story: Story) -> str:
        now = self._clock()
        at = format_datetime(datetime.fromtimestamp(story.at / 1000, UTC).astimezone(_ZONE))
        lead = _TAKEN_DOWN if story.is_gone(now) else story.wording(now).lead
        return (
            f"<item><title>{escape(_title(story, now))}</title><link>{self._link(story)}</link>"
            f"<guid>{self._link(story)}</guid><description>{escape(lead)}</description>"
            f"<category>{escape(story.written.section)}</category><pubDate>{at}</pubDate></item>"
        )

    def _player(self, story: Story) -> str:
        if not story.written.video:
            return ""
        return (
            f'<video controls preload="none" poster="{self.url}/pictures/{story.number}.png"'
            f' src="{self.url}/videos/{story.number}.mp4"></video>'
        )

    def _body(self, story: Story, body: tuple[str, ...]) -> str:
        dateline = self._outlet.dateline
        lines = []
        for place, text in enumerate(body):
            if text.startswith("# "):
                lines.append(f"<h3>{escape(text[2:])}</h3>")
            else:
                begin = f"{dateline} {story.written.section}: " if dateline and not place else ""
                lines.append(f"<p>{escape(begin + text)}</p>")
        return "\n".join(lines)

    def _latest(self, without: int) -> str:
        now = self._clock()
        newest = [story for story in reversed(self._stories) if story.number != without and not story.is_gone(now)]
        count = _HEADLINES if without else _FEED_ITEMS
        return "".join(
            f'<li><a href="{self._link(story)}">{escape(_title(story, now))}</a></li>' for story in newest[:count]
        )

    def _link(self, story: Story) -> str:
        return f"{self.url}/fa/news/{story.number}/story"


async def start(*, clock: Callable[[], int], outlet: Outlet = AGENCY) -> Site:
    """Start a site on a free port of loopback. `clock` returns ms UTC."""
    site = Site(clock, outlet)
    await site.start()
    return site


def _title(story: Story, now: int) -> str:
    title = story.wording(now).title
    number = str(story.edition + 1).translate(_PERSIAN_DIGITS)
    return f"{title} ({_EDITION} {number})" if story.edition else title


def _jalali(at: int) -> str:
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(_ZONE)
    date = jdatetime.date.fromgregorian(date=local.date())
    return f"{_WEEKDAYS[local.weekday()]} {date.year}/{date.month:02}/{date.day:02} {_HOUR} {local:%H:%M}"


def _html(template: str, **parts: str) -> web.Response:
    page = Template(_text(template)).substitute(style=_text("style.css"), **parts)
    return web.Response(text=page, content_type="text/html", charset="utf-8")


def _text(name: str) -> str:
    return files("sandbox.site").joinpath(name).read_text(encoding="utf-8")
