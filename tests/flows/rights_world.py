"""A newsroom with something of every kind in it, and enough people of every kind to press all there is to press."""

import asyncio
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from sandbox import user_actions
from sandbox.client import text_of
from storage.records import Role
from tests.flows.rights_table import Who
from tests.peyk_app import PeykApp, Telegram

SECRET = "محرمانه"
"""Stands in every title that only the newsroom may know."""

_EACH = 20
"""People of each kind: none of them presses so often that the app asks them to slow down."""
_ROLES = {
    Who.MODERATOR: Role.MODERATOR,
    Who.AUTHOR: Role.AUTHOR,
    Who.EDITOR: Role.EDITOR,
    Who.OWNER: Role.OWNER,
    Who.REMOVED: Role.EDITOR,
}
_LATER = 4_102_444_800_000
_PASSING = {"inbox", "process_lease"}
_PULSE = {"clock_seen", "probed_at"}
"""Keys of settings that a running app writes whatever anybody presses."""
"""Tables that keep what came in, whatever became of it."""


@dataclass(frozen=True, slots=True)
class Presser:
    """A person, and the message under which they press."""

    user_id: int
    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class World:
    """The subjects: `real` and `unknown` fill the examples' names, `channel` and `group` have a message each."""

    app: PeykApp
    telegram: Telegram
    real: dict[str, Any]
    unknown: dict[str, Any]
    people: dict[Who, Iterator[Presser]]
    channel: tuple[int, int]
    group: tuple[int, int]

    async def press(self, presses: Iterable[tuple[Presser, str]]) -> list[dict[str, Any]]:
        """Press all of these at once; return each answer's text, and whether it is an alert.

        To ask the sandbox over HTTP on behalf of each person would cost more than the app's answers.
        """
        state = self.telegram.running.state
        made = [
            user_actions.press_button(state, presser.user_id, presser.chat_id, presser.message_id, data=data)
            for presser, data in presses
        ]
        async with asyncio.timeout(100):
            while not all(state.presses[query_id]["answered"] for query_id in made):
                await asyncio.sleep(0.02)
        return [state.presses[query_id] for query_id in made]

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of the database, but for what came in."""
        connection = sqlite3.connect(f"file:{self.app.folder / 'data/peyk.db'}?mode=ro", uri=True)
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        try:
            return {
                name: sorted(
                    (row for row in connection.execute(f"SELECT * FROM {name}") if row[0] not in _PULSE), key=repr
                )
                for name in tables
                if name not in _PASSING and not name.startswith(("sqlite_", "article_text"))
            }
        finally:
            connection.close()

    async def handled(self) -> None:
        """Wait until the app has handled all that came."""
        async with asyncio.timeout(60):
            while self.telegram.running.state.pending or self.app.rows("SELECT 1 FROM inbox WHERE done_at IS NULL"):
                await asyncio.sleep(0.02)


async def built(app: PeykApp, telegram: Telegram) -> World:
    """Start the app and make a world in which nothing is under way."""
    channel = await telegram.channel("کانال")
    await app.running(telegram)
    group = await telegram.people.chat("supergroup", "گروه", telegram.owner)
    await telegram.people.add_bot(group, telegram.owner, status="member")
    hello = await telegram.people.wait_for(group, lambda _: True)
    real = await _subjects(app, telegram, channel)
    post = await telegram.people.wait_for(channel, lambda _: True)
    pressers = await _people(app, telegram, channel, group)
    app.change(f"UPDATE chat SET members_at = {_LATER}")
    unknown = dict.fromkeys(real, 999_999_999) | {"channel": -1009999999999, "pending": -1009999999998}
    world = World(
        app,
        telegram,
        real,
        unknown | {"invitation": "f" * 16},
        pressers,
        (channel, post["message_id"]),
        (group, hello["message_id"]),
    )
    await _quiet(world)
    return world


async def _subjects(app: PeykApp, telegram: Telegram, channel: int) -> dict[str, Any]:
    news = await telegram.publish("خبر منتشرشده")
    for number in range(1, 4):
        words = f"/post سیاسی\n{SECRET} {number}\n\nلید {SECRET} در یک سطر."
        await telegram.ask(telegram.owner, words, button="انتشار")
    draft, review, planned = news + 1, news + 2, news + 3
    await telegram.ask(telegram.owner, f"/submit {review}", button="پس گرفتن")
    await telegram.ask(telegram.owner, f"/publish {planned} فردا ۸:۳۰", button="تغییر زمان")
    await telegram.ask(telegram.owner, "/invite author")
    member = await telegram.person("عضو")
    other = await telegram.person("دیگری")
    pending = await telegram.people.chat("channel", f"کانال {SECRET}", other)
    await telegram.people.add_bot(pending, other)
    await telegram.people.wait_for(telegram.owner, lambda m: f"کانال {SECRET}" in text_of(m))
    now = int(time.time() * 1000)
    app.change(f"INSERT INTO staff (user_id, role, name, added_at) VALUES ({member}, 'author', 'عضو', {now})")
    app.change(
        "INSERT INTO source (id, url, kind, category_id, state, next_fetch_at, created_at) "
        f"VALUES (1, 'https://{SECRET}.example/feed', 'feed', 1, 'paused', {_LATER}, {now})"
    )
    app.change(
        "INSERT INTO source_rule (id, source_id, query, action, created_at) "
        f"VALUES (1, 1, '{SECRET}', 'drop', {now})"
    )
    app.change(
        f"INSERT INTO house_word (id, key, word, added_by, created_at) VALUES (1, 'ا', '{SECRET}', 1, {now})"
    )
    for id_, state in ((1, "waiting"), (2, "approved")):
        app.change(
            "INSERT INTO comment (id, article_id, user_id, text, state, created_at) "
            f"VALUES ({id_}, {news}, {other}, 'نظر {SECRET if id_ == 1 else ''}', '{state}', {now})"
        )
    app.change(
        "INSERT INTO tip (id, user_id, text, state, created_at) "
        f"VALUES (1, {other}, 'پیام {SECRET}', 'waiting', {now})"
    )
    ((following,),) = app.rows(f"SELECT id FROM subscription WHERE chat_id = {channel}")
    ((secret,),) = app.rows("SELECT secret_hash FROM invitation")
    return {
        "news": news,
        "draft": draft,
        "review": review,
        "planned": planned,
        "comment": 1,
        "said": 2,
        "tip": 1,
        "channel": channel,
        "following": following,
        "pending": pending,
        "person": member,
        "other": other,
        "source": 1,
        "rule": 1,
        "word": 1,
        "invitation": secret[:16],
    }


async def _people(app: PeykApp, telegram: Telegram, channel: int, group: int) -> dict[Who, Iterator[Presser]]:
    """Make people of every kind; whoever has a role got it, and lost it, behind the back of the running app."""
    elsewhere = await telegram.channel("کانال دیگر")
    administered = {Who.ADMIN: channel, Who.PAST_ADMIN: channel, Who.OTHER_ADMIN: elsewhere}
    owners = await telegram.ask(telegram.owner, "/help")
    pressers: dict[Who, list[Presser]] = {}
    for who in Who:
        ids = await telegram.people.people_in_bulk(_EACH, started=False)
        pressers[who] = [Presser(id_, telegram.owner, owners["message_id"]) for id_ in ids]
        if who is Who.STRANGER:
            continue
        answers = await asyncio.gather(*(telegram.ask(id_, "/help") for id_ in ids))
        if who is not Who.INTRUDER:
            pressers[who] = [
                Presser(id_, id_, answer["message_id"]) for id_, answer in zip(ids, answers, strict=True)
            ]
        if role := _ROLES.get(who):
            rows = ", ".join(f"({id_}, '{role}', '', 1)" for id_ in ids)
            app.change(f"INSERT INTO staff (user_id, role, name, added_at) VALUES {rows}")
        for id_ in ids:
            await telegram.people.do("join", chat_id=group, user_id=id_)
            if who in administered:
                place = administered[who]
                await telegram.people.do("join", chat_id=place, user_id=id_, status="administrator")
    await _end_rights(app, telegram, channel, removed=pressers[Who.REMOVED], past=pressers[Who.PAST_ADMIN])
    return {who: cycle(each) for who, each in pressers.items()}


async def _end_rights(
    app: PeykApp, telegram: Telegram, channel: int, *, removed: Sequence[Presser], past: Sequence[Presser]
) -> None:
    """Use the rights of those who lose them, then remove the members and the administrators of the channel."""
    await asyncio.gather(*(_worked(telegram, person.user_id, "/drafts", "پیش‌نویس") for person in removed))
    start = f"/start p_{channel}"
    await asyncio.gather(*(_worked(telegram, person.user_id, start, "کانال") for person in past))
    for person in removed:
        app.change(f"DELETE FROM staff WHERE user_id = {person.user_id}")
    for person in past:
        await telegram.people.do("join", chat_id=channel, user_id=person.user_id, status="member")


async def _worked(telegram: Telegram, user_id: int, words: str, answer: str) -> None:
    """Use a right that is to end."""
    assert answer in text_of(await telegram.ask(user_id, words))


async def _quiet(world: World) -> None:
    """Wait until nothing that was begun is under way."""
    async with asyncio.timeout(60):
        await world.handled()
        while world.app.rows(
            "SELECT 1 FROM card WHERE wanted > shown UNION SELECT 1 FROM notice "
            "UNION SELECT 1 FROM fan_out WHERE done_at IS NULL UNION SELECT 1 FROM message WHERE state = 'sending' "
            "UNION SELECT 1 FROM delivery WHERE state = 'pending' UNION SELECT 1 FROM chat WHERE members_at = 0 AND rank < 2"
        ):
            await asyncio.sleep(0.05)


def bare_of_numbers(text: str) -> str:
    """Return a text with every number in it as one sign: an unknown number is answered with itself."""
    return re.sub(r"[\d⁨⁩]+", "#", text)
