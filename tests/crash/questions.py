"""Readers who write all the while: each asks for a word that no article has, and waits for an answer with it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.peyk_app import Telegram

_PAUSE_SECONDS = 2.0
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Question:
    """A word that a person has searched for; the bot's answer quotes it."""

    person: int
    word: str


class Correspondents:
    """People who ask one question after the other; `questions` are those of all of them."""

    def __init__(self, telegram: Telegram, people: Sequence[int]) -> None:
        self.questions: list[Question] = []
        self._telegram = telegram
        self._people = people

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """Have them ask until the block ends."""
        tasks = [asyncio.create_task(self._ask_on(person)) for person in self._people]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        trouble = [error for error in ended if isinstance(error, Exception)]
        assert not trouble, trouble

    def answers(self, question: Question) -> int:
        """Return how many messages of the bot answer the question."""
        return sum(1 for text in self._telegram.texts_by_bot(question.person) if question.word in text)

    async def _ask_on(self, person: int) -> None:
        state, number = self._telegram.running.state, 0
        while True:
            number += 1
            question = Question(person, f"zq{person}x{number}z")
            await self._telegram.people.say(person, question.word)
            self.questions.append(question)  # not before: as the block ends, nothing may be said any more
            await state.event_added.wait_for(lambda: self.answers(question) > 0, _PATIENCE_SECONDS)  # noqa: B023 - at once
            await asyncio.sleep(_PAUSE_SECONDS)
