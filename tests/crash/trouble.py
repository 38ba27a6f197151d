"""Trouble besides the kills, by seed: Telegram's own, and other people's doings."""

import random
from typing import Any

from tests.crash.audience import Audience
from tests.peyk_app import Telegram

REFUSAL = "Bad Request: refused for good"
LOST = ("no_answer", "answer_lost", "done_later")
"""The faults after which nobody knows whether the deed was done; the sandbox writes status 0 down."""

# (method, kind, probability, seconds)
_FAULTS: tuple[tuple[str, str, float, float], ...] = (
    ("sendMessage", "flood", 0.04, 1),
    ("sendMessage", "server_error", 0.05, 0),
    ("sendMessage", "no_answer", 0.04, 0.3),
    ("sendMessage", "answer_lost", 0.05, 0),
    ("sendMessage", "done_later", 0.04, 2),
    ("sendMessage", "refuse", 0.02, 0),
    ("editMessageText", "flood", 0.05, 1),
    ("editMessageText", "server_error", 0.05, 0),
    ("editMessageText", "no_answer", 0.05, 0.3),
    ("editMessageText", "answer_lost", 0.05, 0),
    ("deleteMessage", "flood", 0.05, 1),
    ("deleteMessage", "server_error", 0.05, 0),
    ("deleteMessage", "answer_lost", 0.05, 0),
    ("deleteMessage", "done_later", 0.05, 1),
    ("forwardMessage", "server_error", 0.04, 0),
    ("forwardMessage", "answer_lost", 0.04, 0),
    ("getUpdates", "server_error", 0.05, 0),
)


async def begin(telegram: Telegram, rng: random.Random) -> None:
    """Let every kind of fault happen now and then, until cleared."""
    await telegram.people.do("limits", total=1_000)
    for method, kind, probability, seconds in _FAULTS:
        fault: dict[str, Any] = {"kind": kind, "method": method, "probability": probability, "seconds": seconds}
        if kind == "refuse":
            fault["description"] = REFUSAL
        await telegram.people.do("faults", count=None, seed=rng.randrange(1 << 30), **fault)


async def people_act(telegram: Telegram, audience: Audience, rng: random.Random) -> list[str]:
    """Let other admins write, delete what is theirs and pin, somewhere; return what they did."""
    done = []
    for chat_id in rng.sample(audience.lively, 3):
        ids = [
            (await telegram.people.say(telegram.owner, "پست مدیر دیگر", chat_id=chat_id))[0]
            for _ in range(rng.randint(1, 3))
        ]
        done.append(f"an admin posts {ids} in {chat_id}")
        if rng.random() < 0.5:
            await telegram.people.do("delete", chat_id=chat_id, message_id=ids[-1])
            done.append(f"and deletes {ids[-1]}")
    await telegram.people.do("topics", chat_id=audience.forum, by=telegram.owner, name="تازه")
    return [*done, f"a service message in {audience.forum}"]
