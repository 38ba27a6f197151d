"""Buttons of things with equal names look different, and a channel's panel leads back to where it stood."""

import time
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.peyk_app import bare


def _insert(app: PeykApp, id_: int, title: str, url: str) -> None:
    """Store a source that is not due while the test runs."""
    now = int(time.time() * 1000)
    app.change(
        "INSERT INTO source (id, url, kind, category_id, title, fetched_at, next_fetch_at, created_at)"
        f" VALUES ({id_}, '{url}', 'feed', 1, '{title}', {now}, {now + 3_600_000}, {now})"
    )


async def test_equal_names_of_sources_have_their_host_or_address_beside_them(
    app: PeykApp, telegram: Telegram
) -> None:
    _insert(app, 1, "ایسنا", "https://isna.example/rss/tp/14")
    _insert(app, 2, "ایسنا", "https://isna.example/rss/tp/34")
    _insert(app, 3, "ایرنا", "https://irna.example/rss")
    _insert(app, 4, "تازه‌ها", "https://one.example/rss")
    _insert(app, 5, "تازه ها", "https://two.example/rss")
    await app.running(telegram)
    listed = await telegram.ask(telegram.owner, "/sources")
    names = {bare(label): data for label, data in buttons_of(listed).items() if data.startswith("source:")}
    assert names == {
        "ایسنا · isna.example/rss/tp/14": "source:1",
        "ایسنا · isna.example/rss/tp/34": "source:2",
        "ایرنا": "source:3",
        "تازه‌ها · one.example": "source:4",
        "تازه ها · two.example": "source:5",
    }
    page = await telegram.ask(telegram.owner, "/sources ایسنا")
    assert {bare(label) for label, data in buttons_of(page).items() if data.startswith("source:")} == {
        "ایسنا · isna.example/rss/tp/14",
        "ایسنا · isna.example/rss/tp/34",
    }


@pytest.mark.parametrize("language", ["fa", "en", "ar"])
async def test_a_channels_panel_leads_back_to_its_page_of_the_list(
    app: PeykApp, telegram: Telegram, language: str
) -> None:
    twins = [await telegram.channel("خبر فوری") for _ in range(2)]
    channels = [await telegram.channel(f"کانال {number}") for number in range(10)]
    await app.running(telegram)
    await app.heard()
    # The newest stand first; those that come in one moment are stored in any order.
    app.change("UPDATE chat SET created_at = -id WHERE id < 0")
    await _speak(telegram, language)
    listed = await telegram.ask(telegram.owner, "/channels")
    second = await _press(telegram, listed, "channels:10")
    labels = {data: bare(label) for label, data in buttons_of(second).items()}
    assert [labels[f"set:{twin}:main"] for twin in twins] == [f"خبر فوری · {twin}" for twin in twins]

    panel = await _press(telegram, second, f"set:{twins[1]}:main")
    assert _style(panel, f"let:{twins[1]}:revoke") == "danger"
    for _ in range(2):
        back = await _press(telegram, panel, f"channels:of:{twins[1]}")
        assert f"set:{twins[1]}:main" in buttons_of(back).values()
    # A press under the panel that is not there any more shows the panel's list all the same.
    other = await _press(telegram, back, f"set:{twins[0]}:main")
    again = await _press(telegram, panel, f"channels:of:{channels[-1]}")
    assert f"set:{channels[-1]}:main" in buttons_of(again).values()
    assert text_of(other) != text_of(again)
    gone = await _press(telegram, again, "channels:of:-999")
    assert f"set:{channels[-1]}:main" in buttons_of(gone).values(), "of an unknown one, the first page"
    own = await telegram.ask(telegram.owner, "/settings")
    assert not [data for data in buttons_of(own).values() if data.startswith("channels")]
    assert await telegram.people.refused() == []


async def test_who_manages_one_channel_has_no_way_to_the_list_of_all(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel("کانال خواننده", by=telegram.reader)
    await app.running(telegram, CHANNEL_APPROVAL="open")
    panel = await telegram.ask(telegram.reader, f"/start p_{channel}", button="دسته‌ها")
    assert not [data for data in buttons_of(panel).values() if data.startswith("channels")]


async def _speak(telegram: Telegram, language: str) -> None:
    settings = await telegram.ask(telegram.owner, "/settings")
    await _press(telegram, settings, f"set:{telegram.owner}:lang:{language}")


async def _press(telegram: Telegram, message: dict[str, Any], data: str) -> dict[str, Any]:
    """Press the button with that data, shown or not, and return what the message is by then."""
    told = await telegram.people.do(
        "press",
        user_id=telegram.owner,
        chat_id=message["chat"]["id"],
        message_id=message["message_id"],
        data=data,
    )
    assert not told["alert"], told
    return await telegram.now(message)


def _style(message: dict[str, Any], data: str) -> str:
    rows = message["reply_markup"]["inline_keyboard"]
    styles = [button.get("style", "") for row in rows for button in row if button.get("callback_data") == data]
    return str(styles[0])
