"""A second pair of eyes: handed in, looked at by several, decided by the first."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_Until = Callable[..., Any]
_POST = "/post سیاسی\n{title}\n\nلید این خبر در یک سطر است.\n\nبند نخست متن این خبر."


async def _card(telegram: Telegram, person: int, words: str, *, after: int = 0) -> dict[str, Any]:
    """Return the card that asks a person to decide about what holds `words`."""
    return await telegram.people.wait_for(
        person,
        lambda m: words in text_of(m) and any("تأیید و انتشار" in button for button in buttons_of(m)),
        after=after,
    )


async def _says(telegram: Telegram, message: dict[str, Any], words: str, until: _Until) -> dict[str, Any]:
    """Wait until a message says `words`, and return it."""

    async def says() -> dict[str, Any] | None:
        now = await telegram.now(message)
        return now if words in text_of(now) else None

    return dict(await until(says))


async def _retitle(telegram: Telegram, person: int, article_id: int, title: str) -> dict[str, Any]:
    """Give an unpublished article another title, and return its preview."""
    parts = await telegram.ask(person, f"/edit {article_id}", button="تیتر")
    await telegram.people.press(person, parts, "تیتر")
    await telegram.people.wait_for(person, lambda m: "تیتر تازه" in text_of(m), after=parts["message_id"])
    ids = await telegram.people.say(person, title)
    return await telegram.people.wait_for(person, lambda m: "پیش‌نمایش" in text_of(m), after=max(ids))


def _notice(words: str) -> Callable[[dict[str, Any]], bool]:
    return lambda message: words in text_of(message) and "بازبینی خبر" not in text_of(message)


async def test_an_author_hands_in_one_rejects_the_other_approves(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    author = await telegram.colleague("نویسنده", "author")
    editor = await telegram.colleague("سردبیر دوم", "editor")
    preview = await telegram.ask(author, _POST.format(title="نشست <بندر>"), button="بازبینی")
    assert not any("انتشار" in words for words in buttons_of(preview))
    await telegram.people.press(author, preview, "ارسال برای بازبینی")
    assert "برای بازبینی رفت" in text_of(await telegram.now(preview))
    owners, editors = [await _card(telegram, person, "نشست <بندر>") for person in (telegram.owner, editor)]
    for words in ("نویسنده", "لید این خبر", "بند نخست", "سیاسی", "در انتظار تصمیم", "پیش"):
        assert words in text_of(owners)
    assert "در بازبینی" in text_of(await telegram.ask(author, "/drafts"))
    again = await telegram.ask(author, "/submit 1")
    assert "در بازبینی است" in text_of(again)

    app.kill()
    await app.running(telegram)
    await telegram.people.press(telegram.owner, owners, "رد")
    asked = await telegram.people.wait_for(telegram.owner, lambda m: "دلیل رد خبر" in text_of(m))
    assert "باید بداند" in text_of(await telegram.ask(telegram.owner, "۱۲ ..."))
    done = await telegram.ask(telegram.owner, "منبع <خبر> روشن نیست")
    assert done["message_id"] > asked["message_id"]
    assert "رد شد" in text_of(done)
    told = await telegram.people.wait_for(author, _notice("منبع <خبر> روشن نیست"))
    assert any("ارسال برای بازبینی" in label for label in buttons_of(told))
    for card in (owners, editors):
        settled = await _says(telegram, card, "منبع <خبر> روشن نیست", until)
        assert buttons_of(settled) == {}
    late = await telegram.people.press(editor, editors, "تأیید و انتشار")
    assert late["alert"]
    assert "پیش‌تر" in late["text"]
    drafts = await telegram.people.say(author, "/drafts")
    await telegram.people.wait_for(author, lambda m: "رد شد:" in text_of(m), after=max(drafts))
    assert "پیش‌تر" in text_of(await telegram.ask(telegram.owner, "/approve 1"))

    changed = await _retitle(telegram, author, 1, "نشست بندر، به گفتهٔ دبیرخانه")
    await telegram.people.press(author, changed, "ارسال برای بازبینی")
    fresh = await _card(telegram, editor, "دبیرخانه", after=editors["message_id"])
    owners_fresh = await _card(telegram, telegram.owner, "دبیرخانه", after=owners["message_id"])
    await telegram.people.press(editor, fresh, "تأیید و انتشار")
    assert await telegram.people.wait_for(channel, lambda m: "دبیرخانه" in text_of(m))
    assert await telegram.people.wait_for(author, _notice("را تأیید کرد"))
    for card in (fresh, owners_fresh):
        settled = await _says(telegram, card, "تأیید کرد", until)
        assert "سردبیر دوم" in text_of(settled)
        assert set(buttons_of(settled)) == {"👁 دیدن", "↩️ پس گرفتن"}, "nothing is left to decide"
    late = await telegram.people.press(telegram.owner, owners_fresh, "رد")
    assert late["alert"]
    assert "سردبیر دوم تصمیم گرفت" in late["text"].replace("\u2068", "").replace("\u2069", "")
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1
    assert app.rows("SELECT state, decided_by FROM review ORDER BY id") == [
        ("rejected", telegram.owner),
        ("approved", editor),
    ]
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_nobody_publishes_what_they_have_not_seen(app: PeykApp, telegram: Telegram, until: _Until) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    author = await telegram.colleague("نویسنده", "author")
    for title in ("خبر نخست", "خبر دوم"):
        preview = await telegram.ask(author, _POST.format(title=title), button="بازبینی")
        await telegram.people.press(author, preview, "ارسال برای بازبینی")
    seen = await _card(telegram, telegram.owner, "خبر نخست")
    await _retitle(telegram, author, 1, "خبر نخست، با شمار درست")
    stale = await telegram.people.press(telegram.owner, seen, "تأیید و انتشار")
    assert stale["alert"]
    assert "تغییر کرده" in stale["text"]
    await _says(telegram, seen, "شمار درست", until)
    assert await telegram.people.messages(channel, by_bot=True) == []

    # The card comes when it is called, and the one far above goes.
    called = await telegram.ask(telegram.owner, "/approve 1", button="تأیید و انتشار")

    async def gone() -> bool:
        held = await telegram.people.messages(telegram.owner)
        return all(message["message_id"] != seen["message_id"] for message in held)

    await until(gone)
    await telegram.people.press(telegram.owner, called, "دیدن")
    shown = await telegram.people.wait_for(telegram.owner, lambda m: "پیش‌نمایش خبر" in text_of(m))
    await telegram.people.press(telegram.owner, shown, "تأیید و انتشار")
    assert "منتشر شد" in text_of(await telegram.now(shown))
    assert "شمار درست" in text_of(await telegram.people.wait_for(channel, lambda _: True))

    second = await _card(telegram, telegram.owner, "خبر دوم")
    waiting = await telegram.ask(telegram.owner, "/approve", button="خبر دوم")
    assert "خبر نخست" not in text_of(waiting)
    mine = await telegram.ask(author, "/preview 2", button="پس گرفتن")
    await telegram.people.press(author, mine, "پس گرفتن")
    await _says(telegram, second, "پس گرفت", until)
    late = await telegram.people.press(telegram.owner, second, "تأیید و انتشار")
    assert late["alert"]
    assert "پیش‌تر از بازبینی پس گرفت" in late["text"]
    assert "چیزی در انتظار" in text_of(await telegram.ask(telegram.owner, "/approve"))
    assert "پیش‌تر" in text_of(await telegram.ask(telegram.owner, "/approve 2"))
    await telegram.ask(telegram.owner, _POST.format(title="پیش‌نویس مالک"))
    assert "در بازبینی نیست" in text_of(await telegram.ask(telegram.owner, "/approve 3"))
    assert len(await telegram.people.messages(channel, by_bot=True)) == 1


@pytest.mark.long
async def test_where_a_second_pair_of_eyes_is_required_owners_need_it_too(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    channel = await telegram.channel()
    await app.running(telegram, REVIEW_REQUIRED="true")
    editor = await telegram.colleague("سردبیر دوم", "editor")
    preview = await telegram.ask(telegram.owner, _POST.format(title="خبر مالک"), button="انتشار")
    refused = await telegram.people.press(telegram.owner, preview, "انتشار")
    assert refused["alert"]
    assert "همکار دیگری" in refused["text"]
    leads = await telegram.ask(telegram.owner, "/publish 1")
    assert "همکار دیگری" in text_of(leads)
    assert any("ارسال برای بازبینی" in label for label in buttons_of(leads))
    await telegram.people.press(telegram.owner, preview, "ارسال برای بازبینی")
    own, others = [await _card(telegram, person, "خبر مالک") for person in (telegram.owner, editor)]
    assert (await telegram.people.press(telegram.owner, own, "تأیید و انتشار"))["alert"]
    await _retitle(telegram, editor, 1, "خبر مالک، ویراسته")
    others = await _says(telegram, others, "ویراسته", until)
    refused = await telegram.people.press(editor, others, "تأیید و انتشار")
    assert "همکار دیگری" in refused["text"], "whoever had the last hand in it is no second pair of eyes"
    await _retitle(telegram, telegram.owner, 1, "خبر مالک، باز ویراسته")
    others = await _says(telegram, others, "باز ویراسته", until)
    await telegram.people.press(editor, others, "تأیید و انتشار")
    assert "باز ویراسته" in text_of(await telegram.people.wait_for(channel, lambda _: True))
    settled = await _says(telegram, own, "سردبیر دوم", until)
    assert set(buttons_of(settled)) == {"👁 دیدن", "↩️ پس گرفتن"}, "nothing is left to decide"
