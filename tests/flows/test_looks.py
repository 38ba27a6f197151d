"""The look of posts in each chat: chosen by buttons with a sample below, kept in what is sent and corrected."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import article_page
from tests.peyk_app import says

_Until = Callable[..., Any]
_DATE = "چهارشنبه 1404/10/03 ساعت 15:16"
_PHOTO = "https://pictures.example.org/news"
_PARAGRAPHS = [
    "بند نخست این خبر دربارهٔ همایش بندر است و جزئیات آن را یک به یک باز می‌کند تا خواننده بداند چه گذشت.",
    "بند دوم دربارهٔ نشست بعدی است که بهار آینده در همین بندر برگزار می‌شود و دبیرخانه‌ای خواهد داشت.",
]


async def _bring(app: PeykApp, number: int, title: str) -> None:
    """Import an article with a source's photo, and publish it."""
    page = article_page(title, number, _DATE, _PARAGRAPHS, lead=f"لید خبر {number} در یک سطر کامل.")
    picture = f'<meta property="og:image" content="{_PHOTO}/{number}.jpg"></head>'
    (app.folder / f"{number}.html").write_text(page.replace("</head>", picture))
    done = await app.cli("import", f"{number}.html", "--publish")
    assert done.returncode == 0, done.stderr


async def _sample(telegram: Telegram, panel: dict[str, Any]) -> dict[str, Any]:
    """Return the one sample of a post that stands below a panel."""
    held = await telegram.people.messages(telegram.owner, by_bot=True)
    (sample,) = [m for m in held if m["message_id"] > panel["message_id"] and "شناسهٔ خبر" in text_of(m)]
    return sample


async def _press(telegram: Telegram, panel: dict[str, Any], *words: str) -> dict[str, Any]:
    """Press one button of a panel after the other, and return the panel."""
    for word in words:
        await telegram.people.press(telegram.owner, panel, word)
        panel = await telegram.now(panel)
    return panel


async def _settled(app: PeykApp, until: _Until) -> None:
    async def done() -> bool:
        return not app.rows(
            "SELECT 1 FROM amendment WHERE state = 'pending' UNION ALL SELECT 1 FROM fan_out WHERE done_at IS NULL"
        )

    await until(done)


@pytest.mark.long
async def test_posts_look_as_each_chat_wants_them(app: PeykApp, telegram: Telegram, until: _Until) -> None:
    channel = await telegram.channel("کانال آراسته")
    other = await telegram.channel("کانال دیگر", by=await telegram.people.person("دیگری"))
    await telegram.people.say(telegram.owner, "پست دستی", chat_id=channel)
    await app.running(telegram, CHANNEL_APPROVAL="open")
    app.change(f"UPDATE chat SET look = 'photo=any' WHERE id = {other}")
    panel = await telegram.ask(telegram.owner, f"/start p_{channel}", button="ظاهر")
    panel = await _press(telegram, panel, "ظاهر پست‌ها")
    first = await _sample(telegram, panel)
    assert "نمونهٔ تیتر خبر" in text_of(first), "nothing is published yet"

    # A choice shows at once in the sample; a press that comes twice does no harm.
    shaped = await _press(telegram, panel, "با بند نخست")
    await _press(telegram, panel, "با بند نخست")
    sample = await _sample(telegram, panel)
    assert "بند نخست خبر اینجا" in text_of(sample)
    assert sample["message_id"] == first["message_id"]
    assert "✅ با بند نخست" in buttons_of(shaped)
    await _press(telegram, shaped, "با هر عکس", "امضا")
    app.kill()
    await app.running(telegram)
    panel = await telegram.ask(telegram.owner, "@arasteh <b>خبرها</b>", button="بدون امضا")
    await telegram.people.wait_for(telegram.owner, lambda m: "شناسهٔ" in text_of(m), after=panel["message_id"])
    sample = await _sample(telegram, panel)
    assert text_of(sample).endswith("@arasteh <b>خبرها</b>")

    # A post comes just so, its photo by the address. What Telegram cannot use goes as a text with the same words; no
    # other chat tries it again. Both are found by reading where the answer was lost.
    await telegram.people.do("web", prefix=f"{_PHOTO}/702", refusal="wrong type of the web page content")
    await telegram.people.do("faults", kind="answer_lost", method="sendPhoto", chat_id=channel)
    await telegram.people.do("faults", kind="answer_lost", method="sendMessage", chat_id=other)
    await telegram.ask(telegram.reader, "/subscribe")
    await _bring(app, 701, "همایش در نوآباد")
    await _bring(app, 702, "نشست در نوآباد")

    # Meanwhile a reader chooses to do without photos.
    plain = await telegram.people.wait_for(telegram.reader, lambda m: "نشست در نوآباد" in text_of(m))
    assert "photo" not in plain
    assert "متن کامل" in buttons_of(plain)
    assert _PARAGRAPHS[0][:40] not in text_of(plain)
    settings = await telegram.ask(telegram.reader, "/settings", button="ظاهر")
    await telegram.people.press(telegram.reader, settings, "ظاهر")
    page = await telegram.now(settings)
    assert not any("امضا" in words or "دکمه" in words for words in buttons_of(page))
    await telegram.people.press(telegram.reader, page, "بی‌عکس")
    assert "✅ بی‌عکس" in buttons_of(await telegram.now(settings))
    theirs = {"chat_id": telegram.owner, "message_id": panel["message_id"], "data": buttons_of(page)["بی‌عکس"]}
    stranger = await telegram.people.do("press", user_id=telegram.owner, **theirs)
    assert stranger["alert"], "nobody changes another person's settings, whatever their role"

    posts = {}
    for number, title in ((701, "همایش در نوآباد"), (702, "نشست در نوآباد")):
        posts[number] = [await telegram.people.wait_for(chat, says(title)) for chat in (channel, other)]
        assert _PARAGRAPHS[0][:40] in text_of(posts[number][0])
        assert text_of(posts[number][0]).endswith("@arasteh <b>خبرها</b>")
        assert _PARAGRAPHS[0][:40] not in text_of(posts[number][1])
        await until(lambda number=number: _sent(app, number))
    assert [post["photo_address"] for post in posts[701]] == [f"{_PHOTO}/701.jpg"] * 2
    assert all("text" in post for post in posts[702])
    assert (await telegram.people.get("fetched")).count(f"{_PHOTO}/702.jpg") == 1
    assert [len(await telegram.people.messages(chat, by_bot=True)) for chat in (channel, other)] == [2, 2]
    told = [text_of(message) for message in await telegram.people.messages(telegram.owner, by_bot=True)]
    assert not any("قالب یک پیام" in words for words in told), "it is no trouble with markup"

    # A correction keeps a photo a photo and a text a text, and comes in the look of now.
    panel = await _press(telegram, panel, "فقط تیتر")
    assert "نشست در نوآباد" in text_of(await _sample(telegram, panel)), "the newest that was published"
    before = {"after": (await telegram.people.get("last"))["request"]}
    fetched = await telegram.people.get("fetched")
    await _bring(app, 701, "همایش در کهن‌آباد")
    await _bring(app, 702, "نشست در کهن‌آباد")
    await _settled(app, until)
    for number, kind in ((701, "photo"), (702, "text")):
        for chat, copy in zip((channel, other), posts[number], strict=True):
            now = await telegram.now(copy)
            assert kind in now
            assert "کهن‌آباد" in text_of(now)
            assert ("لید خبر" in text_of(now)) is (chat == other)
    assert [
        request for request in await telegram.people.get("requests", **before) if request["status"] != 200
    ] == []
    assert await telegram.people.get("fetched") == fetched, "what is there already is not fetched again"

    # The page is left as it was found, and what staff did is written down.
    panel = await _press(telegram, panel, "بازگشت")
    assert "تنظیمات" in text_of(panel)
    held = await telegram.people.messages(telegram.owner)
    assert not [m for m in held if m["message_id"] >= first["message_id"] and "شناسهٔ" in text_of(m)]
    noted = [detail for (detail,) in app.rows("SELECT detail FROM audit WHERE action = 'chat_settings'")]
    assert any("look" in detail and "sign=@arasteh" in detail for detail in noted)


