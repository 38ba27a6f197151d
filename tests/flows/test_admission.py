"""Admission: what an owner decided about a channel or group stands, whatever its people do there."""

from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.variations import first_and_long


async def _asked(telegram: Telegram, kind: str, title: str) -> tuple[int, dict[str, Any]]:
    """Have the reader bring the bot to a new place; return it and the owner's card."""
    place = await telegram.people.chat(kind, title, telegram.reader)
    status = "administrator" if kind == "channel" else "member"
    await telegram.people.add_bot(place, telegram.reader, status=status)
    return place, await telegram.people.wait_for(telegram.owner, lambda m: title in text_of(m))


async def _follow_politics(app: PeykApp, telegram: Telegram, place: int) -> None:
    """Have the reader, who administers the place, choose a category for it."""
    await app.heard()
    panel = await telegram.ask(telegram.reader, f"/start p_{place}", button="دسته‌ها")
    await telegram.people.press(telegram.reader, panel, "دسته‌ها")
    await telegram.people.press(telegram.reader, await telegram.now(panel), "سیاسی")


async def _gets_nothing(app: PeykApp, telegram: Telegram, place: int, witness: int, title: str) -> None:
    """Publish, wait until a place that is admitted has it, and see that nothing is owed to the other."""
    await telegram.publish(title)
    await telegram.people.wait_for(witness, lambda m: title in text_of(m))
    assert app.rows(f"SELECT 1 FROM delivery WHERE chat_id = {place}") == []


@pytest.mark.long
@pytest.mark.parametrize("answer", ["خیر", ""])
async def test_a_channel_lets_itself_in_by_no_removal_and_return(
    app: PeykApp, telegram: Telegram, answer: str
) -> None:
    witness = await telegram.channel("شاهد")
    await app.running(telegram)
    place, card = await _asked(telegram, "channel", "کانال غریبه")
    if answer:
        await telegram.people.press(telegram.owner, card, answer)
    for status in ("left", "administrator", "kicked", "administrator"):
        await telegram.people.add_bot(place, telegram.reader, status=status)
    await telegram.people.add_bot(place, telegram.reader, can_post_messages=False)
    await telegram.people.add_bot(place, telegram.reader)
    await telegram.ask(telegram.reader, "/start")
    await _follow_politics(app, telegram, place)
    await _gets_nothing(app, telegram, place, witness, "خبر نخست")


@pytest.mark.long
async def test_a_denied_group_lets_itself_in_by_no_migration(app: PeykApp, telegram: Telegram) -> None:
    witness = await telegram.channel("شاهد")
    await app.running(telegram)
    place, card = await _asked(telegram, "group", "گروه غریبه")
    await telegram.people.press(telegram.owner, card, "خیر")
    await telegram.people.add_bot(place, telegram.reader, status="left")
    await telegram.people.add_bot(place, telegram.reader, status="member")
    moved = (await telegram.people.do("migrate", chat_id=place))["id"]
    await telegram.people.add_bot(moved, telegram.reader, status="administrator")
    await _follow_politics(app, telegram, moved)
    await _gets_nothing(app, telegram, moved, witness, "خبر نخست")


async def test_owners_reverse_a_denial_and_take_an_admission_back(app: PeykApp, telegram: Telegram) -> None:
    witness = await telegram.channel("شاهد")
    await app.running(telegram)
    place, card = await _asked(telegram, "channel", "کانال غریبه")
    await telegram.people.press(telegram.owner, card, "خیر")
    card = await _shows(telegram, card, "تأییدنشده")
    # A press on what the card showed before changes nothing.
    early = {"user_id": telegram.owner, "chat_id": telegram.owner, "message_id": card["message_id"]}
    for stale in ("y", "n", "revoke"):
        assert (await telegram.people.do("press", **early, data=f"let:{place}:{stale}"))["alert"]
    await telegram.people.press(telegram.owner, card, "تأیید شود")
    card = await _shows(telegram, card, "فعال")
    await telegram.publish("خبر نخست")
    await telegram.people.wait_for(place, lambda m: "خبر نخست" in text_of(m))
    # What happens there is told on the card as well.
    await telegram.people.add_bot(place, telegram.reader, status="kicked")
    await _shows(telegram, card, "خارج از دسترس")
    await telegram.people.add_bot(place, telegram.reader)
    card = await _shows(telegram, card, "فعال")

    # The page behind /channels decides as well.
    listed = await telegram.ask(telegram.owner, "/channels", button="کانال غریبه")
    await telegram.people.press(telegram.owner, listed, "کانال غریبه")
    page = await telegram.now(listed)
    await telegram.people.press(telegram.owner, page, "لغو تأیید")
    assert "تأییدنشده" in text_of(await telegram.now(page))
    await _shows(telegram, card, "تأییدنشده")
    await telegram.publish("خبر دوم")
    await telegram.people.wait_for(witness, lambda m: "خبر دوم" in text_of(m))
    assert not [m for m in await telegram.people.messages(place, by_bot=True) if "خبر دوم" in text_of(m)]
    its = f"detail LIKE '%\"chat_id\":{place},%'"
    acts = [act for (act,) in app.rows(f"SELECT action FROM audit WHERE {its} ORDER BY id")]
    assert acts == ["deny_chat", "approve_chat", "lose_chat", "find_chat", "revoke_chat"]


