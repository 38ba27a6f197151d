"""The audit: read in the chat, as a table, and on the command line; and what an author may not do."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram

_PAGE = """ورزشی
شناسه خبر : {number}
تاریخ انتشار : چهارشنبه 1404/10/03 ساعت 15:16
همایش بزرگ دریانوردی در بندر نوآباد برگزار شد
همایش بزرگ دریانوردی در بندر نوآباد برگزار شد
دریانوردان دوازده کشور در همایشی دو روزه در بندر نوآباد تجربه های خود را در میان گذاشتند.
پیک نیوز-گروه ورزشی: دریانوردان دوازده کشور در همایشی دو روزه در بندر نوآباد گرد آمدند و {words}
"""


async def _invited(telegram: Telegram, name: str, role: str) -> int:
    """Bring somebody into the newsroom."""
    person = await telegram.person(name)
    invitation = text_of(await telegram.ask(telegram.owner, f"/invite {role}"))
    await telegram.ask(person, f"/start {invitation.rsplit('start=', 1)[1].strip()}")
    return person


def _bare(message: dict[str, Any]) -> str:
    return re.sub("[\u200f\u2068\u2069]", "", text_of(message))


async def test_every_act_is_there_with_who_when_and_what(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel("کانال ما")
    await app.running(telegram)
    author = await _invited(telegram, "نویسندهٔ ما", "author")
    preview = await telegram.ask(author, "/post ورزشی\nتیتر خام\n\nلید.\n\nبند نخست.\nبند دوم.")
    await telegram.people.press(author, preview, "پیش‌نویس")
    await telegram.people.press(author, preview, "پیش‌نویس")
    parts = await telegram.ask(author, "/edit 1")
    await telegram.people.press(author, parts, "متن")
    await telegram.people.wait_for(author, lambda m: "متن تازه" in text_of(m), after=parts["message_id"])
    await telegram.ask(author, "بند نخست.\nبند پخته.", button="تمام")
    await telegram.ask(author, "تمام", button="پیش‌نویس")
    parts = await telegram.ask(telegram.owner, "/edit 1")
    await telegram.people.press(telegram.owner, parts, "دسته")
    await telegram.people.press(telegram.owner, await telegram.now(parts), "سیاسی")
    await telegram.ask(telegram.owner, "/publish 1")
    card = await telegram.correct(1, "تیتر", "تیتر درست", "نام شهر")
    await telegram.people.press(telegram.owner, card, "بله")
    added = await app.cli("sources", "add", "https://example.org/rss", "--category", "ورزشی")
    assert added.returncode == 0
    panel = await telegram.ask(telegram.owner, f"/start p_{channel}")
    await telegram.people.press(telegram.owner, panel, "توقف")
    await telegram.pause()
    await telegram.ask(telegram.owner, "/resume")

    history = await telegram.ask(telegram.owner, "/audit 1")
    lines = [line for line in _bare(history).splitlines() if line]
    acts = [line for line in lines[1:] if line.split(" · ")[0] in _ACTS]
    assert acts == [
        "اصلاح · نسخهٔ ۴",
        "انتشار",
        "ویرایش · نسخهٔ ۳",
        "ویرایش · نسخهٔ ۲",
        "پیش‌نویس ماند",
        "پیش‌نویس تازه · نسخهٔ ۱",
    ]
    assert "نام شهر" in lines
    assert "ورزشی -> سیاسی" in lines
    assert sum("نویسندهٔ ما" in line for line in lines) == 3
    assert "ساعت" in lines[1]
    await telegram.people.press(telegram.owner, history, "۴ · چه تغییر کرد")
    changed = _bare(await telegram.now(history))
    assert "بود: بند دوم." in changed
    assert "شد: بند پخته." in changed
    assert "بند نخست" not in changed
    await telegram.people.press(telegram.owner, await telegram.now(history), "بازگشت")
    assert _bare(await telegram.now(history)) == _bare(history)

    newest = await telegram.ask(telegram.owner, "/audit")
    for words in (
        "ازسرگیری ارسال‌ها",
        "خط فرمان",
        "https://example.org/rss",
        "paused False -> True",
        "خبر 1: تیتر درست",
    ):
        assert words in _bare(newest).replace("۱", "1"), words
    await telegram.people.press(telegram.owner, newest, "بعدی")
    older = _bare(await telegram.now(newest))
    assert "پیوستن به تحریریه" in older or "پیش‌نویس تازه" in older
    await telegram.people.press(telegram.owner, await telegram.now(newest), "قبلی")
    assert _bare(await telegram.now(newest)) == _bare(newest)

    sent = await telegram.ask(telegram.owner, "/audit csv ۷")
    content = telegram.running.state.files[sent["document"]["file_id"]][1]
    assert sent["document"]["file_name"] == "audit-7.csv"
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    codes = [row[4] for row in rows[1:]]
    for act in (
        "resume",
        "pause",
        "chat_settings",
        "add_source",
        "correct",
        "publish",
        "keep",
        "draft",
        "join",
        "invite",
    ):
        assert codes.count(act) >= 1, act
    assert ["appoint", "خط فرمان"] in [[row[4], row[1]] for row in rows]
    printed = await app.cli("audit", "--article", "1")
    told = list(csv.reader(io.StringIO(printed.stdout.removeprefix("\ufeff"), newline="")))
    assert [row[4] for row in told[1:]] == ["correct", "publish", "edit", "edit", "keep", "draft"]
    for words in ("/audit x", "/audit csv x", "/audit csv 0"):
        assert "csv" in text_of(await telegram.ask(telegram.owner, words))
    assert "ثبت نشده" in text_of(await telegram.ask(telegram.owner, "/audit 77"))
    unknown = text_of(await telegram.ask(author, "/no_such_command"))
    assert text_of(await telegram.ask(author, "/audit 1")) == unknown
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_an_author_imports_over_nothing_but_drafts_of_their_own(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    author, colleague = await _invited(telegram, "نویسنده", "author"), await _invited(telegram, "همکار", "author")
    first = _PAGE.format(number=264802, words="سخن گفتند.")
    await telegram.ask(author, f"/import {first}", button="پیش‌نویس")
    # The author's own draft may change.
    changed = first.replace("سخن گفتند", "سخن نگفتند")
    assert "به‌روز شد" in text_of(await telegram.ask(author, f"/import {changed}"))
    # Somebody else's does not, and nothing of it is shown.
    for words in (first, changed):
        refused = text_of(await telegram.ask(colleague, f"/import {words}"))
        assert "همکار دیگری" in refused
        assert "همایش" not in refused
    await telegram.ask(telegram.owner, "/publish 264802")
    posted = await telegram.people.wait_for(channel, lambda _: True)
    assert "دیگر پیش‌نویس نیست" in text_of(await telegram.ask(author, f"/import {first}"))
    # The first one as the page has it and as the copy editor corrected it, and the author's change.
    assert app.rows("SELECT revision FROM article") == [(3,)]
    # An editor's reading of the page is a correction of what readers have.
    better = first.replace("تجربه های خود را", "دستاوردهای خود را")
    assert "به‌روز شد" in text_of(await telegram.ask(telegram.owner, f"/import {better}"))

    async def corrected() -> bool:
        return "دستاوردهای خود" in text_of(await telegram.now(posted))

    await until(corrected)


_ACTS = ("اصلاح", "انتشار", "ویرایش", "پیش‌نویس ماند", "پیش‌نویس تازه")
