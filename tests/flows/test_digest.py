"""The digest: one rich message at the times that one chose, late rather than never, kept true afterwards."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.clock import now_ms
from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.peyk_app import asks
from tests.wall_clock import at_a_later_hour

pytestmark = pytest.mark.wall_clock


_Until = Callable[..., Any]
_HOUR = 3_600_000


async def _choose_digest(app: PeykApp, telegram: Telegram, person: int) -> None:
    """Follow everything, and choose the digest's times by buttons; then let them be hours away."""
    await telegram.ask(person, "/subscribe")
    panel = await telegram.ask(person, "/settings")
    await telegram.people.press(person, panel, "زمان ارسال")
    page = await telegram.now(panel)
    assert "دسته‌به‌دسته" in text_of(page)
    await telegram.people.press(person, page, "۰۸:۰۰")
    assert any(words.startswith("✅ گزیده در ساعت") for words in buttons_of(await telegram.now(panel)))
    app.change(f"UPDATE chat SET schedule = '{at_a_later_hour()}' WHERE id = {person}")


async def _import(app: PeykApp, *headlines: tuple[str, str]) -> None:
    """Publish articles of these titles and categories from files, all at once."""
    names = []
    for number, (title, category) in enumerate(headlines, 1):
        names.append(f"{number}.txt")
        (app.folder / names[-1]).write_text(_COPIED.format(number=number, title=title, category=category))
    done = await app.cli("import", *names, "--publish")
    assert done.returncode == 0, done.stderr


_COPIED = """{category}
شناسه خبر : {number}
تاریخ انتشار : 1404/10/0{number} 08:00
{title}
{title}
لید خبر {number} که در یک سطر می‌آید و به اندازهٔ کافی بلند است تا لید باشد.
پیک-گروه خبر: متن خبر {number} که به اندازهٔ کافی بلند است تا یک بند کامل باشد و تمام شود.
"""


async def _waiting(app: PeykApp, count: int, until: _Until) -> None:
    async def all_wait() -> bool:
        return app.rows("SELECT count(*) FROM delivery WHERE state = 'pending'") == [(count,)]

    await until(all_wait)


async def _pass_hours(app: PeykApp, hours: int, article_ids: tuple[int, ...]) -> None:
    """Let the digest's time of these articles have been so long ago. The app is down."""
    ids = ", ".join(map(str, article_ids))
    app.change(
        f"UPDATE delivery SET due_at = {now_ms() - hours * _HOUR} WHERE article_id IN ({ids}) AND state = 'pending'"
    )


async def _pushed(telegram: Telegram, chat_id: int) -> list[dict[str, Any]]:
    return [m for m in await telegram.people.messages(chat_id, by_bot=True) if "گزیدهٔ خبرها" in text_of(m)]


def _lines(message: dict[str, Any]) -> list[str]:
    return [line for line in text_of(message).translate(_NO_MARKS).splitlines() if line]


_NO_MARKS = dict.fromkeys([0x200F, 0x2068, 0x2069])


