"""The outbox as the newsroom and the operator see it: what waits and how long, and what only a person can decide."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram

_Until = Callable[..., Any]
_FOLLOWERS = 4000
_MANY = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {_FOLLOWERS}) "


@pytest.mark.long
async def test_a_long_broadcast_says_how_long_it_takes_and_how_far_it_is(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    await telegram.channel("کانال")
    await app.running(telegram)
    app.change(
        f"{_MANY} INSERT INTO chat (id, kind, rank, admission, schedule, timezone, created_at) "
        "SELECT 500000 + i, 'private', 2, 'admitted', 'instant', 'Asia/Tehran', 0 FROM n"
    )
    app.change(
        f"{_MANY} INSERT INTO subscription (chat_id, topic_id, category_id, since) SELECT 500000 + i, 0, NULL, 0 FROM n"
    )
    await telegram.pause()
    preview = await telegram.ask(telegram.owner, "/post سیاسی\nخبر همگانی\n\nلید.")
    await telegram.people.press(telegram.owner, preview, "انتشار")
    published = text_of(await telegram.now(preview))
    assert "۴۰۰۱ گیرنده" in published
    assert "حدود ۲ دقیقه" in published

    async def all_wait() -> bool:
        return app.rows("SELECT count(*) FROM delivery WHERE state = 'pending'") == [(_FOLLOWERS + 1,)]

    await until(all_wait)
    shown = text_of(await telegram.ask(telegram.owner, "/outbox"))
    for words in (
        "در صف: ۴۰۰۱",
        "متوقف",
        "آماده: ۴۰۰۱",
        "▱▱",
        "۰ از ۴۰۰۱",
        "حدود ۲ دقیقه",
        "خبر همگانی",
        "چیزی نیازمند",
    ):
        assert words in shown, words
    listed = (await app.cli("outbox", "--limit", "3")).stdout.splitlines()
    assert "pending\t4001" in listed
    first = listed[-3].split("\t")
    assert (first[1], first[3], first[4]) == ("pending", "کانال", "1")
    assert (await app.cli("outbox", "drop", first[0])).returncode == 0
    dropped = f"SELECT state FROM delivery WHERE id = {first[0]}"
    assert app.rows(dropped) == [("withdrawn",)]
    again = await app.cli("outbox", "drop", first[0])
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
    assert (await app.cli("outbox", "retry", first[0])).returncode == 0
    assert app.rows(dropped) == [("pending",)]


async def test_what_only_a_person_can_tell_is_asked_and_answered(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    there, missing = await telegram.channel("رسیده"), await telegram.channel("نرسیده")
    await app.running(telegram)
    await telegram.publish("خبر نامعلوم")
    for channel in (there, missing):
        await telegram.people.wait_for(channel, lambda m: "خبر نامعلوم" in text_of(m))

    async def sent() -> bool:
        return app.rows("SELECT count(*) FROM delivery WHERE state = 'sent'") == [(2,)]

    await until(sent)
    # As where both answers were lost, in channels that nothing may be forwarded from; one had not arrived.
    app.change("UPDATE message SET state = 'asked', telegram_id = NULL")
    app.change("UPDATE delivery SET state = 'uncertain', settled_at = NULL")
    await telegram.people.do("delete", chat_id=missing, message_id=1)
    shown = await telegram.ask(telegram.owner, "/outbox")
    assert "نامعلوم: ۲" in text_of(shown)
    place = {name: at for at, name in re.findall("(.)\\. \u2068(.*)\u2069", text_of(shown))}
    await telegram.people.press(telegram.owner, shown, f"{place['رسیده']} · ✅ رسیده است")
    left = await telegram.now(shown)
    await telegram.people.press(telegram.owner, left, "نرسیده است")
    await telegram.people.wait_for(missing, lambda m: "خبر نامعلوم" in text_of(m))
    stale = await telegram.people.press(telegram.owner, left, "🗑")
    assert stale["alert"]

    async def all_sent() -> bool:
        return app.rows("SELECT DISTINCT state FROM delivery") == [("sent",)]

    await until(all_sent)
    assert len(await telegram.people.messages(there, by_bot=True)) == 1
    # Nobody knows the number of what a person has seen: a retraction says that it still stands.
    card = await telegram.ask(telegram.owner, "/retract 1 برای آزمودن")
    await telegram.people.press(telegram.owner, card, "بله")

    async def all_done() -> bool:
        return app.rows("SELECT count(*) FROM amendment WHERE state != 'pending'") == [(2,)]

    await until(all_done)
    told = text_of(await telegram.finished(card))
    assert "حذف شد: ۱" in told
    assert "بدون تغییر مانده: ۱" in told
