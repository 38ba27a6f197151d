"""An editor who works at the sources from a phone: what flows of sources have in common."""

import re
from pathlib import Path
from typing import Any

from sandbox.client import text_of
from tests.flows.conftest import Telegram

_GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "manage-sources.md"
_ROW = re.compile(r"^\| (?P<job>[^|]+) \| (?P<presses>\d+) \|$", re.MULTILINE)


def documented_presses() -> dict[str, int]:
    """Return how many presses each job takes, as the guide has it."""
    return {row["job"]: int(row["presses"]) for row in _ROW.finditer(_GUIDE.read_text(encoding="utf-8"))}


class Editor:
    """An editor at the sources; `presses` counts their presses."""

    def __init__(self, telegram: Telegram, user_id: int) -> None:
        self.telegram = telegram
        self.user_id = user_id
        self.presses = 0

    async def press(self, message: dict[str, Any], words: str) -> dict[str, Any]:
        """Press a button and return what its message is by then."""
        await self.telegram.people.press(self.user_id, message, words)
        self.presses += 1
        return await self.telegram.now(message)

    async def asked(self) -> dict[str, Any]:
        """Open /sources and press «افزودن منبع»; return the question for the address."""
        listed = await self.telegram.ask(self.user_id, "/sources", button="افزودن منبع")
        await self.press(listed, "افزودن منبع")
        return await self.telegram.people.wait_for(
            self.user_id, lambda m: "نشانی سایت را بفرستید" in text_of(m), after=listed["message_id"]
        )

    async def found(self, words: str, button: str) -> dict[str, Any]:
        """Write and return the answer with such a button."""
        return await self.telegram.ask(self.user_id, words, button=button)

    async def told(self, words: str, answer: str) -> dict[str, Any]:
        """Write and return the message that has these words."""
        ids = await self.telegram.people.say(self.user_id, words)
        return await self.telegram.people.wait_for(self.user_id, lambda m: answer in text_of(m), after=max(ids))

    async def page(self, name: str) -> dict[str, Any]:
        """Open /sources and the page of the source of that name."""
        return await self.press(await self.telegram.ask(self.user_id, "/sources"), name)

    async def answer(self, message: dict[str, Any], words: str) -> str:
        """Press a button again or too late, and return what the press is answered with."""
        answer: str = (await self.telegram.people.press(self.user_id, message, words))["text"]
        return answer
