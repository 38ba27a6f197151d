"""A developing story: the post of an article answers the one that it goes on with, and their full texts link."""

from typing import Any

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.peyk_app import says


async def _write(telegram: Telegram, title: str) -> dict[str, Any]:
    return await telegram.ask(telegram.owner, f"/post سیاسی\n{title}\n\nلید.", button="انتشار")


async def test_a_post_answers_the_earlier_one_and_the_texts_link(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    await telegram.publish("آتش‌سوزی در بندر")
    first = await telegram.people.wait_for(channel, says("آتش‌سوزی در بندر"))
    preview = await _write(telegram, "مهار آتش در بندر")
    await telegram.people.press(telegram.owner, preview, "ادامهٔ یک خبر")
    offered = await telegram.now(preview)
    await telegram.people.press(telegram.owner, offered, "آتش‌سوزی")
    assert not (await telegram.people.press(telegram.owner, offered, "آتش‌سوزی"))["alert"]
    assert app.rows("SELECT count(*) FROM audit WHERE action = 'follow'") == [(1,)]
    await telegram.ask(telegram.owner, "/publish 2")
    second = await telegram.people.wait_for(channel, says("مهار آتش"))
    assert second["reply_to_message"]["message_id"] == first["message_id"]

    circle = await telegram.ask(telegram.owner, "/follow 1 2")
    assert "خود ادامهٔ" in text_of(circle)
    text = await telegram.ask(telegram.reader, "/article 1", button="ادامهٔ ماجرا")
    await telegram.people.press(telegram.reader, text, "ادامهٔ ماجرا")
    later = await telegram.people.wait_for(telegram.reader, says("مهار آتش"), after=text["message_id"])
    assert any("پیشین" in words for words in buttons_of(later))

    # What is retracted is no longer named, nor answered.
    await telegram.ask(telegram.owner, "/follow 2 1")
    card = await telegram.ask(telegram.owner, "/retract 1 نادرست بود", button="بله")
    await telegram.people.press(telegram.owner, card, "بله")
    again = await telegram.ask(telegram.reader, "/article 2", button="نظرات")
    assert not any("پیشین" in words for words in buttons_of(again))
