"""The settings of a chat that are chosen by a button; some of them also by a person's own words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.errors import UserError
from bot.locales.catalog import Texts
from bot.render.callback_data import CallbackData
from bot.render.message import Button
from handlers.core.labels import marked, quiet_in_words, schedule_in_words
from persian.schedule import INSTANT, QuietHours, Schedule, clock_text, read_quiet_hours, read_schedule

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[_T]):
    """The values of a setting that have a button; callback data names each by its place.

    `in_words` returns a value's label.
    """

    values: tuple[_T, ...]
    in_words: Callable[[_T, Texts], str]

    def at(self, place: int) -> _T:
        """Return the value of a button."""
        return self.values[place % len(self.values)]

    def buttons(self, texts: Texts, chosen: _T | None, at: Callable[[int], CallbackData]) -> list[Button]:
        """Return a button for each value, marked for the `chosen` one; `at` gives the callback of a place."""
        return [
            Button(marked(self.in_words(value, texts), value == chosen), at(place).pack())
            for place, value in enumerate(self.values)
        ]


@dataclass(frozen=True, slots=True)
class OpenChoice(Choice[_T]):
    """A choice that also takes a person's own words; `read` returns None for words that mean no value.

    `question` is the text that asks for them, `unreadable` the one that answers words that mean none.
    """

    read: Callable[[str], _T | None]
    question: str
    unreadable: str

    def written(self, words: str) -> _T:
        """Return the value that a person means. Raises UserError where the words mean none."""
        value = self.read(words)
        if value is None:
            raise UserError(self.unreadable)
        return value


SCHEDULE: OpenChoice[Schedule] = OpenChoice(
    (
        INSTANT,
        Schedule(every=30),
        Schedule(every=60),
        Schedule(every=3 * 60),
        Schedule(at=(8 * 60, 20 * 60)),
        Schedule(at=(21 * 60,)),
    ),
    schedule_in_words,
    read_schedule,
    question="schedule-ask",
    unreadable="schedule-unreadable",
)
"""The choices of a schedule."""

QUIET_HOURS: OpenChoice[QuietHours | None] = OpenChoice(
    (None, QuietHours(23 * 60, 7 * 60), QuietHours(0, 8 * 60)),
    quiet_in_words,
    read_quiet_hours,
    question="quiet-ask",
    unreadable="quiet-unreadable",
)
"""The choices of quiet hours; "no quiet hours" is None and has a button of its own."""

PIN_MINUTES: Choice[int] = Choice(
    (0, 60, 6 * 60, 24 * 60), lambda minutes, texts: texts("pin-hours", hours=minutes // 60)
)
"""The choices of the time for which breaking news stays pinned; 0 for not at all."""


def _report_time(minute: int | None, texts: Texts) -> str:
    return texts("report-off") if minute is None else texts.digits(clock_text(minute))


REPORT_TIMES: Choice[int | None] = Choice((None, *(hour * 60 for hour in (6, 7, 8, 9, 10))), _report_time)
"""The choices of the time of the report to the desk chat; None for no report."""
