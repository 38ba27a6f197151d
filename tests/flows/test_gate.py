"""The gate: what sources bring waits on one card for the newsroom, and goes out as it was seen."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite, article_page
from tests.peyk_app import bare

_Until = Callable[..., Any]
_DATE = "چهارشنبه 1404/10/03 ساعت 15:16"
_PARAGRAPH = "بند این خبر که به اندازهٔ کافی بلند است تا خوانده شود و با نقطه به پایان می‌رسد."


def _is_gate(message: dict[str, Any]) -> bool:
    return "ورودی منابع" in text_of(message)


async def _gate(telegram: Telegram, person: int, words: str, until: _Until) -> dict[str, Any]:
    """Wait until a person's only gate card says `words`, and return it."""

    async def says() -> dict[str, Any] | None:
        cards = [message for message in await telegram.people.messages(person, by_bot=True) if _is_gate(message)]
        return cards[0] if len(cards) == 1 and words in text_of(cards[0]) else None

    return dict(await until(says))


def _button(card: dict[str, Any], begin: str) -> str:
    """Return the words of the first button whose callback data begins so."""
    return next(words for words, data in buttons_of(card).items() if data.startswith(begin))


async def _fetched(site: NewsSite, until: _Until, times: int = 2) -> None:
    """Wait until the feed was fetched so often again."""
    before = site.asked.count("/feed.xml")

    async def again() -> bool:
        return site.asked.count("/feed.xml") >= before + times

    await until(again)


