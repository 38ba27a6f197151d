"""Following the news by words, tags and topics, each with a schedule of its own, by buttons and by command."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_Until = Callable[..., Any]


def _in(app: PeykApp, query: str, number: int) -> Callable[[], Awaitable[bool]]:
    """Return the condition that a count in the app's database is `number`."""

    async def is_so() -> bool:
        return app.rows(query) == [(number,)]

    return is_so


async def _press(telegram: Telegram, user_id: int, panel: dict[str, Any], *presses: str) -> dict[str, Any]:
    """Press buttons of a panel one after the other, and return it as it is then."""
    for words in presses:
        answer = await telegram.people.press(user_id, await telegram.now(panel), words)
        assert not answer["alert"], answer
    return await telegram.now(panel)


async def _write(
    telegram: Telegram, user_id: int, panel: dict[str, Any], button: str, words: str
) -> dict[str, Any]:
    """Press a button that asks for words, write them, and return the answer."""
    ids = [message["message_id"] for message in await telegram.people.messages(user_id)]
    await _press(telegram, user_id, panel, button)
    await telegram.people.wait_for(user_id, lambda m: "/cancel" in text_of(m), after=max(ids))
    return await telegram.ask(user_id, words, button="⚙️")


async def _come(telegram: Telegram, chat_id: int, title: str) -> list[str]:
    """Wait for a headline, and return the first lines of all that came to the chat up to now."""
    await telegram.people.wait_for(chat_id, lambda m: title in text_of(m))
    return [
        text_of(m).strip("\u200f").splitlines()[0] for m in await telegram.people.messages(chat_id, by_bot=True)
    ]


