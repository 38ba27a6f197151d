"""Comments: written by readers, decided by moderators, read under articles, taken back; and what people try."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_HOSTILE = "<b>عالی</b> &lt;بود&gt;\n\u202eوارونه\u202c و ۲. مدیر · همین امروز"
_KEPT = "<b>عالی</b> &lt;بود&gt;\nوارونه و ۲. مدیر · همین امروز"


async def _moderator(telegram: Telegram, name: str) -> int:
    invitation = text_of(await telegram.ask(telegram.owner, "/invite moderator"))
    user_id = await telegram.person(name)
    await telegram.ask(user_id, f"/start {invitation.rsplit('start=', 1)[1].strip()}")
    return user_id


async def _pressed(telegram: Telegram, user_id: int, message: dict[str, Any], words: str) -> dict[str, Any]:
    """Press a button and return what the message says then."""
    await telegram.people.press(user_id, message, words)
    return await telegram.now(message)


async def _comments(telegram: Telegram, user_id: int, article_id: int) -> dict[str, Any]:
    """Open an article and its comments, and return these."""
    opened = await telegram.ask(user_id, f"/article {article_id}", button="نظرات")
    await telegram.people.press(user_id, opened, "نظرات")
    return await telegram.people.wait_for(user_id, lambda m: "نظرات خبر" in text_of(m), after=opened["message_id"])


async def _write(telegram: Telegram, user_id: int, article_id: int, text: str) -> str:
    await telegram.ask(user_id, f"/start c{article_id}", button="لغو")
    return text_of(await telegram.ask(user_id, text))


async def test_a_comment_is_written_approved_read_and_taken_back(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    people = telegram.people
    await app.running(telegram)
    moderator = await _moderator(telegram, "ناظر")
    helped = text_of(await telegram.ask(moderator, "/help"))
    assert "/comments" in helped
    assert "/post" not in helped
    assert "نظری در انتظار بررسی نیست" in text_of(await telegram.ask(moderator, "/comments"))
    article_id = await telegram.publish("خبر پرگفت‌وگو")

    empty = await _comments(telegram, telegram.reader, article_id)
    assert "هنوز نظری نیست" in text_of(empty)
    await people.press(telegram.reader, empty, "نوشتن نظر")
    await people.wait_for(telegram.reader, lambda m: "نظر خود را" in text_of(m), after=empty["message_id"])
    (sent,) = await people.send_file(telegram.reader, "photo", "x.jpg", b"\xff\xd8\xff", caption="زیرنویس")
    await people.wait_for(telegram.reader, lambda m: "باید متن باشد" in text_of(m), after=sent)
    assert "@spam_channel" in text_of(await telegram.ask(telegram.reader, "بیایید به @spam_channel"))
    ids = await people.say(telegram.reader, "😀 خوب " * 800)
    assert len(ids) == 2
    long = await people.wait_for(telegram.reader, lambda m: "حداکثر ۱۰۰۰ نویسه" in text_of(m), after=ids[0])
    assert "۴۰۹" in text_of(long)

    async def all_handled() -> bool:
        return app.rows("SELECT 1 FROM inbox WHERE done_at IS NULL") == []

    await until(all_handled)
    app.kill()
    # As if it had died behind the handler: the rest of the long text comes again, alone.
    app.change("UPDATE inbox SET done_at = NULL WHERE update_id = (SELECT max(update_id) FROM inbox)")
    await app.running(telegram)
    await until(all_handled)
    assert app.rows("SELECT 1 FROM comment") == []
    await people.do("advance", seconds=10)
    assert "پس از بررسی" in text_of(await telegram.ask(telegram.reader, _HOSTILE))
    own = await _comments(telegram, telegram.reader, article_id)
    assert "در انتظار بررسی" in text_of(own)
    cards = {
        user_id: await people.wait_for(user_id, lambda m: "نظر تازه" in text_of(m))
        for user_id in (telegram.owner, moderator)
    }
    for card in cards.values():
        assert _KEPT in text_of(card)
        assert "خواننده" in text_of(card)
        assert "خبر پرگفت‌وگو" in text_of(card)
    unseen = await _comments(telegram, moderator, article_id)
    assert "هنوز نظری نیست" in text_of(unseen)
    for invented in ("judge:1:ok:c", "judge:1:mute:1", "mute:1:c", "down:1:y", "queue:a", "hushed:0"):
        where = {"user_id": telegram.reader, "chat_id": telegram.reader, "message_id": own["message_id"]}
        assert (await people.do("press", data=invented, **where))["alert"]
    unknown = text_of(await telegram.ask(telegram.reader, "/no_such_command"))
    assert text_of(await telegram.ask(telegram.reader, "/comments")) == unknown
    assert _KEPT in text_of(await telegram.ask(moderator, "/comments", button="✅ ۱"))

    app.kill()
    await app.running(telegram)
    assert (await people.press(moderator, cards[moderator], "تأیید"))["text"] == "انجام شد"

    async def told() -> bool:
        there = [await telegram.now(card) for card in cards.values()]
        return all("تأیید: \u2068ناظر" in text_of(card) and not buttons_of(card) for card in there)

    assert await until(told)
    for button in ("رد", "مسدود"):
        stale = await people.press(telegram.owner, cards[telegram.owner], button)
        assert stale["alert"]
        assert "دیگر در انتظار نیست" in stale["text"]
    await people.wait_for(telegram.reader, lambda m: "تأیید شد و زیر آن دیده می‌شود" in text_of(m))

    shown = await _comments(telegram, moderator, article_id)
    assert _KEPT in text_of(shown)
    assert not any("حذف" in words for words in buttons_of(shown))
    assert "پیش‌تر نوشته‌اید" in await _write(telegram, telegram.reader, article_id, _HOSTILE)
    opened = await telegram.ask(telegram.reader, f"/article {article_id}", button="نظرات")
    assert "💬 نظرات (۱)" in buttons_of(opened)
    own = await _comments(telegram, telegram.reader, article_id)
    asked = await _pressed(telegram, telegram.reader, own, "حذف نظر ۱")
    gone = await _pressed(telegram, telegram.reader, asked, "بله")
    assert "هنوز نظری نیست" in text_of(gone)
    again = await people.press(telegram.reader, asked, "بله")
    assert "دیگر در این فهرست نیست" in again["text"]
    shown = await _pressed(telegram, moderator, shown, "✖️ ۱")
    assert "عالی" not in text_of(shown)
    assert app.rows("SELECT state, text FROM comment") == [("deleted", "")]
    assert await people.refused() == []


@pytest.mark.long
async def test_moderators_silence_take_down_and_let_write_again(
    app: PeykApp, telegram: Telegram, until: Callable[..., Any]
) -> None:
    people = telegram.people
    await app.running(telegram)
    article_id = await telegram.publish("خبر داغ")
    for words in ("یکم", "دوم", "سوم"):
        assert "پس از بررسی" in await _write(telegram, telegram.reader, article_id, words)
    refused = text_of(await telegram.ask(telegram.reader, f"/start c{article_id}"))
    assert "۱۰ دقیقهٔ دیگر" in refused
    card = await people.wait_for(telegram.owner, lambda m: "دوم" in text_of(m))
    asked = await _pressed(telegram, telegram.owner, card, "مسدود")
    assert "مسدود شود؟" in text_of(asked)
    back = await _pressed(telegram, telegram.owner, asked, "بازگشت")
    assert buttons_of(back) == buttons_of(card)
    asked = await _pressed(telegram, telegram.owner, back, "مسدود")
    assert (await people.press(telegram.owner, asked, "بله"))["text"] == "انجام شد"

    async def all_told() -> bool:
        held = [m for m in await people.messages(telegram.owner, by_bot=True) if "نظر تازه" in text_of(m)]
        return len(held) == 3 and all(
            "نویسنده مسدود است" in text_of(card) and not buttons_of(card) for card in held
        )

    assert await until(all_told)
    assert "بسته شده" in text_of(await telegram.ask(telegram.reader, f"/start c{article_id}"))
    assert not any("تأیید نشد" in text_of(m) for m in await people.messages(telegram.reader, by_bot=True))

    other = await telegram.person("\u202e@spam\u202c.example")
    assert "پس از بررسی" in await _write(telegram, other, article_id, "نظر بجا")
    assert "پس از بررسی" in await _write(telegram, other, article_id, "نظر نابجا")
    queue = await telegram.ask(telegram.owner, "/comments", button="✅ ۱")
    assert "spam. example" in text_of(queue)
    queue = await _pressed(telegram, telegram.owner, queue, "✅ ۱")
    assert "۱ · ✅ تأیید شد" in buttons_of(queue), "the row keeps its place"
    queue = await _pressed(telegram, telegram.owner, queue, "❌ ۲")
    assert "۲ · ❌ رد شد" in buttons_of(queue)
    queue = await _pressed(telegram, telegram.owner, queue, "تازه‌سازی")
    assert "نظری در انتظار بررسی نیست" in text_of(queue)
    await people.wait_for(other, lambda m: "تأیید نشد" in text_of(m))
    silenced = await _pressed(telegram, telegram.owner, queue, "نویسندگان مسدود")
    assert "خواننده" in text_of(silenced)
    lifted = await _pressed(telegram, telegram.owner, silenced, "رفع مسدودی")
    assert any(words.startswith("✅ رفع مسدودی") for words in buttons_of(lifted))
    assert "دیگر مسدود نیست" in (await people.press(telegram.owner, silenced, "رفع مسدودی"))["text"]
    app.change("UPDATE comment SET created_at = created_at - 3600000")
    assert "پس از بررسی" in await _write(telegram, telegram.reader, article_id, "پوزش می‌خواهم")

    shown = await _comments(telegram, telegram.owner, article_id)
    assert "نظر بجا" in text_of(shown)
    asked = await _pressed(telegram, telegram.owner, shown, "✖️ ۱")
    down = await _pressed(telegram, telegram.owner, asked, "بله")
    assert "نظر بجا" not in text_of(down)
    acts = [
        row[0] for row in app.rows("SELECT action FROM audit WHERE action NOT IN ('appoint', 'draft') ORDER BY id")
    ]
    assert acts == [
        "publish",
        "silence_reader",
        "approve_comment",
        "reject_comment",
        "lift_silence",
        "take_down_comment",
    ]
    assert await people.refused() == []


@pytest.mark.long
async def test_many_comments_are_paged_and_go_with_their_article(app: PeykApp, telegram: Telegram) -> None:
    people = telegram.people
    group = await people.chat("supergroup", "گروه", telegram.owner)
    await people.do("join", chat_id=group, user_id=telegram.reader)
    await people.add_bot(group, telegram.owner)
    await app.running(telegram)
    article_id = await telegram.publish("خبر پرنظر")
    rows = ", ".join(
        f"({number}, {article_id}, {5000 + number}, 'نام', 'نظر شمارهٔ {number}.', 'approved', {number})"
        for number in range(1, 1004)
    )
    app.change(f"INSERT INTO comment (id, article_id, user_id, name, text, state, created_at) VALUES {rows}")
    opened = await telegram.ask(telegram.reader, f"/article {article_id}", button="نظرات")
    assert "💬 نظرات (۹۹۹+)" in buttons_of(opened)
    first = await _comments(telegram, telegram.reader, article_id)
    assert "نظر شمارهٔ 1." in text_of(first)
    assert not any("قبلی" in words for words in buttons_of(first))
    second = await _pressed(telegram, telegram.reader, first, "بعد")
    assert "نظر شمارهٔ 6." in text_of(second)
    assert text_of(await _pressed(telegram, telegram.reader, second, "قبل")) == text_of(first)
    last = await _pressed(telegram, telegram.reader, second, "تازه‌ترین")
    assert "نظر شمارهٔ 1003." in text_of(last)
    assert not any("بعدی" in words for words in buttons_of(last))
    assert "نظر شمارهٔ 998." in text_of(await _pressed(telegram, telegram.reader, last, "قبل"))
    assert text_of(await _pressed(telegram, telegram.reader, last, "نخستین")) == text_of(first)

    await people.do("rich", on=False)
    page = await telegram.ask(telegram.reader, f"/article {article_id}", chat_id=group, button="نظرات")
    await people.press(telegram.reader, page, "نظرات")
    shared = await people.wait_for(group, lambda m: "نظر شمارهٔ 1." in text_of(m), after=page["message_id"])
    assert buttons_of(shared)["✍️ نوشتن نظر"].endswith(f"?start=c{article_id}")
    second = await _pressed(telegram, telegram.owner, shared, "بعد")
    assert not any("✖️" in words for words in buttons_of(second))
    await people.do("rich", on=True)

    card = await telegram.correct(article_id, "تیتر", "خبر پرنظر تازه", "تیتر")
    await people.press(telegram.owner, card, "بله")
    changed = await people.wait_for(telegram.reader, lambda m: "خبر پرنظر تازه" in text_of(m), timeout=20)
    kept = await telegram.now(changed)
    assert any("نظرات" in words for words in buttons_of(kept))

    await telegram.ask(telegram.reader, f"/start c{article_id}", button="لغو")
    pulled = await telegram.ask(telegram.owner, f"/retract {article_id} اشتباه", button="بله")
    await people.press(telegram.owner, pulled, "بله")
    assert "پس گرفته شد" in text_of(await telegram.ask(telegram.reader, "نظر دیرهنگام"))
    gone = await people.press(telegram.reader, first, "بعد")
    assert gone["alert"]
    assert "پس گرفته شد" in gone["text"]
    assert "شمارهٔ" not in text_of(await telegram.now(first))
    assert "نیست" in text_of(await telegram.ask(telegram.reader, "/start c999999"))
    refused = [entry for entry in await people.refused() if "Rich" not in entry["method"]]
    assert refused == []
