"""The copy editor under a post and an import: it corrects, takes back and proposes."""

from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_POST = (
    "/post سیاسی\nقيمت ها بالا رفت\n\nوزير می گوید [نامه] نرسید.\n\n"
    "متن خبر با https://example.org/a?b=12 و F-35 در 12 کشور ادامه دارد... این که چه شود روشن نیست."
)


def _plain(message: dict[str, Any]) -> str:
    return text_of(message).replace("\u2068", "").replace("\u2069", "")


async def _report(telegram: Telegram, preview: dict[str, Any]) -> dict[str, Any]:
    """Press the copy editor's button under a preview and return what it answers."""
    await telegram.people.press(telegram.owner, preview, "ویراستار")
    return await telegram.people.wait_for(
        telegram.owner, lambda m: "ویراستار" in text_of(m), after=preview["message_id"]
    )


def _revisions(app: PeykApp) -> list[str]:
    """Return the titles of the revisions of the first article."""
    return [title for (title,) in app.rows("select title from revision where article_id = 1 order by number")]


async def test_a_post_is_corrected_and_put_back_once(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    preview = await telegram.ask(telegram.owner, _POST, button="انتشار")
    assert "قیمت\u200cها بالا رفت" in _plain(preview)
    assert "می\u200cگوید" in _plain(preview)
    assert "https://example.org/a?b=12 و F-35 در 12 کشور" in _plain(preview)

    report = await _report(telegram, preview)
    assert "قيمت ها ← قیمت\u200cها" in _plain(report)
    assert "این که" in _plain(report)
    await telegram.people.press(telegram.owner, report, "برگردان")
    again = await telegram.people.wait_for(
        telegram.owner, lambda m: "قيمت ها بالا رفت" in text_of(m), after=preview["message_id"]
    )
    assert "وزير می گوید" in _plain(again)
    titles = ["قيمت ها بالا رفت", "قیمت\u200cها بالا رفت", "قيمت ها بالا رفت"]
    assert _revisions(app) == titles
    await telegram.people.press(telegram.owner, report, "برگردان")
    # The old preview publishes nothing that was not seen in it.
    await telegram.people.press(telegram.owner, preview, "انتشار")
    await app.heard()
    assert _revisions(app) == titles
    assert app.rows("select state from article where id = 1") == [("draft",)]
    assert await telegram.people.refused() == []


async def test_proposals_are_taken_one_by_one_or_all_at_once(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    report = await _report(telegram, await telegram.ask(telegram.owner, _POST, button="انتشار"))
    await telegram.people.press(telegram.owner, report, "پیشنهاد")
    preview = await telegram.people.wait_for(
        telegram.owner,
        lambda m: "در ۱۲ کشور" in text_of(m) and "پیش‌نمایش" in text_of(m),
        after=report["message_id"],
    )
    # Pressed again, the button means a text that is gone.
    await telegram.people.press(telegram.owner, report, "پیشنهاد")
    await app.heard()
    assert len(_revisions(app)) == 3
    left = await telegram.now(report)
    await telegram.people.press(telegram.owner, left, "همهٔ پیشنهادها")
    await telegram.people.wait_for(
        telegram.owner, lambda m: "دارد… اینکه" in text_of(m), after=preview["message_id"]
    )
    assert len(_revisions(app)) == 4


async def test_after_a_proposal_is_taken_the_others_stay_where_they_are(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    report = await _report(telegram, await telegram.ask(telegram.owner, _POST, button="انتشار"))
    labels = buttons_of(report)
    assert [label for label in labels if label.startswith("پیشنهاد")] == ["پیشنهاد ۱", "پیشنهاد ۲", "پیشنهاد ۳"]
    await telegram.people.press(telegram.owner, report, "پیشنهاد ۲")
    preview = await telegram.people.wait_for(
        telegram.owner, lambda m: "دارد… این که" in text_of(m), after=report["message_id"]
    )
    left = await telegram.now(report)
    assert text_of(left) == text_of(report)
    assert list(buttons_of(left)) == [f"✅ {label}" if label == "پیشنهاد ۲" else label for label in labels]

    # A second tap at the same place does nothing; the others and the undo go on from the newest text.
    assert "کاری نمانده است" in (await telegram.people.press(telegram.owner, left, "پیشنهاد ۲"))["text"]
    await telegram.people.press(telegram.owner, left, "پیشنهاد ۳")
    await telegram.people.wait_for(
        telegram.owner, lambda m: "دارد… اینکه" in text_of(m), after=preview["message_id"]
    )
    left = await telegram.now(report)
    await telegram.people.press(telegram.owner, left, "پیشنهاد ۱")
    last = await telegram.people.wait_for(
        telegram.owner,
        lambda m: "در ۱۲ کشور" in text_of(m) and "پیش‌نمایش" in text_of(m),
        after=preview["message_id"],
    )
    done = await telegram.now(report)
    assert not [label for label in buttons_of(done) if "پیشنهاد" in label]
    await telegram.people.press(telegram.owner, done, "برگردان")
    again = await telegram.people.wait_for(
        telegram.owner, lambda m: "قيمت ها بالا رفت" in text_of(m), after=last["message_id"]
    )
    assert "در 12 کشور ادامه دارد... این که" in _plain(again)


@pytest.mark.long
async def test_what_is_right_is_left_without_a_word(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    text = "/post سیاسی\nتیتر درست\n\nلید درست می\u200cگوید.\n\nمتن درست است."
    preview = await telegram.ask(telegram.owner, text, button="انتشار")
    assert len(_revisions(app)) == 1
    assert not [label for label in buttons_of(preview) if "ویراستار" in label]


async def test_what_the_copy_editor_offered_is_not_applied_to_what_changed_meanwhile(
    app: PeykApp, telegram: Telegram
) -> None:
    people, owner = telegram.people, telegram.owner
    await app.running(telegram)
    editor = await telegram.colleague("سردبیر دوم", "editor")
    report = await _report(telegram, await telegram.ask(owner, _POST, button="انتشار"))
    offered = [data for data in buttons_of(report).values() if data.startswith("copy:")]
    assert {data.split(":")[1] for data in offered} == {"one", "all", "undo"}

    async def nothing_is_applied() -> None:
        revisions = _revisions(app)
        for data in offered:
            where = {"chat_id": owner, "message_id": report["message_id"]}
            assert (await people.do("press", user_id=owner, data=data, **where))["alert"], data
        assert _revisions(app) == revisions

    parts = await telegram.ask(editor, "/edit 1", button="تیتر")
    await people.press(editor, parts, "تیتر")
    await people.wait_for(editor, lambda m: "تیتر تازه" in text_of(m), after=parts["message_id"])
    changed = await telegram.ask(editor, "تیتر سردبیر دوم", button="انتشار")
    await nothing_is_applied()
    await people.press(editor, changed, "📣 انتشار")
    await app.heard()
    await nothing_is_applied()
    assert app.rows("SELECT state FROM article WHERE id = 1") == [("published",)]
    # A revision that never was, of an article that is: nothing leads there.
    offered[:] = ["copy:show:1:9:9", "copy:undo:1:9:3", "copy:one:1:9:3:7", "copy:all:1:9:3", "copy:apply:1:3"]
    await nothing_is_applied()
