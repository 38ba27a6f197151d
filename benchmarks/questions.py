"""Readers' questions to a library: the mix that Peyk's answers are measured with."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.library import NAME, vocabulary
from storage.id_allocation import first_ordinal

CATEGORIES = ("politics", "economy", "sports", "culture")
_FREQUENT, _KNOWN = 50, 2_000
_MINUTE_MS = 60_000
_SHARES = {"latest": 40, "category": 20, "article": 25, "search": 15}
"""The share of each kind, of a hundred questions."""


@dataclass(frozen=True, slots=True)
class Question:
    """A command, or with `press` the data of a button under an earlier answer."""

    kind: str
    text: str = ""
    press: str = ""

    def update(self, user_id: int) -> dict[str, Any]:
        """Return what Telegram tells of the person's asking this."""
        person = {"id": user_id, "is_bot": False, "first_name": NAME, "language_code": "fa"}
        chat = {"id": user_id, "type": "private", "first_name": NAME}
        message = {"message_id": 1, "date": int(time.time()), "chat": chat, "from": person, "text": self.text}
        if self.press:
            pressed = message | {"from": {"id": 7000000001, "is_bot": True, "first_name": "Peyk"}, "text": "x"}
            return {
                "callback_query": {
                    "id": str(user_id),
                    "from": person,
                    "chat_instance": "1",
                    "data": self.press,
                    "message": pressed,
                }
            }
        command = self.text.split()[0]
        return {"message": message | {"entities": [{"type": "bot_command", "offset": 0, "length": len(command)}]}}


class Mix:
    """Questions about a library of `size`, the same ones for every bot that is asked; `now` is in ms."""

    def __init__(self, size: int, now: int, seed: int) -> None:
        self._size = size
        self._now = now
        self._rng = random.Random(seed)
        self._words = vocabulary()
        self.kinds: dict[str, Callable[[], Question]] = {
            "latest": lambda: Question("latest", "/latest"),
            "category": lambda: Question("category", f"/category {self._rng.choice(CATEGORIES)}"),
            "page of a category": self._page,
            "article": lambda: Question("article", f"/article {self._rng.randint(1, size)}"),
            "search": lambda: Question("search", f"/search {self._search()}"),
        }

    def commands(self, count: int) -> Iterator[Question]:
        """Yield mixed commands."""
        for kind in self._rng.choices(list(_SHARES), weights=list(_SHARES.values()), k=count):
            yield self.kinds[kind]()

    def _page(self) -> Question:
        at = self._now - self._rng.randint(100, self._size) * _MINUTE_MS
        return Question("page of a category", press=f"list:c{self._rng.randint(1, 8)}:b{first_ordinal(at)}")

    def _search(self) -> str:
        """Return the words of a search: of the most common, of known and of rare ones, phrases and exclusions."""
        first, second = self._rng.sample(self._words[:_FREQUENT], 2)
        known, rare = self._word(self._words[_FREQUENT:_KNOWN]), self._word(self._words[_KNOWN:])
        return self._rng.choice(
            (
                first,
                f"{first} {second}",
                known,
                rare,
                f"{first} {known}",
                f"{first} -{second}",
                f'"{first} {known}"',
            )
        )

    def _word(self, words: Sequence[str]) -> str:
        return self._rng.choice(words)
