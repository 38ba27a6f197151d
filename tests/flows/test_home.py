"""The newsroom's home: what waits for each role, with buttons that open it, and the way to the reader's view."""

import asyncio

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of


def _commands_of(telegram: Telegram, user_id: int) -> list[str]:
    menu = next(
        menu for key, menu in telegram.running.state.commands.items() if f'"chat_id":{user_id}' in _bare(key)
    )
    return [str(command["command"]) for command in menu]


def _bare(key: object) -> str:
    return str(key).replace(" ", "").replace("'", '"')


async def _join(telegram: Telegram, role: str) -> tuple[int, str]:
    """Have the owner invite a person; return their id and the words of their welcome."""
    person = await telegram.person("مینا")
    invitation = text_of(await telegram.ask(telegram.owner, f"/invite {role}"))
    welcome = await telegram.ask(person, f"/start {invitation.rsplit('start=', 1)[1].strip()}")
    return person, text_of(welcome)


async def test_the_home_counts_what_waits_and_opens_it(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    people = telegram.people
    empty = await telegram.ask(telegram.owner, "/desk")
    assert "چیزی در انتظار شما نیست" in text_of(empty)
    author, welcome = await _join(telegram, "author")
    assert [line[0] for line in welcome.splitlines()[-3:]] == ["۱", "۲", "۳"]

    draft = await telegram.ask(author, "/post سیاسی\nخبر نویسنده\n\nلید.", button="پیش‌نویس")
    await people.press(author, draft, "بازبینی")
    await telegram.now(draft)
    home = await telegram.ask(telegram.owner, "/start", button="بازبینی (۱)")
    assert "در انتظار بازبینی: ۱" in text_of(home)
    await asyncio.gather(*(people.press(telegram.owner, home, "بازبینی (۱)") for _ in range(2)))
    queue = await people.wait_for(telegram.owner, lambda m: "خبر نویسنده" in text_of(m), after=home["message_id"])
    assert any("خبر نویسنده" in label for label in buttons_of(queue))
    assert text_of(await telegram.now(home)) == text_of(home), "the home stays where it is"

    await people.press(telegram.owner, empty, "تازه‌سازی")
    assert "در انتظار بازبینی: ۱" in text_of(await telegram.now(empty))
    await people.press(telegram.owner, home, "نمای خواننده")
    readers = await people.wait_for(
        telegram.owner, lambda m: "خبررسان شما" in text_of(m), after=queue["message_id"]
    )
    assert any("تحریریه" in label for label in buttons_of(readers))


@pytest.mark.long
async def test_each_role_sees_only_what_it_may_decide(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    people = telegram.people
    author, _ = await _join(telegram, "author")
    moderator, welcome = await _join(telegram, "moderator")
    assert "/comments" in welcome
    await telegram.ask(telegram.owner, "/post سیاسی\nخبر سردبیر\n\nلید.", button="پیش‌نویس")

    authors = await telegram.ask(author, "/desk")
    assert {"✍️ نوشتن", "📎 وارد کردن", "🗂 پیش‌نویس‌ها"} < set(buttons_of(authors))
    assert not any("برنامه" in label or "آمار" in label for label in buttons_of(authors))
    moderators = await telegram.ask(moderator, "/start")
    assert "✍️ نوشتن" not in buttons_of(moderators)
    assert "post" in _commands_of(telegram, author)
    assert "approve" not in _commands_of(telegram, author)
    assert {"desk", "comments"} <= set(_commands_of(telegram, moderator))
    invented = await people.do(
        "press", user_id=moderator, chat_id=moderator, message_id=moderators["message_id"], data="desk:open:post"
    )
    assert "در اختیار نقش شما نیست" in invented["text"]
    assert "این فرمان را نمی‌شناسم" in text_of(await telegram.ask(telegram.reader, "/desk"))


@pytest.mark.long
async def test_help_begins_with_the_jobs_of_the_newsroom(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    helped = await telegram.ask(telegram.owner, "/help")
    places = [text_of(helped).index(word) for word in ("نوشتن", "انتشار و اصلاح", "مدیریت", "خواندن خبرها")]
    assert places == sorted(places)
    await telegram.people.press(telegram.owner, helped, "🏠 تحریریه")
    home = await telegram.people.wait_for(telegram.owner, lambda _: True, after=helped["message_id"])
    assert "نقش شما" in text_of(home)
    readers = text_of(await telegram.ask(telegram.reader, "/help"))
    assert "/desk" not in readers


@pytest.mark.long
async def test_what_was_rejected_is_edited_and_submitted_by_the_buttons_of_its_notice(
    app: PeykApp, telegram: Telegram
) -> None:
    await app.running(telegram)
    people = telegram.people
    author, _ = await _join(telegram, "author")
    draft = await telegram.ask(author, "/post سیاسی\nخبر نویسنده\n\nلید.", button="پیش‌نویس")
    await people.press(author, draft, "بازبینی")
    await telegram.now(draft)
    preview = await telegram.ask(telegram.owner, "/preview 1", button="رد")
    await people.press(telegram.owner, preview, "رد")
    await people.wait_for(telegram.owner, lambda m: "دلیل" in text_of(m), after=preview["message_id"])
    await telegram.ask(telegram.owner, "لید ناقص است")
    notice = await people.wait_for(author, lambda m: "لید ناقص است" in text_of(m), after=draft["message_id"])
    assert "/edit" not in text_of(notice)
    assert list(buttons_of(notice)) == ["👁 دیدن", "✏️ ویرایش", "📨 ارسال برای بازبینی"]
    await people.press(author, notice, "ارسال برای بازبینی")
    assert "ارسال شد" in text_of(await telegram.now(notice)) or "بازبینی" in text_of(await telegram.now(notice))
    assert app.rows("SELECT state FROM article") == [("review",)]
    answer = await telegram.ask(author, "/submit 1")
    assert list(buttons_of(answer)) == ["👁 دیدن"], "an error about an article leads on, too"
