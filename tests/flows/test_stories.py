"""One story from several sources: readers see who else tells it, the newsroom what it has already."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.newsroom.review_steps import bring_to_gate
from sandbox.client import text_of
from storage import article_identity, new_articles, page_visits, source_items, sources
from storage.bootstrap import opened
from storage.new_articles import NewArticle
from storage.records import ArticleState, Content, PageVisit, SourceItem, SourceKind
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.peyk_app import bare

_AT = 1_766_576_760_000
_FIRST = NewArticle(
    content=Content("نشست بندر", lead="لید خبر."),
    category_id=1,
    state=ArticleState.PUBLISHED,
    published_at=_AT,
    language="fa",
    url="",
    origin="first.example.org",
    source_number="",
    source_id=None,
    wanted_id=500,
)


def _again(number: int, title: str, state: ArticleState) -> NewArticle:
    return replace(
        _FIRST,
        content=Content(title),
        state=state,
        url=f"https://other{number}.example.org/{number}",
        origin=f"other{number}.example.org",
        wanted_id=number,
        story_id=500,
    )


async def _brought(app: PeykApp, *new: NewArticle) -> None:
    """Store what sources would have brought; what is in review waits at the gate."""
    async with opened(app.url) as database, database.write() as tx:
        ids = await new_articles.insert(tx, list(new), now=_AT)
        gate = [id_ for id_, article in zip(ids, new, strict=True) if article.state is ArticleState.REVIEW]
        if gate:
            await bring_to_gate(tx, gate, now=_AT)


async def test_readers_see_in_which_other_media_a_story_is_told(app: PeykApp, telegram: Telegram) -> None:
    folded = [_again(number, f"گزارش {number}", ArticleState.FOLDED) for number in range(501, 511)]
    await _brought(app, _FIRST, *folded)
    await app.running(telegram)
    opened_text = await telegram.ask(telegram.reader, "/article 500", button="نظرات")
    assert "📰 در دیگر رسانه‌ها (۱۰)" in " ".join(map(bare, buttons_of(opened_text)))
    await telegram.people.press(telegram.reader, opened_text, "در دیگر رسانه‌ها")
    listed = await telegram.people.wait_for(telegram.reader, lambda m: "در دیگر رسانه‌ها" in text_of(m))
    assert "گزارش 508" in text_of(listed)
    assert "other508.example.org" in text_of(listed)
    assert "گزارش 509" not in text_of(listed)
    links = [entity["url"] for entity in listed["entities"] if entity["type"] == "text_link"]
    assert links[0] == "https://other501.example.org/501"
    await telegram.people.press(telegram.reader, listed, "بعدی")
    listed = await telegram.now(listed)
    assert "گزارش 510" in text_of(listed)

    # To readers a folded article is an unknown one, and one that is retracted takes the list with it.
    assert "نیست یا پس گرفته شده" in text_of(await telegram.ask(telegram.reader, "/article 501"))
    card = await telegram.ask(telegram.owner, "/retract 500 تکذیب شد", button="بله")
    await telegram.people.press(telegram.owner, card, "بله")
    late = await telegram.people.press(telegram.reader, listed, "قبلی")
    assert late["alert"]


async def test_a_folded_article_is_shown_to_the_newsroom_and_may_be_published_nevertheless(
    app: PeykApp, telegram: Telegram
) -> None:
    await _brought(
        app,
        _FIRST,
        _again(501, "گزارش دیگر", ArticleState.FOLDED),
        _again(502, "گزارش سوم", ArticleState.FOLDED),
    )
    channel = await telegram.channel()
    await app.running(telegram)
    await telegram.people.say(telegram.owner, "/drafts")
    await telegram.people.wait_for(telegram.owner, lambda m: "پیش‌نویسی نیست" in text_of(m))
    assert "folded" in (await app.cli("articles", "list")).stdout
    preview = await telegram.ask(telegram.owner, "/preview 501", button="انتشار")
    assert "این خبر همان خبر ۵۰۰ است که از first.example.org رسیده بود" in bare(text_of(preview))
    await telegram.people.press(telegram.owner, preview, "خبر ۵۰۰")
    first = await telegram.people.wait_for(telegram.owner, lambda m: "نشست بندر" in text_of(m))
    assert "پیش‌نمایش خبر" in text_of(first)
    late = await telegram.people.do(
        "press", user_id=telegram.owner, chat_id=telegram.owner, message_id=preview["message_id"], data="keep:501"
    )
    assert late["alert"], "it is no draft"

    await telegram.people.press(telegram.owner, preview, "انتشار جداگانه")
    assert "منتشر شد" in text_of(await telegram.now(preview))
    await telegram.people.wait_for(channel, lambda m: "گزارش دیگر" in text_of(m))
    assert app.rows("SELECT host, visits FROM page_visit WHERE article_id = 501") == [("other501.example.org", 0)]
    done = await telegram.ask(telegram.owner, "/publish 502", button="متن کامل")
    assert "خبر ۵۰۲ منتشر شد" in bare(text_of(done))
    await telegram.people.wait_for(channel, lambda m: "گزارش سوم" in text_of(m))
    read = await telegram.ask(telegram.reader, "/article 500", button="نظرات")
    assert any("رسانه‌ها (۲)" in bare(words) for words in buttons_of(read)), "they tell the story still"


async def test_the_intake_says_what_the_newsroom_has_already(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    await app.running(telegram)
    await _brought(app, _FIRST, _again(501, "گزارش دیگر", ArticleState.REVIEW))

    async def card() -> dict[str, Any] | None:
        held = await telegram.people.messages(telegram.owner, by_bot=True)
        return next((message for message in held if "گزارش دیگر" in text_of(message)), None)

    waits = await until(card)
    assert "این خبر را از first.example.org دارید (شناسهٔ ۵۰۰)" in bare(text_of(waits))
    await telegram.people.press(telegram.owner, waits, "👁")
    shown = await telegram.people.wait_for(telegram.owner, lambda m: "پیش‌نمایش خبر" in text_of(m))
    assert "این خبر را از first.example.org دارید" in bare(text_of(shown))


async def test_the_command_line_says_how_an_article_came_in(app: PeykApp) -> None:
    url = "https://first.example.org/rss"
    await _brought(app, _FIRST, _again(501, "گزارش دیگر", ArticleState.FOLDED))
    async with opened(app.url) as database, database.write() as tx:
        source = await sources.add(
            tx,
            url,
            kind=SourceKind.FEED,
            category_id=1,
            review=False,
            now=_AT,
            options=sources.SourceOptions(title="خبرگزاری نخست"),
        )
        item = SourceItem(source.id, "k", 500, "g-500", "https://first.example.org/500", "ن", _AT, "address", "d")
        await source_items.put(tx, [item], now=_AT)
        known = ["https://first.example.org/500", "https://short.example.org/x"]
        await article_identity.add_addresses(tx, [(address, 500) for address in known])
        await page_visits.put(
            tx, [PageVisit(500, "first.example.org", _AT + 60_000, _AT, visits=2, failures=1, doubt="cookie wall")]
        )
    shown = (await app.cli("articles", "show", "500")).stdout.splitlines()
    for line in (
        f"brought by: source {source.id} {url}",
        "guid: g-500",
        "address: https://first.example.org/500",
        "known as: same address",
        "seen: 1404/10/03 15:16",
        "further address: https://short.example.org/x",
        "told elsewhere: 501 (other501.example.org): folded",
        "page: read 2 times, failed 1 since, next 1404/10/03 15:17",
        "page not believed: cookie wall",
    ):
        assert line in shown, shown
    folded = (await app.cli("articles", "show", "501")).stdout.splitlines()
    assert "story: told first by 500 (first.example.org)" in folded
    assert not [line for line in folded if line.startswith("page:")]


@pytest.mark.long
async def test_an_editor_joins_and_separates_articles_by_hand(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    channel = await telegram.channel()
    other = replace(_FIRST, content=Content("گزارشی از نشست بندر"), wanted_id=600, origin="second.example.org")
    await _brought(app, _FIRST, other, replace(_again(501, "خبر سوم", ArticleState.PUBLISHED), story_id=None))
    await app.running(telegram)

    # The article to join is written by its number, or pressed where it is close.
    preview = await telegram.ask(telegram.owner, "/preview 600", button="پیوستن به خبری دیگر")
    await telegram.people.press(telegram.owner, preview, "پیوستن به خبری دیگر")
    asked = await telegram.people.wait_for(telegram.owner, lambda m: "همان کدام خبر است" in text_of(m))
    await telegram.people.say(telegram.owner, "نمی‌دانم")
    await telegram.people.wait_for(telegram.owner, lambda m: "شناسهٔ یک خبر را بنویسید" in text_of(m))
    await telegram.people.say(telegram.owner, "۹۹۹")
    await telegram.people.wait_for(telegram.owner, lambda m: "۹۹۹" in text_of(m) and "نیست" in text_of(m))
    await telegram.people.say(telegram.owner, "۵۰۰")
    joined = await telegram.people.wait_for(telegram.owner, lambda m: "پیوست" in text_of(m) and "۵۰۰" in text_of(m))
    assert "همان‌جا که منتشر شده است می‌ماند" in text_of(joined)
    assert buttons_of(await telegram.now(asked)) == {}, "it is answered"
    near = await telegram.people.press(telegram.owner, asked, "نشست بندر")
    assert not near.get("alert"), "a second way to the same end changes nothing"
    for number, beside in ((500, "second.example.org"), (600, "first.example.org")):
        read = await telegram.ask(telegram.reader, f"/article {number}", button="رسانه‌ها (۱)")
        await telegram.people.press(telegram.reader, read, "در دیگر رسانه‌ها")
        await telegram.people.wait_for(telegram.reader, lambda m, name=beside: name in text_of(m))  # type: ignore[misc]
    known = await telegram.ask(telegram.owner, "/preview 600", button="جدا کردن از")
    assert "بخشی از خبر ۵۰۰ است" in bare(text_of(known))

    # From the preview of either, the newsroom opens the other.
    other_one = await telegram.ask(telegram.owner, "/preview 500", button="هم‌خبرها")
    await telegram.people.press(telegram.owner, other_one, "هم‌خبرها")
    listed = await telegram.people.wait_for(telegram.owner, lambda m: "هم‌خبرهای خبر" in text_of(m))
    assert "second.example.org" in text_of(listed)
    await telegram.people.press(telegram.owner, listed, "گزارشی از نشست")

    # It is separated once, and stays where it is.
    await telegram.people.press(telegram.owner, joined, "جدا کردن")
    assert "جدا شد" in text_of(await telegram.now(joined))
    assert (await telegram.people.press(telegram.owner, known, "جدا کردن"))["alert"]
    assert app.rows("SELECT state, story_id FROM article WHERE id = 600") == [("published", None)]

    # Done by mistake, it is joined again right there, and pressed twice it is joined once.
    apart = await telegram.now(joined)
    for _ in range(2):
        assert not (await telegram.people.press(telegram.owner, apart, "پیوستن به ۵۰۰"))["alert"]
    again = await telegram.now(apart)
    assert "پیوست" in text_of(again)
    assert app.rows("SELECT state, story_id FROM article WHERE id = 600") == [("published", 500)]
    await telegram.people.press(telegram.owner, again, "جدا کردن")
    assert "جدا شد" in text_of(await telegram.now(again))

    # What waits at the gate is joined there, and comes back to it when it is separated.
    await _brought(app, _again(502, "گزارش دیگر", ArticleState.REVIEW))

    async def card() -> dict[str, Any] | None:
        held = await telegram.people.messages(telegram.owner, by_bot=True)
        return next(
            (message for message in held if "گزارش دیگر" in text_of(message) and "ورودی" in text_of(message)), None
        )

    waits = await until(card)
    assert any("با این حال" in words for words in buttons_of(waits))
    await telegram.people.press(telegram.owner, waits, "به خبر ۵۰۰")

    async def decided() -> bool:
        return "🔁 به خبر دیگری پیوست ۵۰۲" in buttons_of(await telegram.now(waits))

    await until(decided)
    assert app.rows("SELECT state, story_id FROM article WHERE id = 502") == [("folded", 500)]
    stale = await telegram.people.do(
        "press",
        user_id=telegram.owner,
        chat_id=telegram.owner,
        message_id=waits["message_id"],
        data="gate:join:502:1:500:0",
    )
    assert stale["alert"]
    folded = await telegram.ask(telegram.owner, "/preview 502", button="جدا کردن از")
    await telegram.people.press(telegram.owner, folded, "جدا کردن از")
    folded = await telegram.now(folded)
    await telegram.people.press(telegram.owner, folded, "به ورودی برود")
    assert "در ورودی منابع منتظر تصمیم" in text_of(await telegram.now(folded))
    await until(card)
    assert app.rows("SELECT state, story_id FROM article WHERE id = 502") == [("review", None)]

    # The command line does the same.
    done = await app.cli("articles", "join", "۵۰۱", "500")
    assert done.stdout == "501\tpublished\t500\n", done.stderr
    assert (await app.cli("articles", "join", "502", "501")).stdout == "502\tfolded\t500\n"
    assert (await app.cli("articles", "separate", "502", "--to", "publish")).stdout == "502\tpublished\n"
    await telegram.people.wait_for(channel, lambda m: "گزارش دیگر" in text_of(m))
    refused = await app.cli("articles", "separate", "502")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "no longer part of that story" in refused.stderr
    acts = (await app.cli("audit", "--article", "502")).stdout
    assert acts.count("join_story") == 2
    assert acts.count("separate_story") == 2
