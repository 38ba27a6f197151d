"""The page without a mouse: commands, inline mode and sharing by the keyboard alone."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Demo, Open

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300), pytest.mark.long]


async def test_a_command_is_chosen_by_arrows(demo: Demo, window: Open) -> None:
    await demo.reader("نسیم")
    page = await window(demo.url, person="نسیم")
    box = page.locator("#pane-chat .words")
    await box.press_sequentially("/cat")
    offered = page.locator("#pane-chat .popup button")
    await expect(offered).to_have_count(2)
    await box.press("ArrowDown")
    await expect(offered.first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(box).to_be_focused()
    await expect(page.locator("#pane-chat .popup")).to_be_hidden()
    await box.fill("")
    await page.locator("#pane-chat .menu").press("Enter")
    await expect(offered.first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#pane-chat .message.own").last).to_contain_text("/latest")


async def test_an_article_is_found_inline_and_shared(demo: Demo, window: Open) -> None:
    await demo.reader("لاله")
    group = await demo.people.chat("supergroup", "دوستان لاله", demo.editor)
    page = await window(demo.url, person="سردبیر")
    await page.locator("#chats button", has_text="دوستان لاله").press("Enter")
    box = page.locator("#pane-room .words")
    await expect(box).to_be_focused()
    await box.press_sequentially("@peyk_sandbox_bot نوآباد")
    results = page.locator("#pane-room .popup button")
    await expect(results.first).to_contain_text("نوآباد")
    await box.press("ArrowDown")
    await page.keyboard.press("Enter")
    sent = page.locator("#pane-room .message.own", has_text="نوآباد")
    await expect(sent).to_contain_text("@peyk_sandbox_bot")

    (message,) = [post for post in await demo.people.messages(group) if "via_bot" in post]
    await sent.locator(".keyboard button").first.press("Enter")
    full_text = page.locator("#pane-chat .keyboard button", has_text="هم‌رسانی").last
    await full_text.press("Enter")
    choices = page.locator("#dialog .choices button")
    await expect(choices.first).to_be_focused()
    await choices.filter(has_text="دوستان لاله").press("Enter")
    await expect(page.locator("#pane-room .message.own").last).to_contain_text(
        "https://t.me/peyk_sandbox_bot?start=a_"
    )
    assert message["message_id"] < (await demo.people.messages(group))[-1]["message_id"]
