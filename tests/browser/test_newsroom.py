"""The whole way of a reader and an editor in a browser, both at once: what one does, the other sees live."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox.site.picture import picture
from tests.browser.conftest import Demo, Open

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300), pytest.mark.long]

_TITLE, _NEWER = "پل چوبی نوسازی شد", "پل چوبی بازسازی شد"
_POST = f"/post فرهنگی\n{_TITLE}\n\nلید خبر پل.\n\nمتن خبر پل در یک بند کامل است که خواننده آن را می‌خواند."


async def _write(page: Page, text: str) -> None:
    box = page.locator("#pane-chat .words")
    await box.fill(text)
    await box.press("Enter")


async def _press(page: Page, words: str) -> None:
    # By its key: what the bot edits above moves a button away from under the mouse.
    await page.locator("#pane-chat .keyboard button", has_text=words).last.press("Enter")


async def test_a_story_with_a_photo_is_read_corrected_and_retracted(demo: Demo, window: Open) -> None:
    await demo.reader("رؤیا")
    reading = await window(demo.url, person="رؤیا")
    editing = await window(demo.url)
    await _write(reading, "/subscribe فرهنگی")
    await expect(reading.locator("#pane-chat .message").last).to_contain_text("فرهنگی")

    # The editor's own hands: a caption, a photo, the preview, the button.
    await editing.locator("#pane-chat .words").fill(_POST)
    photo = {"name": "پل.png", "mimeType": "image/png", "buffer": picture("city", 11)}
    await editing.locator("#pane-chat .file").set_input_files(photo)  # type: ignore[arg-type]
    await _press(editing, "📣 انتشار")
    post = editing.locator("#pane-room .message", has_text=_TITLE)
    await expect(post.locator(".photo img")).to_be_visible()

    headline = reading.locator("#pane-chat .message", has_text=_TITLE)
    await expect(headline).to_be_visible()
    await headline.locator(".keyboard button", has_text="متن کامل").click()
    full_text = reading.locator("#pane-chat .message", has_text="متن خبر پل")
    await expect(full_text).to_be_visible()

    await post.hover()
    await post.locator(".why").click()
    why = editing.locator("#dialog")
    await expect(why).to_contain_text(_TITLE)
    await expect(why).to_contain_text("همهٔ خبرها را دنبال می‌کند")
    await why.get_by_role("button").click()

    number = (await headline.first.inner_text()).split("شناسهٔ خبر:")[1].split()[0]
    await _write(editing, f"/correct {number}")
    # Not by its place: the tour has left such messages, and a notice about a source may come meanwhile.
    parts = editing.locator("#pane-chat .message", has_text="منتشر شده است").filter(has_text=_TITLE)
    await parts.locator(".keyboard button", has_text="تیتر").press("Enter")
    question = editing.locator("#pane-chat .message", has_text="تیتر تازه را").filter(has_text=_TITLE)
    await expect(question).to_be_visible()
    await _write(editing, _NEWER)
    await _press(editing, "بله، بدون یادداشت")
    for page, pane in ((editing, "#pane-room"), (reading, "#pane-chat")):
        await expect(page.locator(f"{pane} .message", has_text=_NEWER).first).to_be_visible()
        await expect(page.locator(f"{pane} .message", has_text=_TITLE)).to_have_count(0)

    await _write(editing, f"/retract {number} نادرست بود")
    await _press(editing, "بله، پس گرفته شود")
    await expect(editing.locator("#pane-room .message", has_text=_NEWER)).to_have_count(0)
    await expect(reading.locator("#pane-chat .message", has_text=_NEWER)).to_have_count(0)


async def _ready_to_publish(page: Page, title: str) -> None:
    """Write an article as the editor, open the panel of faults, and wait for the preview's buttons."""
    await _write(page, f"/post سیاسی\n{title}\n\nلید خبر.")
    await page.get_by_role("button", name="خطاها و صف ارسال").click()
    await expect(page.locator("#pane-chat .message", has_text=title).last).to_be_visible()
    await expect(page.locator("#pane-chat .keyboard button", has_text="📣 انتشار").last).to_be_visible()


