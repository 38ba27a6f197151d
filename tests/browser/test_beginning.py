"""The page of a sandbox without Peyk's demo, where nobody is there yet: the second part of the tutorial."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open, Stage

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300), pytest.mark.long]


async def test_a_person_and_a_channel_are_made_by_hand(stage: Stage, window: Open) -> None:
    page = await window(stage.url)
    await expect(page.locator("#tour")).to_be_hidden()
    await expect(page.locator("#chats button")).to_have_count(0)
    await page.get_by_role("button", name="شخص تازه").click()
    await page.locator("#dialog").get_by_label("نام").fill("نرگس")
    await page.locator("#dialog").get_by_role("button", name="تأیید").click()
    await expect(page.locator("#people button")).to_have_text(["ننرگس"])
    begin = page.locator("#pane-chat .begin")
    await begin.click()
    await expect(page.locator("#pane-chat .message.own")).to_contain_text("/start")
    await expect(begin).to_be_hidden()

    await page.get_by_role("button", name="کانال یا گروه تازه").click()
    await page.locator("#dialog").get_by_label("نام").fill("کانال من")
    await page.keyboard.press("Enter")
    await expect(page.locator("#pane-room .pane-title")).to_have_text("کانال من")
    await page.locator("#pane-room .words").fill("پست دستی")
    await page.keyboard.press("Enter")
    await expect(page.locator("#pane-room .message")).to_contain_text("پست دستی")
    (channel,) = [chat for chat in (await stage.people.get("state"))["chats"] if chat["type"] == "channel"]
    assert {member["status"] for member in channel["members"]} == {"creator", "administrator"}
