"""Rules of sources in Telegram: chosen, written, tried on what came before, saved once, and removed after a yes."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite
from tests.flows.source_editor import Editor
from tests.peyk_app import bare


@pytest.fixture
async def editor(app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]) -> Editor:
    """The owner of a running app that has read one source, which calls itself «آزمون»."""
    for number, title in enumerate(("آگهی فروش زمین", "بازی تیم ملی", "آگهی استخدام"), 501):
        site.add_item(number, title)
    assert (await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "عمومی")).returncode == 0
    await app.running(telegram)

    async def read() -> bool:
        return app.rows("SELECT count(*) FROM article") == [(3,)]

    await until(read)
    return Editor(telegram, telegram.owner)


def _rules(app: PeykApp) -> list[tuple[Any, ...]]:
    return app.rows("SELECT source_id, query, action, argument FROM source_rule ORDER BY id")


async def _actions(editor: Editor) -> dict[str, Any]:
    rules = await editor.press(await editor.page("آزمون"), "قاعده‌ها")
    return await editor.press(rules, "افزودن قاعده")


async def test_a_rule_is_tried_saved_and_holds_from_then_on(
    app: PeykApp, telegram: Telegram, site: NewsSite, editor: Editor, until: Callable[..., Any]
) -> None:
    await editor.press(await _actions(editor), "کنار گذاشتن")
    await editor.told("!?", "این قاعده چیزی پیدا نمی‌کند")
    tried = await editor.found("آگهی", "ذخیره")
    text = bare(text_of(tried))
    assert "از ۳ خبر آخر، ۲ خبر را پیدا می‌کند" in text
    assert "آگهی استخدام" in text
    assert "بازی تیم ملی" not in text
    assert _rules(app) == []
    listed = await editor.press(tried, "ذخیره")
    assert "کنار گذاشتن: آگهی" in bare(text_of(listed))
    ((source_id, *rule),) = _rules(app)
    assert rule == ["آگهی", "drop", ""]
    assert app.rows("SELECT 1 FROM dialogue") == []
    site.add_item(504, "آگهی تازه")

    async def dropped() -> bool:
        return app.rows("SELECT state FROM article WHERE id = 504") == [("dropped",)]

    await until(dropped)
    page = await editor.press(listed, "بازگشت")
    assert "قاعده‌ها: ۱ برای این منبع، ۰ برای همهٔ منابع" in bare(text_of(page))
    assert f"source:edit:{source_id}" in buttons_of(page).values()
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_category_and_tag_are_asked_for_and_words_can_be_written_again(app: PeykApp, editor: Editor) -> None:
    await editor.press(await editor.press(await _actions(editor), "تغییر دسته"), "ورزشی")
    await editor.told("دسته:ناشناخته", "ناشناخته")
    tried = await editor.found("بازی", "ذخیره")
    assert "دستهٔ ورزشی: بازی" in bare(text_of(tried))
    await editor.press(tried, "واژه‌های دیگر")
    assert "دیگر کار نمی‌کند" in await editor.answer(tried, "ذخیره")
    await editor.press(await editor.found('"تیم ملی"', "ذخیره"), "ذخیره")
    await editor.press(await _actions(editor), "برچسب")
    await editor.told("!", "برچسب")
    await editor.told("فوتبال", "واژه‌ها را مانند جست‌وجو بنویسید")
    await editor.press(await editor.found("تیم", "ذخیره"), "ذخیره")
    assert [rule[1:] for rule in _rules(app)] == [('"تیم ملی"', "category", "sports"), ("تیم", "tag", "فوتبال")]


@pytest.mark.long
async def test_pressed_twice_a_rule_is_saved_once_and_a_cancelled_one_never(app: PeykApp, editor: Editor) -> None:
    await editor.press(await _actions(editor), "بدون ارسال")
    tried = await editor.found("آگهی", "ذخیره")
    answers = await asyncio.gather(*(editor.answer(tried, "ذخیره") for _ in range(2)))
    assert sorted("دیگر کار نمی‌کند" in answer for answer in answers) == [False, True]
    assert len(_rules(app)) == 1
    await editor.press(await _actions(editor), "بررسی")
    tried = await editor.found("آگهی", "ذخیره")
    await editor.press(tried, "لغو")
    assert "دیگر کار نمی‌کند" in await editor.answer(tried, "ذخیره")
    assert len(_rules(app)) == 1


@pytest.mark.long
async def test_a_rule_of_all_sources_is_shown_with_each_and_removed_once(
    app: PeykApp, telegram: Telegram, editor: Editor
) -> None:
    rules = await editor.press(await telegram.ask(editor.user_id, "/sources"), "قاعده‌های همگانی")
    assert "برای همهٔ منابع" in text_of(rules)
    await editor.press(await editor.press(rules, "افزودن قاعده"), "پیشنهاد فوری")
    listed = await editor.press(await editor.found("زلزله", "ذخیره"), "ذخیره")
    assert _rules(app) == [(None, "زلزله", "breaking", "")]
    of_source = await editor.press(await editor.page("آزمون"), "قاعده‌ها")
    assert "این قاعده برای همهٔ منابع است" in text_of(of_source)
    sure = await editor.press(of_source, "زلزله")
    assert "برای همهٔ منابع است. حذف شود؟" in text_of(sure)
    older = await editor.press(listed, "زلزله")
    await editor.press(sure, "بله")
    assert _rules(app) == []
    assert "هنوز قاعده‌ای نیست" in text_of(await telegram.now(sure))
    assert "این قاعده پیدا نشد" in await editor.answer(older, "بله")
    acts = app.rows("SELECT action FROM audit WHERE action LIKE '%rule' ORDER BY id")
    assert [act for (act,) in acts] == ["add_rule", "remove_rule"]


@pytest.mark.long
async def test_a_rule_of_a_source_that_is_gone_is_told(app: PeykApp, site: NewsSite, editor: Editor) -> None:
    actions = await _actions(editor)
    await editor.press(actions, "بدون ارسال")
    tried = await editor.found("آگهی", "ذخیره")
    assert (await app.cli("sources", "remove", f"{site.url}/feed.xml")).returncode == 0
    assert "دیگر وجود ندارد" in await editor.answer(tried, "ذخیره")
    assert "دیگر وجود ندارد" in await editor.answer(actions, "کنار گذاشتن")
    assert _rules(app) == []
