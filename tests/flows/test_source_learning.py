"""A source learns what its sections mean when an editor moves its articles, by a yes, and forgets it again."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite
from tests.flows.source_editor import Editor
from tests.peyk_app import bare

_SECTION = "گوشه و کنار"


@pytest.fixture
async def editor(app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]) -> Editor:
    """The owner of a running app, with two items of a section that means no category at the gate."""
    for number in (601, 602):
        site.add_item(number, f"خبر شمارهٔ {number}", category=_SECTION)
    added = await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "عمومی", "--to", "review")
    assert added.returncode == 0, added.stderr
    await app.running(telegram)

    async def read() -> bool:
        return app.rows("SELECT count(*) FROM article") == [(2,)]

    await until(read)
    return Editor(telegram, telegram.owner)


async def _moved(editor: Editor, number: int, category: str) -> dict[str, Any]:
    """Move an article by the buttons of /edit and return the preview that takes their place."""
    parts = await editor.telegram.ask(editor.user_id, f"/edit {number}", button="دسته")
    return await editor.press(await editor.press(parts, "دسته"), category)


async def _offer(editor: Editor, after: dict[str, Any]) -> dict[str, Any]:
    return await editor.telegram.people.wait_for(
        editor.user_id, lambda m: "از این پس" in str(buttons_of(m)), after=after["message_id"]
    )


async def test_a_section_is_learned_by_one_press_and_forgotten_on_the_sources_page(
    app: PeykApp, site: NewsSite, editor: Editor, until: Callable[..., Any]
) -> None:
    offer = await _offer(editor, await _moved(editor, 601, "فرهنگی"))
    assert f"«{_SECTION}» در منبع «آزمون»" in bare(text_of(offer))
    answers = await asyncio.gather(*(editor.telegram.people.press(editor.user_id, offer, "بله") for _ in range(2)))
    assert len(answers) == 2
    told = await editor.telegram.now(offer)
    assert "در دستهٔ فرهنگی می‌آیند" in bare(text_of(told))
    audited = (await app.cli("audit")).stdout
    assert audited.count("learn_section") == 1

    site.add_item(603, "خبر شمارهٔ ۶۰۳", category=_SECTION)
    category = "SELECT slug FROM article JOIN category ON category.id = category_id WHERE article.id = 603"

    async def filed() -> bool:
        return app.rows(category) == [("culture",)]

    await until(filed)
    menu = await editor.press(await editor.page("آزمون"), "ویرایش")
    learned = await editor.press(menu, "بخش‌ها")
    assert f"{_SECTION} · فرهنگی" in bare(text_of(learned))
    emptied = await editor.press(learned, _SECTION)
    assert any(words.startswith("✅") for words in buttons_of(emptied)), "the row keeps its place"
    emptied = await editor.press(menu, "بخش‌ها")
    assert "تعیین نکرده است" in text_of(emptied)
    assert app.rows("SELECT 1 FROM section_name") == []
    assert "بخش‌ها" not in str(buttons_of(await editor.press(emptied, "بازگشت")))
    assert await editor.telegram.people.refused() == []


@pytest.mark.long
async def test_what_was_offered_once_is_not_offered_again(app: PeykApp, editor: Editor) -> None:
    offer = await _offer(editor, await _moved(editor, 601, "فرهنگی"))
    left = await editor.press(offer, "فقط همین خبر")
    assert "مانند پیش" in text_of(left)
    assert app.rows("SELECT 1 FROM section_name") == []
    moved = await _moved(editor, 602, "فرهنگی")
    await editor.telegram.now(moved)
    assert app.rows("SELECT count(*) FROM section_offer") == [(1,)]
    await _moved(editor, 602, "عمومی")
    again = await _offer(editor, offer)
    assert "عمومی" in text_of(again), "another category is another question"


@pytest.mark.long
async def test_a_correction_that_moves_an_article_offers_it_too(
    app: PeykApp, telegram: Telegram, site: NewsSite, editor: Editor, until: Callable[..., Any]
) -> None:
    app.change("UPDATE source SET review = 0")
    site.add_item(604, "خبر منتشرشده", category=_SECTION)

    async def published() -> bool:
        return app.rows("SELECT state FROM article WHERE id = 604") == [("published",)]

    await until(published)
    parts = await telegram.ask(editor.user_id, "/correct 604", button="دسته")
    asked = await editor.press(await editor.press(parts, "دسته"), "ورزشی")
    card = await telegram.people.wait_for(
        editor.user_id, lambda m: "بله" in str(buttons_of(m)), after=asked["message_id"]
    )
    assert "با دست" not in text_of(card), "no post shows it that somebody may have edited"
    await editor.press(card, "بله")
    offer = await _offer(editor, card)
    await editor.press(offer, "بله")
    assert app.rows("SELECT label FROM section_name") == [(_SECTION,)]
