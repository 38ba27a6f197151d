"""An editor's way: writing, importing, publishing, editing; and who may not."""

import pytest

from sandbox.client import Json, text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.flows.news_site import NewsSite, article_page

_POST = (
    "/post بین الملل\nنشست نوآباد <پایان> یافت & تمام\n\nلید این خبر در یک سطر است.\n\n"
    "بند نخست این خبر که بلندتر از شصت نویسه است و با نقطه به پایان می‌رسد.\n"
    "گام بعدی\n"
    "بند دوم این خبر که بلندتر از شصت نویسه است و با نقطه به پایان می‌رسد."
)
_COPIED = """بین الملل
شناسه خبر : 264802
تاریخ انتشار : چهارشنبه 1404/10/03 ساعت 15:16
همایش بزرگ دریانوردی در بندر نوآباد برگزار شد
همایش بزرگ دریانوردی در بندر نوآباد برگزار شد
دریانوردان دوازده کشور در همایشی دو روزه در بندر نوآباد تجربه های خود را در میان گذاشتند.
پیک نیوز-گروه بین الملل: دریانوردان دوازده کشور در همایشی دو روزه در بندر نوآباد گرد آمدند و سخن گفتند.
کارگاه های آموزشی
در کنار همایش پنج کارگاه آموزشی برگزار شد که هر کدام بیش از پنجاه شرکت کننده داشت و تا شب ادامه یافت.
نظرات
یک نظر که نباید در خبر بیاید هرچند بلند باشد و با نقطه پایان یابد.
آخرین اخبار
تیتر خبری دیگر
"""


