"""Photos, videos and documents: the first goes with the headline, all of them go to readers who ask."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import Json, text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_Until = Callable[..., Any]
_ALBUM = [("photo", f"{name}.jpg", name.encode()) for name in "abc"]


def _photos_in(full_text: dict[str, Any]) -> list[str]:
    """Return the files of the photos within a rich full text, those of slideshows too, in their order."""
    blocks = full_text["rich_message"]["blocks"]
    shown = [part for block in blocks for part in (block["blocks"] if block["type"] == "slideshow" else [block])]
    return [part["photo"] for part in shown if part["type"] == "photo"]


async def _settled(app: PeykApp, until: _Until) -> None:
    async def done() -> bool:
        return not app.rows(
            "SELECT 1 FROM amendment WHERE state = 'pending' UNION ALL SELECT 1 FROM fan_out WHERE done_at IS NULL"
        )

    await until(done)


async def _correct(app: PeykApp, telegram: Telegram, until: _Until, asked: dict[str, Any]) -> str:
    """Say yes without a note, wait until every copy is done with, and return what the card said."""
    await telegram.people.press(telegram.owner, asked, "بله، بدون یادداشت")
    await _settled(app, until)
    return text_of(asked)


async def test_an_album_from_a_phone(app: PeykApp, telegram: Telegram, until: _Until) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    words = "/post ورزشی\nتیتر آلبوم\n\nلید آلبوم.\n\nمتن پررنگ آلبوم."
    bold = [{"type": "bold", "offset": words.index("پررنگ"), "length": 5}]
    ids = await telegram.people.send_album(telegram.owner, _ALBUM, words, entities=bold)
    await telegram.people.wait_for(telegram.owner, lambda m: "آلبوم دریافت" in text_of(m), after=max(ids))
    app.kill()
    await app.running(telegram)
    ids = await telegram.people.send_file(telegram.owner, "document", "گزارش.pdf", b"report")
    await telegram.people.wait_for(telegram.owner, lambda m: "همهٔ پیوست‌ها: ۴" in text_of(m), after=max(ids))
    preview = await telegram.ask(telegram.owner, "تمام", button="انتشار")
    assert "پیوست‌ها: \u2068۳ عکس، ۱ فایل" in text_of(preview)

    await telegram.people.press(telegram.owner, preview, "نمای کانال")
    shown = await telegram.people.wait_for(
        telegram.owner, lambda m: "photo" in m and "بازگشت" in str(buttons_of(m)), after=preview["message_id"]
    )
    await telegram.people.press(telegram.owner, shown, "بازگشت")
    assert shown["message_id"] not in [m["message_id"] for m in await telegram.people.messages(telegram.owner)]

    await telegram.people.press(telegram.owner, preview, "انتشار")
    posted = await telegram.people.wait_for(channel, lambda m: "photo" in m)
    assert text_of(posted).split("\n")[:3] == text_of(shown).split("\n")[:3]
    assert posted["photo"] == shown["photo"]
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1
    opened = await telegram.ask(telegram.reader, "/article 1", button="نظرات")
    assert "<b>پررنگ</b>" in opened["rich_message"]["html"]
    assert _photos_in(opened)[0] == posted["photo"][-1]["file_id"]
    assert len(_photos_in(opened)) == 3
    await telegram.people.press(telegram.reader, opened, "پیوست‌ها (۴)")
    document = await telegram.people.wait_for(telegram.reader, lambda m: "document" in m)
    album = [m for m in await telegram.people.messages(telegram.reader) if "media_group_id" in m]
    assert [len(album), len({m["media_group_id"] for m in album})] == [3, 1]

    # Other words leave the attachments alone; one attachment less is one message less, in its place.
    parts = await telegram.ask(telegram.owner, "/correct 1", button="تیتر")
    await telegram.people.press(telegram.owner, parts, "تیتر")
    await telegram.people.wait_for(telegram.owner, lambda m: "تیتر تازه" in text_of(m), after=parts["message_id"])
    await _correct(app, telegram, until, await telegram.ask(telegram.owner, "تیتر تازهٔ آلبوم", button="بدون"))
    assert await telegram.people.refused() == []
    assert "تیتر تازهٔ آلبوم" in text_of(await telegram.now(posted))
    parts = await telegram.ask(telegram.owner, "/correct 1", button="پیوست‌ها")
    await telegram.people.press(telegram.owner, parts, "پیوست‌ها")
    listed = await telegram.now(parts)
    await telegram.people.press(telegram.owner, listed, "۲. عکس")
    asked = await telegram.people.wait_for(
        telegram.owner, lambda m: "چه چیزی" in text_of(m), after=listed["message_id"]
    )
    card = await _correct(app, telegram, until, asked)
    assert "۳ عکس، ۱ فایل" in card
    assert "۲ عکس، ۱ فایل" in card
    left = [m for m in await telegram.people.messages(telegram.reader) if "media_group_id" in m]
    assert [m["photo"] for m in left] == [album[0]["photo"], album[2]["photo"]]
    assert _photos_in(await telegram.now(opened)) == [m["photo"][-1]["file_id"] for m in left]
    assert (await telegram.now(document))["document"]["file_name"] == "گزارش.pdf"
    told = {entry["description"] for entry in await telegram.people.refused()}
    assert all("not modified" in words for words in told), "the post in the channel stays as it was"

    retraction = await telegram.ask(telegram.owner, "/retract 1 نادرست بود")
    await telegram.people.press(telegram.owner, retraction, "بله")
    await _settled(app, until)
    ours = await telegram.people.messages(telegram.reader, by_bot=True)
    assert not [m for m in ours if "photo" in m or "document" in m or "rich_message" in m]
    assert await telegram.people.messages(channel, by_bot=True) == []
    late = await telegram.people.do(
        "press",
        user_id=telegram.reader,
        chat_id=telegram.reader,
        message_id=ours[0]["message_id"],
        data=buttons_of(opened)["🖼 پیوست‌ها (۴)"],
    )
    assert late["alert"]


def _preview_of(title: str) -> Callable[[Json], bool]:
    return lambda message: title in text_of(message) and "انتشار" in str(message)


def _has(kind: str) -> Callable[[Json], bool]:
    return lambda message: kind in message


def _titled(title: str) -> Callable[[Json], bool]:
    return lambda message: title in text_of(message)


def _post_with(kind: str) -> Callable[[Json], bool]:
    return lambda message: kind in message and "متن کامل" in buttons_of(message)


@pytest.mark.long
async def test_a_video_or_document_alone_is_posted_corrected_and_retracted(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    await telegram.people.do("faults", kind="answer_lost", method="sendDocument", chat_id=channel)
    for number, (kind, name, file) in enumerate(
        (("video", "v.mp4", b"video"), ("document", "d.pdf", b"document")), start=1
    ):
        caption = f"/post سیاسی\nتیتر {name}\n\nلید {name}"
        await telegram.people.send_file(telegram.owner, kind, name, file, caption=caption)
        preview = await telegram.people.wait_for(telegram.owner, _preview_of(f"تیتر {name}"))
        await telegram.people.press(telegram.owner, preview, "انتشار")
        posted = await telegram.people.wait_for(channel, _post_with(kind))
        assert f"تیتر {name}" in text_of(posted)
        parts = await telegram.ask(telegram.owner, f"/correct {number}", button="تیتر")
        await telegram.people.press(telegram.owner, parts, "تیتر")
        await telegram.people.wait_for(
            telegram.owner, lambda m: "تیتر تازه" in text_of(m), after=parts["message_id"]
        )
        await _correct(app, telegram, until, await telegram.ask(telegram.owner, f"دیگر {number}", button="بدون"))
        now = await until(lambda posted=posted, number=number: _says(telegram, posted, f"دیگر {number}"), 20)
        assert now[kind] == posted[kind]
    assert len(await telegram.people.messages(channel, by_bot=True)) == 2
    opened = await telegram.ask(telegram.reader, "/article 1", button="نظرات")
    await telegram.people.press(telegram.reader, opened, "پیوست‌ها (۱)")
    await telegram.people.wait_for(telegram.reader, lambda m: "video" in m)
    for number in (1, 2):
        card = await telegram.ask(telegram.owner, f"/retract {number} نادرست بود")
        await telegram.people.press(telegram.owner, card, "بله")
    await _settled(app, until)
    assert await telegram.people.messages(channel, by_bot=True) == []
    assert not [m for m in await telegram.people.messages(telegram.reader) if "video" in m]


@pytest.mark.long
async def test_sounds_voices_and_animations_go_with_posts_and_full_texts(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    for number, (kind, name) in enumerate(
        (("animation", "a.mp4"), ("audio", "s.mp3"), ("voice", "v.ogg")), start=1
    ):
        caption = f"/post سیاسی\nتیتر {name}\n\nلید {name}"
        await telegram.people.send_file(telegram.owner, kind, name, kind.encode(), caption=caption)
        preview = await telegram.people.wait_for(telegram.owner, _preview_of(f"تیتر {name}"))
        # A voice message, which nothing can take the place of, goes with the full text alone.
        leads = kind != "voice"
        if leads:
            cover = await telegram.people.wait_for(telegram.owner, _has(kind), after=preview["message_id"])
            assert cover["reply_to_message"]["message_id"] == preview["message_id"]
        await telegram.people.press(telegram.owner, preview, "انتشار")
        posted = await telegram.people.wait_for(channel, _titled(f"تیتر {name}"))
        assert (kind in posted) == leads
        parts = await telegram.ask(telegram.owner, f"/correct {number}", button="تیتر")
        await telegram.people.press(telegram.owner, parts, "تیتر")
        await telegram.people.wait_for(
            telegram.owner, lambda m: "تیتر تازه" in text_of(m), after=parts["message_id"]
        )
        await _correct(app, telegram, until, await telegram.ask(telegram.owner, f"دیگر {number}", button="بدون"))
        assert await until(lambda posted=posted, number=number: _says(telegram, posted, f"دیگر {number}"), 20)
        opened = await telegram.ask(telegram.reader, f"/article {number}", button="نظرات")
        await telegram.people.press(telegram.reader, opened, "پیوست‌ها (۱)")
        await telegram.people.wait_for(telegram.reader, _has(kind))
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_another_sound_takes_the_place_of_one_and_a_changed_voice_goes(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    await telegram.people.send_file(
        telegram.owner, "audio", "s.mp3", b"one", caption="/post سیاسی\nتیتر صدا\n\nلید صدا"
    )
    preview = await telegram.people.wait_for(telegram.owner, _preview_of("تیتر صدا"))
    await telegram.people.press(telegram.owner, preview, "ویرایش")
    await telegram.people.press(telegram.owner, await telegram.now(preview), "پیوست‌ها")
    await telegram.people.press(telegram.owner, await telegram.now(preview), "افزودن")
    await telegram.people.wait_for(telegram.owner, lambda m: "حداکثر ۱۰" in text_of(m), after=preview["message_id"])
    await telegram.people.send_file(telegram.owner, "voice", "v.ogg", b"voice")
    preview = await telegram.ask(telegram.owner, "تمام", button="انتشار")
    assert "۱ صدا، ۱ پیام صوتی" in text_of(preview)
    await telegram.people.press(telegram.owner, preview, "انتشار")
    posted = await telegram.people.wait_for(channel, _post_with("audio"))
    opened = await telegram.ask(telegram.reader, "/article 1", button="نظرات")
    await telegram.people.press(telegram.reader, opened, "پیوست‌ها (۲)")
    await telegram.people.wait_for(telegram.reader, lambda m: "voice" in m)

    for _ in range(2):
        parts = await telegram.ask(telegram.owner, "/correct 1", button="پیوست‌ها")
        await telegram.people.press(telegram.owner, parts, "پیوست‌ها")
        await telegram.people.press(telegram.owner, await telegram.now(parts), "۱. ")
        asked = await telegram.people.wait_for(
            telegram.owner, lambda m: "چه چیزی" in text_of(m), after=parts["message_id"]
        )
        await _correct(app, telegram, until, asked)
    ours = await telegram.people.messages(telegram.reader, by_bot=True)
    assert not [m for m in ours if "voice" in m or "audio" in m]
    # A post with a medium keeps one: Telegram makes no text of it.
    assert "تیتر صدا" in text_of(await telegram.now(posted))


async def _says(telegram: Telegram, message: dict[str, Any], words: str) -> dict[str, Any] | None:
    now = await telegram.now(message)
    return now if words in text_of(now) else None


@pytest.mark.long
async def test_attachments_are_added_to_a_draft_and_taken_away(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.ask(telegram.owner, "/post سیاسی\nتیتر پیوست\n\nلید", button="انتشار")
    parts = await telegram.ask(telegram.owner, "/edit 1", button="پیوست‌ها")
    await telegram.people.press(telegram.owner, parts, "پیوست‌ها")
    await telegram.people.press(telegram.owner, await telegram.now(parts), "افزودن")
    await telegram.people.wait_for(telegram.owner, lambda m: "حداکثر ۱۰" in text_of(m), after=parts["message_id"])
    files = [("photo", f"{n}.jpg", bytes([n])) for n in range(9)]
    ids = await telegram.people.send_album(telegram.owner, files)
    await telegram.people.wait_for(telegram.owner, lambda m: "دریافت شد" in text_of(m), after=max(ids))
    app.kill()
    await app.running(telegram)
    ids = await telegram.people.send_file(telegram.owner, "video", "v.mp4", b"video")
    told = await telegram.people.wait_for(telegram.owner, lambda m: "پیوست‌ها: ۱۰" in text_of(m), after=max(ids))
    ids = await telegram.people.send_file(telegram.owner, "video", "w.mp4", b"another")
    await telegram.people.wait_for(telegram.owner, lambda m: "افزوده نشد" in text_of(m), after=max(ids))
    await telegram.people.press(telegram.owner, told, "تمام")
    preview = await telegram.people.wait_for(
        telegram.owner, lambda m: "۹ عکس، ۱ ویدیو" in text_of(m), after=max(ids)
    )
    await telegram.people.press(telegram.owner, preview, "ویرایش")
    await telegram.people.press(telegram.owner, await telegram.now(preview), "پیوست‌ها")
    listed = await telegram.now(preview)
    assert "افزودن" not in str(buttons_of(listed))
    await telegram.people.press(telegram.owner, listed, "v.mp4")
    assert "پیوست‌ها: \u2068۹ عکس\u2069" in text_of(await telegram.now(preview))
    stale = await telegram.people.press(telegram.owner, listed, "برداشتن همه")
    assert stale["alert"], "what it was made from has changed"
    assert "پیوست‌ها: \u2068۹ عکس\u2069" in text_of(await telegram.now(preview))
