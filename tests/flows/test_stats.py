"""Figures of Peyk: as a picture with words, by buttons, as a table; of everything and of one article."""

import csv
import io
import os
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

pytestmark = pytest.mark.wall_clock


_Until = Callable[..., Any]


def _file(telegram: Telegram, message: dict[str, Any]) -> bytes:
    file = message["photo"][-1] if "photo" in message else message["document"]
    return telegram.running.state.files[file["file_id"]][1]


async def _counted(app: PeykApp, until: _Until, members: int) -> None:
    async def told() -> bool:
        return bool(app.rows(f"SELECT 1 FROM chat WHERE members = {members}"))

    await until(told)


async def test_what_is_published_reaches_and_is_read_is_shown(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel("=کانال خبر")
    await telegram.people.do("crowd", chat_id=channel, count=1200)
    await app.running(telegram)
    await telegram.ask(telegram.reader, "/subscribe ورزشی")
    await telegram.ask(telegram.reader, "/subscribe ورزشی")
    leaving = await telegram.person("رفتنی")
    await telegram.ask(leaving, "/subscribe")
    sure = await telegram.ask(leaving, "/unsubscribe", button="بله")
    await telegram.people.press(leaving, sure, "بله")
    await _counted(app, until, 1202)

    article = await telegram.publish("خبر نخست", "ورزشی")
    await telegram.publish("خبر دوم", "سیاسی")
    await telegram.people.wait_for(channel, lambda m: "خبر دوم" in text_of(m))
    await telegram.people.wait_for(telegram.reader, lambda m: "خبر نخست" in text_of(m))
    for _ in range(2):
        await telegram.ask(telegram.reader, f"/article {article}")

    async def settled() -> bool:
        return app.rows("SELECT sum(count) FROM tally WHERE metric = 'delivered'") == [(3,)]

    await until(settled)
    shown = await telegram.ask(telegram.owner, "/stats", button="۷ روز")
    assert _file(telegram, shown).startswith(b"\x89PNG")
    words = text_of(shown)
    for line in (
        "آمار ۳۰ روز گذشته",
        "خبر منتشرشده: ۲",
        "تیتر رسیده: ۳",
        "بازدید ممکن: ۲٬۴۰۵",
        "خوانندهٔ متن کامل: ۱",
        "دنبال‌کننده: ۳ تازه، ۱ رفته",
    ):
        assert line in words.replace("\u2068", "").replace("\u2069", "")
    assert "تلگرام شمار بازدید را به ربات‌ها نمی‌گوید" in words

    # Another span takes the place of the picture.
    answer = await telegram.people.press(telegram.owner, shown, "۷ روز")
    assert answer["answered"]

    async def replaced() -> bool:
        return "آمار ۷ روز گذشته" in text_of(await telegram.now(shown))

    await until(replaced)
    assert list(buttons_of(await telegram.now(shown))) == ["۷ روز", "۳۰ روز", "۹۰ روز", "آمار یک خبر"]
    assert _file(telegram, await telegram.now(shown)) != _file(telegram, shown)

    statistics = await telegram.ask(telegram.owner, f"/stats {article} ۷", button="۹۰ روز")
    words = text_of(statistics).replace("\u2068", "").replace("\u2069", "")
    for line in ("خبر نخست", "تیتر رسیده: ۲", "کانال ۱، گروه ۰، خصوصی ۱", "بازدید ممکن: ۱٬۲۰۳", "متن کامل: ۱"):
        assert line in words
    await telegram.people.press(telegram.owner, statistics, "۹۰ روز")
    assert "خبر نخست" in text_of(await telegram.now(statistics))

    sent = await telegram.people.say(telegram.owner, "/stats csv ۹۰")
    table = await telegram.people.wait_for(telegram.owner, lambda m: "document" in m, after=max(sent))
    assert table["document"]["file_name"].endswith("-90d.csv")
    rows = list(csv.reader(io.StringIO(_file(telegram, table).decode("utf-8-sig"))))
    today = {row[4]: row[5] for row in rows if row[0] == "روز"}
    assert today == {
        "خبر منتشرشده": "2",
        "تیتر رسیده": "3",
        "بازدید ممکن": "2405",
        "خوانندهٔ متن کامل": "1",
        "دنبال‌کنندهٔ تازه": "3",
        "دنبال‌کنندهٔ رفته": "1",
    }
    assert ["دسته", "", "", "ورزشی", "بازدید ممکن", "1203"] in rows
    assert ["کانال یا گروه", "", "", "'=کانال خبر", "بازدید ممکن", "2404"] in rows
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_what_cannot_be_shown_is_answered(new_app: PeykApp, telegram: Telegram) -> None:
    # Without what draws, the app goes on: it is loaded nowhere else.
    (new_app.folder / "broken").mkdir()
    (new_app.folder / "broken" / "matplotlib.py").write_text("raise ImportError")
    path = f"{new_app.folder / 'broken'}{os.pathsep}{new_app.environment['PYTHONPATH']}"
    await new_app.running(telegram, PYTHONPATH=path)
    await telegram.ask(telegram.owner, "/post سیاسی\nپیش‌نویس\n\nلید در یک سطر.", button="انتشار")
    for words, answer in (
        ("/stats x", "آمار یک خبر با شناسه‌اش"),
        ("/stats 366d", "از ۱ تا ۳۶۵"),
        ("/stats csv 0", "از ۱ تا ۳۶۵"),
        ("/stats 99", "خبری با شناسهٔ ۹۹ نیست"),
        ("/stats 1", "هنوز منتشر نشده"),
    ):
        assert answer in text_of(await telegram.ask(telegram.owner, words))
    unknown = text_of(await telegram.ask(telegram.reader, "/no_such_command"))
    for words in ("/stats", "/stats 1", "/stats csv"):
        assert text_of(await telegram.ask(telegram.reader, words)) == unknown
    own = await telegram.ask(telegram.reader, "/help")
    for data in ("stats:30", "stats:30:1", "stats:31", "stats:30:-1"):
        answer = await telegram.people.do(
            "press", user_id=telegram.reader, chat_id=telegram.reader, message_id=own["message_id"], data=data
        )
        assert answer["text"]
        assert "آمار" not in answer["text"]
    panel = await telegram.ask(telegram.owner, "/stats", button="۷ روز")
    assert "photo" not in panel
    assert "خبر منتشرشده" in text_of(panel)
    assert "نمودار این بار کشیده نشد" in text_of(panel)
    assert "picture_not_drawn" in new_app.log
