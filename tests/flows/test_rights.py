"""Every button and every command of Peyk, pressed and written by everybody: only the entitled do anything.

The app is asked for what it registers: a pattern or command that `rights_table` does not know fails here.
"""

import asyncio
import re
from types import SimpleNamespace
from typing import Any

import pytest
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler

from handlers.core.context import SERVICES
from handlers.register import register
from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram, buttons_of
from tests.flows.rights_table import COMMANDS, DECIDES_IN_GROUPS, EVERYBODY, PRESSES, Who
from tests.flows.rights_world import SECRET, Presser, World, bare_of_numbers, built
from tests.variations import first_and_long

_AT_ONCE = 200
_NAMES = dict.fromkeys(
    ("news", "draft", "review", "planned", "comment", "said", "following", "source", "rule", "word", "tip"), 1
) | {
    "channel": -1001,
    "pending": -1002,
    "person": 5,
    "other": 6,
    "invitation": "0" * 16,
}
_ASKED_TWICE = {Who.READER, Who.AUTHOR, Who.OWNER}
_NOT_ALLOWED = "در اختیار نقش شما نیست"
_STALE = "دیگر کار نمی‌کند"


def _handlers() -> list[Any]:
    """Return what the real application hears, in order."""
    application: Application[Any, Any, Any, Any, Any, Any] = ApplicationBuilder().token("1:x").updater(None).build()
    application.bot_data[SERVICES] = SimpleNamespace(bot_id=1, bot_username="x")
    register(application)
    return application.handlers[0]


def test_every_pattern_and_every_command_has_an_expectation() -> None:
    handlers = _handlers()
    presses = [
        handler.pattern
        for handler in handlers
        if isinstance(handler, CallbackQueryHandler) and handler.pattern is not None
    ]
    conditions = [matches for matches in presses if callable(matches)]
    assert conditions == presses
    first = {
        example: next((matches for matches in conditions if matches(example.format_map(_NAMES))), None)
        for example in PRESSES
    }
    assert [matches for matches in conditions if matches not in first.values()] == [], "needs an example"
    strangers = {example for example, matches in first.items() if matches is None}
    assert strangers == {"invented:1", "read:0x1", "read:۱", "set:{channel}:main:", "fire:{person}:y:y"}, (
        "leads nowhere"
    )
    commands = {name for handler in handlers if isinstance(handler, CommandHandler) for name in handler.commands}
    assert commands == {example.split()[0] for example in COMMANDS}


async def test_a_command_that_somebody_else_wrote_is_not_carried_out(app: PeykApp, telegram: Telegram) -> None:
    await app.running(telegram)
    await telegram.ask(telegram.owner, "/post سیاسی\nتیتر\n\nلید.", button="انتشار")
    someone = {"id": 77, "is_bot": False, "first_name": "دیگری"}
    chat = {"id": -1009, "type": "channel", "title": "کانال"}
    for origin in (
        {"type": "user", "date": 1, "sender_user": someone},
        {"type": "hidden_user", "date": 1, "sender_user_name": "دیگری"},
        {"type": "chat", "date": 1, "sender_chat": chat | {"type": "supergroup"}},
        {"type": "channel", "date": 1, "chat": chat, "message_id": 7},
    ):
        refused = await telegram.ask(telegram.owner, "/publish 1", forward_origin=origin)
        assert "شما ننوشته‌اید" in text_of(refused), origin
        assert "نمی‌شناسم" in text_of(await telegram.ask(telegram.reader, "/publish 1", forward_origin=origin))
        assert "منتشر نشده" in text_of(await telegram.ask(telegram.reader, "/latest", forward_origin=origin))
    assert app.rows("SELECT state FROM article") == [("draft",)]
    own = {"type": "user", "date": 1, "sender_user": someone | {"id": telegram.owner}}
    await telegram.ask(telegram.owner, "/publish 1", forward_origin=own)
    assert app.rows("SELECT state FROM article") == [("published",)]


