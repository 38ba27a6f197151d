"""Reading a full text: the question whether it can be seen, what its buttons lead to, and what one has had before."""

import asyncio
import json
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.peyk_app import asks

_COPIED = """سیاسی
شناسه خبر : {number}
تاریخ انتشار : 1404/10/0{day} 10:00
{title}
{title}
لید خبر {number} که در یک سطر می‌آید و به اندازهٔ کافی بلند است تا لید باشد.
پیک-گروه خبر: متن خبر {number} که به اندازهٔ کافی بلند است تا یک بند کامل باشد و تمام شود.
"""


async def _import(app: PeykApp, *titles: str, first: int = 1001) -> None:
    names = []
    for place, title in enumerate(titles):
        names.append(f"{first + place}.txt")
        (app.folder / names[-1]).write_text(_COPIED.format(number=first + place, day=1 + place, title=title))
    done = await app.cli("import", *names, "--publish")
    assert done.returncode == 0, done.stderr


async def _press(telegram: Telegram, user_id: int, message: dict[str, Any], data: str) -> dict[str, Any]:
    place = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
    return dict(await telegram.people.do("press", user_id=user_id, data=data, **place))


async def _from_bot(telegram: Telegram, after: dict[str, Any]) -> list[dict[str, Any]]:
    messages = await telegram.people.messages(telegram.reader, by_bot=True)
    return [message for message in messages if message["message_id"] > after["message_id"]]


async def _changes_the_mind(telegram: Telegram, question: dict[str, Any]) -> None:
    """Go back to rich texts by the settings, and then press the old no once more."""
    people, reader = telegram.people, telegram.reader
    assert "rich_message" not in await telegram.ask(reader, "1002")
    panel = await telegram.ask(reader, "/settings")
    await people.press(reader, panel, "متن ساده")
    assert "rich_message" in await telegram.ask(reader, "1002")
    assert (await _press(telegram, reader, question, "seen:1001:n"))["answered"]
    assert "rich_message" not in await telegram.ask(reader, "1002")
    assert not any(asks(message) for message in await _from_bot(telegram, question))


async def _sees_it(telegram: Telegram, other: int) -> None:
    """Say yes, twice at once; then have a part of a long text refused."""
    people = telegram.people
    await telegram.ask(other, "1001")
    question = await people.wait_for(other, asks)
    await asyncio.wait([asyncio.create_task(people.press(other, question, "درست است")) for _ in range(2)])
    # All of it comes as a page instead, and the next one is rich again.
    fault = {"kind": "refuse", "description": "Bad Request: can't parse rich message"}
    await people.do("faults", method="sendRichMessage", chat_id=other, skip=1, **fault)
    (asked,) = await people.say(other, "1003")
    page = await people.wait_for(other, lambda m: "rich_message" not in m, after=asked)
    assert "بند 100" in text_of(page)
    held = await people.messages(other, by_bot=True)
    assert [message["message_id"] for message in held if message["message_id"] > asked] == [page["message_id"]]
    await telegram.ask(other, "1003")
    last = await people.wait_for(other, lambda m: "بند 300" in text_of(m), after=page["message_id"])
    assert buttons_of(last)
    assert not any(asks(message) for message in await people.messages(other, by_bot=True))


