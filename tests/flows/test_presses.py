"""The table of docs/explanation/presses.md: each common job is driven, its presses and commands are counted."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.news_site import NewsSite, article_page

_PAGE = Path(__file__).parents[2] / "docs/explanation/presses.md"
_MOST = 3
_DATE = "چهارشنبه 1404/10/03 ساعت 15:16"
_PARAGRAPH = "بند این خبر که به اندازهٔ کافی بلند است تا خوانده شود و با نقطه به پایان می‌رسد."


class _Hands:
    """A person's hands: counts presses and commands by job; the words of an article cost nothing."""

    def __init__(self, telegram: Telegram, person: int) -> None:
        self._telegram = telegram
        self._person = person
        self.cost: dict[str, int] = {}
        self._job = ""

    def begin(self, job: str) -> None:
        """Count for this job from now on."""
        self._job = job
        self.cost[job] = 0

    async def command(self, words: str, button: str = "") -> dict[str, Any]:
        """Give a command, and return the answer."""
        self.cost[self._job] += 1
        return await self._telegram.ask(self._person, words, button=button)

    async def write(self, words: str, button: str = "") -> dict[str, Any]:
        """Write words, and return the answer."""
        return await self._telegram.ask(self._person, words, button=button)

    async def press(self, message: dict[str, Any], button: str, shows: str) -> dict[str, Any]:
        """Press a button, and return the message that shows these words, or a button of them, because of it."""
        self.cost[self._job] += 1
        people = self._telegram.people
        before = {shown["message_id"]: shown for shown in await people.messages(self._person, by_bot=True)}
        told = await people.press(self._person, await self._telegram.now(message), button)
        assert not told.get("alert"), told
        async with asyncio.timeout(30):
            while True:
                for candidate in reversed(await people.messages(self._person, by_bot=True)):
                    visible = f"{text_of(candidate)} {list(buttons_of(candidate))}"
                    if before.get(candidate["message_id"]) != candidate and shows in visible:
                        return candidate
                await asyncio.sleep(0.05)


async def _copy_edits(telegram: Telegram, editor: int, draft: dict[str, Any]) -> dict[str, Any]:
    """Open what the copy editor says of a draft."""
    await telegram.people.press(editor, draft, "ویراستار")
    return await telegram.people.wait_for(
        editor,
        lambda m: "پیشنهاد ۱" in buttons_of(m),
        after=draft["message_id"],
    )