@pytest.mark.long
async def test_only_the_entitled_do_anything(app: PeykApp, telegram: Telegram) -> None:
    world = await built(app, telegram)
    refused = await _press_as_the_unentitled(world)
    await _command_as_the_unentitled(world)
    await _press_under_what_others_see(world)
    await _write_in_a_group(world)
    await _press_as_the_entitled(world, refused)
    assert "handler_broke" not in app.log
    assert "Traceback" not in app.log


async def _press_as_the_unentitled(world: World) -> dict[str, set[str]]:
    """Press everything as everybody who may not; return the answers to each example."""
    before, asked = world.content(), (await world.telegram.people.get("last"))["request"]
    presses = [(data, who) for data, may in PRESSES.items() for who in Who if who not in may]
    answers: dict[str, set[str]] = {}
    for start in range(0, len(presses), _AT_ONCE):
        batch = presses[start : start + _AT_ONCE]
        pressed = [(next(world.people[who]), data) for data, who in batch]
        told = await world.press((person, data.format_map(world.real)) for person, data in pressed)
        for (data, who), answer in zip(batch, told, strict=True):
            assert answer["alert"], (data, who, answer)
            answers.setdefault(data, set()).add(bare_of_numbers(answer["text"]))
        # To those whom more than their role may stop, what there is not is the same as what is not theirs.
        again = [place for place, (data, who) in enumerate(batch) if who in _ASKED_TWICE and "{" in data]
        unknown = await world.press(
            (pressed[place][0], pressed[place][1].format_map(world.unknown)) for place in again
        )
        for place, answer in zip(again, unknown, strict=True):
            assert bare_of_numbers(told[place]["text"]) == bare_of_numbers(answer["text"]), batch[place]
        await _nothing_changed(world, before, [f"{data} by {who}" for data, who in batch])
    await _nothing_told(world, asked)
    return answers


async def _command_as_the_unentitled(world: World) -> None:
    before, asked = world.content(), (await world.telegram.people.get("last"))["request"]
    commands = [
        (f"/{words.format_map(world.real)}", who)
        for words, may in COMMANDS.items()
        for who in EVERYBODY
        if who not in may
    ]
    people = world.telegram.people
    for start in range(0, len(commands), _AT_ONCE):
        batch = commands[start : start + _AT_ONCE]
        for words, who in batch:
            await people.say(next(world.people[who]).user_id, words)
        await world.handled()
        await _nothing_changed(world, before, [f"{words} by {who}" for words, who in batch])
    made = await people.get("requests", after=asked)
    sends = [request for request in made if request["method"].startswith("send") and request["status"] == 200]
    assert len(sends) == len(commands)
    answers = {bare_of_numbers(send["params"].get("text", "")) for send in sends}
    unknown, absent = "این فرمان را نمی‌شناسم", "خبری با شناسهٔ"
    assert all(unknown in answer or absent in answer for answer in answers), answers
    await _nothing_told(world, asked)


async def _press_under_what_others_see(world: World) -> None:
    """Under a channel's post as a reader, under a group's message as the newsroom: neither has such buttons."""
    before, asked = world.content(), (await world.telegram.people.get("last"))["request"]
    for (chat_id, message_id), who in ((world.channel, Who.READER), (world.group, Who.OWNER)):
        pressed = [Presser(next(world.people[who]).user_id, chat_id, message_id) for _ in PRESSES]
        told = await world.press(
            (presser, data.format_map(world.real)) for presser, data in zip(pressed, PRESSES, strict=True)
        )
        assert [(data, answer) for data, answer in zip(PRESSES, told, strict=True) if not answer["alert"]] == []
        await _nothing_changed(world, before, [f"in {chat_id} by {who}"])
    await _nothing_told(world, asked)
    methods = {request["method"] for request in await world.telegram.people.get("requests", after=asked)}
    assert methods <= {"answerCallbackQuery", "getUpdates"}, "nothing that others see was changed"


