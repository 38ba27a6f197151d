"""The pictures of the documentation, made of the page as it is: `make screenshots`."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.browser.conftest import Demo, Open

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

_DESKTOP = {"width": 1280, "height": 800}
_PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "device_scale_factor": 2}

# One that is drawn anew meanwhile never decodes: nothing waits for it longer than three seconds.
_DECODED = """
    images => Promise.all(images.map(image => Promise.race([
        image.decode().catch(() => {}), new Promise(resolve => setTimeout(resolve, 3000))
    ])))
"""


@pytest.fixture
def pictures_folder(request: pytest.FixtureRequest) -> Path:
    """The folder of --pictures."""
    return Path(request.config.getoption("--pictures"))


async def _take(page: Page, folder: Path, name: str) -> None:
    """Write what a window shows as a small WebP, once the photos in it are there."""
    await page.evaluate("document.activeElement.blur()")
    await page.locator(".photo img:visible").evaluate_all(_DECODED)
    shot = await page.screenshot()
    folder.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(shot)).save(folder / f"{name}.webp", quality=82, method=6)


async def _step(page: Page, number: int) -> None:
    await page.locator(".tour-step:enabled").click()
    await expect(page.locator("#tour .done")).to_have_count(number)


async def test_pictures_of_the_documentation(demo: Demo, window: Open, pictures_folder: Path) -> None:
    page = await window(demo.url, viewport=_DESKTOP)
    await expect(page.locator("#pane-room .photo img")).to_be_visible()
    await _take(page, pictures_folder, "home")
    for step in (1, 2, 3):
        await _step(page, step)
    await _take(page, pictures_folder, "channel-and-editor")
    await _step(page, 4)
    await _take(page, pictures_folder, "correction")
    await _step(page, 5)
    await _take(page, pictures_folder, "tour")

    english = await window(demo.url, viewport=_DESKTOP, language="en")
    await _take(english, pictures_folder, "home-en")
    dark = await window(demo.url, viewport=_DESKTOP, color_scheme="dark")
    await _take(dark, pictures_folder, "dark")
    phone = await window(demo.url, **_PHONE)
    await phone.locator("#chats button", has_text="کانال پیک").click()
    await expect(phone.locator("#pane-room .photo img").last).to_be_visible()
    await _take(phone, pictures_folder, "phone")
