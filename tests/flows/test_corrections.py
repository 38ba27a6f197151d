"""A correction or retraction reaches every copy that was sent, and only what cannot be reached stays."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_Until = Callable[..., Any]


async def _counts(app: PeykApp, telegram: Telegram, card: dict[str, Any], until: _Until) -> str:
    """Wait until every copy is done with, and return what a card says in the end."""

    async def done() -> bool:
        return not app.rows(
            "SELECT 1 FROM amendment WHERE state = 'pending' UNION ALL SELECT 1 FROM fan_out WHERE done_at IS NULL"
        )

    await until(done)
    return text_of(await telegram.finished(card))


async def _yes(app: PeykApp, telegram: Telegram, card: dict[str, Any], until: _Until) -> str:
    """Confirm a card, and return what it counts in the end."""
    await telegram.people.press(telegram.owner, card, "بله")
    return await _counts(app, telegram, card, until)


async def _roundup(
    app: PeykApp, telegram: Telegram, reader: int, titles: list[str], until: _Until
) -> dict[str, Any]:
    """Publish several articles that reach the reader in one roundup, and return it."""
    app.change(f"UPDATE chat SET wait_until = 9000000000000 WHERE id = {reader}")
    for title in titles:
        await telegram.publish(title)

    async def all_wait() -> bool:
        waiting = app.rows(f"SELECT count(*) FROM delivery WHERE chat_id = {reader} AND state = 'pending'")
        return waiting == [(len(titles),)]

    await until(all_wait)
    app.change(f"UPDATE delivery SET fold = 1 WHERE chat_id = {reader}")  # as a schedule would have it
    app.change(f"UPDATE chat SET wait_until = 0 WHERE id = {reader}")
    return await telegram.people.wait_for(reader, lambda m: all(title in text_of(m) for title in titles))


async def test_a_correction_reaches_every_kind_of_copy(app: PeykApp, telegram: Telegram, until: _Until) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    gathering, plain = await telegram.person("گردآور"), await telegram.person("ساده‌خوان")
    await telegram.ask(telegram.reader, "/subscribe")
    await telegram.ask(gathering, "/subscribe")
    roundup = await _roundup(app, telegram, gathering, ["همایش در نوآباد", "خبر همراه"], until)
    posted = await telegram.people.wait_for(channel, lambda m: "همایش در نوآباد" in text_of(m))
    pushed = await telegram.people.wait_for(telegram.reader, lambda m: "همایش در نوآباد" in text_of(m))
    rich = await telegram.ask(telegram.reader, "/article 1", button="نظرات")
    assert "rich_message" in rich
    settings = await telegram.ask(plain, "/settings")
    await telegram.people.press(plain, settings, "متن ساده")
    page = await telegram.ask(plain, "/article 1")
    assert "rich_message" not in page

    card = await telegram.correct(1, "تیتر", "همایش در کهن‌آباد", "نام شهر")
    shown = text_of(card)
    for words in ("همایش در نوآباد", "همایش در کهن‌آباد", "نام شهر", "دست", "۵", "کمتر از یک دقیقه"):
        assert words in shown, words
    assert sum("بله" in text for text in buttons_of(card)) == 1
    assert "نوآباد" in text_of(await telegram.now(posted)), "nothing happens before the yes"

    # What is written while a card waits is a reader's word as ever.
    assert "همایش در نوآباد" in text_of(await telegram.ask(telegram.owner, "همایش نوآباد"))
    assert "به‌روز شد: ۵" in await _yes(app, telegram, card, until)
    for copy in (posted, pushed, rich, page, roundup):
        now = text_of(await telegram.now(copy))
        assert "کهن‌آباد" in now
        assert "نوآباد" not in now
    for copy in (posted, pushed, rich, page):
        assert "اصلاح شد: نام شهر" in text_of(await telegram.now(copy)).replace("\u2068", "").replace("\u2069", "")
    assert "خبر همراه" in text_of(await telegram.now(roundup))
    doubled = await telegram.people.press(telegram.owner, card, "بله")
    assert not doubled["alert"]
    assert app.rows("SELECT revision FROM article WHERE id = 1") == [(2,)]
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_the_newest_of_two_corrections_wins_and_an_edit_goes_the_same_way(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    await telegram.publish("شمار کشته‌ها سه تن")
    posted = await telegram.people.wait_for(channel, lambda _: True)
    await telegram.people.do("faults", kind="flood", method="editMessageText", chat_id=channel, seconds=2)
    first = await telegram.correct(1, "تیتر", "شمار زخمی‌ها سه تن", "زخمی، نه کشته")
    await telegram.people.press(telegram.owner, first, "بله")
    parts = await telegram.ask(telegram.owner, "/edit 1")
    await telegram.people.press(telegram.owner, parts, "لید")
    await telegram.people.wait_for(telegram.owner, lambda m: "لید تازه" in text_of(m), after=parts["message_id"])
    asked = await telegram.ask(telegram.owner, "لید تازه‌تر.")
    assert "لید خبر" in text_of(await telegram.now(posted)), "an edit waits for its yes, too"
    assert "به‌روز شد: ۱" in await _yes(app, telegram, asked, until)
    now = text_of(await telegram.now(posted))
    assert "شمار زخمی‌ها" in now
    assert "لید تازه‌تر" in now
    assert "زخمی، نه کشته" in now, "the note of before stays"
    again = await telegram.people.press(telegram.owner, first, "بله")
    assert again["alert"], "what moved on since is not overwritten by a doubled press"
    assert text_of(await telegram.now(posted)) == now
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1


async def test_words_that_come_again_after_a_crash_are_no_note(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.publish("تیتر نادرست")
    parts = await telegram.ask(telegram.owner, "/correct 1", button="تیتر")
    await telegram.people.press(telegram.owner, parts, "تیتر")
    await telegram.people.wait_for(telegram.owner, lambda m: "تیتر تازه" in text_of(m), after=parts["message_id"])
    card = await telegram.ask(telegram.owner, "تیتر درست", button="بدون یادداشت")
    app.kill()
    app.change("UPDATE inbox SET done_at = NULL WHERE update_id = (SELECT max(update_id) FROM inbox)")
    await app.running(telegram)
    again = await telegram.people.wait_for(
        telegram.owner, lambda m: "می‌شود" in text_of(m), after=card["message_id"]
    )
    assert (await telegram.people.press(telegram.owner, card, "بدون یادداشت"))["alert"]
    await telegram.people.press(telegram.owner, again, "بله، بدون یادداشت")
    opened = text_of(await telegram.ask(telegram.reader, "/article 1", button="نظرات"))
    assert "تیتر درست" in opened
    assert "اصلاح شد" not in opened


@pytest.mark.long
async def test_a_photos_words_and_the_photo_are_corrected(app: PeykApp, telegram: Telegram, until: _Until) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    words = "/post ورزشی\nبرد تیم سپیدرود\n\n" + "لید بلند این خبر که زیر عکس کوتاه می‌شود " * 20
    ids = await telegram.people.send_file(telegram.owner, "photo", "a.jpg", b"first", caption=words)
    preview = await telegram.people.wait_for(telegram.owner, lambda m: "پیش‌نمایش" in text_of(m), after=max(ids))
    await telegram.people.press(telegram.owner, preview, "انتشار")
    posted = await telegram.people.wait_for(channel, lambda m: "photo" in m)
    parts = await telegram.ask(telegram.owner, "/correct 1")
    await telegram.people.press(telegram.owner, parts, "عکس")
    await telegram.people.wait_for(telegram.owner, lambda m: "عکس تازه" in text_of(m), after=parts["message_id"])
    ids = await telegram.people.send_file(telegram.owner, "photo", "b.jpg", b"second")
    await telegram.people.wait_for(telegram.owner, lambda m: "چه چیزی" in text_of(m), after=max(ids))
    card = await telegram.ask(telegram.owner, "عکس درست " + "که شرحش بلند است " * 10)
    assert "به‌روز شد: ۱" in await _yes(app, telegram, card, until)
    now = await telegram.now(posted)
    assert now["photo"] != posted["photo"]
    assert "عکس درست" in text_of(now)
    parts = await telegram.ask(telegram.owner, "/correct 1")
    await telegram.people.press(telegram.owner, parts, "برداشتن عکس")
    await telegram.people.wait_for(telegram.owner, lambda m: "چه چیزی" in text_of(m), after=parts["message_id"])
    card = await telegram.ask(telegram.owner, "عکس برداشته شد")
    assert "نمی‌توان برداشت" in text_of(card)
    assert "به‌روز شد: ۱" in await _yes(app, telegram, card, until)
    assert "عکس برداشته شد" in text_of(await telegram.now(posted))
    assert await telegram.people.refused() == []