@pytest.mark.long
async def test_whoever_cannot_see_a_rich_text_gets_it_plain_once(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    await _import(app, "خبر یکم", "خبر دوم", "خبر بلند")
    points = json.dumps([{"kind": "list", "items": [f"بند {n}" for n in range(1, 301)]}])
    app.change(f"UPDATE revision SET body = '{points}' WHERE article_id = 1003")
    # Nobody can fetch its picture, or has it any more: the text comes without it, and the next one is rich again.
    app.change("UPDATE revision SET photo = 'https://news.invalid/p.jpg' WHERE article_id = 1001")
    app.change("UPDATE revision SET photo = 'AgAD-gone' WHERE article_id = 1002")
    await app.running(telegram)
    first = await telegram.ask(reader, "/article ۱٬۰۰۱")
    assert first["rich_message"]["is_rtl"]
    question = await people.wait_for(reader, asks, after=first["message_id"])
    assert "برنامهٔ شما آن را نشان نمی‌دهد" in text_of(question)
    # Pressed twice while the app is away: the article comes once.
    async with asyncio.timeout(10):
        while not app.rows("SELECT 1 FROM chat WHERE rich_asked"):
            await asyncio.sleep(0.02)
    app.kill()
    presses = [asyncio.create_task(people.press(reader, question, "ساده")) for _ in range(2)]
    await app.running(telegram)
    assert all(answer["answered"] for answer in await asyncio.gather(*presses))
    (page,) = await _from_bot(telegram, question)
    assert "متن خبر 1001" in text_of(page)
    assert "rich_message" not in page
    noted = await telegram.now(question)
    assert "/settings" in text_of(noted)
    assert buttons_of(noted) == {}
    other = await people.person("Other")
    await asyncio.gather(_changes_the_mind(telegram, question), _sees_it(telegram, other))
    refused = {(entry["method"], entry["description"]) for entry in await people.refused()}
    pictures = {
        ("sendRichMessage", "Bad Request: RICH_MESSAGE_PHOTO_NO_MEDIA_FOUND"),
        ("sendRichMessage", "Bad Request: wrong file identifier/HTTP URL specified"),
    }
    assert pictures <= refused
    assert refused - pictures <= {
        ("sendRichMessage", "Bad Request: can't parse rich message"),
        ("deleteMessage", "Bad Request: message to delete not found"),
    }


async def _sends_a_category_on(telegram: Telegram) -> None:
    other = await telegram.people.person("Other")
    section = await telegram.ask(other, "/category سیاسی")
    assert "c_politics" in buttons_of(section)["↗️ هم‌رسانی"]
    assert "قیمت نفت" in text_of(await telegram.ask(other, "/start c_politics"))
    oil = await telegram.ask(other, "1002")
    assert "پیدا نشد" in (await telegram.people.press(other, oil, "مرتبط"))["text"]


async def _comes_back(telegram: Telegram) -> None:
    """A first visit has nothing to compare with; the next ones tell what has come since, whatever is leafed through."""
    people, reader = telegram.people, telegram.reader
    first = await telegram.ask(reader, "/latest")
    assert "تازه‌ترین خبرها" in text_of(first)
    assert "🆕" not in text_of(first)
    assert "از آخرین بازدید شما خبر تازه‌ای نیامده" in text_of(await telegram.ask(reader, "/latest"))
    await telegram.publish("خبر فوری روز")
    await people.wait_for(telegram.owner, lambda m: "منتشر شد" in text_of(m))
    newer = text_of(await telegram.ask(reader, "/latest"))
    assert "۱ خبر تازه از آخرین بازدید شما" in newer
    assert newer.count("🆕") == 1


async def test_what_is_new_what_belongs_together_and_what_was_sent(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    await _import(app, "زلزله در کرمانشاه", "قیمت نفت", "کرمانشاه پس از زلزله")
    app.change("UPDATE revision SET link = 'https://example.org/news/1?a=1&b=2' WHERE article_id = 1001")
    await app.running(telegram)
    await asyncio.gather(_comes_back(telegram), _sends_a_category_on(telegram))
    # What stands under a text stays there whatever is pressed.
    opened = await telegram.ask(reader, "/start a_1001")
    before = buttons_of(opened)
    assert before["🌐 منبع"] == "https://example.org/news/1?a=1&b=2"
    assert "text=%D8%B2%D9%84%D8%B2%D9%84%D9%87" in before["↗️ هم‌رسانی"]
    for answer in await asyncio.gather(*(people.press(reader, opened, "ذخیره") for _ in range(2))):
        assert "ذخیره شد" in answer["text"]
    assert set(before) ^ set(buttons_of(await telegram.now(opened))) == {"🔖 ذخیره", "✔️ ذخیره شد"}
    await people.press(reader, opened, "مرتبط")
    related = await people.wait_for(reader, lambda m: "مرتبط" in text_of(m))
    assert "کرمانشاه پس از زلزله" in text_of(related)
    assert "قیمت نفت" not in text_of(related)
    # Taken back: its links say so, and the history names it no more.
    await telegram.ask(reader, "1002")
    card = await telegram.ask(telegram.owner, "/retract 1001 نادرست بود", button="بله")
    await people.press(telegram.owner, card, "بله")
    await people.wait_for(telegram.owner, lambda m: "پس گرفته شد" in text_of(m) and "✅" in text_of(m))
    assert "پس گرفته شده است" in text_of(await telegram.ask(reader, "/start a_1001"))
    history = text_of(await telegram.ask(reader, "/history"))
    assert "قیمت نفت" in history
    assert "زلزله در کرمانشاه" not in history
    assert "این خبر پس گرفته شد" in history
    saved = await telegram.ask(reader, "/saved", button="خبرهای دریافتی")
    await people.press(reader, saved, "خبرهای دریافتی")
    again = await people.wait_for(reader, lambda m: "قیمت نفت" in text_of(m), after=saved["message_id"])
    assert text_of(again) == history
    assert await people.refused() == []
