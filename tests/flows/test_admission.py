"""Admission: what an owner decided about a channel or group stands, whatever its people do there."""

from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import Desk, Telegram


async def _asked(telegram: Telegram, kind: str, title: str) -> tuple[int, dict[str, Any]]:
    """Have the reader bring the bot to a new place; return it and the owner's card."""
    place = await telegram.people.chat(kind, title, telegram.reader)
    status = "administrator" if kind == "channel" else "member"
    await telegram.people.add_bot(place, telegram.reader, status=status)
    return place, await telegram.people.wait_for(telegram.owner, lambda m: title in text_of(m))


async def _follow_politics(desk: Desk, telegram: Telegram, place: int) -> None:
    """Have the reader, who administers the place, choose a category for it."""
    await desk.heard()
    panel = await telegram.ask(telegram.reader, f"/start p_{place}", button="دسته‌ها")
    await telegram.people.press(telegram.reader, panel, "دسته‌ها")
    await telegram.people.press(telegram.reader, await telegram.now(panel), "سیاسی")


async def _gets_nothing(desk: Desk, telegram: Telegram, place: int, witness: int, title: str) -> None:
    """Publish, wait until a place that is admitted has it, and see that nothing is owed to the other."""
    await telegram.publish(title)
    await telegram.people.wait_for(witness, lambda m: title in text_of(m))
    assert desk.rows(f"SELECT 1 FROM delivery WHERE chat_id = {place}") == []


@pytest.mark.parametrize("answer", ["خیر", ""])
async def test_a_channel_lets_itself_in_by_no_removal_and_return(
    desk: Desk, telegram: Telegram, answer: str
) -> None:
    witness = await telegram.channel("شاهد")
    await desk.running(telegram)
    place, card = await _asked(telegram, "channel", "کانال غریبه")
    if answer:
        await telegram.people.press(telegram.owner, card, answer)
    for status in ("left", "administrator", "kicked", "administrator"):
        await telegram.people.add_bot(place, telegram.reader, status=status)
    await telegram.people.add_bot(place, telegram.reader, can_post_messages=False)
    await telegram.people.add_bot(place, telegram.reader)
    await telegram.ask(telegram.reader, "/start")
    await _follow_politics(desk, telegram, place)
    await _gets_nothing(desk, telegram, place, witness, "خبر نخست")


async def test_a_denied_group_lets_itself_in_by_no_migration(desk: Desk, telegram: Telegram) -> None:
    witness = await telegram.channel("شاهد")
    await desk.running(telegram)
    place, card = await _asked(telegram, "group", "گروه غریبه")
    await telegram.people.press(telegram.owner, card, "خیر")
    await telegram.people.add_bot(place, telegram.reader, status="left")
    await telegram.people.add_bot(place, telegram.reader, status="member")
    moved = (await telegram.people.do("migrate", chat_id=place))["id"]
    await telegram.people.add_bot(moved, telegram.reader, status="administrator")
    await _follow_politics(desk, telegram, moved)
    await _gets_nothing(desk, telegram, moved, witness, "خبر نخست")
