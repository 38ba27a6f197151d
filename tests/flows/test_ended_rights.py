"""Whoever loses a right loses what they began, planned or were shown by it."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_Until = Callable[..., Any]


async def _remove(telegram: Telegram, name: str) -> None:
    people = await telegram.ask(telegram.owner, "/editors")
    for button in (name, "حذف", "بله"):
        await telegram.people.press(telegram.owner, await telegram.now(people), button)


async def _said(telegram: Telegram, person: int, words: str) -> dict[str, Any]:
    return await telegram.people.wait_for(person, lambda m: words in text_of(m))


async def test_a_removed_editor_finishes_nothing_and_the_owner_decides_about_their_plans(
    app: PeykApp, telegram: Telegram
) -> None:
    await app.running(telegram)
    editor = await telegram.colleague("مینا", "editor")
    await telegram.ask(telegram.owner, "/post سیاسی\nخبر زمان‌دار\n\nلید خبر.", button="انتشار")
    await telegram.ask(telegram.owner, "/post سیاسی\nخبر فوری مینا\n\nلید خبر.", button="انتشار")
    assert "زمان‌بندی شد" in text_of(await telegram.ask(editor, "/publish 1 فردا ۸:۳۰"))
    urgent = await telegram.ask(editor, "/breaking 2", button="بله")
    await telegram.ask(editor, "/announce", button="همه")
    await _remove(telegram, "مینا")
    await _said(telegram, editor, "پایان یافت")
    assert text_of(await telegram.ask(editor, "متن اعلان ناتمام")) == text_of(
        await telegram.ask(editor, "/no_such")
    )
    assert "خبری پیدا نشد" in text_of(await telegram.ask(editor, "متن اعلان ناتمام"))
    assert (await telegram.people.press(editor, urgent, "بله"))["alert"]
    assert app.rows("SELECT id, state FROM article ORDER BY id") == [(1, "draft"), (2, "draft")]

    asked = await _said(telegram, telegram.owner, "دیگر اختیار انتشار ندارد")
    assert "مینا" in text_of(asked)
    await telegram.people.press(telegram.owner, asked, "همان زمان")
    assert "زمان‌بندی شد" in text_of(await telegram.now(asked))
    assert app.rows("SELECT state FROM article WHERE id = 1") == [("scheduled",)]
    acts = app.rows("SELECT actor_id, action FROM audit WHERE article_id = 1 ORDER BY id")
    assert acts[-3:] == [(editor, "schedule"), (telegram.owner, "unschedule"), (telegram.owner, "schedule")]
    # Whoever is back begins anew.
    invitation = text_of(await telegram.ask(telegram.owner, "/invite editor"))
    await telegram.ask(editor, f"/start {invitation.rsplit('start=', 1)[1].strip()}")
    assert (await telegram.people.press(editor, urgent, "بله"))["alert"]
    assert app.rows("SELECT state FROM article WHERE id = 2") == [("draft",)]
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_an_owner_who_is_taken_out_of_the_settings_is_none(app: PeykApp, telegram: Telegram) -> None:
    both = f"{telegram.owner},{telegram.reader}"
    await app.running(telegram, OWNER_IDS=both)
    link = text_of(await telegram.ask(telegram.reader, "/invite owner")).rsplit("start=", 1)[1].strip()
    third = await telegram.colleague("سارا", "owner")
    assert await app.stop() == 0
    report = (await app.cli("doctor")).stdout
    assert "by an earlier OWNER_IDS, until the next start" in report
    assert f"سارا ({third}): made an owner in the newsroom" in report
    await app.running(telegram)
    friend = await telegram.person("دوست")
    assert "معتبر نیست" in text_of(await telegram.ask(friend, f"/start {link}"))
    assert "پایان یافت" in text_of(await _said(telegram, telegram.reader, "عضویت شما"))
    unknown = text_of(await telegram.ask(telegram.reader, "/no_such_command"))
    assert text_of(await telegram.ask(telegram.reader, "/editors")) == unknown
    assert str(third) in next(line for line in app.log.splitlines() if "owners_beyond_configuration" in line)
    assert "by an earlier" not in (await app.cli("doctor")).stdout


@pytest.mark.long
async def test_whoever_administers_a_channel_no_more_settles_nothing_of_it(
    app: PeykApp, telegram: Telegram
) -> None:
    """Neither by the panel that they were sent, nor by a question that was asked of them, nor by a panel owed."""
    channel = await telegram.people.chat("channel", "کانال راز", telegram.reader)
    await telegram.people.do("join", chat_id=channel, user_id=telegram.owner, status="administrator")
    await telegram.people.add_bot(channel, telegram.owner)
    await app.running(telegram)
    admin = await telegram.person("مدیر پیشین")
    await telegram.people.do("join", chat_id=channel, user_id=admin, status="administrator")
    panel = await telegram.ask(admin, f"/start p_{channel}")
    await telegram.people.press(admin, panel, "منطقهٔ زمانی")
    zones = await telegram.now(panel)
    await telegram.people.press(admin, zones, "شهر")
    await _said(telegram, admin, "نام شهر یا کشور را بنویسید")
    await telegram.people.do("join", chat_id=channel, user_id=admin, status="member")
    before = app.rows("SELECT * FROM chat WHERE id < 0")
    refused = text_of(await telegram.ask(admin, "کابل"))
    assert "مدیر آن نیستید" in refused
    assert "مدیر آن نیستید" not in text_of(await telegram.ask(admin, "کابل")), "the question has ended"
    for button in buttons_of(zones):
        assert (await telegram.people.press(admin, zones, button))["alert"], button
    assert app.rows("SELECT * FROM chat WHERE id < 0") == before
    app.change(f"UPDATE chat SET added_by = {admin}, panel_sent = false WHERE id = {channel}")
    ids = await telegram.people.say(admin, "/start")
    await telegram.people.wait_for(admin, lambda m: bool(buttons_of(m)), after=max(ids))
    await telegram.ask(admin, "/help")
    later = [m for m in await telegram.people.messages(admin, by_bot=True) if m["message_id"] > max(ids)]
    assert not any("راز" in text_of(m) or "مدیر آن نیستید" in text_of(m) for m in later)
