"""Dialogues that an earlier version stored, or that cannot be read: they go on, or end with an answer."""

import json

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.variations import first_and_long


def _store(app: PeykApp, person: int, kind: str, data: str) -> None:
    app.change(
        "INSERT OR REPLACE INTO dialogue (chat_id, user_id, kind, data, updated_at) "
        f"VALUES ({person}, {person}, '{kind}', '{data}', unixepoch() * 1000)"
    )


async def test_a_post_that_an_earlier_version_began_is_finished(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.ask(telegram.owner, "/drafts")
    begun = {"group": None, "step": "lead", "category": 1, "title": "تیتر پیش از ارتقا", "seen": 1}
    _store(app, telegram.owner, "post", json.dumps(begun, ensure_ascii=False))
    await telegram.ask(telegram.owner, "لید پس از ارتقا.")
    await telegram.ask(telegram.owner, "متن خبر.")
    preview = text_of(await telegram.ask(telegram.owner, "تمام"))
    assert "تیتر پیش از ارتقا" in preview
    assert "لید پس از ارتقا" in preview
    assert await telegram.people.refused() == []


@pytest.mark.parametrize(
    ("kind", "data"),
    first_and_long([("post", "{"), ("post", '{"step": "nowhere"}'), ("gone", "{}"), ("edit", '{"id": "x"}')]),
)
async def test_a_dialogue_that_cannot_be_read_ends_with_an_answer_and_a_line_in_the_log(
    app: PeykApp, telegram: Telegram, kind: str, data: str
) -> None:
    await app.running(telegram)
    await telegram.ask(telegram.owner, "/drafts")
    _store(app, telegram.owner, kind, data)
    assert "پایان یافت" in text_of(await telegram.ask(telegram.owner, "پاسخ من"))
    assert any("dialogue_un" in line and kind in line for line in app.log.splitlines())
    assert "خبری پیدا نشد" in text_of(await telegram.ask(telegram.owner, "پاسخ من"))
    assert await telegram.people.refused() == []


@pytest.mark.long
async def test_a_card_that_cannot_be_read_is_answered_as_stale(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.ask(telegram.owner, "/post سیاسی\nتیتر\n\nلید خبر.", button="انتشار")
    card = await telegram.ask(telegram.owner, "/breaking 1")
    stamp = app.rows("SELECT updated_at FROM dialogue")[0][0]
    app.change(f"""UPDATE dialogue SET data = '{{"step": "confirm", "id": "1"}}' WHERE updated_at = {stamp}""")
    assert (await telegram.people.press(telegram.owner, card, "بله"))["alert"]
    assert "خبری پیدا نشد" in text_of(await telegram.ask(telegram.owner, "جست‌وجوی دیگر"))
    assert await telegram.people.refused() == []