async def _write_in_a_group(world: World) -> None:
    """Neither members nor the newsroom decide for a group; what is the newsroom's gets no answer there."""
    before, (group, _) = world.content(), world.group
    held = len(await world.telegram.people.messages(group, by_bot=True))
    staffs = [words for words, may in COMMANDS.items() if may != EVERYBODY or words.split()[0] in DECIDES_IN_GROUPS]
    for who in (Who.READER, Who.OWNER):
        for words in staffs:
            user_id = next(world.people[who]).user_id
            await world.telegram.people.say(user_id, f"/{words.format_map(world.real)}", chat_id=group)
    await world.handled()
    await _nothing_changed(world, before, ["commands in a group"])
    told = await world.telegram.people.messages(group, by_bot=True)
    assert [message.get("text", message) for message in told[held:]] == []


async def _press_as_the_entitled(world: World, refused: dict[str, set[str]]) -> None:
    """Whoever may do it is not answered as the others are; what has moved on meanwhile is told as such."""
    presses = [(data, who) for data, may in PRESSES.items() for who in sorted(may)]
    for start in range(0, len(presses), _AT_ONCE):
        batch = presses[start : start + _AT_ONCE]
        told = await world.press((next(world.people[who]), data.format_map(world.real)) for data, who in batch)
        for (data, who), answer in zip(batch, told, strict=True):
            text = bare_of_numbers(answer["text"])
            assert _NOT_ALLOWED not in text, (data, who)
            assert text not in refused[data] or not text or _STALE in text, (data, who, text)


async def _nothing_changed(world: World, before: dict[str, Any], by: list[str]) -> None:
    await world.handled()
    after = world.content()
    changed = {
        name: (set(map(repr, rows)) ^ set(map(repr, after[name])))
        for name, rows in before.items()
        if rows != after[name]
    }
    assert not changed, f"{changed}\n{by}"


async def _nothing_told(world: World, asked: int) -> None:
    for request in await world.telegram.people.get("requests", after=asked):
        assert SECRET not in str(request["params"]), request


@pytest.mark.parametrize("under", first_and_long(["a message sent inline", "a message that is gone", "nothing"]))
async def test_a_press_under_no_message_of_ours_does_nothing(app: PeykApp, telegram: Telegram, under: str) -> None:
    await app.running(telegram)
    invitation = await telegram.ask(telegram.owner, "/invite owner")
    before, sandbox = app.rows("SELECT * FROM invitation"), telegram.running.state
    chat = invitation["chat"]
    places: dict[str, dict[str, Any]] = {
        "a message sent inline": {"inline_message_id": "x"},
        "a message that is gone": {"message": {"chat": chat, "message_id": invitation["message_id"], "date": 0}},
        "nothing": {},
    }
    for data in ("invite:owner", "sub:1:1", f"set:{telegram.owner}:pause:1", "people:0"):
        sandbox.presses[data] = {"answered": False, "chat_id": chat["id"]}
        person = sandbox.person(telegram.owner).json()
        sandbox.add_update(
            "callback_query", {"id": data, "from": person, "chat_instance": "1", "data": data} | places[under]
        )
        async with asyncio.timeout(30):
            while not sandbox.presses[data]["answered"]:
                await asyncio.sleep(0.02)
        assert _STALE in sandbox.presses[data]["text"]
    assert app.rows("SELECT * FROM invitation") == before
    assert app.rows("SELECT 1 FROM chat WHERE paused") == []


@pytest.mark.parametrize("by", first_and_long(["another group's administrator", "member"]))
async def test_a_groups_buttons_are_its_administrators(app: PeykApp, telegram: Telegram, by: str) -> None:
    await app.running(telegram)
    group = await telegram.people.chat("supergroup", "گروه", telegram.owner)
    await telegram.people.add_bot(group, telegram.owner, status="member")
    await telegram.people.wait_for(group, lambda _: True)
    person = await telegram.person("عضو")
    await telegram.people.do("join", chat_id=group, user_id=person)
    if by != "member":
        await telegram.people.chat("supergroup", "گروه دیگر", person)
    panel = await telegram.ask(telegram.owner, "/subscriptions", chat_id=group)
    before = app.rows("SELECT * FROM subscription")
    for words, data in buttons_of(panel).items():
        if not re.match("https:", data):
            assert "مدیران گروه" in (await telegram.people.press(person, panel, words))["text"]
    assert app.rows("SELECT * FROM subscription") == before
    assert text_of(await telegram.now(panel)) == text_of(panel)
