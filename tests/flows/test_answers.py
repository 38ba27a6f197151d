"""Every message and every press is answered, once and usefully, whatever its moment; and Telegram refuses nothing."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import Json, text_of
from tests.flows.conftest import PeykApp, Telegram

_POST = "/post سیاسی\n{title}\n\nلید خبر در یک سطر."


async def _now(telegram: Telegram, like: Json) -> Json:
    messages = await telegram.people.messages(like["chat"]["id"])
    return next(message for message in messages if message["message_id"] == like["message_id"])


async def _press(telegram: Telegram, user_id: int, message: Json, data: str) -> Json:
    place = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
    return dict(await telegram.people.do("press", user_id=user_id, data=data, **place))


@pytest.mark.long
async def test_done_before_its_time_says_what_is_missing_and_keeps_the_buttons(
    app: PeykApp, telegram: Telegram
) -> None:
    await app.running(telegram)
    asked = await telegram.ask(telegram.owner, "/post ورزشی")
    early = await _press(telegram, telegram.owner, asked, "dialogue:done")
    assert early["alert"]
    assert "کامل نیست" in early["text"]
    assert (await _now(telegram, asked))["reply_markup"] == asked["reply_markup"]
    await telegram.ask(telegram.owner, "تیتر گام‌به‌گام")
    body = await telegram.ask(telegram.owner, "لید گام‌به‌گام.")
    assert (await telegram.people.press(telegram.owner, body, "تمام"))["answered"]
    preview = await telegram.people.wait_for(telegram.owner, lambda m: "پیش‌نمایش" in text_of(m))
    assert "تیتر گام‌به‌گام" in text_of(preview)
    again = await _press(telegram, telegram.owner, body, "dialogue:done")
    assert again["alert"]
    assert await telegram.people.refused() == []


async def test_a_doubled_press_changes_nothing_and_asks_telegram_for_nothing(
    app: PeykApp, telegram: Telegram
) -> None:
    await app.running(telegram)
    settings = await telegram.ask(telegram.reader, "/settings")
    presses = [_press(telegram, telegram.reader, settings, f"set:{telegram.reader}:pause:1") for _ in range(3)]
    assert all(answer["answered"] for answer in await asyncio.gather(*presses))
    assert "متوقف" in text_of(await _now(telegram, settings))
    panel = await telegram.ask(telegram.reader, "/subscriptions")
    presses = [telegram.people.press(telegram.reader, panel, "ورزشی") for _ in range(2)]
    assert all(answer["answered"] for answer in await asyncio.gather(*presses))
    assert "دنبال می‌کنید: \u2068ورزشی" in text_of(await _now(telegram, panel))
    for data in (f"set:{telegram.owner}:main", "sub:999:1", "pub:1:1", "list:a:b999999999999999999", "\u202ex"):
        assert (await _press(telegram, telegram.reader, settings, data))["answered"], data
    assert await telegram.people.refused() == []


async def test_what_readers_command_is_a_button_too(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    help_ = await telegram.ask(telegram.reader, "/help")
    assert f"@{telegram.running.state.me['username']}" in text_of(help_), "inline mode is on"
    for words, answer in (
        ("تازه‌ترین", "منتشر نشده"),
        ("ذخیره", "ذخیره نکرده"),
        ("تنظیمات", "وضعیت"),
        ("جست‌وجو", "واژه‌ها"),
    ):
        newest = (await telegram.people.messages(telegram.reader))[-1]["message_id"]
        await telegram.people.press(telegram.reader, help_, words)
        reply = await telegram.people.wait_for(telegram.reader, lambda _: True, after=newest)
        assert answer in text_of(reply)


@pytest.mark.long
async def test_whoever_writes_too_fast_hears_it_once(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    await app.running(telegram)
    settings = await telegram.ask(telegram.reader, "/settings")
    presses = [_press(telegram, telegram.reader, settings, "pub:1:1") for _ in range(90)]
    answers = await asyncio.gather(*presses)
    assert all(answer["answered"] for answer in answers)
    assert sum("پشت سر هم" in answer["text"] for answer in answers) == 1
    await telegram.people.say(telegram.reader, "/latest")

    async def handled() -> bool:
        return not telegram.running.state.pending and not app.rows("SELECT 1 FROM inbox WHERE done_at IS NULL")

    await until(handled)
    assert (await telegram.people.messages(telegram.reader, by_bot=True))[-1]["message_id"] == settings[
        "message_id"
    ]
    assert await telegram.ask(telegram.owner, "/latest")
    assert await telegram.people.refused() == []


async def test_an_answer_whose_way_back_was_lost_is_given_again(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.people.do("faults", kind="no_answer", method="sendMessage", chat_id=telegram.reader, seconds=0)
    assert "منتشر نشده" in text_of(await telegram.ask(telegram.reader, "/latest"))


@pytest.mark.long
async def test_a_photo_comes_with_a_caption_is_replaced_and_removed(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    caption = _POST.format(title="خبر عکس‌دار")
    sent = await telegram.people.send_file(telegram.owner, "photo", "a.jpg", b"first", caption=caption)
    preview = await telegram.people.wait_for(telegram.owner, lambda _: True, after=max(sent))
    assert "عکس" in text_of(preview)
    await telegram.people.press(telegram.owner, preview, "ویرایش")
    await telegram.people.press(telegram.owner, await _now(telegram, preview), "برداشتن عکس")
    assert "عکس به این خبر" not in text_of(await _now(telegram, preview))
    parts = await telegram.ask(telegram.owner, "/edit 1")
    await telegram.people.press(telegram.owner, parts, "عکس")
    assert "به‌صورت عکس" in text_of(await telegram.ask(telegram.owner, "این عکس نیست"))
    sent = await telegram.people.send_file(telegram.owner, "photo", "b.jpg", b"second")
    changed = await telegram.people.wait_for(telegram.owner, lambda _: True, after=max(sent))
    await telegram.people.press(telegram.owner, changed, "انتشار")
    posted = await telegram.people.wait_for(channel, lambda m: "خبر عکس‌دار" in text_of(m))
    assert posted["photo"]
    assert await telegram.people.refused() == []


async def test_whatever_is_written_wrong_or_pressed_late_gets_a_useful_answer(
    app: PeykApp, telegram: Telegram
) -> None:
    people, reader = telegram.people, telegram.reader
    await app.running(telegram)

    async def hears(words: str, answer: str) -> None:
        somebody = await people.person("Somebody")
        assert answer in text_of(await telegram.ask(somebody, words)), words

    async def is_told(kind: str) -> None:
        somebody = await people.person("Somebody")
        sent = await people.send_file(somebody, kind, "x", b"x")
        assert "نمی‌توانم بخوانم" in text_of(await people.wait_for(somebody, lambda _: True, after=max(sent)))

    await asyncio.gather(
        hears("۲۶۴٬۸۰۲", "خبری با شناسهٔ ۲۶۴۸۰۲ نیست"),
        hears("264,802", "خبری با شناسهٔ ۲۶۴۸۰۲ نیست"),
        hears("/article", "/article 264802"),
        hears("/article ۲۶۴/۸۰۲", "شناسهٔ خبر نیست"),
        hears("/start x_9", "این لینک را نمی‌شناسم"),
        hears("/start c_nowhere", "دسته‌ای به نام"),
        hears("/history", "هنوز خبری برایتان فرستاده نشده"),
        hears("/nothing", "/help"),
        is_told("sticker"),
        is_told("voice"),
    )
    welcome = await telegram.ask(reader, "/start")
    assert "همین‌جا به دستتان می‌رسد" in text_of(welcome)
    assert [button["text"] for button in welcome["reply_markup"]["inline_keyboard"][0]] == ["همهٔ خبرها"]
    (written,) = await people.say(reader, "/latest")
    await people.wait_for(reader, lambda m: "منتشر نشده" in text_of(m), after=written)
    await people.do("edit", user_id=reader, message_id=written, text="/categories")
    assert await people.wait_for(reader, lambda m: "ویرایش" in text_of(m), after=written)
    # The buttons of a category that is gone, of a text that is, and of another version.
    for data, answer in (
        ("list:c999:n", "دیگر نیست"),
        ("sub:999:1", "دیگر نیست"),
        ("like:999", "نیست"),
        ("save:999:1", "نیست"),
        ("page:999:0", "نیست"),
        ("like:x", "دیگر کار نمی‌کند"),
        ("seen:1:maybe", "دیگر کار نمی‌کند"),
    ):
        pressed = await _press(telegram, reader, welcome, data)
        assert pressed["alert"], data
        assert answer in pressed["text"], data
    assert await people.refused() == []


async def test_a_flood_by_one_holds_up_nobody_else(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    await app.running(telegram)
    for _ in range(200):
        await people.say(reader, "/latest")
    before = len(await people.messages(reader, by_bot=True))
    await telegram.ask(telegram.owner, "/latest")
    answered = len(await people.messages(reader, by_bot=True)) - before
    # The flooder's answers come one a second: a handful at most came first.
    assert answered < 10


@pytest.mark.long
async def test_authors_keep_to_their_drafts(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    invitation = text_of(await telegram.ask(telegram.owner, "/invite author"))
    await telegram.ask(telegram.reader, f"/start {invitation.rsplit('start=', 1)[1].strip()}")
    await telegram.ask(telegram.owner, _POST.format(title="پیش‌نویس سردبیر"))
    own = await telegram.ask(telegram.reader, _POST.format(title="پیش‌نویس نویسنده"))
    drafts = text_of(await telegram.ask(telegram.reader, "/drafts"))
    assert "نویسنده" in drafts
    assert "پیش‌نویس سردبیر" not in drafts
    assert "نیست" in text_of(await telegram.ask(telegram.reader, "/preview 1"))
    assert (await _press(telegram, telegram.reader, own, "pub:2:1"))["alert"]
    await telegram.ask(telegram.owner, "/publish 2")
    # What readers see is no longer its author's to change.
    assert "سردبیر" in text_of(await telegram.ask(telegram.reader, "/edit 2"))
    assert (await _press(telegram, telegram.reader, own, "edit:2:nophoto"))["alert"]


@pytest.mark.long
async def test_captions_and_marks_of_direction_hide_no_command(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    sent = await telegram.people.send_file(telegram.reader, "photo", "a.jpg", b"x", caption="/latest many")
    answer = await telegram.people.wait_for(telegram.reader, lambda _: True, after=max(sent))
    assert "۱ تا ۳۰" in text_of(answer)
    for number in ("\u200f۱۲", "\u2068١٢\u2069", "/article\u200f 12", "#12"):
        assert "۱۲ نیست" in text_of(await telegram.ask(telegram.reader, number)), number
    long_name = "ب" * 900
    assert "نیست" in text_of(await telegram.ask(telegram.reader, f"/subscribe {long_name}"))
    assert "حداکثر ۱۰۰۰" in text_of(await telegram.ask(telegram.reader, f"/subscribe {long_name * 4}"))
    assert "شناسهٔ خبر نیست" in text_of(await telegram.ask(telegram.reader, "/start a_99999999999999"))
    assert await telegram.people.refused() == []
