"""The newsroom's own words: kept with /words, and followed by the copy editor in posts and at the intake."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite, article_page

_Until = Callable[..., Any]
_DATE = "چهارشنبه 1404/10/03 ساعت 15:16"
_PARAGRAPH = "بند خبر طهران که به اندازهٔ کافی بلند است تا خوانده شود و با نقطه به پایان می رسد."


def _plain(message: dict[str, Any]) -> str:
    return text_of(message).replace("\u2068", "").replace("\u2069", "")


def _starting(message: dict[str, Any], begin: str) -> str:
    """Return the words of the first button whose callback data begins so."""
    return next(words for words, data in buttons_of(message).items() if data.startswith(begin))


async def test_words_are_kept_and_change_what_is_written(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    listed = await telegram.ask(telegram.owner, "/words", button="افزودن واژه")
    assert "هنوز واژه‌ای نیست" in text_of(listed)
    await telegram.people.press(telegram.owner, listed, "افزودن واژه")
    asked = await telegram.people.wait_for(
        telegram.owner, lambda m: "در یک سطر" in text_of(m), after=listed["message_id"]
    )
    told = await telegram.ask(telegram.owner, "طهران = تهران = ری")
    assert "متوجه نشدم" in text_of(told)
    listed = await telegram.ask(telegram.owner, "طهران = تهران\nکتاب ها", button="افزودن واژه")
    assert "طهران ← تهران" in _plain(listed)
    assert "کتاب ها · دست‌نخورده" in _plain(listed)
    # The dialogue is over: its button leads nowhere.
    assert (await telegram.people.press(telegram.owner, asked, _starting(asked, "dialogue:cancel")))["alert"]

    text = "/post سیاسی\nخبر طهران\n\nکتاب ها می رسند."
    preview = await telegram.ask(telegram.owner, text, button="انتشار")
    assert "خبر تهران" in _plain(preview)
    assert "کتاب ها می\u200cرسند" in _plain(preview)
    await telegram.people.press(telegram.owner, preview, "ویراستار")
    report = await telegram.people.wait_for(
        telegram.owner, lambda m: "طهران ← تهران" in _plain(m), after=preview["message_id"]
    )
    assert "برگردان" in str(buttons_of(report))
    await telegram.people.press(telegram.owner, report, "واژه‌نامه")
    await telegram.people.wait_for(
        telegram.owner, lambda m: "افزودن واژه" in str(buttons_of(m)), after=report["message_id"]
    )

    # Pressed twice and out of order, a removal happens once.
    for _ in range(2):
        await telegram.people.press(telegram.owner, listed, _starting(listed, "house:drop:1:"))
    sure = await telegram.now(listed)
    for _ in range(2):
        await telegram.people.press(telegram.owner, sure, "بله")
    now = await telegram.now(listed)
    assert "طهران" not in text_of(now)
    assert (await telegram.people.press(telegram.owner, listed, _starting(listed, "house:drop:1:")))["alert"]
    assert app.rows("SELECT action FROM audit WHERE action LIKE '%_word' ORDER BY id") == [
        ("add_word",),
        ("add_word",),
        ("remove_word",),
    ]
    preview = await telegram.ask(telegram.owner, "/post سیاسی\nباز هم طهران\n\nلید.", button="انتشار")
    assert "باز هم طهران" in _plain(preview)
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_words_behind_the_command_turn_pages(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    words = "\n".join(f"واژه{n}" for n in range(1, 13))
    listed = await telegram.ask(telegram.owner, f"/words {words}", button="بعد")
    assert "واژه12" in text_of(listed)
    await telegram.people.press(telegram.owner, listed, "بعد")
    second = await telegram.now(listed)
    assert "واژه1 ·" in _plain(second)
    await telegram.people.press(telegram.owner, second, _starting(second, "house:drop:1:"))
    await telegram.people.press(telegram.owner, await telegram.now(second), "بله")
    assert "واژه2 ·" in _plain(await telegram.now(second))


@pytest.mark.long
async def test_an_editor_applies_to_a_sources_item_what_the_copy_editor_shows(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: _Until
) -> None:
    channel = await telegram.channel()
    for number in (801, 802):
        site.add_item(number, f"قيمت ها در طهران {number}", summary="خلاصه")
        site.put(
            f"/news/{number}/x", article_page(f"قيمت ها در طهران {number}", number, _DATE, [_PARAGRAPH, _PARAGRAPH])
        )
    await app.running(telegram)
    await telegram.ask(telegram.owner, "/words طهران = تهران", button="افزودن")
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "society", "--to", "review")
    card = await telegram.people.wait_for(telegram.owner, lambda m: "۲ خبر در انتظار" in text_of(m))
    titles = "SELECT title FROM revision WHERE article_id = {} ORDER BY number"

    async def with_pages() -> dict[str, Any] | None:
        """Return the card once it shows what the pages say."""
        if len(app.rows("SELECT DISTINCT article_id FROM revision WHERE body LIKE '%به پایان می رسد%'")) < 2:
            return None
        now = await telegram.now(card)
        newest = [f"gate:yes:{id_}:{number}:" for id_, number in app.rows("SELECT id, revision FROM article")]
        return now if all(data in " ".join(buttons_of(now).values()) for data in newest) else None

    card = await until(with_pages)
    read = len(app.rows(titles.format(801)))

    # Nothing changes before somebody says so, and what is published untouched says what its source said.
    await telegram.people.press(telegram.owner, card, _starting(card, "copy:ask:801"))
    report = await telegram.people.wait_for(
        telegram.owner, lambda m: "قيمت ها ← قیمت\u200cها" in _plain(m), after=card["message_id"]
    )
    assert "طهران ← تهران" in _plain(report)
    assert len(app.rows(titles.format(801))) == read
    await telegram.people.press(telegram.owner, card, _starting(card, "gate:yes:802:"))
    posted = await telegram.people.wait_for(channel, lambda m: "802" in text_of(m))
    assert "قيمت ها در طهران" in text_of(posted)

    await telegram.people.press(telegram.owner, report, "اعمال")
    preview = await telegram.people.wait_for(
        telegram.owner, lambda m: "قیمت\u200cها در تهران" in _plain(m), after=report["message_id"]
    )
    assert (await telegram.people.press(telegram.owner, report, "اعمال"))["alert"]
    done = await telegram.now(report)
    assert len(app.rows(titles.format(801))) == read + 1

    async def shows_the_new_title() -> bool:
        return "قیمت\u200cها در تهران" in _plain(await telegram.now(card))

    await until(shows_the_new_title)
    await telegram.people.press(telegram.owner, done, "برگردان")
    await telegram.people.wait_for(
        telegram.owner, lambda m: "قيمت ها در طهران" in text_of(m), after=preview["message_id"]
    )
    assert app.rows(titles.format(801))[-1] == app.rows(titles.format(801))[0]
    assert app.rows("SELECT state FROM article WHERE id = 801") == [("review",)]
    assert await telegram.people.refused() == []