async def _sent(app: PeykApp, number: int) -> bool:
    left = app.rows(f"SELECT 1 FROM delivery WHERE article_id = {number} AND state != 'sent'")
    return not left and bool(app.rows(f"SELECT 1 FROM delivery WHERE article_id = {number}"))


def _undated(message: dict[str, Any]) -> list[str]:
    """Return a post's lines but for the last and for its date, which is that of the preview before it is published."""
    return [line for line in text_of(message).split("\n")[:-1] if "🗓" not in line]


async def test_a_preview_shows_the_post_as_in_each_channel(app: PeykApp, telegram: Telegram) -> None:
    signed = await telegram.channel("کانال امضادار")
    usual = await telegram.channel("کانال معمولی", by=await telegram.people.person("دیگری"))
    await app.running(telegram, CHANNEL_APPROVAL="open")
    app.change(f"UPDATE chat SET look = 'tags=off sign=@sport_desk' WHERE id = {signed}")
    app.change(f"UPDATE chat SET language = 'fa' WHERE id = {usual}")  # which is the newsroom's
    preview = await telegram.ask(
        telegram.owner, "/post ورزشی\nتیتر بازی\n\nلید بازی.\n\nمتن بازی.", button="انتشار"
    )
    await telegram.people.press(telegram.owner, preview, "نمای کانال")
    plain = await telegram.people.wait_for(
        telegram.owner, lambda m: "شناسهٔ خبر" in text_of(m), after=preview["message_id"]
    )
    assert [words for words in buttons_of(plain) if "👁" in words] == ["👁 کانال امضادار"]
    await telegram.people.press(telegram.owner, plain, "کانال امضادار")
    shown = await telegram.people.wait_for(
        telegram.owner, lambda m: "@sport_desk" in text_of(m), after=plain["message_id"]
    )
    assert plain["message_id"] not in [m["message_id"] for m in await telegram.people.messages(telegram.owner)]
    assert [words for words in buttons_of(shown) if "👁" in words] == ["👁 نمای معمول"]
    await telegram.people.press(telegram.owner, preview, "انتشار")
    for channel, seen in ((signed, shown), (usual, plain)):
        posted = await telegram.people.wait_for(channel, lambda m: "تیتر بازی" in text_of(m))
        assert _undated(posted) == _undated(seen)
    # What is gone meanwhile is said to be.
    app.change(f"UPDATE chat SET lost_at = 1, reason = 'kicked' WHERE id = {signed}")
    await telegram.people.press(telegram.owner, shown, "نمای معمول")
    again = await telegram.people.wait_for(
        telegram.owner, lambda m: "شناسهٔ خبر" in text_of(m), after=shown["message_id"]
    )
    assert not [words for words in buttons_of(again) if "👁" in words]
