"""Commands about hostile sites: nothing inside is asked for, and no word of a site moves the terminal or forges a line."""

import json
import re
from collections.abc import AsyncIterator
from subprocess import CompletedProcess

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite, article_page
from tests.flows.source_editor import Editor
from tests.peyk_app import bare

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LIE = "ok\t-\thttp://lie.example/\tدروغ"
_ODD = f"\x1b]0;x\x07\x1b[2J\x9b31m\x08\u202eوارونه\u2028{_LIE}\r\n{_LIE}\n{_LIE}\x1b]8;;http://lie.example\x07"
_BODY = ["متن این خبر به اندازهٔ کافی بلند است تا یک بند کامل از خبر باشد و خوانده شود."] * 3


@pytest.fixture
async def trap() -> AsyncIterator[NewsSite]:
    """A site inside, which nobody has allowed."""
    site = NewsSite()
    await site.start()
    yield site
    await site.stop()


@pytest.fixture
def outside(app: PeykApp, site: NewsSite) -> NewsSite:
    """The only site that is allowed: in these tests it stands for the internet."""
    app.environment["ALLOW_PRIVATE_HOSTS"] = site.url.removeprefix("http://")
    return site


def _inside(trap: NewsSite) -> list[str]:
    """Return the address of a site inside, in the ways in which an address can be written."""
    port = trap.url.rpartition(":")[2]
    hosts = (
        "127.0.0.1",
        "localhost",
        "LOCALHOST.",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "127.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "127。0。0。1",
        "127\uff0e0\uff0e0\uff0e1",
        "①②⑦.0.0.1",
        "user:word@127.0.0.1",
        "allowed.example@127.0.0.1",
        "allowed.example%40127.0.0.1",
        "127.0.0.1%23.allowed.example",
    )
    return [f"http://{host}:{port}/" for host in hosts]


def _said(*commands: CompletedProcess[str]) -> str:
    return "".join(command.stdout + command.stderr for command in commands)


async def test_no_command_asks_for_what_is_inside_however_it_is_led_there(
    app: PeykApp, outside: NewsSite, trap: NewsSite
) -> None:
    inside = _inside(trap)
    for number, address in enumerate(inside):
        outside.put(f"/to/{number}", "", status=302, headers={"Location": address})
    leading = [f"{outside.url}/to/{number}" for number in range(len(inside))]
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{to}">' for to in (*inside, *leading))
    outside.put("/", f"<title>خبرگزاری</title>{links}")
    outside.put(
        "/robots.txt", "\n".join(f"Sitemap: {to}" for to in (f"{outside.url}/index.xml", *inside, *leading))
    )
    index = "".join(f"<sitemap><loc>{to}</loc></sitemap>" for to in (*inside, *leading))
    outside.put("/index.xml", f"<sitemapindex>{index}</sitemapindex>", content_type="application/xml")
    items = [{"id": to, "url": to, "title": "خبر", "image": to} for to in (*inside, *leading)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "خوراک", "items": items}
    outside.put("/feed.json", json.dumps(feed), content_type="application/feed+json")

    imported = await app.cli("import", *inside, *leading)
    assert imported.returncode == 1
    assert imported.stdout == ""
    assert len(imported.stderr.splitlines()) == len(inside) + len(leading)
    for address in (inside[0], inside[3], leading[0], leading[5]):
        assert (await app.cli("sources", "check", address)).returncode == 1
    assert (await app.cli("sources", "check", f"{outside.url}/feed.json")).returncode == 0
    await app.cli("sources", "discover", f"{outside.url}/")
    await app.cli("sources", "add", f"{outside.url}/", "--category", "سیاسی")
    assert trap.asked == []
    assert "/index.xml" in outside.asked


async def test_no_word_of_a_site_moves_the_terminal_or_forges_a_line(
    app: PeykApp, telegram: Telegram, outside: NewsSite
) -> None:
    item = {"id": "1", "url": f"{outside.url}/news/1/x", "title": _ODD, "summary": _ODD, "tags": [_ODD]}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _ODD,
        "items": [item],
        "authors": [{"name": _ODD}],
    }
    outside.put("/feed.json", json.dumps(feed), content_type="application/feed+json")
    page = article_page(_ODD, 1, "1404/10/05 08:00", [*_BODY, _ODD], category=_ODD, lead=_ODD)
    outside.put("/news/1/x", page)
    outside.put(
        "/",
        f'<title>{_ODD}</title><link rel="alternate" title="{_ODD}" href="/feed.json" '
        'type="application/feed+json">',
    )
    url = f"{outside.url}/feed.json"
    commands = [
        await app.cli("sources", "check", url),
        await app.cli("sources", "check", url, "--json"),
        await app.cli("sources", "discover", f"{outside.url}/"),
        await app.cli("sources", "add", f"{outside.url}/", "--category", "سیاسی"),
        await app.cli("import", f"{outside.url}/news/1/x"),
        await app.cli("articles", "list"),
        await app.cli("articles", "show", "1"),
        await app.cli("audit"),
        await app.cli("audit", "--json"),
        await app.cli("import", f"{outside.url}/nothing\n{_LIE}", f"no\x1b[2Jfile\n{_LIE}"),
    ]
    assert [command.returncode for command in commands] == [0, 0, 0, 1, 0, 0, 0, 0, 0, 1]
    for command in commands:
        assert "Traceback" not in command.stderr
        assert _STEERING.findall(_said(command)) == [], command.args
        assert [line for line in _said(command).split("\n") if re.match(r"ok\s", line)] == [], command.args

    await app.running(telegram)
    card = await Editor(telegram, telegram.owner).found(f"/sources {url}", "افزودن")
    words = bare(text_of(card)) + "".join(map(bare, buttons_of(card)))
    assert _STEERING.findall(words) == []
    assert not any(line.startswith("ok") for line in text_of(card).splitlines())
