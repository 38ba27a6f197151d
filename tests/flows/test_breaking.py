"""Breaking news overtakes, is marked and heard, passes quiet hours where it may, and is pinned for a while."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.wall_clock import at_a_later_hour, quiet_now

pytestmark = pytest.mark.wall_clock


_Until = Callable[..., Any]
_QUIET_NOW = f"UPDATE chat SET quiet = '{quiet_now()}', schedule = '{at_a_later_hour()}'"


async def _pinned(telegram: Telegram, chat_id: int) -> list[int]:
    known = await telegram.people.get("state")
    return next(list(chat["pinned"]) for chat in known["chats"] if chat["id"] == chat_id)


async def _is_silent(telegram: Telegram, chat_id: int, words: str) -> bool:
    """Return whether the message with these words was sent to the chat without sound."""
    sent = [
        entry["params"]
        for entry in await telegram.people.get("requests")
        if entry["method"] == "sendMessage" and entry["params"]["chat_id"] == chat_id
    ]
    return next(bool(message.get("disable_notification")) for message in sent if words in message["text"])


async def _set(telegram: Telegram, chat_id: int, *presses: str) -> None:
    """Go through the panel of a chat by its buttons."""
    panel = await telegram.ask(telegram.owner, f"/start p_{chat_id}", button="بی‌صدا")
    for words in presses:
        await telegram.people.press(telegram.owner, await telegram.now(panel), words)


async def _draft(telegram: Telegram, title: str) -> dict[str, Any]:
    return await telegram.ask(telegram.owner, f"/post سیاسی\n{title}\n\nلید خبر.", button="فوری")


async def test_breaking_news_from_the_card_to_the_end_of_its_pin(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    loud, unready, sleeping = [await telegram.channel(title) for title in ("الف", "ب", "پ")]
    await telegram.people.add_bot(unready, telegram.owner, can_edit_messages=False)
    await app.running(telegram)
    await _set(telegram, loud, "بی‌صدا", "سنجاق", "۶ ساعت")
    await _set(telegram, unready, "سنجاق", "یک ساعت")
    await _set(telegram, sleeping, "سکوت", "خبر فوری در ساعت سکوت")
    rows = "SELECT silent, pin_minutes, breaking_passes_quiet FROM chat WHERE id = {}"
    assert app.rows(rows.format(loud)) == [(1, 360, 0)]
    assert app.rows(rows.format(unready)) == [(0, 60, 0)]
    assert app.rows(rows.format(sleeping)) == [(0, 0, 1)]
    app.change(f"{_QUIET_NOW} WHERE id = {sleeping}")
    await telegram.publish("خبر آرام نوآباد")
    await telegram.people.wait_for(loud, lambda m: "خبر آرام" in text_of(m))
    assert await _is_silent(telegram, loud, "خبر آرام")
    await telegram.people.wait_for(unready, lambda m: "خبر آرام" in text_of(m))
    assert not await _is_silent(telegram, unready, "خبر آرام")
    assert await _pinned(telegram, loud) == []

    preview = await _draft(telegram, "زمین‌لرزه در نوآباد")
    await telegram.people.press(telegram.owner, preview, "فوری")
    card = await telegram.people.wait_for(
        telegram.owner, lambda m: any("بله" in text for text in buttons_of(m)), after=preview["message_id"]
    )
    for words in ("زمین‌لرزه در نوآباد", "شمار گیرندگان: حدود ۳", "کمتر از یک دقیقه"):
        assert words in text_of(card), words
    await telegram.people.press(telegram.owner, card, "بله")
    posts = []
    for channel in (loud, unready, sleeping):
        posts.append(await telegram.people.wait_for(channel, lambda m: "زمین‌لرزه" in text_of(m)))
        assert "🔴 فوری" in text_of(posts[-1]).splitlines()[0]
        assert not await _is_silent(telegram, channel, "زمین‌لرزه")
    doubled = await telegram.people.press(telegram.owner, card, "بله")
    assert not doubled["alert"]
    assert "به‌صورت فوری منتشر شد" in text_of(await telegram.now(card))

    async def is_pinned() -> bool:
        return await _pinned(telegram, loud) == [posts[0]["message_id"]]

    await until(is_pinned)
    asked = [request for request in await telegram.people.get("requests") if request["method"] == "pinChatMessage"]
    assert all(request["params"]["disable_notification"] for request in asked)
    told = await telegram.people.wait_for(telegram.owner, lambda m: "خاموش شد" in text_of(m))
    assert "«\u2068ب\u2069»" in text_of(told)
    assert app.rows(rows.format(unready)) == [(0, 0, 0)]

    # A correction keeps the mark; a pin outlives a restart, and ends.
    correction = await telegram.correct(2, "تیتر", "زمین‌لرزهٔ سبک در نوآباد", "شدت")
    await telegram.people.press(telegram.owner, correction, "بله")

    async def is_corrected() -> bool:
        return app.rows("SELECT count(*) FROM amendment WHERE state = 'changed'") == [(3,)]

    await until(is_corrected)
    for post in posts:
        corrected = text_of(await telegram.now(post))
        assert "🔴 فوری" in corrected.splitlines()[0]
        assert "زمین‌لرزهٔ سبک" in corrected
    assert [request["method"] for request in await telegram.people.refused()] == ["pinChatMessage"]
    app.kill()
    app.change("UPDATE pin SET due_at = 0 WHERE pinned")
    await app.running(telegram)

    async def is_unpinned() -> bool:
        return await _pinned(telegram, loud) == [] == app.rows("SELECT 1 FROM pin")

    await until(is_unpinned)
    assert [len(await telegram.people.messages(chat_id, by_bot=True)) for chat_id in (unready, sleeping)] == [2, 1]


@pytest.mark.long
async def test_what_is_published_is_raised_once_and_a_waiting_headline_gives_way(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel, waiting = await telegram.channel("الف"), await telegram.channel("ب")
    await app.running(telegram)
    await _set(telegram, waiting, "زمان ارسال", "هر ۳ ساعت")
    await telegram.publish("آتش‌سوزی در نوآباد")
    first = await telegram.people.wait_for(channel, lambda m: "آتش‌سوزی" in text_of(m))
    assert "فوری" not in text_of(first)
    left = await telegram.ask(telegram.owner, "/breaking 1", button="بله")
    assert "پیش‌تر منتشر شده است" in text_of(left)
    card = await telegram.ask(telegram.owner, "/breaking ۱", button="بله")
    stale = await telegram.people.press(telegram.owner, left, "بله")
    assert stale["alert"], "another card has taken its place"
    await telegram.people.press(telegram.owner, card, "بله")
    again = await telegram.people.wait_for(channel, lambda m: "فوری" in text_of(m), after=first["message_id"])
    assert "آتش‌سوزی" in text_of(again)
    urgent = await telegram.people.wait_for(waiting, lambda m: "آتش‌سوزی" in text_of(m))
    assert "🔴 فوری" in text_of(urgent)
    app.change(f"UPDATE delivery SET due_at = 1 WHERE chat_id = {waiting} AND kind = 'headline'")

    async def gave_way() -> bool:
        return bool(app.rows(f"SELECT 1 FROM delivery WHERE chat_id = {waiting} AND state = 'withdrawn'"))

    await until(gave_way)
    assert len(await telegram.people.messages(waiting, by_bot=True)) == 1
    assert "پیش‌تر به‌صورت فوری" in text_of(await telegram.ask(telegram.owner, "/breaking 1"))

    # At a time: it is asked for, planned, and goes out as what it is.
    await _draft(telegram, "سیل در نوآباد")
    assert "گذشته" in text_of(await telegram.ask(telegram.owner, "/breaking 2 1404/01/01 8:00"))
    planned = await telegram.ask(telegram.owner, "/breaking 2 فردا ۸:۳۰", button="بله")
    assert "ساعت ۰۸:۳۰" in text_of(planned)
    await telegram.people.press(telegram.owner, planned, "بله")
    assert "🔴 فوری" in text_of(await telegram.now(planned))
    assert "🔴 فوری سیل در نوآباد" in text_of(await telegram.ask(telegram.owner, "/planned"))
    app.change("UPDATE article SET scheduled_at = 1 WHERE id = 2")
    flood = await telegram.people.wait_for(channel, lambda m: "سیل" in text_of(m))
    assert "🔴 فوری" in text_of(flood).splitlines()[0]
    assert app.rows("SELECT kind FROM fan_out WHERE article_id = 2") == [("breaking",)]
    assert await telegram.people.refused() == []
