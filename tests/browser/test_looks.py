"""The page on a phone, in the dark, and for those who cannot see it: axe-core finds nothing serious."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import Page, expect

from sandbox.site.picture import picture
from tests.browser.conftest import Demo, Open, Stage

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300), pytest.mark.long]

_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
_LIGHTNESS = (
    "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0) / 3"
)


async def _serious(page: Page) -> list[str]:
    """Return the serious violations that axe-core finds, with the first element of each."""
    await page.evaluate(_AXE)
    violations: list[dict[str, Any]] = (await page.evaluate("axe.run()"))["violations"]
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:200]} {violation['nodes'][0]['failureSummary']}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ]


async def test_a_phone_shows_one_thing_at_a_time(demo: Demo, window: Open) -> None:
    page = await window(demo.url, **_PHONE)
    await expect(page.locator("#side")).to_be_visible()
    await expect(page.locator("#panes")).to_be_hidden()
    await page.locator("#chats button", has=page.locator("strong", has_text="کانال پیک")).tap()
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
    await page.locator("#open-fault-panel").click()
    await expect(page.locator(".faults button").first).to_be_visible()
    assert await _serious(page) == []
    await box.press_sequentially("/")
    await expect(page.locator("#pane-chat .popup")).to_be_visible()
    assert await _serious(page) == []
    await box.fill("")
    await page.locator("#new-person").click()
    await expect(page.locator("#dialog")).to_be_visible()
    assert await _serious(page) == []


@pytest.mark.parametrize(("language", "side"), [("fa", "right"), ("en", "left")])
async def test_names_of_every_script_begin_at_the_page_s_side(
    stage: Stage, window: Open, language: str, side: str
) -> None:
    person = await stage.people.person("نگار", started=True)
    for title in ("کانال", "Channel"):
        await stage.people.chat("channel", title, person)
    page = await window(stage.url, language=language)
    names = page.locator("#chats strong")
    await expect(names).to_have_count(3)
    sides = "nodes => nodes.map(node => getComputedStyle(node).textAlign.replace('-webkit-', ''))"
    assert set(await names.evaluate_all(sides)) == {side}


async def test_on_a_phone_no_button_lies_on_words(demo: Demo, window: Open) -> None:
    page = await window(demo.url, **_PHONE)
    await page.locator("#chats button").first.tap()
    bubble = page.locator("#pane-chat .bubble", has=page.locator(".why")).last
    why = await bubble.locator(".why").bounding_box()
    words = await bubble.locator(".text").bounding_box()
    assert why is not None
    assert words is not None
    assert why["y"] >= words["y"] + words["height"] - 2, (why, words)


async def test_the_chat_keeps_a_photo_s_place_before_it_comes(stage: Stage, window: Open) -> None:
    person = await stage.people.person("نگار", started=True)
    await stage.people.send_file(person, "photo", "a.png", picture("sea", 1))
    page = await window(stage.url)
    photo = page.locator("#pane-chat .photo img")
    await photo.evaluate("image => image.decode()")
    assert await photo.evaluate("image => image.getAttribute('width') > 0 && image.getAttribute('height') > 0")
    assert await photo.evaluate(
        "one => Math.abs(one.clientWidth / one.clientHeight - one.naturalWidth / one.naturalHeight) < 0.02"
    ), "and then has its own shape"
