"""Videos and sounds of sources: kept, offered under the full text, sent by address, uploaded, or linked."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.ingest.storing.source_signs import REPEATED
from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.flows.news_site import NewsSite, Served, article_page

_Until = Callable[..., Any]
_TEXT = "این متن خبری است که ویدیو دارد و به اندازهٔ کافی بلند است تا متن خبر شمرده شود. " * 3


def _feed(site: NewsSite, items: str) -> str:
    return site.put(
        "/feed.xml",
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" '
        f'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>آزمون</title>{items}</channel></rss>',
        content_type="application/rss+xml",
    )


def _item(site: NewsSite, number: int, title: str, media: str) -> str:
    return (
        f"<item><title>{title}</title><link>{site.url}/news/{number}/x</link><guid>n{number}</guid>"
        f"<description>{_TEXT}</description>{media}</item>"
    )


async def _opened(app: PeykApp, telegram: Telegram, until: _Until, number: int) -> dict[str, Any]:
    """Wait until an article has media, and open its full text."""

    async def has_media() -> bool:
        return bool(app.rows(f"SELECT 1 FROM revision WHERE article_id = {number} AND media != '[]'"))

    await until(has_media)
    return await telegram.ask(telegram.reader, f"/article {number}", button="پیوست")


def _links_to(address: str) -> Callable[[dict[str, Any]], bool]:
    return lambda message: address in str(message.get("entities"))


async def _settled(app: PeykApp, until: _Until) -> None:
    async def done() -> bool:
        return not app.rows(
            "SELECT 1 FROM amendment WHERE state = 'pending' UNION ALL SELECT 1 FROM fan_out WHERE done_at IS NULL"
        )

    await until(done)


async def test_a_video_is_sent_by_address_then_uploaded_and_its_file_kept(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until
) -> None:
    site.pages["/v/1.mp4"] = Served(b"", status=302, headers={"Location": "/files/1.mp4"})
    site.pages["/files/1.mp4"] = Served(b"\x00\x00\x00\x18ftypmp42" * 500, "video/mp4")
    group = (
        f'<media:group><media:content url="{site.url}/v/big.mp4" type="video/mp4" fileSize="90000000" width="1920" height="1080"/>'
        f'<media:content url="{site.url}/v/1.mp4" type="video/mp4" fileSize="7000000" width="640" height="360" duration="95"/>'
        "</media:group><media:title>فیلم پل</media:title>"
    )
    url = _feed(site, _item(site, 71, "فیلم پل تازه", group))
    await telegram.people.do("web", prefix=f"{site.url}/v/", refusal="failed to get HTTP URL content")
    await app.cli("sources", "add", url, "--category", "general")
    await app.running(telegram)

    opened = await _opened(app, telegram, until, 71)
    await telegram.people.press(telegram.reader, opened, "پیوست‌ها (۱)")
    video = await telegram.people.wait_for(telegram.reader, lambda m: "video" in m)
    assert video["caption"] == "فیلم پل"
    assert video["video"]["file_name"] == "1.mp4"
    assert "/v/1.mp4" in site.asked
    assert "/v/big.mp4" not in site.asked
    asked, fetched = site.asked.count("/files/1.mp4"), await telegram.people.get("fetched")

    await telegram.people.press(telegram.reader, opened, "پیوست‌ها (۱)")
    again = await telegram.people.wait_for(telegram.reader, lambda m: "video" in m, after=video["message_id"])
    assert again["video"]["file_id"] == video["video"]["file_id"]
    assert (site.asked.count("/files/1.mp4"), await telegram.people.get("fetched")) == (asked, fetched)

    # What Telegram keeps no more is fetched anew.
    words = "Bad Request: wrong file identifier/HTTP URL specified"
    await telegram.people.do("faults", kind="refuse", method="sendVideo", description=words)
    await telegram.people.press(telegram.reader, opened, "پیوست‌ها (۱)")
    await telegram.people.wait_for(telegram.reader, lambda m: "video" in m, after=again["message_id"])
    assert site.asked.count("/files/1.mp4") == asked + 1

    # The newsroom takes the article back: the videos go, too.
    await telegram.now(opened)
    card = await telegram.ask(telegram.owner, "/retract 71 نادرست بود")
    await telegram.people.press(telegram.owner, card, "بله")
    await _settled(app, until)
    assert not [m for m in await telegram.people.messages(telegram.reader, by_bot=True) if "video" in m]


@pytest.mark.long
async def test_a_sound_goes_by_its_address_and_a_lost_answer_does_not_repeat_that(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until
) -> None:
    site.pages["/s/2.mp3"] = Served(b"ID3" * 100, "audio/mpeg")
    sound = f'<enclosure url="{site.url}/s/2.mp3?n=1" type="audio/mpeg" length="400000"/>'
    url = _feed(site, _item(site, 72, "گفت‌وگوی امروز", sound))
    await app.cli("sources", "add", url, "--category", "general")
    await app.running(telegram)
    opened = await _opened(app, telegram, until, 72)
    await telegram.people.do("faults", kind="answer_lost", method="sendAudio", count=None)
    await telegram.people.press(telegram.reader, opened, "پیوست‌ها (۱)")
    await telegram.people.wait_for(telegram.reader, _links_to(f"{site.url}/s/2.mp3?n=1"))
    sounds = [m for m in await telegram.people.messages(telegram.reader, by_bot=True) if "audio" in m]
    assert len(sounds) == 2
    await telegram.people.do("faults/clear")
    assert f"{site.url}/s/2.mp3?n=1" in await telegram.people.get("fetched")
    shown = (await app.cli("articles", "show", "72")).stdout
    assert f"media: audio {site.url}/s/2.mp3?n=1 (audio/mpeg, 400000 bytes)" in shown


@pytest.mark.long
async def test_what_cannot_be_sent_is_a_link_which_a_retraction_reaches(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until
) -> None:
    large = f'<enclosure url="{site.url}/v/large.mp4" type="video/mp4" length="90000000"/>'
    away = f'<enclosure url="{site.url}/v/away.mp4" type="video/mp4" length="1000"/>'
    player = "&lt;iframe src=&quot;https://www.aparat.com/video/video/embed/videohash/AbCdE/vt/frame&quot;&gt;&lt;/iframe&gt;"
    items = _item(site, 81, "بزرگ", large) + _item(site, 82, "رفته", away)
    items += _item(site, 83, "آپارات", "").replace("</description>", f"{player}</description>")
    url = _feed(site, items)
    await telegram.people.do("web", prefix=f"{site.url}/v/", refusal="failed to get HTTP URL content")
    await app.cli("sources", "add", url, "--category", "general")
    await app.running(telegram)
    links = {81: f"{site.url}/v/large.mp4", 82: f"{site.url}/v/away.mp4", 83: "https://www.aparat.com/v/AbCdE"}
    for number, address in links.items():
        opened = await _opened(app, telegram, until, number)
        await telegram.people.press(telegram.reader, opened, "پیوست‌ها (۱)")
        told = await telegram.people.wait_for(telegram.reader, _links_to(address))
        assert "ویدیو" in text_of(told)
    assert "/v/large.mp4" not in site.asked
    card = await telegram.ask(telegram.owner, "/retract 83 نادرست بود")
    await telegram.people.press(telegram.owner, card, "بله")
    await _settled(app, until)
    assert "aparat" not in str(await telegram.people.messages(telegram.reader, by_bot=True))


@pytest.mark.long
async def test_a_correction_by_the_source_reaches_its_video(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until
) -> None:
    channel = await telegram.channel()

    def publish(video: str) -> None:
        page = article_page("خبر ویدیویی", 91, "چهارشنبه 1404/10/03 ساعت 15:16", [_TEXT])
        page = page.replace(
            "</div>\n    <section>", f'<video src="{video}" width="640"></video></div>\n    <section>', 1
        )
        site.put("/news/91/x", page)
        url = f'<enclosure url="{site.url}{video}" type="video/mp4"/>'
        _feed(site, _item(site, 91, "خبر ویدیویی", url))

    publish("/v/first.mp4")
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "general")
    await app.running(telegram)
    opened = await _opened(app, telegram, until, 91)
    await telegram.people.press(telegram.reader, opened, "پیوست‌ها (۱)")
    sent = await telegram.people.wait_for(telegram.reader, lambda m: "video" in m)
    publish("/v/second.mp4?token=1")

    async def replaced() -> bool:
        now = await telegram.now(sent)
        return bool(now["video"]["file_id"] != sent["video"]["file_id"])

    await until(replaced, 60)
    revisions = app.rows("SELECT number FROM revision WHERE article_id = 91")
    # Another signature is no change.
    publish("/v/second.mp4?token=2")
    site.asked.clear()

    async def read_again() -> bool:
        return site.asked.count("/feed.xml") > 1

    await until(read_again)
    assert app.rows("SELECT number FROM revision WHERE article_id = 91") == revisions
    assert not [m for m in await telegram.people.messages(channel, by_bot=True) if "video" in m]


@pytest.mark.long
async def test_two_readers_at_once_cost_one_fetch_and_what_failed_is_not_tried_again(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until
) -> None:
    site.pages["/v/1.mp4"] = Served(b"\x00\x00\x00\x18ftypmp42" * 500, "video/mp4", delay=1.0)
    site.pages["/v/page.mp4"] = Served(b"<html>login</html>")
    items = _item(site, 61, "یک", f'<enclosure url="{site.url}/v/1.mp4" type="video/mp4"/>')
    items += _item(site, 62, "دو", f'<enclosure url="{site.url}/v/page.mp4" type="video/mp4"/>')
    url = _feed(site, items)
    await telegram.people.do("web", prefix=f"{site.url}/v/", refusal="wrong file identifier/HTTP URL specified")
    await app.cli("sources", "add", url, "--category", "general")
    await app.running(telegram)
    opened = await _opened(app, telegram, until, 61)
    other = await telegram.ask(telegram.owner, "/article 61", button="پیوست")
    await asyncio.gather(
        telegram.people.press(telegram.reader, opened, "پیوست‌ها (۱)"),
        telegram.people.press(telegram.owner, other, "پیوست‌ها (۱)"),
    )
    for person in (telegram.reader, telegram.owner):
        await telegram.people.wait_for(person, lambda m: "video" in m)
    assert site.asked.count("/v/1.mp4") == 1

    opened = await _opened(app, telegram, until, 62)
    for _ in range(2):
        last = (await telegram.people.messages(telegram.reader))[-1]["message_id"]
        await telegram.people.press(telegram.reader, opened, "پیوست‌ها (۱)")
        await telegram.people.wait_for(telegram.reader, _links_to(f"{site.url}/v/page.mp4"), after=last)
    assert site.asked.count("/v/page.mp4") == 1


@pytest.mark.long
async def test_a_logo_on_every_page_is_no_photo(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until
) -> None:
    numbers = range(101, 109)
    logo = '<meta property="og:image" content="/up/share.jpg"></head>'
    for number in numbers:
        page = article_page(f"خبر شمارهٔ {number}", number, "چهارشنبه 1404/10/03 ساعت 15:16", [_TEXT] * 2)
        page = page.replace("</head>", logo)
        gallery = f'<p>پایان.</p><img src="/up/{number}/bridge.jpg"></div>\n    <section>'
        if number % 2:
            page = page.replace("</div>\n    <section>", gallery, 1)
        site.put(f"/news/{number}/x", page)
    url = _feed(site, "".join(_item(site, number, f"خبر شمارهٔ {number}", "") for number in numbers))
    await app.cli("sources", "add", url, "--category", "general")
    await app.running(telegram, PAGE_RATE="20")

    async def read() -> bool:
        return len(app.rows("SELECT 1 FROM page_visit WHERE visits > 0")) == len(numbers)

    await until(read, 90)
    newest = "SELECT photo FROM revision JOIN article ON article_id = article.id AND number = revision"
    photos = [photo for (photo,) in app.rows(newest)]
    assert photos.count(f"{site.url}/up/share.jpg") == REPEATED - 1
    assert (
        len([photo for photo in photos if photo.endswith("bridge.jpg")]) + photos.count("")
        == len(numbers) - REPEATED + 1
    )
