"""A malformed row ends or waits by itself, and somebody is told; everything else goes on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_Until = Callable[..., Any]


async def _arrives(telegram: Telegram, chat_id: int, title: str) -> None:
    await telegram.people.wait_for(chat_id, lambda message: title in text_of(message))


@pytest.mark.long
async def test_a_chat_with_a_malformed_row_is_refused_and_the_others_get_the_news(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    at_once, later, well = [await telegram.channel(name) for name in ("نخست", "دوم", "سوم")]
    await app.running(telegram)
    app.change(f"UPDATE chat SET timezone = 'Mars/Olympus' WHERE id IN ({at_once}, {later})")
    app.change(f"UPDATE chat SET schedule = 'every 30m' WHERE id = {later}")
    await telegram.publish("خبر نخست")
    await _arrives(telegram, well, "خبر نخست")

    async def both_refused() -> bool:
        return app.rows("SELECT count(*) FROM delivery WHERE state = 'refused'") == [(2,)]

    await until(both_refused)
    reasons = app.rows("SELECT chat_id, reason FROM delivery WHERE state = 'refused'")
    for chat_id, reason in reasons:
        assert f"malformed row: chat {chat_id}" in reason
        assert "Mars/Olympus" in reason
    assert "Mars/Olympus" in text_of(await telegram.ask(telegram.owner, "/outbox"))
    assert "delivery_refused" in app.log
    report = (await app.cli("doctor")).stdout
    for chat_id in (at_once, later):
        assert f"warning\trow\tchat {chat_id} is malformed and left out: timezone 'Mars/Olympus'" in report
    await telegram.publish("خبر دوم")
    await _arrives(telegram, well, "خبر دوم")


async def test_a_malformed_article_stops_no_other_and_its_copies_stay(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel("کانال")
    await app.running(telegram)
    await telegram.pause()
    first = await telegram.publish("خبر نخست")
    second = await telegram.publish("خبر دوم")

    async def both_wait() -> bool:
        return app.rows("SELECT count(*) FROM delivery WHERE state = 'pending'") == [(2,)]

    await until(both_wait)
    app.change(f"UPDATE revision SET body = '[{{' WHERE article_id = {first}")
    app.change(
        f"INSERT INTO fan_out (article_id, kind, released_at, rank, created_at) VALUES ({first}, 'echo', 0, 0, 0)"
    )
    await telegram.ask(telegram.owner, "/resume")
    await _arrives(telegram, channel, "خبر دوم")
    refused = app.rows("SELECT article_id, reason FROM delivery WHERE state = 'refused'")
    assert refused == [(first, f"malformed row: article {first}: its text cannot be read")]
    assert "malformed_row" in app.log
    report = (await app.cli("doctor")).stdout
    assert f"article {first} is malformed and left out" in report
    assert "fan_out" in report
    assert "kind 'echo'" in report
    # Readers' lists go on without it.
    latest = text_of(await telegram.ask(telegram.reader, "/latest"))
    assert "خبر دوم" in latest
    # A copy of an article that cannot be read is neither deleted nor changed.
    app.change(f"UPDATE revision SET body = '7' WHERE article_id = {second}")
    app.change(
        "INSERT INTO amendment (message_id, chat_id, article_id, priority, state, due_at, created_at) "
        f"SELECT id, chat_id, article_id, 20, 'pending', 0, 0 FROM message WHERE article_id = {second}"
    )

    async def left() -> bool:
        return app.rows("SELECT state FROM amendment") == [("live",)]

    await until(left)
    assert any("خبر دوم" in text_of(message) for message in await telegram.people.messages(channel, by_bot=True))


@pytest.mark.long
async def test_malformed_notices_and_cards_wait_and_the_others_have_their_turn(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    await app.running(telegram)
    owner = telegram.owner
    app.change(
        f"INSERT INTO notice (user_id, key, args, due_at, created_at) VALUES ({owner}, 'plan-done', '{{', 0, 0), "
        f"({owner}, 'source-well', '{{\"title\": \"منبع درست\"}}', 0, 0)"
    )
    app.change(
        f"INSERT INTO card (kind, subject_id, chat_id, due_at, created_at) VALUES ('riddle', 1, {owner}, 0, 0)"
    )
    await telegram.people.wait_for(owner, lambda message: "منبع درست" in text_of(message))

    async def parked() -> bool:
        waiting = app.rows("SELECT due_at FROM notice UNION ALL SELECT due_at FROM card")
        return len(waiting) == 2 and all(due_at > 86_000_000 for (due_at,) in waiting)

    await until(parked)
    report = (await app.cli("doctor")).stdout
    assert "notice 1 is malformed" in report
    assert "kind 'riddle'" in report


@pytest.mark.long
async def test_a_malformed_count_of_stars_costs_its_own_count_alone(app: PeykApp, telegram: Telegram) -> None:
    app.environment |= {"PAID_LANES": "all", "PAID_RATE": "100", "PAID_DAILY_STARS": "5", "TIMEZONE": "UTC"}
    channel = await telegram.channel()
    for after in (-1, 0, 1):
        day = f"{datetime.now(UTC) + timedelta(days=after):%F}"
        app.change(f"INSERT INTO setting (key, value) VALUES ('stars:{day}', 'many')")
    await app.running(telegram)
    await telegram.publish("خبر نخست")
    await _arrives(telegram, channel, "خبر نخست")
    assert "worker_cycle_failed" not in app.log
    assert "malformed_row" in app.log


@pytest.mark.long
async def test_a_chat_whose_time_zone_is_none_is_answered_corrected_and_can_choose_another(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    people, reader = telegram.people, telegram.reader
    channel = await telegram.channel()
    await app.running(telegram)
    number = await telegram.publish("خبر نخست")
    posted = await people.wait_for(channel, lambda message: "خبر نخست" in text_of(message))
    await telegram.ask(reader, f"/article {number}")
    app.change(f"UPDATE chat SET timezone = 'Mars/Olympus' WHERE id IN ({channel}, {reader})")
    assert "خبر نخست" in text_of(await telegram.ask(reader, "/latest"))
    card = await telegram.ask(telegram.owner, f"/retract {number} چون نادرست است", button="بله")
    await people.press(telegram.owner, card, "بله")

    async def gone() -> bool:
        return posted["message_id"] not in [message["message_id"] for message in await people.messages(channel)]

    await until(gone)
    assert "worker_cycle_failed" not in app.log
    panel = await telegram.ask(reader, "/settings")
    await people.press(reader, panel, "منطقهٔ زمانی")
    page = await telegram.now(panel)
    assert not any("Mars" in data for data in buttons_of(page).values())
    await people.press(reader, page, "کابل")
    assert app.rows(f"SELECT timezone FROM chat WHERE id = {reader}") == [("Asia/Kabul",)]


async def test_the_newsrooms_lists_go_on_beside_a_malformed_row(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    await app.running(telegram)
    author = await telegram.colleague("نویسنده", "author")
    channel = await telegram.channel("کانال")
    room = await telegram.channel("اتاق")
    for title in ("پیش‌نویس یکم", "پیش‌نویس دوم"):
        preview = await telegram.ask(author, f"/post سیاسی\n{title}\n\nلید این خبر.", button="بازبینی")
        await telegram.people.press(author, preview, "ارسال برای بازبینی")
    await app.heard()
    ((waiting,), _) = app.rows("SELECT id FROM article WHERE state = 'review' ORDER BY id")
    await telegram.pause()
    first, second = [await telegram.publish(title) for title in ("خبر نخست", "خبر دوم")]

    async def all_wait() -> bool:
        return app.rows("SELECT count(*) FROM delivery WHERE state = 'pending'") == [(4,)]

    await until(all_wait)
    app.change(f"UPDATE revision SET body = '[{{' WHERE article_id IN ({first}, {waiting})")
    app.change(f"UPDATE chat SET kind = 'room' WHERE id = {room}")
    await telegram.ask(telegram.owner, "/resume")
    await _arrives(telegram, channel, "خبر دوم")

    async def refused() -> bool:
        return app.rows("SELECT count(*) FROM delivery WHERE state = 'refused'") == [(3,)]

    await until(refused)
    shown = text_of(await telegram.ask(telegram.owner, "/outbox", button="تازه"))
    assert str(room) in shown.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    assert "کانال" in shown
    printed = await app.cli("outbox")
    assert (printed.returncode, str(room) in printed.stdout) == (0, True)
    assert "پیش‌نویس دوم" in text_of(await telegram.ask(telegram.owner, "/approve"))
    assert str(second) in printed.stdout
