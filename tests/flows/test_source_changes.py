"""Changes that a source made in an article: they wait for an editor's yes, who sees what would change."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.clock import now_ms
from bot.newsroom.source_changes import Question, request_decision
from sandbox.client import text_of
from storage import articles, new_articles
from storage.bootstrap import opened
from storage.new_articles import NewArticle
from storage.records import ArticleState, Block, BlockKind, Content
from tests.flows.conftest import PeykApp, Telegram
from tests.peyk_app import bare

_SAME = [f"بند {number} که در هر دو یکی است." for number in ["یک", "دو", "سه", "چهار"]]
_LONG = "این بند آغازی بلند دارد که در هر دو متن همان است " * 30


def _content(title: str, *lines: str) -> Content:
    return Content(title, lead="لید خبر.", body=tuple(Block(BlockKind.PARAGRAPH, line) for line in lines))


_OLD = _content("نشست بندر", _SAME[0], f"{_LONG} دوازده کشور.", _SAME[1], "بندی که می‌رود.", _SAME[2], _SAME[3])
_NEW = _content("نشست بزرگ بندر", _SAME[0], f"{_LONG} سیزده کشور.", _SAME[1], _SAME[2], "بندی تازه.", _SAME[3])


async def _stored(app: PeykApp) -> None:
    new = NewArticle(
        _OLD, 1, ArticleState.PUBLISHED, now_ms(), "fa", "https://example.org/1", "example.org", "", None, 500
    )
    async with opened(app.url) as database, database.write() as tx:
        await new_articles.insert(tx, [new], now=now_ms())


async def _changed(app: PeykApp, question: Question, content: Content | None) -> None:
    async with opened(app.url) as database, database.write() as tx:
        article = await articles.get(tx, 500)
        assert article is not None
        assert await request_decision(tx, article, question, now=now_ms(), content=content, category_id=1)


async def _asked(telegram: Telegram, person: int, words: str, after: int = 0) -> dict[str, Any]:
    return await telegram.people.wait_for(person, lambda m: words in bare(text_of(m)), after=after)


async def test_an_editor_sees_the_change_and_a_yes_reaches_every_copy(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    await _stored(app)
    await app.running(telegram)
    editor = await telegram.colleague("سردبیر دوم", "editor")
    read = await telegram.ask(telegram.reader, "/article 500", button="نظرات")
    await _changed(app, Question.CHANGED, _NEW)
    question = await _asked(telegram, telegram.owner, "متن خبر ۵۰۰ در example.org تغییر کرده است: نشست بندر")
    seconds = await _asked(telegram, editor, "متن خبر ۵۰۰")

    await telegram.people.press(telegram.owner, question, "نمایش تغییر")
    shown = await _asked(telegram, telegram.owner, "تغییر خبر ۵۰۰", after=question["message_id"])
    for words in ("نشست بزرگ بندر", "دوازده کشور", "سیزده کشور", "بندی که می‌رود", "بندی تازه"):
        assert words in text_of(shown), words
    assert not [line for line in (*_SAME, "لید خبر") if line in text_of(shown)], "what is the same is not repeated"
    await telegram.people.press(telegram.owner, shown, "متن کامل تازه")
    whole = await telegram.now(shown)
    assert "متن تازهٔ منبع" in text_of(whole)
    assert all(line in text_of(whole) for line in _SAME)

    await telegram.people.press(telegram.owner, whole, "ثبت شود")
    assert "خبر ۵۰۰ اصلاح شد" in bare(text_of(await telegram.now(whole)))

    async def corrected() -> bool:
        return "سیزده کشور" in text_of(await telegram.now(read))

    await until(corrected)
    for words in ("همین متن بماند", "نمایش تغییر"):
        late = await telegram.people.press(editor, seconds, words)
        assert late["alert"], words
        assert "متن تازه ثبت شد" in late["text"]
        if words == "همین متن بماند":
            assert "متن تازه ثبت شد" in text_of(await telegram.now(seconds)), "it says how things stand"
    assert app.rows("SELECT revision FROM article WHERE id = 500") == [(2,)]


@pytest.mark.long
async def test_a_yes_about_an_older_text_shows_the_newest_and_a_no_leaves_the_article(
    app: PeykApp, telegram: Telegram
) -> None:
    await _stored(app)
    await app.running(telegram)
    author = await telegram.colleague("نویسنده", "author")
    await _changed(app, Question.CHANGED, _NEW)
    first = await _asked(telegram, telegram.owner, "متن خبر ۵۰۰")
    await _changed(app, Question.EMPTIED, _content("نشست بندر", "کوتاه."))
    second = await _asked(telegram, telegram.owner, "بیشتر متن خبر ۵۰۰", after=first["message_id"])
    late = await telegram.people.press(telegram.owner, first, "ثبت شود")
    assert late["alert"]
    assert "باز هم تغییر داده" in late["text"]
    fresh = await _asked(telegram, telegram.owner, "تغییر خبر ۵۰۰", after=second["message_id"])
    assert "کوتاه" in text_of(fresh)

    # The article changes while the question is open: a yes that saw it before is no yes to this.
    preview = await telegram.correct(500, "تیتر", "نشست تاریخی بندر", "تیتر درست")
    await telegram.people.press(telegram.owner, preview, "بله")
    assert (await telegram.people.press(telegram.owner, fresh, "ثبت شود"))["alert"]
    newest = await _asked(telegram, telegram.owner, "تغییر خبر ۵۰۰", after=preview["message_id"])
    assert "نشست تاریخی بندر" in text_of(newest)
    stolen = await telegram.people.do(
        "press",
        user_id=author,
        chat_id=author,
        message_id=(await telegram.ask(author, "/help"))["message_id"],
        data="proposal:show:500",
    )
    assert stolen["alert"], "an author decides about nothing"
    await telegram.people.press(telegram.owner, newest, "همین متن بماند")
    assert "بدون تغییر ماند" in text_of(await telegram.now(newest))
    assert app.rows("SELECT revision FROM article WHERE id = 500") == [(2,)]
    assert (await telegram.people.press(telegram.owner, second, "ثبت شود"))["alert"]


@pytest.mark.long
async def test_a_page_that_is_gone_leads_to_the_article_and_to_its_retraction(
    app: PeykApp, telegram: Telegram
) -> None:
    await _stored(app)
    await app.running(telegram)
    await _changed(app, Question.VANISHED, None)
    question = await _asked(telegram, telegram.owner, "صفحهٔ خبر ۵۰۰ دیگر در example.org نیست")
    await telegram.people.press(telegram.owner, question, "دیدن")
    await _asked(telegram, telegram.owner, "پیش‌نمایش خبر ۵۰۰", after=question["message_id"])
    await telegram.people.press(telegram.owner, question, "پس گرفتن")
    card = await _asked(telegram, telegram.owner, "پس گرفتن خبر ۵۰۰", after=question["message_id"])
    assert "صفحهٔ خبر دیگر در example.org نیست" in bare(text_of(card))
    await telegram.people.press(telegram.owner, card, "بله")
    assert app.rows("SELECT state FROM article WHERE id = 500") == [("retracted",)]
    audit = await telegram.ask(telegram.owner, "/audit 500")
    assert "نبودن صفحهٔ خبر در منبع" in text_of(audit)
    assert (await telegram.people.press(telegram.owner, question, "پس گرفتن"))["alert"]
