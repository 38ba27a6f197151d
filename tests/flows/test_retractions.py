"""A retracted article is nowhere any more: its copies are deleted or say only that, what is queued is never sent."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from storage.audit_details import TextDetails, decoded
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_Until = Callable[..., Any]
_TWO_DAYS = 49 * 3600


async def _retract(telegram: Telegram, article_id: int, reason: str = "منبع آن را تکذیب کرد") -> dict[str, Any]:
    """Retract as the owner, and return the card."""
    card = await telegram.ask(telegram.owner, f"/retract {article_id} {reason}")
    assert reason in text_of(card)
    assert sum("بله" in text for text in buttons_of(card)) == 1
    await telegram.people.press(telegram.owner, card, "بله")
    return card


async def _counts(app: PeykApp, telegram: Telegram, card: dict[str, Any], until: _Until) -> list[str]:
    """Wait until every copy is done with, and return the lines that the card says in the end."""

    async def done() -> bool:
        return not app.rows(
            "SELECT 1 FROM amendment WHERE state = 'pending' UNION ALL SELECT 1 FROM fan_out WHERE done_at IS NULL"
        )

    await until(done)
    return text_of(await telegram.finished(card)).splitlines()[2:]


async def test_every_copy_goes_and_what_cannot_is_counted(app: PeykApp, telegram: Telegram, until: _Until) -> None:
    old, new, cleaned = [await telegram.channel(name) for name in ("کهنه", "نو", "پاک‌شده")]
    await app.running(telegram)
    lost = await telegram.person("رفته")
    await telegram.ask(lost, "/subscribe")
    await telegram.publish("خبری که درست نبود")
    for chat in (old, new, cleaned, lost):
        await telegram.people.wait_for(chat, lambda m: "درست نبود" in text_of(m))
    # One copy is too old to be deleted, as if it had been sent two days before the others.
    copies = await telegram.people.messages(old, by_bot=True)
    telegram.running.state.chats[old].posts[copies[0]["message_id"]].json["date"] -= _TWO_DAYS
    by_hand = await telegram.people.messages(cleaned, by_bot=True)
    await telegram.people.do("delete", chat_id=cleaned, message_id=by_hand[0]["message_id"])
    await telegram.people.do("block", user_id=lost, blocked=True)
    opened = await telegram.ask(telegram.reader, "/article 1")
    unknown = text_of(await telegram.ask(telegram.reader, "/article 777")).replace("۷۷۷", "۱")

    card = await _retract(telegram, 1)
    assert sorted(await _counts(app, telegram, card, until)) == sorted(
        [
            *("حذف شد: ۲", "متنش برداشته شد: ۱", "پیش‌تر با دست حذف شده بود: ۱", "خارج از دسترس: ۱"),
            "✅ کار پایان یافت.",
        ]
    )
    stone = await telegram.now(copies[0])
    assert text_of(stone) == "این خبر پس گرفته شد."
    assert "reply_markup" not in stone
    assert await telegram.people.messages(new, by_bot=True) == []
    ours = await telegram.people.messages(telegram.reader, by_bot=True)
    assert opened["message_id"] not in [message["message_id"] for message in ours]

    for words in ("/article 1", "۱", "/start a_1"):
        assert text_of(await telegram.ask(telegram.reader, words)) == unknown
    for words in ("خبری که درست نبود", "/latest"):
        assert "a_1" not in str(await telegram.ask(telegram.reader, words))
    assert (await telegram.people.do("inline", user_id=telegram.reader, query=""))["results"] == []
    ((action, stored),) = app.rows("SELECT action, detail FROM audit ORDER BY id DESC LIMIT 1")
    assert (action, decoded(action, stored)) == ("retract", TextDetails("منبع آن را تکذیب کرد"))
    again = await telegram.ask(telegram.owner, "/retract 1 دوباره")
    assert "پس گرفته شده" in text_of(again)


@pytest.mark.long
async def test_what_is_queued_of_it_is_never_sent(app: PeykApp, telegram: Telegram, until: _Until) -> None:
    stranger = await telegram.people.person("غریبه")
    channels = [await telegram.channel(f"کانال {n}", by=stranger) for n in range(12)]
    await app.running(telegram, CHANNEL_APPROVAL="open", BULK_RATE="3")
    await telegram.publish("خبری که نباید بماند")
    # In the middle of its broadcast, a few have it.
    for channel in channels[-2:]:
        await telegram.people.wait_for(channel, lambda m: "نباید بماند" in text_of(m))
    card = await _retract(telegram, 1)

    async def withdrawn() -> bool:
        return not app.rows("SELECT 1 FROM delivery WHERE state IN ('pending', 'sending')")

    await until(withdrawn)
    await _counts(app, telegram, card, until)
    for channel in channels:
        assert await telegram.people.messages(channel, by_bot=True) == []
    assert app.rows("SELECT count(*) FROM delivery WHERE reason = 'retracted'")[0][0] > 0

    await telegram.pause()
    await telegram.publish("خبری که هرگز نمی‌رود")
    await _retract(telegram, 2)
    await telegram.ask(telegram.owner, "/resume")
    await telegram.publish("خبری که می‌رود")
    posted = await telegram.people.wait_for(channels[0], lambda _: True)
    assert "خبری که می‌رود" in text_of(posted)


@pytest.mark.long
async def test_a_power_cut_while_changes_are_under_way_loses_and_delays_none(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    stranger = await telegram.people.person("غریبه")
    channels = [await telegram.channel(f"کانال {n}", by=stranger) for n in range(6)]
    await app.running(telegram, CHANNEL_APPROVAL="open", LEASE_SECONDS="600")
    await telegram.publish("خبر نادرست")
    await telegram.publish("خبر پس‌گرفته")
    for channel in channels:
        await telegram.people.wait_for(channel, lambda m: "پس‌گرفته" in text_of(m))
    card = await telegram.correct(1, "تیتر", "خبر درست", "درستی")
    for method, channel in (("editMessageText", channels[0]), ("deleteMessage", channels[1])):
        await telegram.people.do("faults", kind="no_answer", method=method, chat_id=channel, seconds=120)
    await telegram.people.press(telegram.owner, card, "بله")
    await telegram.people.press(
        telegram.owner, await telegram.ask(telegram.owner, "/retract 2 چون نادرست است"), "بله"
    )

    async def held() -> bool:
        return not telegram.running.state.faults.scripts

    await until(held)
    under_way = app.rows("SELECT chat_id FROM amendment WHERE state = 'pending' AND reason = 'under way'")
    assert {(channels[0],), (channels[1],)} <= set(under_way)
    app.kill()
    await app.running(telegram, CHANNEL_APPROVAL="open")

    async def right() -> bool:
        for channel in channels:
            texts = [text_of(message) for message in await telegram.people.messages(channel, by_bot=True)]
            if len(texts) != 1 or "خبر درست" not in texts[0]:
                return False
        return True

    await until(right)  # long before any lease of the dead one would have ended
