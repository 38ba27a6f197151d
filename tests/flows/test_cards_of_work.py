"""Messages about work that goes on finish themselves: nobody presses refresh, and no process edits twice."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_Until = Callable[..., Any]


async def _says(telegram: Telegram, message: dict[str, Any], words: str, until: _Until) -> dict[str, Any]:
    """Wait until a message says `words` by itself, and return it."""

    async def says() -> dict[str, Any] | None:
        held = await telegram.people.messages(message["chat"]["id"])
        now = next(other for other in held if other["message_id"] == message["message_id"])
        return now if words in text_of(now) else None

    return dict(await until(says))


async def _edits(telegram: Telegram, message: dict[str, Any]) -> int:
    """Return how often a message was edited."""
    asked = [request for request in await telegram.people.get("requests") if request["method"] == "editMessageText"]
    return sum(str(request["params"].get("message_id")) == str(message["message_id"]) for request in asked)


async def test_the_answers_to_a_publication_a_correction_and_a_retraction_end_with_the_result(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    people = telegram.people
    for name in ("یک", "دو"):
        await telegram.channel(name)
    await app.running(telegram)
    preview = await telegram.ask(telegram.owner, "/post سیاسی\nخبر در راه\n\nلید.", button="📣 انتشار")
    await people.press(telegram.owner, preview, "📣 انتشار")
    reached = await _says(telegram, preview, "رسیده: ۲ از ۲", until)
    assert not any("برگرداندن" in label for label in buttons_of(reached)), "what was sent cannot be undone"
    assert any("پس گرفتن" in label for label in buttons_of(reached))

    card = await telegram.correct(1, "تیتر", "خبر درست‌شده", "تیتر")
    await people.press(telegram.owner, card, "بله")
    corrected = await _says(telegram, card, "کار پایان یافت", until)
    assert "به‌روز شد: ۲" in text_of(corrected)

    # The app is killed between the retraction and its end; the card is a row, and goes on.
    await telegram.pause()
    pulled = await telegram.ask(telegram.owner, "/retract 1 منبع آن را تکذیب کرد", button="بله")
    await people.press(telegram.owner, pulled, "بله")
    await telegram.now(pulled)
    app.kill()
    await app.running(telegram)
    await telegram.ask(telegram.owner, "/resume")
    retracted = await _says(telegram, pulled, "کار پایان یافت", until)
    assert "حذف شد: ۲" in text_of(retracted)

    async def none_is_stale() -> bool:
        return app.rows("SELECT count(*) FROM card WHERE wanted > shown") == [(0,)]

    await until(none_is_stale)
    for ended in (corrected, retracted):
        assert buttons_of(ended) == {}, "there is nothing to look at again"
    # A card that an older client still shows with its button says the same. An app that was killed after the end
    # does not know what the message shows: it may edit it once.
    edits = [await _edits(telegram, pulled)]
    for _ in range(2):
        told = await people.do(
            "press",
            user_id=telegram.owner,
            chat_id=telegram.owner,
            message_id=pulled["message_id"],
            data="copies:1",
        )
        assert not told["alert"]
        await telegram.now(pulled)
        edits.append(await _edits(telegram, pulled))
    assert edits[1] - edits[0] <= 1
    assert edits[2] == edits[1], "the result is edited no more"
    assert await people.refused() == []


@pytest.mark.long
async def test_an_announcement_tells_who_has_it_and_its_retraction_what_became_of_it(
    app: PeykApp, telegram: Telegram, until: _Until
) -> None:
    people = telegram.people
    await telegram.channel()
    await app.running(telegram)
    whom = await telegram.ask(telegram.owner, "/announce فردا تعطیل است", button="همهٔ گفت‌وگوها")
    await people.press(telegram.owner, whom, "همهٔ گفت‌وگوها")
    card = await people.wait_for(
        telegram.owner, lambda m: "بله" in " ".join(buttons_of(m)), after=whom["message_id"]
    )
    await people.press(telegram.owner, card, "بله")
    sent = await _says(telegram, card, "اعلان فرستاده شد", until)
    assert [words.rpartition(" ")[2] for words in buttons_of(sent)] == ["گرفتن"], (
        "it has ended: there is no refresh"
    )
    total = text_of(sent).splitlines()[-1]
    assert "رسیده" in total

    # The question stands below, so that the card stays what it is; a second press asks and does nothing.
    for _ in range(2):
        await people.press(telegram.owner, sent, "پس گرفتن")
    asked = await people.wait_for(telegram.owner, lambda m: "پس گرفته شود؟" in text_of(m), after=card["message_id"])
    assert app.rows("SELECT state FROM article") == [("announced",)]
    for _ in range(2):
        await people.press(telegram.owner, asked, "بله")
    pulled = await _says(telegram, asked, "کار پایان یافت", until)
    assert buttons_of(pulled) == {}
    assert app.rows("SELECT state FROM article") == [("retracted",)]
    assert await people.refused() == []


@pytest.mark.long
async def test_an_undone_publication_is_followed_no_more(app: PeykApp, telegram: Telegram, until: _Until) -> None:
    await app.running(telegram)
    preview = await telegram.ask(telegram.owner, "/post سیاسی\nخبر زود\n\nلید.", button="📣 انتشار")
    await telegram.people.press(telegram.owner, preview, "📣 انتشار")
    await telegram.people.press(telegram.owner, await telegram.now(preview), "برگرداندن")

    async def forgotten() -> bool:
        return app.rows("SELECT count(*) FROM card WHERE kind = 'publication'") == [(0,)]

    await until(forgotten)
    assert "برگردانده شد" in text_of(await telegram.now(preview))