def _delivery(page: Page, title: str) -> Locator:
    """Return the line of the outbox about the channel's copy of an article."""
    return page.locator(".deliveries li", has_text=title).filter(has_text="کانال پیک")


async def test_a_post_waits_while_the_network_is_gone_and_is_sent_once(demo: Demo, window: Open) -> None:
    title = "شورا ساعت کار کتابخانه را افزود"
    page = await window(demo.url)
    await _ready_to_publish(page, title)
    await page.locator("#fault-panel").get_by_role("button", name="قطع شبکه").click()
    await expect(page.locator(".waiting-faults")).to_contain_text("قطع شبکه")
    await _press(page, "📣 انتشار")
    delivery = _delivery(page, title)
    await expect(delivery.locator(".chip").last).not_to_have_class(re.compile("good"))
    await expect(page.locator("#pane-room .message", has_text=title)).to_have_count(0)

    await page.get_by_role("button", name="پایان همهٔ خطاها").click()
    await expect(delivery).to_have_attribute("data-states", re.compile("(pending|sending|uncertain) sent$"))
    await expect(page.locator("#pane-room .message", has_text=title)).to_have_count(1)


async def test_a_flood_wait_is_kept_and_the_post_follows(demo: Demo, window: Open) -> None:
    title = "شورا بهای بلیت موزه را کم کرد"
    page = await window(demo.url)
    await _ready_to_publish(page, title)
    before = (await demo.people.get("last"))["request"]
    await page.locator("#fault-panel").get_by_role("button", name="محدودیت سرعت").click()
    await expect(page.locator(".waiting-faults")).to_contain_text("محدودیت سرعت")
    await _press(page, "📣 انتشار")
    delivery = _delivery(page, title)
    await expect(delivery.locator(".chip").last).to_have_text("در نوبت")
    await expect(delivery).to_have_attribute("data-states", re.compile("pending.* sent$"))
    post = page.locator("#pane-room .message", has_text=title)
    await expect(post).to_have_count(1)
    calls = [
        request
        for request in await demo.people.get("requests", after=before)
        if request["method"].startswith("send") and request["params"].get("chat_id") == demo.channel
    ]
    assert calls[0]["status"] == 429
    assert {call["status"] for call in calls[1:]} == {200}

    # The ledger knows why the post is there, and what became of it.
    await post.hover()
    await post.locator(".why").click()
    why = page.locator("#dialog")
    for words in (title, "سیاسی", "تحریریه", "همهٔ خبرها را دنبال می‌کند", "تلگرام رسیدن آن را تأیید کرد"):
        await expect(why).to_contain_text(words)


async def test_faults_are_seen_in_the_outbox(demo: Demo, window: Open) -> None:
    reader = await demo.reader("بهار")
    asked = await demo.people.say(reader, "/subscribe سیاسی")
    await demo.people.wait_for(reader, lambda message: "سیاسی" in str(message), after=asked[-1])
    page = await window(demo.url)
    await page.get_by_role("button", name="خطاها و صف ارسال").click()
    panel = page.locator("#fault-panel")
    await panel.get_by_role("button", name="قطع شبکه").click()
    await expect(page.locator(".waiting-faults")).to_contain_text("قطع شبکه")
    await page.get_by_role("button", name="پایان همهٔ خطاها").click()
    await expect(page.locator(".waiting-faults")).to_have_text("خطایی در کار نیست.")

    await page.locator("#people button", has_text="بهار").click()
    await panel.get_by_role("button", name="مسدود کردن ربات").click()
    await expect(panel.get_by_role("button", name="رفع مسدودی ربات")).to_be_visible()
    await page.locator("#people button", has_text="سردبیر").click()
    await _write(page, "/post سیاسی\nشورا بودجه را تصویب کرد\n\nلید خبر بودجه.")
    await _press(page, "📣 انتشار")
    blocked = page.locator(".deliveries li", has_text="شورا بودجه را تصویب کرد")
    await expect(blocked.filter(has_text="کانال پیک")).to_have_attribute("data-states", re.compile("sent$"))
    await expect(blocked.filter(has_text="بهار").locator(".chip.good")).to_have_count(0)
    state = await demo.people.get("state")
    assert [person["blocked"] for person in state["people"] if person["id"] == reader] == [True]
