"""A list on which one acts keeps its rows: a second tap meets the row that the first one settled, and no other."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite

_Until = Callable[..., Any]


def _rows(message: dict[str, Any]) -> list[list[str]]:
    """Return the callback data of a message's buttons, row by row."""
    keyboard = message["reply_markup"]["inline_keyboard"]
    return [[button.get("callback_data", "") for button in row] for row in keyboard]


async def _draft(telegram: Telegram, title: str) -> None:
    await telegram.ask(telegram.owner, f"/post سیاسی\n{title}\n\nلید.", button="📣 انتشار")


async def _tap(telegram: Telegram, message: dict[str, Any], row: int, column: int = 0) -> dict[str, Any]:
    """Press what stands at a place of a message by now, where the last button of a row may be wider."""
    buttons = _rows(await telegram.now(message))[row]
    where = {"user_id": telegram.owner, "chat_id": telegram.owner, "message_id": message["message_id"]}
    return dict(await telegram.people.do("press", data=buttons[min(column, len(buttons) - 1)], **where))


async def test_tapping_twice_on_a_page_of_the_gate_publishes_one_article(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until
) -> None:
    for number in range(801, 808):
        site.add_item(number, f"خبر شمارهٔ {number}")
    await app.running(telegram)
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "society", "--to", "review")

    async def all_wait() -> bool:
        return app.rows("SELECT count(*) FROM review WHERE state = 'open'") == [(7,)]

    await until(all_wait)
    home = await telegram.ask(telegram.owner, "/desk", button="ورودی")
    await telegram.people.press(telegram.owner, home, "ورودی")
    page = await telegram.people.wait_for(
        telegram.owner, lambda m: "gate:yes:801:1:0" in buttons_of(m).values(), after=home["message_id"]
    )
    places = [[data.split(":")[:3] for data in row] for row in _rows(page)]
    for _ in range(3):
        await _tap(telegram, page, 0)
    for _ in range(2):
        await _tap(telegram, page, 4, 1)
    published = app.rows("SELECT id FROM article WHERE state = 'published'")
    assert published == [(801,)]
    assert app.rows("SELECT id FROM article WHERE state = 'dropped'") == [(803,)]
    shown = await telegram.now(page)
    assert "۵ خبر در انتظار" in text_of(shown)
    assert {"✅ منتشر شد ۸۰۱", "🗑 کنار گذاشته شد ۸۰۳", "انتشار هر ۳"} <= {
        words.removeprefix("📣 ") for words in buttons_of(shown)
    }
    now = [[data.split(":")[:3] for data in row] for row in _rows(shown)]
    untouched = [place for place in range(10) if place not in (0, 1, 4, 5)]
    assert [now[place] for place in untouched] == [places[place] for place in untouched]

    # Out of order: what was drawn before everything acts on its own article alone.
    for data, state in (("gate:drop:802:1:0", "dropped"), ("gate:yes:805:1:0", "published")):
        words = next(words for words, other in buttons_of(page).items() if other == data)
        await telegram.people.press(telegram.owner, page, words)
        assert app.rows(f"SELECT state FROM article WHERE id = {data.split(':')[2]}") == [(state,)]

    # Right beside the act: nothing was sent, so it is undone; twice is once.
    back = next(words for words, data in buttons_of(shown).items() if data.startswith("gate:back:801"))
    answers = await asyncio.gather(*(telegram.people.press(telegram.owner, shown, back) for _ in range(2)))
    assert sum("انجام شد" in answer["text"] for answer in answers) == 1
    assert app.rows("SELECT state FROM article WHERE id = 801") == [("draft",)]
    assert "📝 پیش‌نویس است ۸۰۱" in buttons_of(await telegram.now(page))
    await telegram.people.press(telegram.owner, await telegram.now(page), "تازه‌سازی")
    fresh = buttons_of(await telegram.now(page)).values()
    assert [data for data in fresh if data.startswith("gate:yes:")] == [
        f"gate:yes:{number}:1:0" for number in (804, 806, 807)
    ]
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_lists_of_drafts_and_plans_stay_and_say_what_became_of_their_rows(
    app: PeykApp, telegram: Telegram
) -> None:
    await app.running(telegram)
    people = telegram.people
    for number in range(1, 5):
        await _draft(telegram, f"خبر شمارهٔ {number}")
    drafts = await telegram.ask(telegram.owner, "/drafts", button="خبر شمارهٔ 4")
    for _ in range(2):
        await _tap(telegram, drafts, 1)
    previews = [
        message
        for message in await people.messages(telegram.owner, by_bot=True)
        if message["message_id"] > drafts["message_id"] and "خبر شمارهٔ 3" in text_of(message)
    ]
    assert len(previews) == 2, "each tap answers with the same preview, below the list"
    await people.press(telegram.owner, previews[0], "📣 انتشار")
    assert (await people.press(telegram.owner, previews[1], "📣 انتشار"))["alert"]
    assert app.rows("SELECT id FROM article WHERE state = 'published'") == [(3,)]
    discarded = await telegram.ask(telegram.owner, "/preview 2", button="حذف")
    await people.press(telegram.owner, discarded, "🗑 حذف")
    await people.press(telegram.owner, await telegram.now(discarded), "بله")
    await _tap(telegram, drafts, 0)
    shown = await telegram.now(drafts)
    labels = list(buttons_of(shown))
    assert labels[:4] == ["۴ · خبر شمارهٔ 4", "۳ · ✅ منتشر شد", "۲ · 🗑 حذف شد", "۱ · خبر شمارهٔ 1"]
    gone = await people.press(telegram.owner, shown, "۲ · 🗑 حذف شد")
    assert "خبری با شناسهٔ ۲ نیست" in gone["text"]
    await people.press(telegram.owner, shown, "تازه‌سازی")
    assert list(buttons_of(await telegram.now(drafts)))[:2] == ["۴ · خبر شمارهٔ 4", "۱ · خبر شمارهٔ 1"]

    for number, when in ((1, "فردا ۹"), (4, "فردا ۱۰")):
        await telegram.ask(telegram.owner, f"/publish {number} {when}", button="تغییر زمان")
    planned = await telegram.ask(telegram.owner, "/planned", button="۴ ·")
    cancelled = await telegram.ask(telegram.owner, "/preview 1", button="لغو زمان‌بندی")
    await people.press(telegram.owner, cancelled, "لغو زمان‌بندی")
    await _tap(telegram, planned, 0)
    assert list(buttons_of(await telegram.now(planned)))[:2] == ["۱ · 📝 پیش‌نویس است", "۴ · خبر شمارهٔ 4"]
    assert await people.refused() == []


