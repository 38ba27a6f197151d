"""Scripted faults: which calls fail, how, and how often."""

import asyncio
import json
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from sandbox.errors import ApiError


class FaultKind(StrEnum):
    """The kind of a fault."""

    FLOOD = "flood"  # 429 with retry_after = seconds, nothing done
    SERVER_ERROR = "server_error"  # 502, nothing done
    NO_ANSWER = "no_answer"  # nothing done, the connection is held for `seconds` and dropped
    ANSWER_LOST = "answer_lost"  # done, then the connection is dropped
    DONE_LATER = "done_later"  # the connection is dropped, done `seconds` later
    REFUSE = "refuse"  # `code` and `description`, nothing done
    FOREIGN = "foreign"  # nothing done, `body` with status `code`: somebody else on the way answers
    FOREIGN_DONE = "foreign_done"  # done, then the same
    TRUNCATED = "truncated"  # done, half of the answer, and the connection is dropped


@dataclass
class Fault:
    """One script: the next `count` calls that match, after `skip` others; None for all that come.

    It ends by itself `lasts` seconds after it was added. An empty `method` is any, "send*" every one that begins
    so. With `words` it is for calls that say them. Each of them goes wrong with a `probability`, drawn from its own
    generator with `seed`.
    """

    kind: FaultKind
    method: str = ""
    chat_id: int | None = None
    words: str = ""
    count: int | None = 1
    skip: int = 0
    seconds: float = 1.0
    code: int = 400
    description: str = "Bad Request: refused by script"
    body: str = "<html><body><h1>Bad Gateway</h1></body></html>"
    lasts: float | None = None
    probability: float = 1.0
    seed: int = 0
    dice: random.Random = field(init=False, repr=False)
    ends_at: float = field(init=False, default=math.inf)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - it must be repeatable

    def matches(self, method: str, params: dict[str, Any]) -> bool:
        """Return whether it applies to a call."""
        if self.method and not fnmatchcase(method, self.method):
            return False
        if self.chat_id not in (None, params.get("chat_id")):
            return False
        return not self.words or self.words in json.dumps(params, ensure_ascii=False)


class DropConnectionError(Exception):
    """The server must drop the connection without an answer."""


class ForeignAnswerError(Exception):
    """The server must answer as somebody else would."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


class Faults:
    """The fault scripts that have not ended. `now` returns the seconds by which they end."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.scripts: list[Fault] = []
        self._now = now

    def add(self, fault: Fault) -> None:
        """Add a script behind the others."""
        if fault.lasts is not None:
            fault.ends_at = self._now() + fault.lasts
        self.scripts.append(fault)

    def active(self) -> list[Fault]:
        """Return the scripts that have not ended, in the order in which they were given."""
        now = self._now()
        self.scripts = [fault for fault in self.scripts if fault.ends_at > now]
        return self.scripts

    def match_call(self, method: str, params: dict[str, Any]) -> Fault | None:
        """Return the first script that matches this call, None where none does, and count the use."""
        for fault in self.active():
            if not fault.matches(method, params):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                return None
            if fault.probability < 1 and fault.dice.random() >= fault.probability:
                continue
            if fault.count is not None:
                fault.count -= 1
                if fault.count <= 0:
                    self.scripts.remove(fault)
            return fault
        return None


async def apply_before_call(fault: Fault | None) -> None:
    """Apply a fault that replaces the call; do nothing for one that applies after it."""
    if fault is None:
        return
    match fault.kind:
        case FaultKind.FLOOD:
            seconds = int(fault.seconds)
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        case FaultKind.SERVER_ERROR:
            raise ApiError(502, "Bad Gateway")
        case FaultKind.REFUSE:
            raise ApiError(fault.code, fault.description)
        case FaultKind.FOREIGN:
            raise ForeignAnswerError(fault.code, fault.body)
        case FaultKind.NO_ANSWER:
            await asyncio.sleep(fault.seconds)
            raise DropConnectionError
        case _:
            return