async def test_an_app_that_was_down_sends_one_digest_late_and_corrects_it(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    await telegram.people.say(telegram.owner, "پست خود کانال", chat_id=channel)
    plain = await telegram.person("ساده‌خوان")
    await telegram.people.press(plain, await telegram.ask(plain, "/settings"), "متن ساده")
    await telegram.ask(plain, "/subscribe")
    app.change(f"UPDATE chat SET schedule = '{at_a_later_hour()}' WHERE id IN ({plain}, {channel})")
    panel = await telegram.ask(telegram.owner, f"/start p_{channel}", button="گزیده با متن آراسته")
    await telegram.people.press(telegram.owner, panel, "گزیده با متن آراسته")
    await _choose_digest(app, telegram, telegram.reader)
    await _import(app, ("نشست سران", "سیاسی"), ("برد تیم ملی", "ورزشی"), ("رأی مجلس", "سیاسی"), ("کهنه", "ورزشی"))
    await _waiting(app, 12, until)
    assert await app.stop() == 0
    await _pass_hours(app, 14, (1, 2))
    await _pass_hours(app, 2, (3,))
    await _pass_hours(app, 4 * 24, (4,))
    await telegram.people.do("faults", kind="answer_lost", method="sendRichMessage", chat_id=channel)
    await app.running(telegram)

    rich = await telegram.people.wait_for(telegram.reader, lambda m: "گزیدهٔ خبرها" in text_of(m))
    html = await telegram.people.wait_for(plain, lambda m: "گزیدهٔ خبرها" in text_of(m))
    assert rich["rich_message"]["is_rtl"] is True
    assert text_of(rich) in telegram.texts_by_bot(telegram.reader)
    assert "rich_message" not in html
    posted = await telegram.people.wait_for(channel, lambda m: "گزیدهٔ خبرها" in text_of(m))
    for copy in (rich, html, posted):
        lines = [line.removeprefix("▪️ ") for line in _lines(copy)]
        assert [line.split(" · ")[0] for line in lines[1:-1]] == [
            "سیاسی",
            "رأی مجلس",
            "نشست سران",
            "ورزشی",
            "برد تیم ملی",
        ]
        assert lines[-1].startswith("۳ خبر")
    assert "start=a_3" in rich["rich_message"]["html"]
    assert "بیرون از گنجایش گزیده: ۳" in text_of(await telegram.ask(telegram.owner, "/outbox"))

    card = await telegram.correct(2, "تیتر", "باخت تیم ملی", "نتیجه")
    await telegram.people.press(telegram.owner, card, "بله")
    await telegram.people.press(
        telegram.owner, await telegram.ask(telegram.owner, "/retract 3 چون نادرست است"), "بله"
    )

    async def right() -> bool:
        copies = [_lines(await telegram.now(copy)) for copy in (rich, html, posted)]
        return all(
            [line.removeprefix("▪️ ").split(" · ")[0] for line in lines[1:-1]]
            == ["سیاسی", "نشست سران", "ورزشی", "باخت تیم ملی"]
            for lines in copies
        )

    await until(right)
    assert len(await _pushed(telegram, channel)) == 1, "the answer was lost, the digest was not"
    assert not app.rows("SELECT 1 FROM delivery WHERE state NOT IN ('sent', 'expired')")
    refused = [entry["method"] for entry in await telegram.people.refused()]
    assert refused == ["sendRichMessage"], "that whose answer was lost"


@pytest.mark.long
async def test_what_waits_follows_a_schedule_that_is_changed(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    await app.running(telegram)
    for person in (telegram.reader, other := await telegram.person("دیگری")):
        await _choose_digest(app, telegram, person)
    await telegram.publish("نشست سران", "سیاسی")
    await telegram.publish("برد تیم ملی", "ورزشی")
    await _waiting(app, 4, until)
    panel = await telegram.ask(telegram.reader, "/settings")
    await telegram.people.press(telegram.reader, panel, "زمان ارسال")
    await telegram.people.press(telegram.reader, await telegram.now(panel), "بی‌درنگ")
    came = await telegram.people.wait_for(telegram.reader, lambda m: "گزیدهٔ خبرها" in text_of(m))
    assert [line.split(" · ")[0] for line in _lines(came)[1:-1]] == ["سیاسی", "نشست سران", "ورزشی", "برد تیم ملی"]
    assert app.rows("SELECT DISTINCT chat_id FROM delivery WHERE state = 'pending'") == [(other,)]
    await telegram.publish("نشست دوم", "سیاسی")
    await telegram.people.wait_for(telegram.reader, lambda m: "نشست دوم" in text_of(m))


@pytest.mark.long
async def test_where_rich_messages_are_refused_the_digest_comes_as_html_and_at_once_to_who_asks(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    await app.running(telegram)
    assert "منتشر نشده" in text_of(await telegram.ask(telegram.reader, "/digest"))
    await _choose_digest(app, telegram, telegram.reader)
    await telegram.publish("نشست سران", "سیاسی")
    await telegram.publish("برد تیم ملی", "ورزشی")
    now = await telegram.ask(telegram.reader, "/digest")
    assert now["rich_message"]["is_rtl"] is True
    assert [line.split(" · ")[0] for line in _lines(now)[1:-1]] == ["سیاسی", "نشست سران", "ورزشی", "برد تیم ملی"]
    listed = text_of(await telegram.ask(telegram.reader, "/start news"))
    assert "نشست سران" in listed
    assert "برد تیم ملی" in listed
    other = await telegram.person("دیگری")
    await telegram.ask(other, "/subscribe ورزشی")
    assert "نشست سران" not in text_of(await telegram.ask(other, "/digest"))
    sure = await telegram.ask(other, "/unsubscribe", button="بله")
    await telegram.people.press(other, sure, "بله")
    await telegram.ask(other, "/subscribe فرهنگی")
    assert "دنبال می‌کنید" in text_of(await telegram.ask(other, "/digest"))

    group = await telegram.people.chat("supergroup", "گروه", telegram.owner)
    await telegram.people.add_bot(group, telegram.owner, status="member")
    await telegram.people.wait_for(group, lambda _: True)
    await telegram.ask(telegram.owner, "/subscribe سیاسی", chat_id=group)
    in_group = await telegram.ask(telegram.owner, "/digest", chat_id=group)
    assert [line.removeprefix("▪️ ").split(" · ")[0] for line in _lines(in_group)[1:-1]] == ["سیاسی", "نشست سران"]

    card = await telegram.correct(1, "تیتر", "نشست وزیران", "نام نشست")
    await telegram.people.press(telegram.owner, card, "بله")

    async def right() -> bool:
        return all(["نشست وزیران" in text_of(await telegram.now(copy)) for copy in (now, in_group)])

    await until(right)
    await _waiting(app, 2, until)
    assert await app.stop() == 0
    await _pass_hours(app, 2, (1, 2))
    await telegram.people.do("rich", on=False)
    await app.running(telegram)
    pushed = await telegram.people.wait_for(
        telegram.reader, lambda m: "گزیدهٔ خبرها" in text_of(m), after=now["message_id"]
    )
    assert "rich_message" not in pushed
    assert [line.removeprefix("▪️ ").split(" · ")[0] for line in _lines(pushed)[1:-1]] == [
        "سیاسی",
        "نشست وزیران",
        "ورزشی",
        "برد تیم ملی",
    ]
    assert [entry["method"] for entry in await telegram.people.refused()] == ["sendRichMessage"]
    assert "rich_message" not in await telegram.ask(telegram.reader, "/digest")
    assert len(await telegram.people.refused()) == 1, "the refusal is remembered"
    assert app.rows("SELECT state, count(*) FROM delivery GROUP BY state") == [("sent", 2)]


async def test_digests_are_html_in_channels_and_groups_until_their_panel_says_otherwise(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    group = await telegram.people.chat("supergroup", "گروه", telegram.owner)
    await telegram.people.add_bot(group, telegram.owner, status="member")
    await telegram.people.do("join", chat_id=group, user_id=telegram.reader)
    await telegram.people.wait_for(group, lambda _: True)
    app.change(f"UPDATE chat SET schedule = '{at_a_later_hour()}' WHERE id = {channel}")
    for title, category in (("نشست سران", "سیاسی"), ("برد تیم ملی", "ورزشی")):
        await telegram.publish(title, category)
    await _waiting(app, 2, until)
    assert await app.stop() == 0
    await _pass_hours(app, 2, (1, 2))
    await app.running(telegram)
    posted = await telegram.people.wait_for(channel, lambda m: "گزیدهٔ خبرها" in text_of(m))
    assert "rich_message" not in posted
    assert "rich_message" not in await telegram.ask(telegram.reader, "/digest", chat_id=group)

    panel = await telegram.ask(telegram.owner, f"/start p_{group}", button="گزیده با متن آراسته")
    await telegram.people.press(telegram.owner, panel, "گزیده با متن آراسته")
    assert "✅ گزیده با متن آراسته" in buttons_of(await telegram.now(panel))
    assert "rich_message" in await telegram.ask(telegram.reader, "/digest", chat_id=group)
    assert not any(asks(message) for message in await telegram.people.messages(group, by_bot=True)), (
        "a group is not asked"
    )
    own = await telegram.ask(telegram.reader, "/settings")
    assert "گزیده با متن آراسته" not in str(buttons_of(own)), "a person has one switch for all rich texts"


@pytest.mark.long
async def test_a_persons_first_rich_digest_is_followed_by_the_question_and_comes_again_as_html(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    people, reader = telegram.people, telegram.reader
    await app.running(telegram)
    other = await telegram.person("دیگری")
    await _choose_digest(app, telegram, reader)
    for title, category in (("نشست سران", "سیاسی"), ("برد تیم ملی", "ورزشی")):
        await telegram.publish(title, category)
    # One gets it pushed, the other asks for it.
    await _waiting(app, 2, until)
    assert await app.stop() == 0
    await _pass_hours(app, 2, (1, 2))
    await app.running(telegram)
    await telegram.ask(other, "/digest")
    for person in (reader, other):
        question = await people.wait_for(person, asks)
        assert "برنامهٔ شما آن را نشان نمی‌دهد" in text_of(question)
        await asyncio.gather(*(people.press(person, question, "متن ساده") for _ in range(2)))
        again = await people.wait_for(person, lambda m: "نشست سران" in text_of(m), after=question["message_id"])
        assert "rich_message" not in again
        assert buttons_of(await telegram.now(question)) == {}
        ids = [m["message_id"] for m in await _pushed(telegram, person)]
        assert len([id_ for id_ in ids if id_ > question["message_id"]]) == 1, "it comes again once"
        assert "rich_message" not in await telegram.ask(person, "/digest")