@pytest.mark.long
async def test_tapping_twice_in_the_queue_of_comments_and_in_the_outbox_decides_once(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    people = telegram.people
    article_id = await telegram.publish("خبر داغ")
    await people.wait_for(channel, lambda m: "خبر داغ" in text_of(m))
    rows = ", ".join(
        f"({number}, {article_id}, {5000 + number}, 'نام', 'نظر {number}.', 'waiting', {number})"
        for number in range(1, 5)
    )
    app.change(f"INSERT INTO comment (id, article_id, user_id, name, text, state, created_at) VALUES {rows}")
    queue = await telegram.ask(telegram.owner, "/comments", button="✅ ۴")
    for _ in range(2):
        await _tap(telegram, queue, 0)
    for _ in range(2):
        await _tap(telegram, queue, 2, 0)
    states = dict(app.rows("SELECT id, state FROM comment"))
    assert states == {1: "approved", 2: "waiting", 3: "approved", 4: "waiting"}
    # The question whether to silence stands below; a second tap on its yes decides about nobody else.
    await _tap(telegram, queue, 1, 2)
    asked = await people.wait_for(telegram.owner, lambda m: "مسدود شود؟" in text_of(m), after=queue["message_id"])
    for _ in range(2):
        await _tap(telegram, asked, 0)
    states = dict(app.rows("SELECT id, state FROM comment"))
    assert states == {1: "approved", 2: "rejected", 3: "approved", 4: "waiting"}

    second = await telegram.channel("دومی")
    assert second
    app.change("UPDATE delivery SET state = 'refused', reason = 'Bad Request: chat not found'")
    app.change(
        "INSERT INTO delivery (chat_id, topic_id, article_id, kind, state, priority, ready, reason, created_at, "
        f"due_at) SELECT {second}, topic_id, article_id, kind, state, priority, ready, reason, created_at, due_at "
        "FROM delivery"
    )
    outbox = await telegram.ask(telegram.owner, "/outbox", button="🗑")
    for _ in range(2):
        await _tap(telegram, outbox, 0, 1)
    assert app.rows("SELECT state, count(*) FROM delivery GROUP BY state ORDER BY state") == [
        ("refused", 1),
        ("withdrawn", 1),
    ]
    assert "۱ · 🗑 رها شد" in buttons_of(await telegram.now(outbox))
    assert await people.refused() == []
