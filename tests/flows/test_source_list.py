"""The list of sources: ill ones first, pages, a search by name and address, and their counts elsewhere."""

import asyncio
import time
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.source_editor import Editor
from tests.peyk_app import bare

_DAY_MS = 86_400_000
_HALF_AN_HOUR_MS = 1_800_000


def _insert(app: PeykApp, id_: int, title: str, url: str, **more: int | str | None) -> None:
    """Store a source that is well and is not due while the test runs."""
    now = int(time.time() * 1000)
    values: dict[str, Any] = {
        "id": id_,
        "url": url,
        "kind": "feed",
        "category_id": 1,
        "title": title,
        "fetched_at": now,
        "next_fetch_at": now + _HALF_AN_HOUR_MS,
        "interval": 3600,
        "created_at": now - 90 * _DAY_MS,
        "brought_at": now,
        "habit": 3600,
    } | more
    columns = ", ".join(values)
    app.change(f"INSERT INTO source ({columns}) VALUES ({', '.join(_sql(value) for value in values.values())})")


def _sql(value: object) -> str:
    return "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)


@pytest.fixture
async def editor(app: PeykApp, telegram: Telegram) -> Editor:
    """The owner of a running app with 24 sources, of which one fails, one is silent, one has ended, one is paused."""
    long_ago = int(time.time() * 1000) - 60 * _DAY_MS
    for number in range(1, 21):
        _insert(app, number, f"روزنامهٔ شمارهٔ {number}", f"https://paper{number}.example/rss")
    _insert(app, 21, "خبرگزاری خاموش", "https://quiet.example/feed", brought_at=long_ago)
    _insert(
        app, 22, "خبرگزاری بیمار", "https://ill.example/feed", failures=9, failing_since=long_ago, last_error="x"
    )
    _insert(app, 23, "خبرگزاری پایان", "https://over.example/feed", state="ended")
    _insert(app, 24, "خبرگزاری ایستاده", "https://paused.example/feed", state="paused")
    await app.running(telegram)
    return Editor(telegram, telegram.owner)


def _names(message: dict[str, Any]) -> list[str]:
    return [label for label, data in buttons_of(message).items() if data.startswith("source:")]


@pytest.mark.long
async def test_ill_sources_come_first_and_pages_hold_the_rest(telegram: Telegram, editor: Editor) -> None:
    first = await telegram.ask(editor.user_id, "/sources")
    assert "۲۴ منبع" in text_of(first)
    assert "۳ منبع به رسیدگی نیاز دارند" in bare(text_of(first))
    assert _names(first)[:3] == ["خبرگزاری بیمار", "خبرگزاری پایان", "خبرگزاری خاموش"]
    second = await editor.press(first, "بعد")
    assert len(_names(second)) == 10
    last = await editor.press(second, "بعد")
    assert _names(last)[-1] == "خبرگزاری ایستاده"
    assert len(_names(last)) == 4


async def test_a_search_finds_by_name_in_any_spelling_and_by_address(telegram: Telegram, editor: Editor) -> None:
    listed = await telegram.ask(editor.user_id, "/sources خبر گزاري")
    assert _names(listed) == ["خبرگزاری بیمار", "خبرگزاری پایان", "خبرگزاری خاموش", "خبرگزاری ایستاده"]
    listed = await telegram.ask(editor.user_id, "/sources روزنامه PAPER1")
    assert len(_names(listed)) == 10
    turned = await editor.press(listed, "بعد")
    assert len(_names(turned)) == 1
    assert "paper1" in bare(text_of(turned)).casefold()
    back = await editor.press(turned, "قبل")
    assert len(_names(back)) == 10
    page = await telegram.ask(editor.user_id, "/sources بیمار")
    assert "https://ill.example/feed" in text_of(page), "the only one is shown at once"
    nothing = await telegram.ask(editor.user_id, "/sources ناموجود")
    assert "پیدا نشد" in text_of(nothing)
    assert "افزودن منبع" in str(buttons_of(nothing))
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_what_a_search_found_is_gone_when_its_page_is_turned(
    app: PeykApp, telegram: Telegram, editor: Editor
) -> None:
    page = await telegram.ask(editor.user_id, "/sources روزنامه")
    for number in range(1, 21):
        app.change(f"DELETE FROM source WHERE id = {number}")
    answers = await asyncio.gather(*(editor.answer(page, "بعد") for _ in range(2)))
    assert answers == ["", ""]
    assert "پیدا نشد" in text_of(await telegram.now(page))


@pytest.mark.long
async def test_the_welcome_doctor_and_the_list_agree(app: PeykApp, telegram: Telegram, editor: Editor) -> None:
    ids = await telegram.people.say(editor.user_id, "/start")
    told = await telegram.people.wait_for(
        editor.user_id, lambda m: "به رسیدگی نیاز دارند" in text_of(m), after=max(ids)
    )
    assert "۳ منبع" in text_of(told)
    await editor.press(told, "منابع (")
    listed = await telegram.people.wait_for(
        editor.user_id, lambda m: "خبرگزاری بیمار" in text_of(m), after=told["message_id"]
    )
    assert _names(listed)[0] == "خبرگزاری بیمار"
    checked = (await app.cli("doctor")).stdout
    assert "2 ill, 1 silent, 20 well, 1 paused" in checked
    for named in (
        "ill.example/feed: failed 9 times",
        "over.example/feed: has ended",
        "quiet.example/feed: nothing new",
    ):
        assert named in checked
    moderator = await telegram.colleague("ناظر", "moderator")
    await telegram.ask(moderator, "/start")
    held = await telegram.people.messages(moderator, by_bot=True)
    assert not any("رسیدگی" in text_of(message) for message in held)
