"""Channels and groups: let in, set up, followed, lost."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import Json, text_of
from tests.flows.conftest import PeykApp, Telegram

_ARTICLE = "/post {category}\n{title}\n\nلید خبر در یک سطر."


async def _publish(telegram: Telegram, title: str, category: str = "سیاسی") -> None:
    ids = await telegram.people.say(telegram.owner, _ARTICLE.format(category=category, title=title))
    preview = await telegram.people.wait_for(
        telegram.owner, lambda m: "پیش‌نمایش" in text_of(m) and title in text_of(m), after=max(ids)
    )
    await telegram.people.press(telegram.owner, preview, "انتشار")


async def test_a_strangers_channel_waits_for_an_owner(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    channel = await telegram.channel("کانال غریبه", by=telegram.reader)
    card = await telegram.people.wait_for(telegram.owner, lambda m: "کانال غریبه" in text_of(m))
    await _publish(telegram, "خبر پیش از تأیید")
    assert await telegram.people.messages(channel, by_bot=True) == []
    await telegram.people.press(telegram.owner, card, "بله")
    told = await telegram.people.wait_for(telegram.reader, lambda m: "آغاز به کار" in text_of(m))
    await _publish(telegram, "خبر پس از تأیید")
    posted = await telegram.people.wait_for(channel, lambda _: True)
    assert "خبر پس از تأیید" in text_of(posted)
    stale = await telegram.people.press(telegram.owner, card, "بله")
    assert stale["alert"]

    # The one who brought it chooses its categories and schedule by buttons.
    await telegram.people.press(telegram.reader, told, "تنظیمات")
    panel = await _message(telegram, told)
    await telegram.people.press(telegram.reader, panel, "دسته‌ها")
    await telegram.people.press(telegram.reader, await _message(telegram, told), "ورزشی")
    await _publish(telegram, "خبر سیاسی که نباید بیاید")
    await _publish(telegram, "خبر ورزشی که باید بیاید", "ورزشی")
    await telegram.people.wait_for(channel, lambda m: "باید بیاید" in text_of(m))
    texts = [text_of(message) for message in await telegram.people.messages(channel, by_bot=True)]
    assert not any("نباید" in text for text in texts)
    assert await telegram.people.refused() == []


async def _message(telegram: Telegram, like: Json) -> Json:
    messages = await telegram.people.messages(like["chat"]["id"])
    return next(message for message in messages if message["message_id"] == like["message_id"])


@pytest.mark.long
async def test_a_panel_waits_for_the_start_of_whoever_brought_the_bot(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram, CHANNEL_APPROVAL="open")
    newcomer = await telegram.people.person("تازه‌وارد")
    channel = await telegram.channel("کانال تازه", by=newcomer)
    await _publish(telegram, "خبر برای کانال تازه")
    await telegram.people.wait_for(channel, lambda m: "خبر برای کانال تازه" in text_of(m))
    await telegram.people.say(newcomer, "/start")
    panel = await telegram.people.wait_for(newcomer, lambda m: "کانال تازه" in text_of(m))
    assert "همهٔ خبرها" in text_of(panel)
    assert await telegram.people.refused() == []


async def test_in_a_group_only_admins_decide_and_foreign_commands_get_no_answer(
    app: PeykApp, telegram: Telegram
) -> None:
    group = await telegram.people.chat("supergroup", "گروه آزمون", telegram.owner)
    await telegram.people.do("join", chat_id=group, user_id=telegram.reader)
    await telegram.people.add_bot(group, telegram.owner, status="member")
    await app.running(telegram)
    hello = await telegram.people.wait_for(group, lambda _: True)
    assert hello["reply_markup"]["inline_keyboard"][0][0]["url"].endswith(f"?start=p_{group}")

    await telegram.people.say(telegram.reader, "/subscribe ورزشی", chat_id=group)
    await telegram.people.say(telegram.reader, "/no_such_command", chat_id=group)
    await telegram.people.say(telegram.reader, "/drafts", chat_id=group)
    answer = await telegram.ask(telegram.reader, "/latest", chat_id=group)
    assert "منتشر نشده" in text_of(answer)
    changed = await telegram.ask(telegram.owner, "/subscribe ورزشی", chat_id=group)
    assert "ورزشی" in text_of(changed)
    texts = [text_of(message) for message in await telegram.people.messages(group, by_bot=True)]
    assert len(texts) == 3

    await _publish(telegram, "خبر ورزشی گروه", "ورزشی")
    assert await telegram.people.wait_for(group, lambda m: "خبر ورزشی گروه" in text_of(m))
    panel = await telegram.ask(telegram.owner, f"/start p_{group}", button="متن ساده")
    await telegram.people.press(telegram.owner, panel, "متن ساده")
    assert "rich_message" not in await telegram.ask(telegram.reader, "/article 1", chat_id=group)


@pytest.mark.long
async def test_a_lost_channel_keeps_its_settings_for_its_return(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel("کانال رفت‌وبرگشت")
    await app.running(telegram)
    panel = await telegram.ask(telegram.owner, f"/start p_{channel}")
    await telegram.people.press(telegram.owner, panel, "دسته‌ها")
    await telegram.people.press(telegram.owner, await _message(telegram, panel), "فرهنگی")
    await telegram.people.add_bot(channel, telegram.owner, status="left")
    await _publish(telegram, "خبر هنگام نبودن", "فرهنگی")
    await telegram.people.add_bot(channel, telegram.owner)
    await telegram.people.say(telegram.owner, "/channels")
    listed = await telegram.people.wait_for(telegram.owner, lambda m: "کانال‌ها و گروه‌ها" in text_of(m))
    assert "فرهنگی" in text_of(listed)
    await _publish(telegram, "خبر پس از بازگشت", "فرهنگی")
    posted = await telegram.people.wait_for(channel, lambda _: True)
    assert "پس از بازگشت" in text_of(posted)


@pytest.mark.long
async def test_headlines_due_at_once_on_an_interval_make_one_roundup(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    await app.running(telegram, TIMEZONE="UTC")
    await telegram.ask(telegram.reader, "/subscribe")
    schedule = await telegram.ask(telegram.reader, "/settings")
    await telegram.people.press(telegram.reader, schedule, "زمان ارسال")
    await telegram.people.press(telegram.reader, await _message(telegram, schedule), "زمان دلخواه")
    await telegram.people.wait_for(telegram.reader, lambda m: "هر ۴۵ دقیقه" in text_of(m))
    assert "۴۵ دقیقه" in text_of(await telegram.ask(telegram.reader, "هر ۴۵ دقیقه"))
    await telegram.pause()
    for number in (1, 2):
        await _publish(telegram, f"خبر دسته‌ای {number}")

    async def both_wait() -> bool:
        return app.rows("SELECT count(*) FROM delivery WHERE state = 'pending'") == [(2,)]

    await until(both_wait)
    # The interval passes while the app is down.
    assert await app.stop() == 0
    app.change("UPDATE delivery SET due_at = due_at - 7200000 WHERE state = 'pending'")
    await app.running(telegram, TIMEZONE="UTC")
    await telegram.ask(telegram.owner, "/resume")
    roundup = await telegram.people.wait_for(telegram.reader, lambda m: "خبر دسته‌ای" in text_of(m))
    assert "خبر دسته‌ای 1" in text_of(roundup)
    assert "خبر دسته‌ای 2" in text_of(roundup)


async def test_a_group_that_becomes_a_supergroup_keeps_getting_news(app: PeykApp, telegram: Telegram) -> None:
    group = await telegram.people.chat("group", "گروه کوچنده", telegram.owner)
    await telegram.people.add_bot(group, telegram.owner, status="member")
    await app.running(telegram)
    moved = (await telegram.people.do("migrate", chat_id=group))["id"]
    await _publish(telegram, "خبر پس از کوچ")
    assert await telegram.people.wait_for(moved, lambda m: "خبر پس از کوچ" in text_of(m))


@pytest.mark.long
async def test_a_long_list_of_channels_is_paged_to_its_ends(app: PeykApp, telegram: Telegram) -> None:
    for number in range(12):
        await telegram.channel(f"کانال شمارهٔ {number}.")
    await app.running(telegram)
    listed = await telegram.ask(telegram.owner, "/channels")
    first = text_of(listed)
    await telegram.people.press(telegram.owner, listed, "بعد")
    second = await _message(telegram, listed)
    shown = first + text_of(second)
    assert all(f"کانال شمارهٔ {number}." in shown for number in range(12))
    assert not any("بعد" in button for button in _buttons(second))
    await telegram.people.press(telegram.owner, second, "قبل")
    assert text_of(await _message(telegram, listed)) == first
    await telegram.people.press(telegram.owner, await _message(telegram, listed), "کانال شمارهٔ")
    assert "تنظیمات" in text_of(await _message(telegram, listed))
    assert await telegram.people.refused() == []


def _buttons(message: Json) -> list[str]:
    return [b["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


@pytest.mark.long
async def test_whoever_brings_the_bot_without_the_right_to_post_is_told(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    channel = await telegram.people.chat("channel", "کانال بی‌اجازه", telegram.owner)
    await telegram.people.add_bot(channel, telegram.owner, can_post_messages=False)
    assert await telegram.people.wait_for(telegram.owner, lambda m: "کانال بی‌اجازه" in text_of(m))
    await _publish(telegram, "خبری که آنجا نمی‌رود")
    await telegram.people.add_bot(channel, telegram.owner)
    await _publish(telegram, "خبری که آنجا می‌رود")
    assert "آنجا می‌رود" in text_of(await telegram.people.wait_for(channel, lambda _: True))
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_a_group_hears_its_readers_and_a_waiting_one_its_presses(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    group = await telegram.people.chat("supergroup", "گروه منتظر", telegram.reader)
    await telegram.people.add_bot(group, telegram.reader, status="member")
    hello = await telegram.people.wait_for(group, lambda _: True)
    early = {"user_id": telegram.reader, "chat_id": group, "message_id": hello["message_id"], "data": "sub:1:1"}
    assert "تأیید" in (await telegram.people.do("press", **early))["text"]
    card = await telegram.people.wait_for(telegram.owner, lambda m: "گروه منتظر" in text_of(m))
    await telegram.people.press(telegram.owner, card, "بله")
    member = await telegram.person("عضو")
    await telegram.people.do("join", chat_id=group, user_id=member)
    assert _urls(await telegram.ask(member, "/start", chat_id=group))[0].endswith(f"?start=p_{group}")
    # What a person keeps is shown to nobody else.
    assert _urls(await telegram.ask(member, "/saved", chat_id=group))[0].endswith("?start=saved")
    panel = await telegram.ask(member, "/subscriptions", chat_id=group)
    assert "مدیران گروه" in (await telegram.people.press(member, panel, "ورزشی"))["text"]
    assert await telegram.people.refused() == []


def _urls(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["url"] for row in rows for button in row if "url" in button]
