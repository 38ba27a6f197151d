"""The tour in a browser: six presses, each of which is seen at once."""

import re

import pytest
from playwright.async_api import Page, expect

from sandbox.client import text_of
from tests.browser.conftest import Demo, Open

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

_SWIMMERS, _SECOND, _FAIR = (
    "تیم شنای نوآباد قهرمان شد",
    "تیم شنای نوآباد نایب‌قهرمان شد",
    "نمایشگاه صنایع دستی سپیدرود",
)


async def _play(page: Page, step: int) -> None:
    """Press the step that is next, and wait until it is done."""
    await page.locator(".tour-step:enabled").click()
    await expect(page.locator("#tour .done")).to_have_count(step)


async def test_six_presses_show_what_peyk_does(demo: Demo, window: Open) -> None:
    page = await window(demo.url)
    chat, room = page.locator("#pane-chat"), page.locator("#pane-room")
    await expect(page.locator(".tour-step")).to_have_count(6)

    await _play(page, 1)
    await expect(page.locator("#people button[aria-pressed=true]")).to_contain_text("خواننده")
    await expect(chat.locator(".message").last).to_contain_text("پیک")

    await _play(page, 2)
    await expect(chat.locator(".message").last).to_contain_text("ورزشی")

    await _play(page, 3)
    await expect(page.locator("#people button[aria-pressed=true]")).to_contain_text("سردبیر")
    await expect(page.locator("#people button", has_text="خواننده").locator(".badge")).to_be_visible()
    post = room.locator(".message", has_text=_SWIMMERS)
    await expect(post).to_be_in_viewport()
    assert await post.locator(".photo img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 400
    key = await post.get_attribute("data-key")

    await _play(page, 4)
    same = room.locator(f"[data-key='{key}']")
    await expect(same).to_contain_text(_SECOND)
    await expect(same.locator(".edited")).to_be_visible()

    await _play(page, 5)
    delivery = page.locator(".deliveries li", has_text=_FAIR).filter(has_text="کانال پیک")
    await expect(delivery).to_have_attribute("data-states", re.compile("uncertain.* sent$"))
    posted = [message for message in await demo.people.messages(demo.channel) if _FAIR in text_of(message)]
    assert len(posted) == 1
    await expect(room.locator(".message", has_text=_FAIR)).to_have_count(1)

    await _play(page, 6)
    await expect(room.locator(".message", has_text=_SECOND)).to_have_count(0)
    await expect(page.locator(".tour-again")).to_be_focused()


async def test_the_tour_speaks_english_with_a_reader_who_does(demo: Demo, window: Open) -> None:
    page = await window(demo.url, language="en")
    await expect(page.locator(".tour-step").first).to_contain_text("Become the reader")
    await _play(page, 1)
    await _play(page, 2)
    await expect(page.locator("#people button[aria-pressed=true]")).to_contain_text("Reader")
    await expect(page.locator("#pane-chat .message").last).to_contain_text("Sports")
