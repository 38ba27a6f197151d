"""Answers in groups that only the person who asked sees, and what happens where that is not possible."""

from typing import Any

import pytest

from bot.render.listing import PAGE_SIZE
from sandbox.client import SandboxError, text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of

_COPIED = """سیاسی
شناسه خبر : {number}
تاریخ انتشار : 1404/10/05 08:{number:02}
خبر شمارهٔ {number} از انتخابات
خبر شمارهٔ {number} از انتخابات
لید خبر {number} که در یک سطر می‌آید و به اندازهٔ کافی بلند است تا لید باشد.
پیک-گروه خبر: متن خبر {number} که به اندازهٔ کافی بلند است تا یک بند کامل باشد و تمام شود.
"""


async def _newsroom(app: PeykApp, telegram: Telegram, status: str = "administrator") -> int:
    """Publish more than one page of news, and return a group in which the bot has that status."""
    names = [f"{number}.txt" for number in range(1, PAGE_SIZE + 2)]
    for number, name in enumerate(names, 1):
        (app.folder / name).write_text(_COPIED.format(number=number))
    done = await app.cli("import", *names, "--publish")
    assert done.returncode == 0, done.stderr
    await app.running(telegram)
    group = await telegram.people.chat("supergroup", "گروه", telegram.owner)
    await telegram.people.do("join", chat_id=group, user_id=telegram.reader)
    await telegram.people.add_bot(group, telegram.owner, status=status)
    await telegram.people.wait_for(group, lambda _: True)
    return group


async def _question(telegram: Telegram, group: int, words: str) -> dict[str, Any]:
    """Return the newest message of a person in the group that says these words."""
    questions = await telegram.people.messages(group, by_bot=False)
    return next(question for question in reversed(questions) if question.get("text") == words)


async def _sends(telegram: Telegram) -> list[dict[str, Any]]:
    return [request for request in await telegram.people.get("requests") if request["method"] == "sendMessage"]


async def test_only_the_person_who_asked_sees_lists_and_turns_their_pages(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    group = await _newsroom(app, telegram)
    other = await telegram.person("دیگری")
    await people.do("join", chat_id=group, user_id=other)
    for words in ("/latest", "/search انتخابات", "/search"):
        answer = await telegram.ask(reader, words, chat_id=group)
        assert answer["receiver_user"]["id"] == reader
        assert (await _question(telegram, group, words))["receiver_user"]["is_bot"], "nobody else sees the question"
        if words == "/search":
            continue
        assert f"شمارهٔ {PAGE_SIZE + 1} " in text_of(answer)
        await people.press(reader, answer, "بعد")
        turned = await telegram.now(answer)
        assert "شمارهٔ 1 " in text_of(turned)
        assert turned["receiver_user"]["id"] == reader
        await people.press(reader, turned, "قبل")
        assert text_of(await telegram.now(answer)) == text_of(answer)
        try:
            await people.press(other, answer, "بعد")
        except SandboxError:
            continue
        raise AssertionError("nobody else sees the message")
    assert await people.refused() == []


@pytest.mark.long
async def test_a_group_that_takes_none_is_answered_for_everybody(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    group = await _newsroom(app, telegram)
    refusal = "Bad Request: not enough rights"
    await people.do("faults", kind="refuse", method="sendMessage", chat_id=group, description=refusal)
    answer = await telegram.ask(reader, "/latest", chat_id=group, from_old_client=True)
    assert "receiver_user" not in answer
    assert "بعدی ◀" in buttons_of(answer)
    assert app.rows(f"SELECT refusals, refused_at FROM chat WHERE id = {group}") == [(0, None)]
    again = await telegram.ask(reader, "/latest", chat_id=group, from_old_client=True)
    assert "receiver_user" in again, "the next one is tried again"


async def test_a_group_that_takes_none_takes_them_from_no_other_group(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    group = await _newsroom(app, telegram)
    other = await people.chat("supergroup", "گروه دیگر", telegram.owner)
    await people.do("join", chat_id=other, user_id=reader)
    await people.add_bot(other, telegram.owner)
    await people.wait_for(other, lambda _: True)
    refusal = "Bad Request: ephemeral messages are turned off in this chat"
    await people.do("faults", kind="refuse", method="sendMessage", chat_id=group, description=refusal)
    assert "receiver_user" not in await telegram.ask(reader, "/latest", chat_id=group, from_old_client=True)
    assert "receiver_user" in await telegram.ask(reader, "/latest", chat_id=other, from_old_client=True)


@pytest.mark.long
async def test_a_bot_that_is_no_administrator_does_not_try(app: PeykApp, telegram: Telegram) -> None:
    group = await _newsroom(app, telegram, status="member")
    answer = await telegram.ask(telegram.reader, "/latest", chat_id=group, from_old_client=True)
    assert "receiver_user" not in answer
    assert await telegram.people.refused() == []


async def test_a_bot_that_is_no_administrator_answers_an_ephemeral_command(
    app: PeykApp, telegram: Telegram
) -> None:
    group = await _newsroom(app, telegram, status="member")
    answer = await telegram.ask(telegram.reader, "/latest", chat_id=group)
    assert answer["receiver_user"]["id"] == telegram.reader
    assert answer["reply_to_message"]["text"] == "/latest"
    await telegram.people.press(telegram.reader, answer, "بعد")
    assert "شمارهٔ 1 " in text_of(await telegram.now(answer))
    assert await telegram.people.refused() == []


async def test_what_nobody_else_asked_is_told_to_nobody_else(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    group = await _newsroom(app, telegram, status="member")
    refusal = "Bad Request: MESSAGE_NOT_COMMAND"
    await people.do("faults", kind="refuse", method="sendMessage", chat_id=group, description=refusal)
    await people.say(reader, "/search انتخابات", chat_id=group)
    answer = await telegram.ask(reader, "/latest", chat_id=group)
    assert answer["receiver_user"]["id"] == reader
    posted = await people.messages(group, by_bot=True)
    assert not any("انتخابات" in text_of(message) for message in posted if "receiver_user" not in message)


@pytest.mark.long
async def test_a_server_without_them_is_remembered_through_a_restart(app: PeykApp, telegram: Telegram) -> None:
    people, reader = telegram.people, telegram.reader
    await people.do("ephemeral", on=False)
    group = await _newsroom(app, telegram)
    first = await telegram.ask(reader, "/latest", chat_id=group)
    assert "receiver_user" not in first
    assert await app.stop() == 0
    await app.running(telegram)
    await telegram.ask(reader, "/search انتخابات", chat_id=group)
    tried = ["ephemeral_message_parameters" in send["params"] for send in await _sends(telegram)]
    assert tried.count(True) == 1
