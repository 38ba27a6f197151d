"""An article is published by itself at its time and is nowhere before; it is moved, cancelled, or sent at once."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

pytestmark = pytest.mark.wall_clock


_Until = Callable[..., Any]
_SOON = "UPDATE article SET scheduled_at = {at} WHERE id = {id}"


async def _draft(telegram: Telegram, title: str, *, by: int | None = None) -> dict[str, Any]:
    words = f"/post سیاسی\n{title}\n\nلید خبر در یک سطر."
    return await telegram.ask(by or telegram.owner, words, button="پیش‌نویس")


async def _editor(telegram: Telegram, role: str = "editor") -> int:
    invitation = text_of(await telegram.ask(telegram.owner, f"/invite {role}"))
    person = await telegram.person("مینا")
    await telegram.ask(person, f"/start {invitation.rsplit('start=', 1)[1].strip()}")
    return person


async def _plan(telegram: Telegram, preview: dict[str, Any], when: str, button: str = "زمان‌بندی") -> dict[str, Any]:
    """Press the button of a preview, write a time, and return the answer."""
    await telegram.people.press(telegram.owner, preview, button)
    asked = await telegram.people.wait_for(
        telegram.owner, lambda m: "کِی منتشر شود" in text_of(m), after=preview["message_id"]
    )
    assert "لغو" in " ".join(buttons_of(asked))
    return await telegram.ask(telegram.owner, when)


def _copy(app: PeykApp, old: int, new: int) -> None:
    """Plan a copy of an article for the minutes behind it: what would take ten commands."""
    names = "category_id, language, state, revision, author_id, published_at, created_at, updated_at"
    app.change(
        f"INSERT INTO article (id, {names}, scheduled_at) "
        f"SELECT {new}, {names}, scheduled_at + {new} * 60000 FROM article WHERE id = {old}"
    )
    app.change(
        "INSERT INTO revision (article_id, number, title, body, created_at) "
        f"SELECT {new}, number, replace(title, '1', '{new}'), body, created_at FROM revision WHERE article_id = {old}"
    )


async def _nowhere(telegram: Telegram, title: str) -> None:
    """Look for article 1 of the category سیاسی in every place that a reader has, each as somebody else."""
    people, word = telegram.people, title.split()[1]

    async def look(words: str) -> None:
        reader = await people.person("جوینده", started=True)
        assert title not in text_of(await telegram.ask(reader, words)), words

    ways = (
        "/latest",
        "/category سیاسی",
        f"/search {word}",
        word,
        "/article 1",
        "1",
        "/start a_1",
        "/start c1",
        "/digest",
    )
    await asyncio.gather(*(look(words) for words in ways))
    reader = telegram.reader
    for query in ("", word):
        answer = await people.do("inline", user_id=reader, query=query)
        assert title not in str(answer["results"])
    held = await telegram.ask(reader, "/help")
    for data in (
        "page:1:0",
        "save:1:1",
        "list:a:n",
        "list:c1:n",
        "talk:1:n",
        "write:1",
        "view:1:0",
        "edit:1",
        "copies:1",
    ):
        where = {"user_id": reader, "chat_id": reader, "message_id": held["message_id"]}
        await people.do("press", data=data, **where)
    assert title not in text_of(await telegram.ask(reader, "/saved"))
    assert all(title not in text_of(message) for message in await people.messages(reader, by_bot=True))


async def test_an_embargo_holds_everywhere_and_ends_late_rather_than_never(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    await telegram.ask(telegram.reader, "/subscribe")
    title = "توافق پنهان نوآباد"
    preview = await _draft(telegram, title)
    assert sum("انتشار" in text for text in buttons_of(preview)) == 1
    unread = await _plan(telegram, preview, "یک روزی")
    assert "«\u2068یک روزی\u2069»" in text_of(unread)
    assert "شنبه ساعت ۹ شب" in text_of(unread)
    assert "گذشته است" in text_of(await telegram.ask(telegram.owner, "1404/10/03 08:00"))
    done = await telegram.ask(telegram.owner, "فردا ۸:۳۰", button="لغو زمان‌بندی")
    assert "زمان‌بندی شد" in text_of(done)
    assert "ساعت ۰۸:۳۰" in text_of(done)
    await _nowhere(telegram, title)
    assert await telegram.people.messages(channel, by_bot=True) == []

    # It is edited in between, and keeps its time.
    (before,) = app.rows("SELECT scheduled_at FROM article")
    parts = await telegram.ask(telegram.owner, "/edit 1", button="لید")
    await telegram.people.press(telegram.owner, parts, "لید")
    await telegram.people.wait_for(telegram.owner, lambda m: "لید تازه" in text_of(m), after=parts["message_id"])
    edited = await telegram.ask(telegram.owner, "لید ویراسته‌شده.", button="تغییر زمان")
    assert "زمان انتشار: \u2068" in text_of(edited)
    assert app.rows("SELECT scheduled_at, state FROM article") == [(*before, "scheduled")]

    app.kill()
    app.change(_SOON.format(at=int((time.time() - 3600) * 1000), id=1))
    await app.running(telegram)
    posted = await telegram.people.wait_for(channel, lambda m: title in text_of(m))
    assert "لید ویراسته‌شده" in text_of(posted)
    await telegram.people.wait_for(telegram.owner, lambda m: "دیرتر از زمانش منتشر شد" in text_of(m))
    await telegram.people.wait_for(telegram.reader, lambda m: title in text_of(m))
    assert title in text_of(await telegram.ask(telegram.reader, "/latest"))
    ((published_at, released_at, left),) = app.rows("SELECT published_at, released_at, scheduled_at FROM article")
    assert published_at == released_at > (time.time() - 60) * 1000
    assert left is None
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_the_calendar_and_what_is_done_from_it(app: PeykApp, telegram: Telegram, until: _Until) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    assert "در برنامه نیست" in text_of(await telegram.ask(telegram.owner, "/planned"))
    editor = await _editor(telegram)
    for number, when in ((1, "فردا ۹:۱۵"), (2, "پس‌فردا ساعت ۹ شب")):
        await _draft(telegram, f"خبر شمارهٔ {number} نوآباد")
        answer = await telegram.ask(telegram.owner, f"/publish {number} {when}", button="تغییر زمان")
        assert "زمان‌بندی شد" in text_of(answer)
    for number in range(3, 11):
        _copy(app, 1, number)
    first = await telegram.ask(editor, "/planned", button="بعد")
    shown = text_of(first)
    assert re.search(r"\n\S*(شنبه|جمعه) [۰-۹]+ \S+ ۱[۰-۹]{3}\n", shown), shown
    assert "۰۹:۱۵ · ۱ خبر شمارهٔ 1 نوآباد · سردبیر" in shown
    assert shown.index("· ۳ خبر") < shown.index("· ۹ خبر")
    await telegram.people.press(editor, first, "بعد")
    assert "۲۱:۰۰ · ۲ خبر شمارهٔ 2" in text_of(await telegram.now(first))

    # The editor moves one, cancels one, and sends one at once; whoever planned them hears of it.
    await telegram.people.press(editor, await telegram.now(first), "۲ ·")
    opened = await telegram.people.wait_for(
        editor, lambda m: "لغو زمان‌بندی" in " ".join(buttons_of(m)), after=first["message_id"]
    )
    assert {"انتشار", "تغییر زمان", "لغو زمان‌بندی", "فوری"} <= {
        text.split(" ", 1)[1] for text in buttons_of(opened)
    }
    moved = await telegram.ask(editor, "/publish 2 +3h", button="تغییر زمان")
    assert "پیش از این: " in text_of(moved)
    await telegram.people.wait_for(telegram.owner, lambda m: "زمان خبر ۲ را تغییر داد" in text_of(m))
    await telegram.people.press(editor, opened, "لغو زمان‌بندی")
    assert "اکنون پیش‌نویس است" in text_of(await telegram.now(opened))
    again = await telegram.people.press(editor, opened, "لغو زمان‌بندی")
    assert (again["alert"], "دیگر در برنامه نیست" in again["text"]) == (True, True)
    assert "خبر شمارهٔ 2" in text_of(await telegram.ask(telegram.owner, "/drafts"))
    preview = await telegram.ask(editor, "/preview 9", button="تغییر زمان")
    await telegram.people.press(editor, preview, "انتشار")
    await telegram.people.wait_for(channel, lambda m: "خبر شمارهٔ 9" in text_of(m))
    stale = await telegram.people.press(editor, preview, "تغییر زمان")
    assert "پیش‌تر منتشر شده" in stale["text"]
    stale = await telegram.people.press(editor, preview, "لغو زمان‌بندی")
    assert "پیش‌تر منتشر شده" in stale["text"]
    assert "پیش‌تر منتشر شده" in text_of(await telegram.ask(editor, "/publish 9 فردا ۸"))

    # To the second: what is due is looked for all the time.
    at = int(time.time() * 1000) + 1500
    app.change(_SOON.format(at=at, id=1))
    await telegram.people.wait_for(channel, lambda m: "خبر شمارهٔ 1 نوآباد" in text_of(m))
    ((released_at,),) = app.rows("SELECT released_at FROM article WHERE id = 1")
    assert 0 <= released_at - at < 2_000
    await telegram.people.wait_for(telegram.owner, lambda m: "خبر ۱ در زمانش منتشر شد" in text_of(m))
    assert len(await telegram.people.messages(channel, by_bot=True)) == 2
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_who_may_not_publish_plans_nothing_and_a_question_survives_a_restart(
    app: PeykApp, telegram: Telegram
) -> None:
    await app.running(telegram)
    author = await _editor(telegram, "author")
    preview = await _draft(telegram, "خبر نویسنده", by=author)
    assert not any("زمان‌بندی" in text or "فوری" in text for text in buttons_of(preview))
    unknown = text_of(await telegram.ask(author, "/no_such_command"))
    for words in ("/publish 1 فردا ۸", "/planned", "/breaking 1"):
        assert text_of(await telegram.ask(author, words)) == unknown
    for data in ("plan:1:1", "unplan:1", "planned:0", "rush:1"):
        where = {"user_id": author, "chat_id": author, "message_id": preview["message_id"]}
        assert (await telegram.people.do("press", data=data, **where))["alert"]

    seen = await telegram.ask(telegram.owner, "/preview 1", button="زمان‌بندی")
    await telegram.people.press(telegram.owner, seen, "زمان‌بندی")
    await telegram.people.wait_for(telegram.owner, lambda m: "کِی منتشر شود" in text_of(m), after=seen["message_id"])
    app.kill()
    await app.running(telegram)
    answer = await telegram.ask(telegram.owner, "۲ ساعت دیگر", button="تغییر زمان")
    assert "حدود ۲ ساعت\u2069 دیگر" in text_of(answer)
    assert "فقط سردبیر" in text_of(await telegram.ask(author, "/edit 1"))
    kept = await telegram.people.press(author, preview, "پیش‌نویس")
    assert "زمان‌بندی شده است" in kept["text"]

    # An author had begun to edit before; what an editor has looked at is not changed under their hands.
    parts = await telegram.ask(telegram.owner, "/edit 1", button="تیتر")
    await telegram.people.press(telegram.owner, parts, "تیتر")
    await telegram.people.wait_for(telegram.owner, lambda m: "تیتر تازه" in text_of(m), after=parts["message_id"])
    await telegram.ask(telegram.owner, "تیتر ویراسته", button="تغییر زمان")
    stale = await telegram.people.press(telegram.owner, answer, "تغییر زمان")
    assert "تغییر کرده" in stale["text"]
    assert app.rows("SELECT state, revision FROM article") == [("scheduled", 2)]


async def test_a_usual_time_is_one_press(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    preview = await _draft(telegram, "خبر فردا")
    await telegram.people.press(telegram.owner, preview, "زمان‌بندی")
    asked = await telegram.people.wait_for(
        telegram.owner, lambda m: "کِی منتشر شود" in text_of(m), after=preview["message_id"]
    )
    await telegram.people.press(telegram.owner, asked, "فردا ۰۸:۰۰")
    planned = await telegram.now(asked)
    assert "زمان‌بندی شد" in text_of(planned)
    assert "۰۸:۰۰" in text_of(planned)
    assert app.rows("SELECT state FROM article") == [("scheduled",)]
    # The question is answered: what is written next is a search.
    assert "متوجه نشدم" not in text_of(await telegram.ask(telegram.owner, "نوآباد"))
