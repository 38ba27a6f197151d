"""The most read news: reactions, openings and saves make /top and the desk chat's report."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.peyk_app import says


async def _posts(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any], channel: int, titles: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the posts with these titles in a channel once the app knows that they have arrived."""
    posts = [await telegram.people.wait_for(channel, says(title)) for title in titles]

    async def settled() -> bool:
        sent = app.rows(f"SELECT count(*) FROM message WHERE chat_id = {channel} AND state = 'sent'")
        return bool(sent == [(len(titles),)])

    assert await until(settled)
    return posts


async def test_reactions_openings_and_saves_make_the_list(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    people, reader = telegram.people, telegram.reader
    channel = await telegram.channel()
    other = await people.chat("channel", "کانال بی‌مدیر", telegram.owner)
    await app.running(telegram)
    empty = await telegram.ask(reader, "/top")
    assert "هنوز خبری خوانده نشده" in text_of(empty)
    titles = ("خبر نخست", "خبر دوم", "خبر سوم")
    numbers = [await telegram.publish(title) for title in titles]
    posts = await _posts(app, telegram, until, channel, titles)

    for counts in ({"👍": 1}, {"👍": 5, "🔥": 2}):
        await people.do("react", chat_id=channel, message_id=posts[1]["message_id"], counts=counts)
    opened = await telegram.ask(reader, f"/article {numbers[2]}", button="ذخیره")
    await people.press(reader, opened, "ذخیره")
    await app.heard()
    assert app.rows("SELECT reactions FROM message WHERE reactions > 0") == [(7,)]
    listed = text_of(await telegram.ask(reader, "/top"))
    assert listed.index("خبر دوم") < listed.index("خبر سوم")
    assert "خبر نخست" not in listed

    await people.do("react", chat_id=channel, message_id=posts[1]["message_id"], counts={})
    await people.do("react", chat_id=channel, message_id=posts[0]["message_id"], counts={"👎": 30})
    forged = {
        "chat": {"id": other, "type": "channel", "title": "x"},
        "message_id": posts[0]["message_id"],
        "date": 1,
        "reactions": [{"type": {"type": "emoji", "emoji": "👍"}, "total_count": 900}],
    }
    telegram.running.state.add_update("message_reaction_count", forged)
    broken = forged | {"reactions": [{"type": {"type": "emoji", "emoji": "👍"}, "total_count": -5}]}
    telegram.running.state.add_update("message_reaction_count", broken)
    unknown = forged | {"chat": posts[0]["chat"], "reactions": [{"type": {"type": "new"}, "total_count": 31}]}
    telegram.running.state.add_update("message_reaction_count", unknown)
    await app.heard()
    await asyncio.gather(*(people.press(reader, empty, "۷ روز") for _ in range(2)))
    week = await telegram.now(empty)
    assert "۷ روز گذشته" in text_of(week)
    assert text_of(week).index("خبر نخست") < text_of(week).index("خبر سوم")
    assert "خبر دوم" not in text_of(week)
    assert "✅ ۷ روز" in buttons_of(week)
    assert app.rows("SELECT reactions FROM message WHERE reactions > 0") == [(31,)]
    (failed,) = app.rows("SELECT error FROM inbox WHERE error != ''")
    assert "total_count" in failed[0]
    assert await people.refused() == []


@pytest.mark.long
async def test_a_bot_that_is_no_administrator_hears_of_no_reactions(app: PeykApp, telegram: Telegram) -> None:
    group = await telegram.people.chat("supergroup", "گروه", telegram.owner)
    await telegram.people.add_bot(group, telegram.owner, status="member")
    await app.running(telegram)
    hello = await telegram.people.wait_for(group, lambda _: True)
    await telegram.people.do("react", chat_id=group, message_id=hello["message_id"], counts={"👍": 3})
    await app.heard()
    assert not any("message_reaction_count" in body for (body,) in app.rows("SELECT body FROM inbox"))


@pytest.mark.long
async def test_the_desk_chat_gets_a_report_at_the_time_that_it_chooses(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    people, owner = telegram.people, telegram.owner
    channel = await telegram.channel()
    await app.running(telegram)
    await telegram.publish("خبر پرخواننده")
    (post,) = await _posts(app, telegram, until, channel, ["خبر پرخواننده"])
    await people.do("react", chat_id=channel, message_id=post["message_id"], counts={"👍": 12})
    await app.heard()
    editor = await telegram.colleague("ویراستار", "editor")
    assert not any("گزارش" in words for words in buttons_of(await telegram.ask(editor, "/settings")))
    panel = await telegram.ask(owner, "/settings")
    await people.press(owner, panel, "گزارش روزانه")
    page = await telegram.now(panel)
    assert "✅ خاموش" in buttons_of(page)
    await asyncio.gather(*(people.press(owner, page, "۰۸:۰۰") for _ in range(2)))
    assert "✅ ۰۸:۰۰" in buttons_of(await telegram.now(panel))
    ((minute, due_at),) = app.rows("SELECT minute, due_at FROM desk_report")
    assert (minute, due_at % 86_400_000) == (480, (8 * 60 - 210) * 60_000)

    author = await telegram.colleague("نویسنده", "author")
    draft = await telegram.ask(author, "/post سیاسی\nخبر بازبینی\n\nلید.", button="بازبینی")
    await people.press(author, draft, "ارسال برای بازبینی")
    await telegram.now(draft)
    app.kill()
    app.change("UPDATE desk_report SET due_at = 1")
    await app.running(telegram)
    report = await people.wait_for(owner, lambda m: "گزارش ۲۴ ساعت گذشته" in text_of(m))
    assert "منتشرشده: ۱" in text_of(report)
    assert "خبر پرخواننده" in text_of(report)
    assert "۱۲" in text_of(report)
    # What waits is one press away; for somebody who is no member of the newsroom the link is none.
    link = buttons_of(report)["🏠 تحریریه"]
    assert link.endswith("?start=desk")
    home = await telegram.ask(owner, "/start desk", button="بازبینی (۱)")
    assert "تحریریه" in text_of(home)
    await telegram.ask(telegram.reader, "/start desk")
    held = await people.messages(telegram.reader, by_bot=True)
    assert not [words for message in held for words in buttons_of(message) if "بازبینی" in words]

    async def planned() -> bool:
        return bool(app.rows("SELECT minute, due_at, attempts FROM desk_report") == [(480, due_at, 0)])

    assert await until(planned)
    await people.press(owner, page, "خاموش")
    await app.heard()
    assert app.rows("SELECT * FROM desk_report") == []
    assert await people.refused() == []
