"""Chats that refuse a message: one refusal loses nothing, and the chat comes back by itself."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.variations import first_and_long

_Until = Callable[..., Any]
_MUTED = "Bad Request: not enough rights to send text messages to the chat"
_REFUSALS = [
    (400, _MUTED),
    (400, "Bad Request: chat not found"),
    (400, "Bad Request: PEER_ID_INVALID"),
    (403, "Forbidden: bot was kicked from the channel chat"),
    (403, "Forbidden: a word that nobody knows"),
]
"""Answers that Telegram, or a server between, gives once for a chat that is well."""


async def _refuse(telegram: Telegram, chat_id: int, words: str, *, code: int = 400, **more: Any) -> None:
    script = {"kind": "refuse", "method": "sendMessage", "code": code, "description": words} | more
    await telegram.people.do("faults", chat_id=chat_id, **script)


async def _is_refusing(app: PeykApp, until: _Until, chat_id: int, *, refusals: int = 1) -> None:
    async def refusing() -> bool:
        return bool(app.rows(f"SELECT 1 FROM chat WHERE id = {chat_id} AND refusals = {refusals}"))

    await until(refusing)


async def _titles(telegram: Telegram, chat_id: int) -> list[str]:
    """Return the first words of what was posted in a chat."""
    posted = [text_of(m) for m in await telegram.people.messages(chat_id, by_bot=True)]
    return [" ".join(text.split()[:2]).strip("\u200f") for text in posted if "خبر" in text]


@pytest.mark.parametrize(("code", "words"), first_and_long(_REFUSALS))
async def test_one_refusal_loses_nothing(
    app: PeykApp, telegram: Telegram, until: _Until, code: int, words: str
) -> None:
    channel, other = await telegram.channel("کانال"), await telegram.channel("دیگر")
    await app.running(telegram)
    await _refuse(telegram, channel, words, code=code)
    await telegram.publish("خبر نخست")
    await _is_refusing(app, until, channel)
    await telegram.publish("خبر دوم")
    await telegram.people.wait_for(other, lambda m: "خبر دوم" in text_of(m))
    assert await _titles(telegram, channel) == []
    app.hours_pass(0.1)
    await telegram.people.wait_for(channel, lambda m: "خبر دوم" in text_of(m))
    assert await _titles(telegram, channel) == ["خبر نخست", "خبر دوم"]
    assert app.rows("SELECT count(*) FROM chat WHERE refusals > 0 OR lost_at IS NOT NULL") == [(0,)]
    told = [text_of(m) for m in await telegram.people.messages(telegram.owner, by_bot=True)]
    assert not [text for text in told if "دیگر نمی‌تواند" in text]


async def test_whoever_looks_sees_which_chats_refuse_and_since_when(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel("کانال")
    await app.running(telegram)
    await _refuse(telegram, channel, _MUTED, count=None)
    await telegram.publish("خبر نخست")
    await _is_refusing(app, until, channel)
    outbox = text_of(await telegram.ask(telegram.owner, "/outbox"))
    assert "پیام نمی‌پذیرند: ۱" in outbox
    assert "پیک اجازهٔ نوشتن ندارد" in outbox
    panel = await telegram.ask(telegram.owner, f"/start p_{channel}")
    assert "پیام نمی‌پذیرد" in text_of(panel)
    report = (await app.cli("doctor")).stdout
    assert f"warning\tchat\tکانال ({channel}): refuses messages since " in report
    # It is not tried again without a pause.
    sends = [
        request for request in await telegram.people.get("requests") if request["params"].get("chat_id") == channel
    ]
    assert len([send for send in sends if send["method"] == "sendMessage"]) == 1


@pytest.mark.long
async def test_a_group_that_refuses_is_tried_at_once_when_somebody_writes_there(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    group = await telegram.people.chat("supergroup", "گروه", telegram.owner)
    await telegram.people.add_bot(group, telegram.owner, status="member")
    await app.running(telegram)
    await _refuse(telegram, group, _MUTED)
    await telegram.publish("خبر نخست")
    await _is_refusing(app, until, group)
    await telegram.people.say(telegram.owner, "/latest", chat_id=group)
    await telegram.people.wait_for(group, lambda m: "خبر نخست" in text_of(m) and "لید" in text_of(m))

    # And by the right itself.
    await _refuse(telegram, group, _MUTED)
    await telegram.publish("خبر دوم")
    await _is_refusing(app, until, group)
    await telegram.people.add_bot(group, telegram.owner, status="administrator")
    await telegram.people.wait_for(group, lambda m: "خبر دوم" in text_of(m) and "لید" in text_of(m))


@pytest.mark.parametrize("by", first_and_long(["a command", "itself"]))
async def test_a_lost_group_comes_back_once_it_may_be_written_in(
    app: PeykApp, telegram: Telegram, until: _Until, by: str
) -> None:
    group = await telegram.people.chat("supergroup", "گروه", telegram.owner)
    await telegram.people.add_bot(group, telegram.owner, status="administrator")
    await app.running(telegram)
    await _refuse(telegram, group, "Bad Request: chat not found", count=None)
    await telegram.publish("خبر نخست")
    for refusals in (1, 2, 3):
        await _is_refusing(app, until, group, refusals=refusals)
        app.hours_pass(3)

    async def lost() -> bool:
        return bool(app.rows(f"SELECT 1 FROM chat WHERE id = {group} AND lost_at IS NOT NULL"))

    await until(lost)
    await telegram.people.do("faults/clear")
    if by == "a command":
        await telegram.ask(telegram.owner, "/latest", chat_id=group)
    else:
        # Telegram is asked now and then.
        app.change(f"UPDATE chat SET wait_until = 0 WHERE id = {group}")
    await telegram.people.wait_for(telegram.owner, lambda m: "دوباره می‌تواند" in text_of(m))
    await telegram.publish("خبر دوم")
    await telegram.people.wait_for(group, lambda m: "خبر دوم" in text_of(m) and "لید" in text_of(m))
    audit = text_of(await telegram.ask(telegram.owner, "/audit"))
    assert "قطع دسترسی" in audit
    assert "بازگشت دسترسی" in audit


@pytest.mark.parametrize("change", first_and_long(["correct", "retract"]))
async def test_a_change_waits_for_a_chat_that_refuses_it(
    app: PeykApp, telegram: Telegram, until: _Until, change: str
) -> None:
    channel = await telegram.channel("کانال")
    await app.running(telegram)
    number = await telegram.publish("خبر نخست")
    posted = await telegram.people.wait_for(channel, lambda m: "خبر نخست" in text_of(m))
    method = "editMessageText" if change == "correct" else "deleteMessage"
    await _refuse(telegram, channel, "Bad Request: chat not found", method=method)
    if change == "correct":
        card = await telegram.correct(number, "تیتر", "خبر درست", "اشتباه")
    else:
        card = await telegram.ask(telegram.owner, f"/retract {number} نادرست", button="بله")
    await telegram.people.press(telegram.owner, card, next(text for text in buttons_of(card) if "بله" in text))
    await _is_refusing(app, until, channel)
    assert app.rows("SELECT state FROM amendment") == [("pending",)]
    app.hours_pass(0.1)

    async def done() -> bool:
        held = {m["message_id"]: text_of(m) for m in await telegram.people.messages(channel)}
        now = held.get(posted["message_id"])
        return now is None if change == "retract" else "خبر درست" in (now or "")

    await until(done)

    async def well() -> bool:
        return app.rows("SELECT count(*) FROM chat WHERE refusals > 0") == [(0,)]

    await until(well)


@pytest.mark.long
async def test_answers_that_a_group_refuses_are_evidence_like_deliveries_and_an_answer_it_takes_ends_it(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    group = await telegram.people.chat("supergroup", "گروه", telegram.owner)
    await telegram.people.add_bot(group, telegram.owner, status="member")
    await app.running(telegram)
    kicked = "Forbidden: bot was kicked from the supergroup chat"
    await _refuse(telegram, group, kicked, code=403)
    await telegram.people.say(telegram.owner, "/latest", chat_id=group, from_old_client=True)
    await _is_refusing(app, until, group)
    assert app.rows(f"SELECT lost_at FROM chat WHERE id = {group}") == [(None,)]
    await telegram.people.say(telegram.owner, "/latest", chat_id=group, from_old_client=True)
    await _is_refusing(app, until, group, refusals=0)
    for refusals in (1, 2, 3):
        await _refuse(telegram, group, kicked, code=403)
        await telegram.people.say(telegram.owner, "/latest", chat_id=group, from_old_client=True)
        await _is_refusing(app, until, group, refusals=refusals)
        app.hours_pass(3)
    await _refuse(telegram, group, kicked, code=403)
    await telegram.people.say(telegram.owner, "/latest", chat_id=group, from_old_client=True)

    async def is_lost() -> bool:
        return app.rows(f"SELECT reason FROM chat WHERE id = {group} AND lost_at IS NOT NULL") == [("kicked",)]

    await until(is_lost)
