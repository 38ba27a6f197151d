"""Changes by a source of an article that readers have: they reach its copies, without flooding them."""

from collections.abc import Callable
from typing import Any

from bot.clock import now_ms
from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.flows.news_site import NewsSite, article_page

_DATE = "چهارشنبه 1404/10/03 ساعت 15:16"
_BODY = "پیک‌نیوز-گروه بین‌الملل: نمایندگان دوازده کشور در بندر نوآباد گرد هم آمدند و گفت‌وگو کردند."
_NEWER_BODY = "پیک‌نیوز-گروه بین‌الملل: نمایندگان سیزده کشور در بندر نوآباد گرد هم آمدند و گفت‌وگو کردند."


async def test_a_sources_new_text_reaches_every_copy_and_edits_a_post_rarely(
    app: PeykApp, telegram: Telegram, site: NewsSite, until: Callable[..., Any]
) -> None:
    channel = await telegram.channel()
    site.add_item(501, "خبر پیشین")
    site.put("/news/501/x", article_page("خبر پیشین", 501, _DATE, [_BODY]))
    await app.running(telegram)
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "عمومی")

    async def fetched() -> bool:
        return bool(app.rows("SELECT 1 FROM source WHERE fetched_at IS NOT NULL"))

    await until(fetched)

    def say(title: str, body: str, lead: str = "لید خبر.") -> None:
        site.put("/news/502/x", article_page(title, 502, _DATE, [body], lead=lead))
        if site.items[0]["title"] != title:
            site.items[0]["title"] = title
        site.items[0]["summary"] += " بازخوانی."  # the feed tells that something changed
        site.publish()

    site.put("/news/502/x", article_page("نشست بندر", 502, _DATE, [_BODY], lead="لید خبر."))
    site.add_item(502, "نشست بندر")
    posted = await telegram.people.wait_for(channel, lambda m: "نشست بندر" in text_of(m))
    opened = await telegram.ask(telegram.reader, "/article 502", button="نظرات")

    def edits() -> int:
        """The number of times that the post was edited until now."""
        calls = telegram.running.state.requests.after(0)
        where = [call["params"]["chat_id"] for call in calls if call["method"] == "editMessageText"]
        return where.count(channel)

    async def reads(message: dict[str, Any], words: str) -> bool:
        return words in text_of(await telegram.now(message))

    async def settled() -> bool:
        return not app.rows("SELECT 1 FROM amendment WHERE state = 'pending' AND chat_id < 0")

    say("نشست بندر", _NEWER_BODY)
    await until(lambda: reads(opened, "سیزده کشور"))
    await until(settled)
    assert edits() == 0, "a post that says nothing of the body is left alone"
    assert app.rows("SELECT revision FROM message WHERE form = 'headline'") == [(2,)]

    say("نشست بزرگ بندر", _NEWER_BODY)
    await until(lambda: reads(posted, "نشست بزرگ بندر"))
    await until(settled)
    assert edits() == 1
    for number in (2, 3):
        say(f"نشست بزرگ بندر، گزارش {number}", _NEWER_BODY)
        await until(lambda number=number: _revised(app, 2 + number))
    assert await reads(posted, "نشست بزرگ بندر\n")
    waits = f"SELECT (due_at - {now_ms()}) / 1000 FROM amendment WHERE state = 'pending' AND chat_id < 0"
    (((seconds,),)) = app.rows(waits)
    assert 240 < seconds <= 300

    # The app does not wait for that; and a source does not write over what it has said.
    card = await telegram.correct(502, "تیتر", "نشست تاریخی بندر", "تیتر درست")
    await telegram.people.press(telegram.owner, card, "بله")
    await until(lambda: reads(posted, "نشست تاریخی بندر"))
    assert edits() == 2
    assert await telegram.people.refused() == []


async def _revised(app: PeykApp, revision: int) -> bool:
    return app.rows("SELECT revision FROM article WHERE id = 502") == [(revision,)]