def _table() -> dict[str, int]:
    """Return the presses of each job that the page counts."""
    rows = re.findall(r"^\| (.+?) \| .+? \| (\d+) \|", _PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {job: int(presses) for job, presses in rows}


@pytest.mark.long
async def test_the_common_jobs_cost_what_the_table_says(app: PeykApp, telegram: Telegram, site: NewsSite) -> None:
    site.put("/news/801/x", article_page("خبر چسبانده", 801, _DATE, [_PARAGRAPH]))
    await app.running(telegram)
    people = telegram.people
    author, editor = await telegram.colleague("نویسنده", "author"), await telegram.colleague("دبیر", "editor")
    hands = _Hands(telegram, telegram.owner)

    hands.begin("See what waits for a decision")
    home = await hands.command("/desk", "نوشتن")

    hands.begin("Write an article step by step and publish it")
    await hands.press(home, "نوشتن", "لغو")
    await hands.write("سیاسی")
    await hands.write("خبر گام‌به‌گام")
    await hands.write("لید خبر.")
    body = await hands.write("متن خبر.", "تمام")
    preview = await hands.press(body, "تمام", "📣 انتشار")
    published = await hands.press(preview, "📣 انتشار", "منتشر شد")

    hands.begin("Undo a publication of which nothing was sent")
    await hands.press(published, "برگرداندن", "برگردانده شد")

    hands.begin("Import a pasted address and publish it")
    offer = await hands.write(f"{site.url}/news/801/x", "وارد کردن")
    preview = await hands.press(offer, "وارد کردن", "📣 انتشار")
    published = await hands.press(preview, "📣 انتشار", "منتشر شد")

    hands.begin("Correct the title of an article just published, without a note")
    parts = await hands.press(published, "ویرایش", "تیتر")
    await hands.press(parts, "تیتر", "لغو")
    card = await hands.write("تیتر نزدیک به درست", "بله")
    await hands.press(card, "بله", "اصلاح شد")

    hands.begin("Correct the title of an article just published")
    parts = await hands.press(published, "ویرایش", "تیتر")
    await hands.press(parts, "تیتر", "لغو")
    await hands.write("تیتر درست")
    card = await hands.write("تیتر", "بله")
    await hands.press(card, "بله", "اصلاح شد")

    hands.begin("Replace words of a published article")
    parts = await hands.press(published, "ویرایش", "جایگزینی")
    await hands.press(parts, "جایگزینی", "لغو")
    await hands.write("به‌جای درست بنویس کامل")
    card = await hands.write("تیتر", "بله")
    await hands.press(card, "بله", "اصلاح شد")

    hands.begin("Replace one paragraph of a published article")
    parts = await hands.press(published, "ویرایش", "¶ ۱")
    await hands.press(parts, "¶ ۱", "متن تازهٔ این بند")
    await hands.write("بند درست این خبر، که جای بند پیشین می‌نشیند.")
    card = await hands.write("بند نخست", "بله")
    await hands.press(card, "بله", "اصلاح شد")

    hands.begin("Choose a published article to edit")
    shelf = await hands.press(home, "منتشرشده", "تیتر کامل")
    await hands.press(shelf, "تیتر کامل", "لید")

    hands.begin("Publish a draft as the continuation of an earlier article")
    draft = await telegram.ask(telegram.owner, "/post سیاسی\nدنبالهٔ ماجرا\n\nلید.", button="ادامهٔ یک خبر")
    offered = await hands.press(draft, "ادامهٔ یک خبر", "تیتر کامل")
    followed = await hands.press(offered, "تیتر کامل", "📣 انتشار")
    await hands.press(followed, "📣 انتشار", "منتشر شد")

    hands.begin("Retract an article just published")
    await hands.press(published, "پس گرفتن", "دلیل")
    card = await hands.write("منبع آن را تکذیب کرد", "بله")
    await hands.press(card, "بله", "پس گرفته شد")

    hands.begin("Schedule a draft")
    draft = await telegram.ask(telegram.owner, "/post سیاسی\nخبر فردا\n\nلید.", button="زمان")
    times = await hands.press(draft, "زمان", "فردا")
    await hands.press(times, "فردا", "زمان‌بندی شد")

    hands.begin("Send a draft as breaking news")
    draft = await telegram.ask(telegram.owner, "/post سیاسی\nخبر فوری\n\nلید.", button="فوری")
    card = await hands.press(draft, "فوری", "بله")
    await hands.press(card, "بله", "فوری منتشر شد")

    hands.begin("Announce something to everybody")
    whom = await hands.command("/announce فردا تعطیل است", "همهٔ گفت‌وگوها")
    card = await hands.press(whom, "همهٔ گفت‌وگوها", "بله")
    await hands.press(card, "بله", "اعلان")

    hands.begin("Pause all sending")
    question = await hands.command("/pause", "بله")
    await hands.press(question, "بله", "متوقف شد")
    await telegram.ask(telegram.owner, "/resume")

    # The owner has pressed and written some fifty times within seconds: here an editor goes on.
    editors, ours = _Hands(telegram, editor), _Hands(telegram, author)
    handed = await telegram.ask(author, "/post سیاسی\nخبر نویسنده\n\nلید.", button="بازبینی")
    await people.press(author, handed, "ارسال برای بازبینی")
    await people.wait_for(editor, lambda m: "خبر نویسنده" in text_of(m))

    editors.begin("Open the oldest text in review")
    fresh = await telegram.ask(editor, "/desk", button="بازبینی")
    queue = await editors.press(fresh, "بازبینی", "در انتظار تصمیم")
    card = await editors.press(queue, "خبر نویسنده", "تأیید و انتشار")

    editors.begin("Reject a text in review")
    await editors.press(card, "رد", "لغو")
    await editors.write("منبع روشن نیست")
    notice = await people.wait_for(author, lambda m: "منبع روشن نیست" in text_of(m))

    ours.begin("Edit an article that was rejected")
    await ours.press(notice, "ویرایش", "تیتر")
    ours.begin("Submit an article again that was rejected")
    await ours.press(notice, "ارسال برای بازبینی", "برای بازبینی رفت")
    card = await people.wait_for(
        editor, lambda m: any("تأیید و انتشار" in b for b in buttons_of(m)), after=card["message_id"]
    )
    editors.begin("Approve a text in review")
    await editors.press(card, "تأیید و انتشار", "تأیید")
    assert app.rows("SELECT state FROM review ORDER BY id DESC LIMIT 1") == [("approved",)]

    theirs = _Hands(telegram, telegram.reader)
    theirs.begin("Send a tip as a reader")
    await theirs.command("/tip", "لغو")
    more = await theirs.write("پل شهر فرو ریخت", "تمام")
    await theirs.press(more, "تمام", "به تحریریه رسید")
    card = await people.wait_for(editor, lambda m: "پل شهر فرو ریخت" in text_of(m))
    editors.begin("Make a draft of a tip")
    await editors.press(card, "ساختن پیش‌نویس", "📣 انتشار")

    draft = await telegram.ask(editor, "/post سیاسی\nخبر تازه\n\nدر 12 کشور رخ داد...", button="پیشنهاد")
    report = await _copy_edits(telegram, editor, draft)
    editors.begin("Apply one proposal of the copy editor")
    await editors.press(report, "پیشنهاد ۱", "📣 انتشار")

    assert hands.cost | editors.cost | ours.cost | theirs.cost == _table()
    assert max(_table().values()) <= _MOST