@pytest.mark.long
async def test_a_burst_waits_on_one_card_and_is_published_as_it_was_seen(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until
) -> None:
    channel = await telegram.channel()
    for number in range(801, 809):
        site.add_item(number, f"خبر شمارهٔ {number}", summary=f"خلاصهٔ {number}")
    await app.running(telegram)
    editor = await telegram.colleague("سردبیر دوم", "editor")
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "society", "--to", "review")
    card = await _gate(telegram, telegram.owner, "۸ خبر در انتظار", until)
    stale = await _gate(telegram, editor, "۸ خبر در انتظار", until)
    for words in ("۸۰۱", "خبر شمارهٔ 801", "خلاصهٔ 801", "آزمون", "اجتماعی", " پیش"):
        assert words in text_of(card), words
    assert "خبر شمارهٔ 806" not in text_of(card)

    # One goes out, one is dropped; the second editor's card was drawn before.
    await telegram.people.press(telegram.owner, card, _button(card, "gate:yes:801:"))
    assert "801" in text_of(await telegram.people.wait_for(channel, lambda _: True))
    card = await _gate(telegram, telegram.owner, "۷ خبر در انتظار", until)
    await telegram.people.press(telegram.owner, card, _button(card, "gate:drop:802:"))
    card = await _gate(telegram, telegram.owner, "۶ خبر در انتظار", until)
    for begin in ("gate:yes:801:", "gate:drop:801:", "gate:yes:802:", "gate:all:"):
        late = await telegram.people.press(editor, stale, _button(stale, begin))
        assert late["alert"], begin
        assert "پیش‌تر" in late["text"] or "تغییر کرده" in late["text"]
    await _fetched(site, until)
    assert app.rows("SELECT state FROM article WHERE id = 802") == [("dropped",)]
    assert "✅ منتشر شد ۸۰۱" in buttons_of(card), "what is decided keeps its place"
    assert "🗑 کنار گذاشته شد ۸۰۲" in buttons_of(card)
    await telegram.people.press(telegram.owner, card, "تازه‌سازی")
    card = await _gate(telegram, telegram.owner, "خبر شمارهٔ 806", until)
    assert "۸۰۲" not in text_of(card)
    assert "کنار گذاشته" in text_of(await telegram.ask(editor, "/publish 802"))

    # A newer reading of what waits is what the queue shows, and nobody publishes the older one.
    title = "خبر شمارهٔ 803، درست‌شده"
    site.put("/news/803/x", article_page(title, 803, _DATE, [_PARAGRAPH]))
    site.items[5] |= {"title": title}
    site.publish()
    fresh = await _gate(telegram, telegram.owner, "درست‌شده", until)
    late = await telegram.people.press(telegram.owner, card, _button(card, "gate:yes:803:1:"))
    assert "تغییر کرده" in late["text"]
    await telegram.people.press(telegram.owner, fresh, "انتشار هر ۵")
    sure = await telegram.people.wait_for(telegram.owner, lambda m: any("بله" in words for words in buttons_of(m)))
    assert "درست‌شده" in text_of(sure)
    app.kill()
    await app.running(telegram)
    await telegram.people.press(telegram.owner, sure, "بله")
    assert "۵ خبر منتشر شد" in text_of(await telegram.now(sure))
    assert (await telegram.people.press(telegram.owner, sure, "بله"))["alert"]
    await telegram.people.wait_for(channel, lambda m: "درست‌شده" in text_of(m))

    async def six_posts() -> bool:
        return len(await telegram.people.messages(channel, by_bot=True)) == 6

    await until(six_posts)
    settled = await _gate(telegram, editor, "۱ خبر در انتظار", until)
    await telegram.people.press(editor, settled, "تازه‌سازی")
    last = await _gate(telegram, editor, "خبر شمارهٔ 808", until)
    await telegram.people.press(editor, last, _button(last, "gate:drop:808:"))
    settled = await _gate(telegram, editor, "همه بررسی شد", until)

    # What comes after the queue was empty is a new message, and the old one goes.
    site.put(
        "/news/809/x",
        article_page("خبر شمارهٔ 809", 809, _DATE, [_PARAGRAPH]),
    )
    link = site.add_item(809, "خبر شمارهٔ 809")
    anew = await _gate(telegram, editor, "خبر شمارهٔ 809", until)
    assert anew["message_id"] > settled["message_id"]
    assert (await app.cli("import", link, "--publish")).returncode == 0
    await _gate(telegram, editor, "همه بررسی شد", until)
    decided = app.rows("SELECT article_id, state, decided_by, submitted_by FROM review ORDER BY article_id")
    owner = telegram.owner
    assert decided == [
        (801, "approved", owner, None),
        (802, "rejected", owner, None),
        *((number, "approved", owner, None) for number in range(803, 808)),
        (808, "rejected", editor, None),
        (809, "approved", 0, None),
    ]


async def test_the_queue_is_paged_and_what_people_hand_in_comes_first(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until
) -> None:
    for number in range(801, 813):
        site.add_item(number, f"خبر شمارهٔ {number}")
    await app.running(telegram)
    author = await telegram.colleague("نویسنده", "author")
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "society", "--to", "review")
    card = await _gate(telegram, telegram.owner, "۱۲ خبر در انتظار", until)
    preview = await telegram.ask(author, "/post سیاسی\nخبر نویسنده\n\nلید.", button="بازبینی")
    await telegram.people.press(author, preview, "ارسال برای بازبینی")
    await telegram.people.wait_for(telegram.owner, lambda m: "خبر نویسنده" in text_of(m))
    waiting = await telegram.ask(telegram.owner, "/approve", button="بعدی")
    assert text_of(waiting).index("خبر نویسنده") < text_of(waiting).index("خبر شمارهٔ 801")
    await telegram.people.press(telegram.owner, waiting, "بعدی")
    assert "خبر شمارهٔ 812" in text_of(await telegram.now(waiting))

    # The card stays as it is; the pages behind it are a message of their own, which keeps its place.
    await telegram.people.press(telegram.owner, card, "بعدی")
    second = await telegram.people.wait_for(
        telegram.owner, lambda m: "خبر شمارهٔ 810" in text_of(m) and _is_gate(m), after=card["message_id"]
    )
    await telegram.people.press(telegram.owner, second, _button(second, "gate:drop:806:"))
    second = await telegram.now(second)
    assert "🗑 کنار گذاشته شد ۸۰۶" in buttons_of(second)
    assert "خبر شمارهٔ 811" not in text_of(second)
    await telegram.people.press(telegram.owner, second, "تازه‌سازی")
    second = await telegram.now(second)
    assert "خبر شمارهٔ 806" not in text_of(second)
    assert "خبر شمارهٔ 811" in text_of(second)
    await telegram.people.press(telegram.owner, second, "انتشار هر ۵")
    sure = await telegram.people.wait_for(telegram.owner, lambda m: any("بله" in words for words in buttons_of(m)))
    await telegram.people.press(telegram.owner, sure, "بله")
    published = app.rows("SELECT id FROM article WHERE state = 'published' ORDER BY id")
    assert published == [(807,), (808,), (809,), (810,), (811,)]
    stolen = await telegram.people.do(
        "press",
        user_id=author,
        chat_id=author,
        message_id=preview["message_id"],
        data=buttons_of(card)[_button(card, "gate:all:")],
    )
    assert stolen["alert"], "an author decides about nothing"


