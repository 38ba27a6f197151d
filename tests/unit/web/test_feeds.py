"""Public feeds: what is published and nothing else, in two formats, and 304 to whoever has it."""

import json
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest

from bot.config import load_settings
from bot.web import feeds
from bot.web.feeds import FeedHeader, render_json, render_rss
from storage import articles
from storage.records import Block, BlockKind, Content, Provenance
from tests.unit.web.test_api import Door, door, opening

__all__ = ["door", "opening"]

_HEADER = FeedHeader("@peyk_bot", "https://t.me/peyk_bot", "fa")


async def _titles(door: Door, path: str) -> list[str]:
    answer = await door.ask("GET", path, token="")
    assert answer.status_code == 200
    if path.endswith(".json"):
        assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
        return [item["title"] for item in answer.json()["items"]]
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    return [item.findtext("title") or "" for item in ElementTree.fromstring(answer.content).iter("item")]


@pytest.mark.parametrize("ending", ["xml", "json"])
async def test_a_feed_has_what_is_published_alone(door: Door, ending: str) -> None:
    await door.create("k1", title="سیاسی <یک> & دو", action="publish")
    await door.create("k2", title="ورزشی", category="sports", action="publish")
    await door.create("k3", title="پیش‌نویس")
    gone = await door.create("k4", title="نادرست", action="publish")
    await door.ask("POST", f"/api/articles/{gone['id']}", body={"action": "retract", "reason": "x"})
    assert await _titles(door, f"/feeds/all.{ending}") == ["ورزشی", "سیاسی <یک> & دو"]
    assert await _titles(door, f"/feeds/politics.{ending}") == ["سیاسی <یک> & دو"]
    assert await _titles(door, f"/feeds/science.{ending}") == []


async def test_who_has_the_feed_is_not_sent_it_again(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_CACHED_SECONDS", 0.0)
    await door.create("k1", action="publish")
    first = await door.ask("GET", "/feeds/all.xml", token="")
    etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert parsedate_to_datetime(changed)
    for known in ({"If-None-Match": f'"other", W/{etag}'}, {"If-Modified-Since": changed}, {"If-None-Match": "*"}):
        again = await door.ask("GET", "/feeds/all.xml", token="", **known)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    for date in ("yesterday", "", "Mon, 01 Jan 2024 00:00:00 +99999999999999999999"):
        unknown = {"If-Modified-Since": date}
        assert (await door.ask("GET", "/feeds/all.xml", token="", **unknown)).status_code == 200
    unknown = {"If-None-Match": '"other"', "If-Modified-Since": changed}
    assert (await door.ask("GET", "/feeds/all.xml", token="", **unknown)).status_code == 200
    await door.create("k2", title="تازه‌تر", action="publish")
    assert (await door.ask("GET", "/feeds/all.xml", token="", **{"If-None-Match": etag})).status_code == 200


async def test_who_has_what_was_retracted_is_sent_the_feed_anew(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "_CACHED_SECONDS", 0.0)
    await door.create("k1", title="درست", action="publish")
    wrong = await door.create("k2", title="نادرست", action="publish")
    first = await door.ask("GET", "/feeds/all.xml", token="")
    await door.ask("POST", f"/api/articles/{wrong['id']}", body={"action": "retract", "reason": "x"})
    known = {"If-Modified-Since": first.headers["Last-Modified"]}
    again = await door.ask("GET", "/feeds/all.xml", token="", **known)
    assert again.status_code == 200
    assert "نادرست" not in again.text


async def test_a_feed_of_long_texts_has_the_newest_of_them_alone(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "_LETTERS_OF_BODIES", 100)
    for number in range(3):
        await door.create(f"k{number}", title=f"تیتر {number}", body="م" * 60, action="publish")
    items = (await door.ask("GET", "/feeds/all.json", token="")).json()["items"]
    assert [(item["title"], "content_html" in item) for item in items] == [
        ("تیتر 2", True),
        ("تیتر 1", False),
        ("تیتر 0", False),
    ]


@pytest.mark.parametrize("path", ["/feeds/", "/feeds/all", "/feeds/all.txt", "/feeds/nothing.xml", "/feeds/.xml"])
async def test_what_is_no_feed_is_not_found(door: Door, path: str) -> None:
    assert (await door.ask("GET", path, token="")).status_code == 404


def test_feeds_are_off_unless_they_are_asked_for() -> None:
    assert load_settings({}, env_file=None).feeds is False


async def test_another_sites_text_is_not_given_away(door: Door) -> None:
    body = (Block(BlockKind.PARAGRAPH, "متن <b>کامل</b>"),)
    async with door.database.write() as tx:
        for number, url in enumerate(("", "https://site.example/1"), 1):
            content = Content(f"تیتر {number}\x08", "لید", body)
            article_id = await articles.insert(
                tx, content, category_id=1, now=number, published_at=number, provenance=Provenance(url=url)
            )
            await articles.release(tx, article_id, published_at=number, now=number)
        newest = await articles.newest(tx, 2)
    rss = ElementTree.fromstring(render_rss(_HEADER, newest))
    foreign, own = rss.iter("item")
    text = "{http://purl.org/rss/1.0/modules/content/}encoded"
    assert (own.findtext(text), foreign.findtext(text)) == ("<p>متن <b>کامل</b></p>", None)
    assert foreign.findtext("link") == "https://site.example/1"
    assert own.findtext("link") == f"https://t.me/peyk_bot?start=a_{newest[1].id}"
    items = json.loads(render_json(_HEADER, newest))["items"]
    assert [item.get("content_html") for item in items] == [None, "<p>متن <b>کامل</b></p>"]
    assert items[0]["content_text"] == "لید"
