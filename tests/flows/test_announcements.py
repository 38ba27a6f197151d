"""An announcement: to whom it was meant for, once, and taken back everywhere."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.wall_clock import at_a_later_hour, quiet_now

pytestmark = pytest.mark.wall_clock


_Until = Callable[..., Any]
_WORDS = "فردا <کانال‌ها> جابه‌جا می‌شوند & تمام\nلطفاً بمانید."


async def _card(telegram: Telegram, words: str, whom: str) -> dict[str, Any]:
    """Write an announcement as the owner, choose who gets it, and return the card that asks for a yes."""
    asked = await telegram.ask(telegram.owner, f"/announce {words}", button=whom)
    await telegram.people.press(telegram.owner, asked, whom)
    return await telegram.people.wait_for(
        telegram.owner, lambda m: "بله" in str(buttons_of(m)), after=asked["message_id"]
    )


async def _settled(app: PeykApp, until: _Until) -> None:
    async def settled() -> bool:
        return not app.rows(
            "SELECT 1 FROM delivery WHERE state IN ('pending', 'sending') "
            "UNION ALL SELECT 1 FROM amendment WHERE state = 'pending' "
            "UNION ALL SELECT 1 FROM fan_out WHERE done_at IS NULL"
        )

    await until(settled)


async def test_to_a_category_it_reaches_its_followers_once_and_is_taken_back(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    fan, other = await telegram.person("هوادار"), await telegram.person("دیگری")
    await telegram.ask(fan, "/subscribe ورزشی")
    await telegram.ask(other, "/subscribe سیاسی")

    asked = await telegram.ask(telegram.owner, "/announce", button="ورزشی")
    await telegram.people.press(telegram.owner, asked, "ورزشی")
    await telegram.people.wait_for(telegram.owner, lambda m: "متن اعلان" in text_of(m), after=asked["message_id"])
    assert "حداکثر" in text_of(await telegram.ask(telegram.owner, "بلند " * 800))
    preview = await telegram.ask(telegram.owner, _WORDS)
    card = await telegram.people.wait_for(
        telegram.owner, lambda m: "بله" in str(buttons_of(m)), after=preview["message_id"]
    )
    for words in ("دنبال‌کنندگان", "ورزشی", "شمار گیرندگان: ۲", "کمتر از یک دقیقه"):
        assert words in text_of(card).replace("\u2068", "").replace("\u2069", ""), words
    assert "ستاره" not in text_of(card)
    assert app.rows("SELECT 1 FROM article") == []

    await telegram.people.press(telegram.owner, card, "بله")
    received = await telegram.people.wait_for(fan, lambda m: "جابه‌جا" in text_of(m))
    posted = await telegram.people.wait_for(channel, lambda m: "جابه‌جا" in text_of(m))
    for copy in (received, posted):
        assert text_of(copy) == text_of(preview), "the preview looked just so"
        assert "reply_markup" not in copy
    doubled = await telegram.people.press(telegram.owner, card, "بله")
    assert not doubled["alert"]
    await _settled(app, until)
    assert "رسیده: ۲ از ۲" in text_of(await telegram.finished(card))
    for chat in (fan, channel):
        assert len([m for m in await telegram.people.messages(chat, by_bot=True) if "جابه‌جا" in text_of(m)]) == 1
    assert not [m for m in await telegram.people.messages(other, by_bot=True) if "جابه‌جا" in text_of(m)]

    # No list, search, number or command of Peyk ever leads to it.
    for words in ("/latest", "/category ورزشی", "جابه‌جا می‌شوند", "/digest"):
        assert "کانال‌ها" not in text_of(await telegram.ask(fan, words))
    for words in ("/article -1", "/preview -1", "/retract -1 چون", "/audit -1", "/drafts"):
        assert "جابه‌جا" not in text_of(await telegram.ask(telegram.owner, words))
    assert (await telegram.people.do("inline", user_id=fan, query=""))["results"] == []
    assert "جابه‌جا" not in (await app.cli("articles", "list")).stdout

    await telegram.people.press(telegram.owner, await telegram.now(card), "پس گرفتن")
    sure = await telegram.people.wait_for(telegram.owner, lambda m: "پس گرفته شود؟" in text_of(m))
    await telegram.people.press(telegram.owner, sure, "بله")
    await _settled(app, until)
    assert "حذف شد: ۲" in text_of(await telegram.finished(sure))
    assert await telegram.people.messages(channel, by_bot=True) == []
    again = await telegram.people.do(
        "press", user_id=telegram.owner, chat_id=telegram.owner, message_id=card["message_id"], data="told:1:pull"
    )
    assert not again["alert"]
    assert app.rows("SELECT action FROM audit WHERE article_id = -1") == [("announce",), ("retract_announcement",)]
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_to_all_it_survives_a_power_cut_and_passes_over_closed_doors(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    stranger = await telegram.people.person("غریبه")
    channels = [await telegram.channel(f"کانال {n}", by=stranger) for n in range(8)]
    group = await telegram.people.chat("supergroup", "گروه", stranger, forum=True)
    topic = (await telegram.people.do("topics", chat_id=group, by=stranger, name="ورزش"))["id"]
    await telegram.people.add_bot(group, stranger)
    await app.running(telegram, CHANNEL_APPROVAL="open", BULK_RATE="5")
    app.change(f"UPDATE chat SET schedule = '{at_a_later_hour()}' WHERE id = {channels[0]}")
    app.change(f"UPDATE chat SET paused = 1 WHERE id = {channels[1]}")
    app.change(f"UPDATE chat SET quiet = '{quiet_now()}' WHERE id = {channels[2]}")
    await telegram.ask(telegram.reader, "/announce همه بخوانند")
    card = await _card(telegram, "همه بخوانند", "همهٔ گفت‌وگوها")
    await telegram.people.press(telegram.owner, card, "بله")
    awake = [channels[0], *channels[3:]]
    await telegram.people.wait_for(awake[0], lambda m: "همه بخوانند" in text_of(m))
    shown = text_of(await telegram.ask(telegram.owner, "/outbox", button="🔄"))
    assert "اعلان: " in shown
    app.kill()
    await app.running(telegram, CHANNEL_APPROVAL="open", BULK_RATE="5")
    for chat in (*awake, group, telegram.reader):
        copy = await telegram.people.wait_for(chat, lambda m: "همه بخوانند" in text_of(m))
        assert copy.get("message_thread_id") != topic
    await until(
        lambda: _none(
            app, "SELECT 1 FROM delivery WHERE state NOT IN ('sent') AND due_at < 9000000000000 AND ready"
        )
    )
    for chat in awake:
        assert len(await telegram.people.messages(chat, by_bot=True)) == 1
    assert await telegram.people.messages(channels[1], by_bot=True) == []
    assert await telegram.people.messages(channels[2], by_bot=True) == []
    assert app.rows(f"SELECT state, fold FROM delivery WHERE chat_id = {channels[2]}") == [("pending", 0)]
    again = await telegram.people.press(telegram.owner, card, "بله")
    assert not again["alert"]
    assert app.rows("SELECT count(*) FROM fan_out") == [(1,)]


@pytest.mark.long
async def test_a_no_a_lost_right_and_an_invented_button_announce_nothing(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    invitation = text_of(await telegram.ask(telegram.owner, "/invite editor"))
    await telegram.ask(telegram.reader, f"/start {invitation.rsplit('start=', 1)[1].strip()}")
    card = await _card(telegram, "نه", "همهٔ گفت‌وگوها")
    await telegram.people.press(telegram.owner, card, "لغو")
    assert (await telegram.people.press(telegram.owner, card, "بله"))["alert"]

    asked = await telegram.ask(telegram.reader, "/announce از ویراستار", button="همهٔ گفت‌وگوها")
    await telegram.people.press(telegram.reader, asked, "همهٔ گفت‌وگوها")
    waiting = await telegram.people.wait_for(
        telegram.reader, lambda m: "بله" in str(buttons_of(m)), after=asked["message_id"]
    )
    people = await telegram.ask(telegram.owner, "/editors")
    await telegram.people.press(telegram.owner, people, "سردبیر")
    await telegram.people.press(telegram.owner, await telegram.now(people), "نویسنده")
    refused = await telegram.people.press(telegram.reader, waiting, "بله")
    assert refused["alert"]
    assert "نقش" in refused["text"]
    invented = await telegram.people.do(
        "press", user_id=telegram.owner, chat_id=telegram.owner, message_id=card["message_id"], data="say:1:y"
    )
    assert invented["alert"]
    assert app.rows("SELECT 1 FROM article") == []


async def _none(app: PeykApp, query: str) -> bool:
    return not app.rows(query)