async def test_a_reader_follows_words_in_any_spelling_and_each_in_its_own_way(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    await app.running(telegram)
    reader = telegram.reader
    panel = await telegram.ask(reader, "/subscriptions", button="دنبال کردن واژه")
    panel = await _write(telegram, reader, panel, "دنبال کردن واژه", "نفت ايران -اوپك")
    panel = await _write(telegram, reader, panel, "بی‌صدا کردن واژه", "ليگ برتر")
    assert "🔎 نفت ايران -اوپك" in text_of(panel)
    assert "🔇 ليگ برتر" in text_of(panel)
    await telegram.publish("نفت ایران در نشست اوپک")
    await telegram.publish("بهای نفت‌ایران بالا رفت")
    assert not any("نشست" in line for line in await _come(telegram, reader, "بهای نفت‌ایران"))

    page = await _press(telegram, reader, panel, "⚙️ 🔎 نفت", "فقط خبر فوری")
    assert "فقط خبر فوری، بی‌درنگ" in text_of(page)
    assert not any("هر ساعت" in button for button in buttons_of(page))
    number = await telegram.publish("نفت ایران، خبر آرام")
    await until(_in(app, "SELECT count(*) FROM fan_out WHERE done_at IS NULL", 0))
    assert app.rows(f"SELECT count(*) FROM delivery WHERE article_id = {number}") == [(0,)]
    card = await telegram.ask(telegram.owner, f"/breaking {number}", button="بله")
    await telegram.people.press(telegram.owner, card, "بله")
    await telegram.people.wait_for(reader, lambda m: "خبر آرام" in text_of(m))

    # All of it again, but at nine in the evening; then on an interval of their own.
    page = await _press(telegram, reader, page, "فقط خبر فوری", "۲۱:۰۰")
    assert any("✅" in button and "۲۱:۰۰" in button for button in buttons_of(page))
    await _press(telegram, reader, page, "زمان دلخواه")
    await telegram.people.wait_for(reader, lambda m: "هر ۴۵ دقیقه" in text_of(m), after=page["message_id"])
    page = await telegram.ask(reader, "every 45m", button="فقط خبر فوری")
    assert "۴۵ دقیقه" in text_of(page)
    await telegram.publish("نفت ایران، نوبت بعد")
    await until(_in(app, "SELECT count(*) FROM delivery WHERE state = 'pending' AND fold = 1 AND ready = 0", 1))

    # A name that is no category is no slip: the words themselves are offered.
    offer = await telegram.ask(reader, "/subscribe بورس تهران", button="دنبال کردن این واژه‌ها")
    assert "بین‌الملل" in text_of(offer)
    assert "بورس تهران" in text_of(await _press(telegram, reader, offer, "دنبال کردن این واژه‌ها"))
    assert "نفت" in text_of(await telegram.ask(reader, "/unsubscribe نفت ایران -اوپک"))
    gone = await telegram.people.press(reader, page, "دنبال نشود")
    assert gone["alert"]
    assert "دیگر دنبال نمی‌شود" in gone["text"]
    assert "🔎 بورس تهران" in text_of(await telegram.ask(reader, "/unsubscribe بورس تهران"))
    assert "در آنچه دنبال می‌کنید نیست" in text_of(await telegram.ask(reader, "/unsubscribe بورس تهران"))
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_each_topic_of_a_forum_gets_its_own_news(app: PeykApp, telegram: Telegram) -> None:
    owner, member = telegram.owner, await telegram.people.person("عضو")
    admin = await telegram.people.person("مدیر", started=True)
    group = await telegram.people.chat("supergroup", "تالار", owner, forum=True)
    await telegram.people.do("join", chat_id=group, user_id=member)
    await telegram.people.do("join", chat_id=group, user_id=admin, status="administrator")
    await telegram.people.add_bot(group, owner, status="member")
    await app.running(telegram)
    topics = {
        name: (await telegram.people.do("topics", chat_id=group, by=owner, name=name))["id"]
        for name in ("ورزش", "بازار")
    }
    # One is set up by an admin in private, with the whole group turned off; the other by a command in it.
    panel = await telegram.ask(admin, f"/start p_{group}", button="دسته‌ها")
    panel = await _press(telegram, admin, panel, "دسته‌ها", "✅ همهٔ خبرها", "موضوع‌های گروه", "ورزش", "ورزشی")
    assert "تالار ‹ ورزش" in text_of(panel)
    await telegram.people.do("topics/rename", chat_id=group, by=owner, topic_id=topics["ورزش"], name="میدان")
    told = await telegram.ask(owner, "/subscribe #بورس «نفت ایران»", chat_id=group, topic_id=topics["بازار"])
    assert told["message_thread_id"] == topics["بازار"]
    assert "#بورس، 🔎 «نفت ایران»" in text_of(told)
    assert "«بورس»" in text_of(await telegram.ask(owner, "/audit"))
    assert "مدیران گروه" in (await telegram.people.press(member, told, "⚙️ #بورس"))["text"]
    assert {"✅ بازار", "✅ میدان"} < buttons_of(await _press(telegram, admin, panel, "موضوع‌های گروه")).keys()

    await telegram.publish("بازی فوتبال", "ورزشی")
    await telegram.publish("بهای نفت‌ایران", "اقتصادی")
    await telegram.publish("بازار آرام بود", "اقتصادی", "لید.\n\nمتن.\n#بورس")
    await telegram.people.wait_for(group, lambda m: "بازار آرام" in text_of(m))
    headlines = {
        text_of(m).strip("\u200f").splitlines()[0]: m.get("message_thread_id")
        for m in await telegram.people.messages(group, by_bot=True)
        if "🔖" in text_of(m)
    }
    assert headlines == {
        "بازی فوتبال": topics["ورزش"],
        "بهای نفت‌ایران": topics["بازار"],
        "بازار آرام بود": topics["بازار"],
    }

    # In the group its admins change what there is by the same pages; another one's page of what is gone says so.
    pages = await _press(telegram, admin, told, "⚙️ #بورس")
    topic = f"p_{group}_{topics['بازار']}"
    elsewhere = await _press(telegram, owner, await telegram.ask(owner, f"/start {topic}"), "⚙️ #بورس")
    left = await _press(telegram, admin, pages, "دنبال نشود")
    assert any(address.endswith(topic) for address in buttons_of(left).values())
    assert "دیگر دنبال نمی‌شود" in (await telegram.people.press(owner, elsewhere, "هر ساعت"))["text"]
    assert "#بورس" not in text_of(await _press(telegram, owner, elsewhere, "بازگشت"))
    # A stranger's invented data reaches nothing of the group.
    reader = telegram.reader
    own = await telegram.ask(reader, "/subscriptions")
    row = app.rows(f"SELECT id FROM subscription WHERE chat_id = {group}")[0][0]
    for data in (
        f"fol:{group}:0:cat:0:1",
        f"one:{group}:{row}:stop",
        f"one:{reader}:{row}:stop",
        f"new:{reader}:7:tag",
    ):
        pressed = {"user_id": reader, "chat_id": reader, "message_id": own["message_id"], "data": data}
        assert (await telegram.people.do("press", **pressed))["alert"], data
    assert app.rows(f"SELECT count(*) FROM subscription WHERE id = {row}") == [(1,)]
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_what_was_looked_for_or_listed_is_followed_with_a_tap(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    await app.running(telegram)
    await telegram.ask(telegram.owner, "/post ورزشی\nقهرمانی در کشتی\n\nلید\n\nمتن")
    await telegram.ask(telegram.owner, "/publish 1")
    hits = await telegram.ask(reader, "كشتى -فوتبال")
    assert "قهرمانی" in text_of(hits)
    await people.press(reader, hits, "دنبال کردن این واژه‌ها")
    told = await people.wait_for(reader, lambda m: "فرستاده می‌شود" in text_of(m), after=hits["message_id"])
    assert "كشتى -فوتبال" in text_of(told)
    assert text_of(await telegram.now(hits)) == text_of(hits), "the hits stay"
    assert "از پیش" in (await people.press(reader, hits, "دنبال کردن این واژه‌ها"))["text"]
    nothing = await telegram.ask(reader, "سیل خوزستان")
    await people.press(reader, nothing, "دنبال کردن این واژه‌ها")
    await people.wait_for(reader, lambda m: "فرستاده می‌شود" in text_of(m), after=nothing["message_id"])
    # Days and categories are no words to follow.
    assert "follow:search" not in buttons_of(await telegram.ask(reader, "کشتی دسته:ورزشی")).values()
    section = await telegram.ask(reader, "/category ورزشی")
    await people.press(reader, section, "دنبال کردن")
    await people.wait_for(reader, lambda m: "فرستاده می‌شود" in text_of(m), after=section["message_id"])
    assert not any("دنبال کردن" in label for label in buttons_of(await telegram.ask(reader, "/category ورزشی")))
    kinds = app.rows(f"SELECT kind, label FROM subscription WHERE chat_id = {reader} ORDER BY id")
    assert kinds == [("words", "كشتى -فوتبال"), ("words", "سیل خوزستان"), ("category", "")]


@pytest.mark.long
async def test_every_change_is_undone_from_its_own_answer(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    await app.running(telegram)

    def followed() -> list[Any]:
        return app.rows(
            "SELECT kind, category_id, label, breaking_only, schedule FROM subscription "
            f"WHERE chat_id = {reader} ORDER BY kind, category_id, label"
        )

    async def undone(answer: dict[str, Any], before: list[Any]) -> None:
        assert followed() != before
        for _ in range(2):
            told = await people.press(reader, answer, "برگردان")
            assert "برگردانده شد" in told["text"], told
        assert followed() == before
        assert "برگردان" not in str(buttons_of(await telegram.now(answer)))

    told = await telegram.ask(reader, "/subscribe")
    assert "ورزشی" in buttons_of(told), "the page of choices is there"
    await undone(told, [])
    await telegram.ask(reader, "/subscribe ورزشی، سیاسی «نفت»")
    before = followed()
    await undone(await telegram.ask(reader, "/unsubscribe ورزشی"), before)
    sure = await telegram.ask(reader, "/unsubscribe", button="بله")
    await undone(await _press(telegram, reader, sure, "بله، هیچ‌کدام"), before)
    panel = await telegram.ask(reader, "/subscriptions")
    await undone(
        await _press(telegram, reader, panel, "اقتصادی", "علم و فناوری", "علم و فناوری", "✅ ورزشی"),
        [
            *before[:1],
            *app.rows("SELECT 'category', id, '', 0, '' FROM category WHERE slug = 'economy'"),
            *before[1:],
        ],
    )
