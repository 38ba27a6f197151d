"""A chat that Telegram makes wait holds up nobody else's card or notice."""

from typing import Any

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_FLOOD_SECONDS = 50
_PATIENCE = 20.0
"""Seconds within which everybody else has theirs."""


async def _submit(telegram: Telegram, author: int, title: str) -> None:
    preview = await telegram.ask(author, f"/post سیاسی\n{title}\n\nلید این خبر.", button="بازبینی")
    await telegram.people.press(author, preview, "ارسال برای بازبینی")


async def test_a_flood_wait_of_one_editor_delays_no_others_card(
    app: PeykApp, telegram: Telegram, until: Any
) -> None:
    people, owner = telegram.people, telegram.owner
    await app.running(telegram)
    editors = [await telegram.colleague(name, "editor") for name in ("نخست", "دوم")]
    author = await telegram.colleague("نویسنده", "author")
    await _submit(telegram, author, "خبر یکم")

    async def cards(words: str) -> list[dict[str, Any]]:
        """Return the cards of the editors that ask for a decision about `words`."""
        messages = [message for editor in editors for message in await people.messages(editor, by_bot=True)]
        return [
            message
            for message in messages
            if words in text_of(message) and "تأیید و انتشار" in str(buttons_of(message))
        ]

    async def both(words: str) -> list[dict[str, Any]] | None:
        return waiting if len(waiting := await cards(words)) == len(editors) else None

    first = await until(lambda: both("خبر یکم"))
    for method in ("sendMessage", "editMessageText"):
        await people.do("faults", kind="flood", method=method, chat_id=owner, seconds=_FLOOD_SECONDS, count=3)
    await _submit(telegram, author, "خبر دوم")
    await until(lambda: both("خبر دوم"), _PATIENCE)
    await people.press(editors[0], first[0], "تأیید و انتشار")

    async def none_asks() -> bool:
        return await cards("خبر یکم") == []

    await until(none_asks, _PATIENCE)
    ((waits,),) = app.rows(f"SELECT count(*) FROM card WHERE chat_id = {owner} AND wanted > shown")
    assert waits, "the owner's cards come later"