async def test_a_source_has_its_title_on_cards_in_lists_and_in_the_audit(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until
) -> None:
    site.add_item(861, "خبر منبع", summary="خلاصه.")
    await app.running(telegram)
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "society", "--to", "review")
    card = await _gate(telegram, telegram.owner, "خبر منبع", until)
    waiting = await telegram.ask(telegram.owner, "/approve")
    for shown in (card, waiting):
        assert "آزمون" in text_of(shown)
        assert "127.0.0.1" not in text_of(shown)
    await telegram.people.press(telegram.owner, waiting, "۸۶۱")
    review = await telegram.people.wait_for(
        telegram.owner, lambda m: "تأیید و انتشار" in str(buttons_of(m)), after=waiting["message_id"]
    )
    assert "آزمون" in text_of(review)

    acts = bare(text_of(await telegram.ask(telegram.owner, "/audit")))
    assert f"آزمون · {site.url}/feed.xml · society · review" in acts
    history = bare(text_of(await telegram.ask(telegram.owner, "/audit 861")))
    assert "منبع آزمون" in history


async def test_the_card_comes_again_where_somebody_deleted_it_and_news_waits(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until
) -> None:
    site.add_item(841, "خبر یکم")
    await app.running(telegram)
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "society", "--to", "review")
    card = await _gate(telegram, telegram.owner, "خبر یکم", until)
    await telegram.people.do("delete", chat_id=telegram.owner, message_id=card["message_id"])
    site.add_item(842, "خبر دوم")
    again = await _gate(telegram, telegram.owner, "خبر دوم", until)
    assert "خبر یکم" in text_of(again)
    # The new one is the card from now on.
    await telegram.people.press(telegram.owner, again, _button(again, "gate:drop:841:"))
    await _gate(telegram, telegram.owner, "کنار گذاشته", until)


@pytest.mark.parametrize("reason", ["message can't be edited", "there is no text in the message to edit"])
async def test_the_card_comes_again_where_its_message_takes_no_change_and_news_waits(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until, reason: str
) -> None:
    site.add_item(841, "خبر یکم")
    await app.running(telegram)
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "society", "--to", "review")
    card = await _gate(telegram, telegram.owner, "خبر یکم", until)
    refusal = {"kind": "refuse", "description": f"Bad Request: {reason}"}
    await telegram.people.do("faults", method="editMessageText", chat_id=telegram.owner, words="خبر دوم", **refusal)
    site.add_item(842, "خبر دوم")
    again = await _gate(telegram, telegram.owner, "خبر دوم", until)
    assert "خبر یکم" in text_of(again)
    shown = await telegram.people.messages(telegram.owner)
    assert card["message_id"] not in [message["message_id"] for message in shown], "one card is enough"
