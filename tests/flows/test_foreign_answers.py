"""Only Telegram speaks for Telegram: what anybody else on the way answers loses nothing and ends nothing."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.unit.web.conftest import free_port

_Until = Callable[..., Any]

_FILTERED = '<html><body><iframe src="http://10.0.0.1/?type=blocked"></iframe></body></html>'
_ANSWERS: dict[str, dict[str, Any]] = {
    "رد پروکسی": {"kind": "foreign", "code": 403},
    "صفحهٔ فیلتر": {"kind": "foreign", "code": 200, "body": _FILTERED},
    "درگاه ورود": {"kind": "foreign", "code": 302},
    "پروکسی ناشناس": {"kind": "foreign", "code": 407},
    "ورود به شبکه": {"kind": "foreign", "code": 511},
    "توکن از زبان دیگری": {"kind": "foreign", "code": 401},
    "نشانی از زبان دیگری": {"kind": "foreign", "code": 404},
    "خالی": {"kind": "foreign", "code": 200, "body": ""},
    "جی‌سان دیگری": {"kind": "foreign", "code": 400, "body": '{"error": "chat not found"}'},
    "فهرست": {"kind": "foreign", "code": 200, "body": "[1]"},
    "درگاه خراب": {"kind": "foreign", "code": 502},
    "بی‌شماره": {"kind": "foreign", "code": 200, "body": '{"ok": true, "result": {}}'},
    "ارسال‌شده و پاسخ دیگری": {"kind": "foreign_done", "code": 502},
    "ارسال‌شده و صفحهٔ فیلتر": {"kind": "foreign_done", "code": 200, "body": _FILTERED},
    "پاسخ بریده": {"kind": "truncated"},
}
"""The answer to one post's sendMessage, by the channel's title."""


async def test_no_answer_of_others_loses_a_channel_or_a_headline_and_none_comes_twice(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channels = {title: await telegram.channel(title) for title in _ANSWERS}
    for channel in channels.values():
        await telegram.people.say(telegram.owner, "پست مدیر", chat_id=channel)
    await app.running(telegram)
    for title, channel in channels.items():
        await telegram.people.do("faults", method="sendMessage", chat_id=channel, **_ANSWERS[title])
    await telegram.publish("تیتر پایدار")

    async def settled() -> bool:
        return app.rows("SELECT DISTINCT state FROM delivery") == [("sent",)]

    await until(settled, 60)
    counts = {
        title: len(await telegram.people.messages(channel, by_bot=True)) for title, channel in channels.items()
    }
    assert counts == dict.fromkeys(channels, 1)
    assert app.rows("SELECT title FROM chat WHERE admission != 'admitted' OR lost_at IS NOT NULL") == []
    assert "Traceback" not in app.log


@pytest.mark.long
async def test_nothing_that_is_answered_to_getupdates_ends_the_app(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    refused = {"kind": "refuse", "description": "Unauthorized"}
    for fault in (
        {"kind": "foreign", "code": 401},
        {"kind": "foreign", "code": 404},
        refused | {"code": 401},
        refused | {"code": 404, "description": "Not Found"},
        {"kind": "foreign", "code": 200, "body": '{"ok": true, "result": {"update_id": 1}}'},
        {"kind": "truncated"},
    ):
        await telegram.people.do("faults", method="getUpdates", **fault)
        assert "منتشر نشده" in text_of(await telegram.ask(telegram.reader, "/latest"))
    assert "token_refused" in app.log
    assert "Traceback" not in app.log
    assert await app.stop() == 0


@pytest.mark.long
async def test_health_tells_that_telegram_refuses_the_token_until_it_takes_it_again(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    port = free_port()
    await app.running(telegram, LISTEN=f"127.0.0.1:{port}")

    async def health() -> tuple[int, str]:
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"http://127.0.0.1:{port}/healthz")
            return answer.status_code, answer.text

    assert (await health())[0] == 200
    refused = {"kind": "refuse", "code": 401, "description": "Unauthorized", "count": None}
    for method in ("getUpdates", "getMe"):
        await telegram.people.do("faults", method=method, **refused)
    await telegram.people.say(telegram.reader, "/latest")

    async def is_ill() -> bool:
        return await health() == (503, '{"status": "failing", "failing": ["telegram_token"]}')

    await until(is_ill)
    assert app.log.count("token_refused") == 1
    await telegram.people.do("faults/clear")

    async def is_well() -> bool:
        return (await health())[0] == 200

    await until(is_well)
    assert "منتشر نشده" in text_of(await telegram.ask(telegram.reader, "/latest"))


@pytest.mark.long
async def test_while_telegram_refuses_the_token_nothing_is_lost_and_then_everything_goes_on(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channels = [await telegram.channel(f"کانال {number}") for number in range(5)]
    await app.running(telegram)
    refused = {"kind": "refuse", "code": 401, "description": "Unauthorized", "count": None}
    await telegram.people.do("faults", method="sendMessage", chat_id=telegram.reader, **refused)
    for channel in channels:
        await telegram.people.do("faults", method="sendMessage", chat_id=channel, **refused)
    await telegram.publish("تیتر صبور")
    (asked,) = await telegram.people.say(telegram.reader, "/latest")

    async def tried() -> bool:
        return app.log.count("push_failed") >= 5 and "answer_retried" in app.log

    await until(tried)
    assert app.rows("SELECT count(*) FROM delivery WHERE state IN ('refused', 'withdrawn')") == [(0,)]
    await telegram.people.do("faults/clear")
    for channel in channels:
        await telegram.people.wait_for(channel, lambda m: "تیتر صبور" in text_of(m))
    assert "تیتر صبور" in text_of(await telegram.people.wait_for(telegram.reader, lambda _: True, after=asked))


@pytest.mark.long
async def test_a_storm_leaves_no_reader_without_an_answer_and_no_channel_without_its_headline(
    app: PeykApp, telegram: Telegram
) -> None:
    channels = [await telegram.channel(f"کانال {number}") for number in range(8)]
    readers = [await telegram.people.person(f"خواننده {number}", started=True) for number in range(5)]
    await app.running(telegram)
    article = await telegram.publish("تیتر پیش از توفان")
    for channel in channels:
        await telegram.people.wait_for(channel, lambda m: "پیش از توفان" in text_of(m))
    preview = await telegram.ask(telegram.owner, "/post سیاسی\nتیتر توفان\n\nلید خبر.", button="انتشار")
    card = await telegram.correct(article, "تیتر", "تیتر اصلاح‌شده", "تیتر نادرست بود.")
    storms = (
        {"kind": "server_error", "probability": 0.4},
        {"kind": "foreign", "code": 502, "probability": 0.5, "seed": 1},
        {"kind": "no_answer", "seconds": 0, "seed": 2},
    )
    for storm in storms:
        await telegram.people.do("faults", count=None, lasts=6, **storm)
    asked = {reader: (await telegram.people.say(reader, "/latest"))[0] for reader in readers}
    presses = [
        asyncio.create_task(telegram.people.press(telegram.owner, card, "بله")),
        asyncio.create_task(telegram.people.press(telegram.owner, preview, "انتشار")),
    ]
    for reader, before in asked.items():
        await telegram.people.wait_for(reader, lambda _: True, after=before, timeout=60)
    for channel in channels:
        await telegram.people.wait_for(channel, lambda m: "تیتر توفان" in text_of(m), timeout=60)
        await telegram.people.wait_for(channel, lambda m: "تیتر اصلاح‌شده" in text_of(m), timeout=60)
        assert len(await telegram.people.messages(channel, by_bot=True)) == 2
    for press in presses:
        press.cancel()
    assert "Traceback" not in app.log


async def test_whoever_answers_at_the_start_the_app_waits_for_telegram(app: PeykApp, telegram: Telegram) -> None:
    for method, code, body in (
        ("getMe", 401, "<html>"),
        ("getMe", 200, '{"ok": true, "result": {"id": 1}}'),
        ("getMe", 200, '{"ok": true, "result": {"id": 1, "is_bot": true, "first_name": "x", "username": "x"}}'),
        ("deleteWebhook", 404, "<html>"),
        ("setMyCommands", 200, "[]"),
    ):
        await telegram.people.do("faults", kind="foreign", method=method, code=code, body=body)
    await app.running(telegram)
    assert "منتشر نشده" in text_of(await telegram.ask(telegram.reader, "/latest"))
    assert "the account of another bot" in app.log
    assert "Traceback" not in app.log