async def test_the_card_names_who_brought_the_bot_though_they_never_wrote_to_it(
    app: PeykApp, telegram: Telegram
) -> None:
    await app.running(telegram)
    stranger = await telegram.people.person("غریبهٔ مهربان")
    place = await telegram.people.chat("channel", "کانال غریبه", stranger)
    await telegram.people.add_bot(place, stranger)
    card = await telegram.people.wait_for(telegram.owner, lambda m: "کانال غریبه" in text_of(m))
    assert "غریبهٔ مهربان" in text_of(card)
    styles = [button["style"] for row in card["reply_markup"]["inline_keyboard"] for button in row]
    assert styles == ["success", "danger"]
    # Nobody counts as a reader by that, and they are welcomed when they come.
    assert app.rows(f"SELECT started FROM chat WHERE id = {stranger}") == [(0,)]
    assert "پیک" in text_of(await telegram.ask(stranger, "/start"))


async def test_only_owners_decide(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    editor = await telegram.colleague("دبیر", "editor")
    place, card = await _asked(telegram, "channel", "کانال غریبه")
    await telegram.people.press(telegram.owner, card, "خیر")
    page = await telegram.ask(editor, f"/start p_{place}", button="دسته‌ها")
    assert not [text for text in buttons_of(page) if "تأیید" in text]
    for person, message in ((editor, page), (telegram.reader, await telegram.ask(telegram.reader, "/help"))):
        press = {"user_id": person, "chat_id": person, "message_id": message["message_id"]}
        assert (await telegram.people.do("press", **press, data=f"let:{place}:admit"))["alert"]
    assert app.rows(f"SELECT admission FROM chat WHERE id = {place}") == [("denied",)]


@pytest.mark.parametrize("door", first_and_long(["owner", "open"]))
async def test_an_owner_who_brings_the_bot_admits_what_was_denied_and_the_open_door_does_not(
    app: PeykApp, telegram: Telegram, door: str
) -> None:
    await app.running(telegram)
    place, card = await _asked(telegram, "channel", "کانال غریبه")
    await telegram.people.press(telegram.owner, card, "خیر")
    await _shows(telegram, card, "تأییدنشده")
    assert await app.stop() == 0
    await app.running(telegram, CHANNEL_APPROVAL=door)
    by = {"owner": telegram.owner, "open": telegram.reader}[door]
    # An owner who only changes rights there has decided nothing.
    await telegram.people.add_bot(place, by, can_pin_messages=False)
    await app.heard()
    assert app.rows(f"SELECT admission FROM chat WHERE id = {place}") == [("denied",)]
    for status in ("left", "administrator"):
        await telegram.people.add_bot(place, by, status=status)
    await app.heard()
    expected = "admitted" if door == "owner" else "denied"
    assert app.rows(f"SELECT admission FROM chat WHERE id = {place}") == [(expected,)]


async def _shows(telegram: Telegram, card: dict[str, Any], words: str) -> dict[str, Any]:
    """Wait until the owner's card says that, and return it."""
    chat_id, message_id = card["chat"]["id"], card["message_id"]
    return await telegram.people.wait_for(chat_id, lambda m: m["message_id"] == message_id and words in text_of(m))