def _buttons(message: Json) -> list[str]:
    return [b["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


async def test_a_post_in_one_message_is_previewed_published_once_and_read(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    preview = await telegram.ask(telegram.owner, _POST)
    assert sum("انتشار" in text for text in _buttons(preview)) == 1
    assert sum("پیش‌نویس" in text for text in _buttons(preview)) == 1
    assert "نشست نوآباد <پایان> یافت & تمام" in text_of(preview)
    hidden = await telegram.ask(telegram.reader, "/article 1")
    assert "نشست" not in text_of(hidden)

    assert (await telegram.people.press(telegram.owner, preview, "انتشار"))["answered"]
    posted = await telegram.people.wait_for(channel, lambda m: "نشست نوآباد <پایان> یافت & تمام" in text_of(m))
    assert "#بین_الملل" in text_of(posted)
    again = await telegram.people.press(telegram.owner, preview, "انتشار")
    assert again["alert"]
    assert "پیش‌تر منتشر شده" in again["text"]

    opened = await telegram.ask(telegram.reader, "۱")
    assert "بند نخست این خبر" in text_of(opened)
    assert "گام بعدی" in text_of(opened)
    assert "بند دوم این خبر" in text_of(opened)
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1
    assert await telegram.people.refused() == []


async def test_a_post_step_by_step_survives_a_restart(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    asked = await telegram.ask(telegram.owner, "/post")
    await telegram.people.press(telegram.owner, asked, "ورزشی")
    await telegram.people.wait_for(telegram.owner, lambda m: "تیتر خبر" in text_of(m), after=asked["message_id"])
    await telegram.ask(telegram.owner, "تیتر گام‌به‌گام")
    app.kill()
    await app.running(telegram)
    await telegram.ask(telegram.owner, "لید گام‌به‌گام")
    await telegram.ask(telegram.owner, "بند نخست متن گام‌به‌گام.")
    await telegram.people.say(telegram.owner, "بند دوم متن گام‌به‌گام.")
    preview = await telegram.ask(telegram.owner, "تمام")
    for part in ("تیتر گام‌به‌گام", "لید گام‌به‌گام", "بند نخست متن", "بند دوم متن", "#ورزشی"):
        assert part in text_of(preview)
    kept = await telegram.people.press(telegram.owner, preview, "پیش‌نویس")
    assert kept["answered"]
    assert "تیتر گام‌به‌گام" in text_of(await telegram.ask(telegram.owner, "/drafts"))


@pytest.mark.long
async def test_a_long_paste_that_telegram_split_becomes_one_article(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    lines = [
        f"بند شمارهٔ {n} از متن بلندی که تلگرام آن را به چند پیام تقسیم می‌کند و باز یکی می‌شود."
        for n in range(1, 121)
    ]
    text = "/post علم و فناوری\nتیتر متن بلند\n\nلید متن بلند.\n\n" + "\n".join(lines)
    ids = await telegram.people.say(telegram.owner, text)
    assert len(ids) > 1
    preview = await telegram.people.wait_for(telegram.owner, lambda m: "پیش‌نمایش" in text_of(m), after=min(ids))
    number = "1"
    assert "تیتر متن بلند" in text_of(preview)
    shown = (await app.cli("articles", "show", number)).stdout
    for line in lines:
        assert line in shown


@pytest.mark.long
async def test_copied_text_is_imported_with_its_own_number_and_date(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.ask(telegram.owner, "/import")
    preview = await telegram.ask(telegram.owner, _COPIED)
    assert "چهارشنبه ۳ دی ۱۴۰۴، ساعت ۱۵:۱۶" in text_of(preview)
    assert "#بین_الملل" in text_of(preview)
    assert "کارگاه‌های آموزشی" in text_of(preview)
    assert "نباید در خبر بیاید" not in text_of(preview)
    await telegram.people.press(telegram.owner, preview, "انتشار")
    opened = await telegram.ask(telegram.reader, "/article 264802", button="نظرات")
    assert "دریانوردان دوازده کشور" in text_of(opened)
    again = await telegram.ask(telegram.owner, "/import " + _COPIED)
    assert "پیش‌تر" in text_of(again)


async def test_a_page_is_imported_by_address(app: PeykApp, telegram: Telegram, site: NewsSite) -> None:
    paragraph = "بند نخست خبر وارداتی که به اندازهٔ کافی بلند است تا خوانده شود و گم نشود."
    url = site.put(
        "/news/77/x", article_page("خبر وارداتی", 77, "1404/10/03 15:16", [paragraph, paragraph[:-5] + " دیگر."])
    )
    await app.running(telegram)
    await telegram.people.say(telegram.owner, f"/import {url}")
    preview = await telegram.people.wait_for(telegram.owner, lambda m: "پیش‌نمایش" in text_of(m))
    assert paragraph in text_of(preview)
    refused = await telegram.people.say(telegram.owner, f"/import {site.url}/nothing")
    answer = await telegram.people.wait_for(telegram.owner, lambda m: "۴۰۴" in text_of(m), after=max(refused))
    assert answer


async def test_strangers_find_no_newsroom(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    unknown = text_of(await telegram.ask(telegram.reader, "/no_such_command"))
    for command in (
        "/post",
        "/drafts",
        "/publish 1",
        "/pause",
        "/invite editor",
        "/editors",
        "/import x",
        "/correct 1",
        "/retract 1 x",
        "/outbox",
    ):
        assert text_of(await telegram.ask(telegram.reader, command)) == unknown
    preview = await telegram.ask(telegram.owner, _POST)
    data = preview["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    own = await telegram.ask(telegram.reader, "/help")
    answer = await telegram.people.do(
        "press", user_id=telegram.reader, chat_id=telegram.reader, message_id=own["message_id"], data=data
    )
    assert answer["alert"]
    assert "پیش‌نویس" not in text_of(await telegram.ask(telegram.reader, "/article 1"))


async def test_an_invited_editor_publishes_and_loses_it_when_removed(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    invitation = text_of(await telegram.ask(telegram.owner, "/invite editor"))
    payload = invitation.rsplit("start=", 1)[1].strip()
    assert "سردبیر" in text_of(await telegram.ask(telegram.reader, f"/start {payload}"))
    assert "پیش‌نمایش" in text_of(await telegram.ask(telegram.reader, _POST))
    stranger = await telegram.person("بیگانه")
    assert "معتبر نیست" in text_of(await telegram.ask(stranger, f"/start {payload}"))
    people = await telegram.ask(telegram.owner, "/editors")
    for button in ("سردبیر", "حذف", "بله"):
        await telegram.people.press(telegram.owner, await telegram.now(people), button)
    unknown = text_of(await telegram.ask(stranger, "/no_such_command"))
    assert text_of(await telegram.ask(telegram.reader, "/drafts")) == unknown


async def test_pause_holds_every_push_and_resume_lets_them_go(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    author = await telegram.colleague("نویسنده", "author")
    await telegram.pause()
    told = await telegram.people.wait_for(author, lambda m: "متوقف کرد" in text_of(m))
    assert "سردبیر" in text_of(told)
    assert "متوقف" in text_of(await telegram.ask(telegram.owner, "/outbox"))
    preview = await telegram.ask(telegram.owner, _POST)
    await telegram.people.press(telegram.owner, preview, "انتشار")
    assert "ازسرگیری: \u2068/resume\u2069" in text_of(await telegram.now(preview))
    assert "نشست نوآباد" in text_of(await telegram.ask(telegram.reader, "/latest"))
    assert await telegram.people.messages(channel, by_bot=True) == []
    await telegram.ask(telegram.owner, "/resume")
    assert await telegram.people.wait_for(author, lambda m: "از سر گرفت" in text_of(m))
    assert app.rows("SELECT actor_id, action FROM audit WHERE action IN ('pause', 'resume') ORDER BY id") == [
        (telegram.owner, "pause"),
        (telegram.owner, "resume"),
    ]
    assert await telegram.people.wait_for(channel, lambda m: "نشست نوآباد" in text_of(m))


async def test_an_edit_on_an_older_revision_is_refused(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    preview = await telegram.ask(telegram.owner, _POST)
    parts = await telegram.ask(telegram.owner, "/edit 1")
    await telegram.people.press(telegram.owner, parts, "تیتر")
    await telegram.people.wait_for(telegram.owner, lambda m: "تیتر تازه" in text_of(m), after=parts["message_id"])
    changed = await telegram.ask(telegram.owner, "تیتر ویراسته")
    assert "تیتر ویراسته" in text_of(changed)
    stale = await telegram.people.press(telegram.owner, preview, "انتشار")
    assert stale["alert"]
    assert "تغییر کرده" in stale["text"]
