"""Messages as Telegram shows them: what each kind looks like, and how it changes."""

import pytest
from playwright.async_api import expect

from sandbox.site.picture import picture
from tests.browser.conftest import Open, Stage

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300), pytest.mark.long]


async def test_albums_files_quotes_replies_and_keyboards(stage: Stage, window: Open) -> None:
    person = await stage.people.person("نگار", started=True)
    photos = [
        ("photo", f"{number}.png", picture(kind, number)) for number, kind in enumerate(("sea", "map", "hall"))
    ]
    await stage.people.send_album(person, photos, "سه عکس")
    await stage.people.send_file(person, "document", "گزارش.pdf", b"%PDF-1.4 report", caption="گزارش سالانه")
    lines = "\n".join(f"سطر {number} از نقل قول" for number in range(9))
    quote = {"type": "expandable_blockquote", "offset": 0, "length": len(lines)}
    first = await stage.do("sendMessage", chat_id=person, text=lines, entities=[quote])
    label = "برچسبی که از سهم خود در یک سطر سه‌دکمه‌ای بسیار درازتر است"
    rows = [
        [
            {"text": label, "callback_data": "a"},
            {"text": "ب", "callback_data": "b"},
            {"text": "پ", "callback_data": "c"},
        ]
    ]
    second = await stage.do(
        "sendMessage",
        chat_id=person,
        text="پاسخ با دکمه",
        reply_parameters={"message_id": first["message_id"]},
        reply_markup={"inline_keyboard": rows},
    )
    page = await window(stage.url)
    pane = page.locator("#pane-chat")

    album = pane.locator(".album")
    await expect(album.locator("img")).to_have_count(3)
    await expect(pane.locator(".message", has=page.locator(".album"))).to_contain_text("سه عکس")
    widths = "images => Promise.all(images.map(image => image.decode().then(() => image.naturalWidth)))"
    assert await album.locator("img").evaluate_all(widths) == [720, 540, 720]
    document = pane.locator(".file-card")
    await expect(document).to_contain_text("گزارش.pdf")
    answer = await page.request.get(f"{stage.url}{await document.get_attribute('href')}")
    assert await answer.body() == b"%PDF-1.4 report"

    folded = pane.locator(".quote")
    small = await folded.evaluate("node => node.clientHeight")
    await folded.get_by_role("button").press("Enter")
    await expect(folded.get_by_role("button")).to_have_attribute("aria-expanded", "true")
    assert await folded.evaluate("node => node.clientHeight") > 2 * small

    reply = pane.locator(f"[data-key='{second['message_id']}'] .reply")
    await expect(reply).to_contain_text("سطر 0")
    within = "node => node.getBoundingClientRect().left >= node.closest('.column').getBoundingClientRect().left"
    assert await pane.locator(".bubble", has=page.locator(".reply")).evaluate(within), "a long preview is cut"
    first_label = pane.locator(".row button").first.locator("span")
    cut, tall = await first_label.evaluate("node => [node.scrollWidth > node.clientWidth, node.clientHeight]")
    assert cut, "a label that is too long is cut"
    assert tall < 40, "and stays in one line"
    await expect(pane.locator(".row button").first).to_have_attribute("title", label)

    await stage.do("editMessageText", chat_id=person, message_id=second["message_id"], text="ویراستهٔ آن")
    await expect(pane.locator(f"[data-key='{second['message_id']}'] .edited")).to_be_visible()
    await stage.do("deleteMessage", chat_id=person, message_id=second["message_id"])
    await expect(pane.locator(f"[data-key='{second['message_id']}']")).to_have_count(0)
    await expect(page.locator("#told")).to_have_text("پیام حذف شد")


async def test_foreign_words_stay_words(stage: Stage, window: Open) -> None:
    person = await stage.people.person("<img src=x onerror=alert(1)>", started=True)
    await stage.people.say(person, "<script>document.title = 'x'</script>")
    await stage.do("sendRichMessage", chat_id=person, rich_message={"html": "<h1>سرخط</h1><p>متن <b>پررنگ</b></p>"})
    page = await window(stage.url)
    await expect(page.locator("#pane-chat .message").nth(1)).to_contain_text("<script>")
    await expect(page.locator("#pane-chat .rich h3")).to_have_text("سرخط")
    await expect(page).to_have_title("پیک در تلگرام محلی")


