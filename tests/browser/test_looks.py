"""The page on a phone, in the dark, and for those who cannot see it: axe-core finds nothing serious."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Demo, Open

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300), pytest.mark.long]

_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
_LIGHTNESS = (
    "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0) / 3"
)


async def _serious(page: Page) -> list[str]:
    """Return the serious violations that axe-core finds, with the first element of each."""
    await page.evaluate(_AXE)
    found: list[dict[str, Any]] = (await page.evaluate("axe.run()"))["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0]['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


async def test_a_phone_shows_one_thing_at_a_time(demo: Demo, window: Open) -> None:
    page = await window(demo.url, **_PHONE)
    await expect(page.locator("#side")).to_be_visible()
    await expect(page.locator("#panes")).to_be_hidden()
    await page.locator("#chats button", has_text="کانال پیک").tap()
    await expect(page.locator("#pane-room .messages")).to_be_visible()
    await expect(page.locator("#side")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.locator("#pane-room .back").tap()
    await page.locator("#chats button").first.tap()
    await expect(page.locator("#pane-chat .words")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    assert await _serious(page) == []


async def test_dark_is_dark_and_can_be_chosen(demo: Demo, window: Open) -> None:
    page = await window(demo.url, color_scheme="dark")
    assert await page.evaluate(_LIGHTNESS) < 60
    await page.locator("#theme").click()
    assert await page.evaluate(_LIGHTNESS) > 200
    await page.locator("#theme").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert await page.evaluate(_LIGHTNESS) < 60


@pytest.mark.parametrize(("scheme", "language"), [("light", "fa"), ("dark", "en")])
async def test_axe_finds_nothing_serious(demo: Demo, window: Open, scheme: str, language: str) -> None:
    page = await window(demo.url, color_scheme=scheme, language=language)
    box = page.locator("#pane-chat .words")
    await box.fill("/stats")
    await box.press("Enter")
    await expect(page.locator("#pane-chat .photo img").last).to_be_visible()
    await page.locator("#open-lab").click()
    await expect(page.locator(".faults button").first).to_be_visible()
    assert await _serious(page) == []
    await box.press_sequentially("/")
    await expect(page.locator("#pane-chat .popup")).to_be_visible()
    assert await _serious(page) == []
    await box.fill("")
    await page.locator("#new-person").click()
    await expect(page.locator("#dialog")).to_be_visible()
    assert await _serious(page) == []
