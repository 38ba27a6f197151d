"""Chats that are lost: others go on, whoever must know is told, what waited ends, settings wait for the return."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from persian.direction import RLM
from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.peyk_app import says

_Until = Callable[..., Any]
_REFUSALS = {
    "بیرون‌رانده": (403, "Forbidden: bot was kicked from the channel chat", "kicked"),
    "ترک‌شده": (403, "Forbidden: bot is not a member of the channel chat", "left"),
    "بی‌اجازه": (400, "Bad Request: need administrator rights in the channel chat", "rights taken"),
    "حذف‌شده": (400, "Bad Request: chat not found", "not found"),
}
"""Telegram's words about a channel at a send, and the reason that is kept."""


async def _settled(app: PeykApp, until: _Until) -> None:
    async def done() -> bool:
        return not app.rows("SELECT 1 FROM delivery WHERE state IN ('pending', 'sending')")

    await until(done)


async def _refused(app: PeykApp, until: _Until, refusals: int, *, chats: int) -> None:
    """Wait until so many chats have refused that often, or are lost by now."""

    async def done() -> bool:
        query = f"SELECT count(*) FROM chat WHERE refusals >= {refusals} OR lost_at IS NOT NULL"
        return app.rows(query) == [(chats,)]

    await until(done)


async def test_whoever_is_lost_at_a_send_is_let_go_and_others_go_on(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    lost = {title: await telegram.channel(title) for title in _REFUSALS}
    healthy = await telegram.channel("پابرجا")
    await app.running(telegram, CHANNEL_APPROVAL="open")
    theirs = await telegram.channel("کانال خواننده", by=telegram.reader)
    gone, blocker = await asyncio.gather(telegram.person("رفته"), telegram.person("بسته"))
    await asyncio.gather(*(telegram.ask(person, "/subscribe ورزشی") for person in (gone, blocker)))
    for title, (code, words, _) in _REFUSALS.items():
        script = {"kind": "refuse", "method": "sendMessage", "code": code, "description": words, "count": None}
        await telegram.people.do("faults", chat_id=lost[title], **script)
    script = {"kind": "refuse", "method": "sendMessage", "code": 403, "description": "Forbidden: bot was kicked"}
    await telegram.people.do("faults", chat_id=theirs, count=None, **script)
    await telegram.people.do("deactivate", user_id=gone)
    await telegram.people.do("block", user_id=blocker, blocked=True)

    await telegram.publish("خبر نخست", "ورزشی")
    await telegram.people.wait_for(healthy, lambda m: "خبر نخست" in text_of(m))
    # A person is given up with the second refusal, a channel with the fourth; nothing is withdrawn before.
    for refusals in (1, 2, 3):
        await _refused(app, until, refusals, chats=len(_REFUSALS) + 3)
        if refusals == 1:
            assert app.rows("SELECT count(*) FROM delivery WHERE state = 'withdrawn'") == [(0,)]
        app.hours_pass(3)
    await _settled(app, until)
    await telegram.people.do("faults/clear")
    reasons = dict(app.rows("SELECT title, reason FROM chat WHERE lost_at IS NOT NULL"))
    expected = {title: reason for title, (_, _, reason) in _REFUSALS.items()}
    assert reasons == expected | {"کانال خواننده": "kicked", "رفته": "deactivated", "بسته": "blocked"}
    # Whoever brought the bot hears of it, and the desk chat; the owner, who is both, once.
    for title in (*_REFUSALS, "کانال خواننده"):
        await telegram.people.wait_for(telegram.owner, says("دیگر نمی‌تواند", title))
    await telegram.people.wait_for(
        telegram.reader, lambda m: "کانال خواننده" in text_of(m) and "دیگر" in text_of(m)
    )
    told = [text_of(m) for m in await telegram.people.messages(telegram.owner, by_bot=True)]
    assert len([text for text in told if "دیگر نمی‌تواند" in text]) == len(_REFUSALS) + 1

    # They return: nothing of what passed meanwhile, and what they follow is what it was.
    await telegram.people.add_bot(lost["بی‌اجازه"], telegram.owner)
    await telegram.people.say(blocker, "/start")
    await telegram.publish("خبر سیاسی", "سیاسی")
    await telegram.publish("خبر دوم", "ورزشی")
    await telegram.people.wait_for(lost["بی‌اجازه"], lambda m: "خبر دوم" in text_of(m))
    await telegram.people.wait_for(blocker, lambda m: "خبر دوم" in text_of(m))
    assert not any("خبر نخست" in text_of(m) for m in await telegram.people.messages(lost["بی‌اجازه"]))
    assert not any("خبر سیاسی" in text_of(m) for m in await telegram.people.messages(blocker))
    assert await telegram.people.messages(lost["بیرون‌رانده"], by_bot=True) == []


@pytest.mark.long
async def test_a_topic_that_is_closed_or_deleted_is_told_once_and_waits_in_the_outbox(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    group = await telegram.people.chat("supergroup", "تالار", telegram.owner, forum=True)
    await telegram.people.add_bot(group, telegram.owner, status="member")
    moving = await telegram.people.chat("group", "کوچنده", telegram.owner)
    await telegram.people.add_bot(moving, telegram.owner, status="member")
    closed = (await telegram.people.do("topics", chat_id=group, by=telegram.owner, name="بسته"))["id"]
    deleted = (await telegram.people.do("topics", chat_id=group, by=telegram.owner, name="حذف"))["id"]
    await app.running(telegram)
    sure = await telegram.ask(telegram.owner, "/unsubscribe", chat_id=group)
    await telegram.people.press(telegram.owner, sure, "بله")
    for topic_id in (closed, deleted):
        await telegram.ask(telegram.owner, "/subscribe", chat_id=group, topic_id=topic_id)
    await telegram.people.do("topics/close", chat_id=group, topic_id=closed)
    await telegram.people.do("topics/delete", chat_id=group, topic_id=deleted)
    script = {"kind": "refuse", "method": "sendMessage", "description": "Bad Request: PHOTO_INVALID_DIMENSIONS"}
    for title in ("خبر نخست", "خبر دوم"):
        if title == "خبر دوم":
            moved = (await telegram.people.do("migrate", chat_id=moving))["id"]
            await telegram.people.do("faults", chat_id=moved, **script)
        await telegram.publish(title)
        await _settled(app, until)
    assert app.rows("SELECT count(*) FROM delivery WHERE state = 'refused'") == [(5,)]
    for name in ("بسته", "حذف"):
        await telegram.people.wait_for(telegram.owner, says(f"موضوع «\u2068{name}\u2069»"))

    shown = await telegram.ask(telegram.owner, "/outbox")
    assert "پذیرفته‌نشده: ۵" in text_of(shown)
    assert "موضوع گروه بسته یا حذف شده است" in text_of(shown)
    assert "کوچنده" in text_of(shown)
    assert "photo_invalid_dimensions" in text_of(shown).lower()
    told = [text_of(m) for m in await telegram.people.messages(telegram.owner, by_bot=True)]
    assert len([text for text in told if "در موضوع" in text]) == 2
    # The newest trouble stands first; sent again, it arrives.
    place = next(line for line in text_of(shown).splitlines() if "کوچنده" in line).strip(RLM)[0]
    await telegram.people.press(telegram.owner, shown, f"{place} · 🔁")
    await telegram.people.wait_for(moved, lambda m: "خبر دوم" in text_of(m))
    again = await telegram.people.press(telegram.owner, shown, f"{place} · 🗑")
    assert "پیش‌تر تصمیم" in again["text"]
    for _ in range(4):
        await telegram.people.press(telegram.owner, await telegram.now(shown), "رها شود")
    await telegram.people.press(telegram.owner, await telegram.now(shown), "تازه‌سازی")
    shown = await telegram.now(shown)
    assert "چیزی نیازمند تصمیم شما نیست" in text_of(shown)
    assert app.rows("SELECT count(*) FROM delivery WHERE reason = 'dropped'") == [(4,)]