async def test_what_others_have_not_read_is_counted(stage: Stage, window: Open) -> None:
    person = await stage.people.person("نگار", started=True)
    page = await window(stage.url)
    await stage.people.say(person, "یک")
    await stage.people.say(person, "دو")
    await expect(page.locator("#pane-chat .message")).to_have_count(3)
    other = await stage.people.person("پریسا")
    await stage.people.say(other, "سلام")
    await stage.do("sendMessage", chat_id=other, text="یک پیام")
    await expect(page.locator("#people button", has_text="پریسا").locator(".badge")).to_contain_text("۱")


async def test_buttons_that_warn_and_confirm_are_told_apart_by_their_colour(stage: Stage, window: Open) -> None:
    person = await stage.people.person("نگار", started=True)
    styles = ("success", "danger", "primary")
    row = [{"text": style, "callback_data": style, "style": style} for style in styles]
    row.append({"text": "plain", "callback_data": "plain"})
    await stage.do("sendMessage", chat_id=person, text="مطمئنید؟", reply_markup={"inline_keyboard": [row]})
    page = await window(stage.url)
    buttons = page.locator("#pane-chat .keyboard button")
    await expect(buttons).to_have_count(4)
    colours = await buttons.evaluate_all("nodes => nodes.map(node => getComputedStyle(node).backgroundColor)")
    assert len(set(colours)) == 4


async def test_the_newest_message_stays_in_view_where_the_room_gets_smaller(stage: Stage, window: Open) -> None:
    person = await stage.people.person("نگار", started=True)
    for number in range(30):
        await stage.people.say(person, f"پیام {number}")
    page = await window(stage.url)
    newest = page.locator("#pane-chat .message").last
    await expect(newest).to_be_in_viewport(ratio=1)
    # As where a phone's keyboard opens.
    await page.set_viewport_size({"width": 1440, "height": 560})
    await expect(newest).to_be_in_viewport(ratio=1)


async def test_the_pictures_of_a_rich_message_are_leafed_through(stage: Stage, window: Open) -> None:
    person = await stage.people.person("نگار", started=True)
    for number, kind in enumerate(("sea", "field")):
        await stage.people.send_file(person, "photo", f"{number}.png", picture(kind, number))
    ids = [message["photo"][-1]["file_id"] for message in await stage.people.messages(person) if "photo" in message]
    media = [{"id": f"p{n}", "media": {"type": "photo", "media": file_id}} for n, file_id in enumerate(ids)]
    shown = "".join(f'<img src="tg://photo?id=p{number}">' for number in range(2))
    html = f"<h1>گزارش تصویری</h1><tg-slideshow>{shown}</tg-slideshow>"
    await stage.do("sendRichMessage", chat_id=person, rich_message={"html": html, "media": media})
    page = await window(stage.url)
    show = page.locator("#pane-chat .slideshow")
    await expect(show.locator("img")).to_have_count(2)
    widths = "images => Promise.all(images.map(image => image.decode().then(() => image.naturalWidth)))"
    assert await show.locator("img").evaluate_all(widths) == [720, 720]
    assert await show.evaluate("node => node.scrollWidth > node.clientWidth")


async def test_samples_can_be_attached_and_open(stage: Stage, window: Open) -> None:
    person = await stage.people.person("نگار", started=True)
    await stage.do("sendMessage", chat_id=person, text="چیزی بفرستید")
    page = await window(stage.url)
    pane = page.locator("#pane-chat")
    for count, name in enumerate(("عکس نمونه", "ویدیوی نمونه", "سند نمونه"), 1):
        await pane.locator(".attach").press("Enter")
        await pane.locator(".popup").get_by_role("button", name=name).press("Enter")
        await expect(pane.locator(".photo, video, .file-card")).to_have_count(count)
    assert await pane.locator(".photo img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 400
    await expect(pane.locator("video")).to_have_js_property("duration", 6)
    document = await page.request.get(f"{stage.url}{await pane.locator('.file-card').get_attribute('href')}")
    assert document.headers["content-type"] == "application/pdf"
    assert document.headers["content-disposition"].startswith("inline")
