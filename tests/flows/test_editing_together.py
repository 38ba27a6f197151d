"""Two editors on one article: who edits is told, taken over from openly, and nothing is overwritten in silence."""

from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of


async def _editor(telegram: Telegram) -> int:
    """Invite the reader as an editor."""
    invitation = text_of(await telegram.ask(telegram.owner, "/invite editor", button=""))
    payload = invitation.rsplit("start=", 1)[1].strip()
    await telegram.ask(telegram.reader, f"/start {payload}")
    return telegram.reader


async def _write(telegram: Telegram, who: int, parts: dict[str, Any], part: str, words: str) -> dict[str, Any]:
    """Choose a part, write it, and return the answer."""
    await telegram.people.press(who, parts, part)
    await telegram.people.wait_for(who, lambda m: "تازه را بنویسید" in text_of(m), after=parts["message_id"])
    return await telegram.ask(who, words)


async def test_a_draft_is_taken_over_and_both_changes_are_kept(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    editor = await _editor(telegram)
    await telegram.ask(telegram.owner, "/post سیاسی\nتیتر مشترک\n\nلید مشترک", button="انتشار")
    parts = await telegram.ask(telegram.owner, "/edit 1", button="تیتر")
    await telegram.people.press(telegram.owner, parts, "تیتر")
    asked = await telegram.people.wait_for(
        telegram.owner, lambda m: "تیتر تازه" in text_of(m), after=parts["message_id"]
    )

    held = await telegram.ask(editor, "/edit 1", button="به دست")
    assert "سردبیر" in text_of(held)
    app.kill()
    await app.running(telegram)
    await telegram.people.press(editor, held, "به دست")
    await telegram.people.wait_for(telegram.owner, lambda m: "به دست گرفت" in text_of(m), after=asked["message_id"])
    assert "لید ویراستار" in text_of(
        await _write(telegram, editor, await telegram.now(held), "لید", "لید ویراستار")
    )

    conflict = await telegram.ask(telegram.owner, "تیتر نویسنده", button="روی نسخهٔ تازه")
    assert len(buttons_of(conflict)) == 3
    await telegram.people.press(telegram.owner, conflict, "نمایش تغییرات")
    shown = text_of(
        await telegram.people.wait_for(
            telegram.owner, lambda m: "نوشتهٔ شما، در" in text_of(m), after=conflict["message_id"]
        )
    )
    for words in ("لید مشترک", "لید ویراستار", "تیتر مشترک", "تیتر نویسنده"):
        assert words in shown
    app.kill()
    await app.running(telegram)
    await telegram.people.press(telegram.owner, conflict, "روی نسخهٔ تازه")
    merged = await telegram.people.wait_for(
        telegram.owner, lambda m: "پیش‌نمایش" in text_of(m), after=conflict["message_id"] + 1
    )
    assert "تیتر نویسنده" in text_of(merged)
    assert "لید ویراستار" in text_of(merged)
    again = await telegram.people.do(
        "press",
        user_id=telegram.owner,
        chat_id=telegram.owner,
        message_id=conflict["message_id"],
        data=buttons_of(conflict)["✅ ثبت روی نسخهٔ تازه"],
    )
    assert again["alert"]
    assert app.rows("SELECT revision FROM article") == [(3,)]

    # What somebody is in the middle of is not published unawares.
    await telegram.ask(editor, "/edit 1", button="تیتر")
    await telegram.people.press(telegram.owner, merged, "انتشار")
    warned = await telegram.now(merged)
    assert "سرگرم ویرایش" in text_of(warned)
    assert app.rows("SELECT state FROM article") == [("draft",)]
    await telegram.people.press(telegram.owner, warned, "بله")
    assert "منتشر شد" in text_of(await telegram.now(merged))
    assert app.rows("SELECT count(*) FROM editing") == [(0,)]


@pytest.mark.long
async def test_two_corrections_at_once_lose_nothing(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    editor = await _editor(telegram)
    await telegram.publish("تیتر منتشرشده")
    posted = await telegram.people.wait_for(channel, lambda m: "تیتر منتشرشده" in text_of(m))
    first = await telegram.correct(1, "تیتر", "تیتر درست", "نام شهر")
    held = await telegram.ask(editor, "/correct 1", button="به دست")
    await telegram.people.press(editor, held, "به دست")
    card = await _write(telegram, editor, await telegram.now(held), "لید", "لید درست")
    await telegram.people.press(editor, card, "بله، بدون یادداشت")

    await telegram.people.press(telegram.owner, first, "بله")
    conflict = await telegram.now(first)
    assert "تغییر کرد" in text_of(conflict)
    assert app.rows("SELECT revision FROM article") == [(2,)]
    await telegram.people.press(telegram.owner, conflict, "روی نسخهٔ تازه")
    note = await telegram.people.wait_for(
        telegram.owner, lambda m: "چه چیزی" in text_of(m), after=conflict["message_id"]
    )
    card = await telegram.ask(telegram.owner, "نام شهر", button="بله")
    await telegram.people.press(telegram.owner, card, "بله")
    await telegram.people.wait_for(channel, lambda m: "تیتر درست" in text_of(m) and "لید درست" in text_of(m))
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1
    assert note["message_id"] < card["message_id"]
    assert posted["message_id"]

    # Who leaves lets go: the other is not held up.
    await telegram.ask(telegram.owner, "/edit 1", button="تیتر")
    await telegram.ask(telegram.owner, "/cancel")
    assert "کدام بخش" in text_of(await telegram.ask(editor, "/edit 1"))
